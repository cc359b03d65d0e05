"""Drafts of the sample organisation's own dictionary, made by its personnel officer."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Competency, FrameworkVersion
from idp.queries.framework_contents import content_of
from idp.rules.terms import CompetencyCategory
from idp.services.framework_competencies import CompetencyFields
from idp.services.framework_drafts import FrameworkFields, create_framework
from idp.services.framework_ladders import LevelFields
from idp.services.framework_publishing import publish_version
from tests.factories.sample import Sample, at

TODAY = date(2025, 10, 6)
NOW = at(TODAY)
NAMES = FrameworkFields("พจนานุกรมของเรา", "Our dictionary")


def derived(session: Session, sample: Sample, code: str = "own") -> FrameworkVersion:
    """A draft copied from the sample's dictionary."""
    source = sample.dictionary.version.id
    return create_framework(session, sample.cast.malee, code, NAMES, NOW, source)


def empty(session: Session, sample: Sample, code: str = "new") -> FrameworkVersion:
    """A draft written from nothing."""
    return create_framework(session, sample.cast.malee, code, NAMES, NOW)


def published(session: Session, sample: Sample, code: str = "own") -> FrameworkVersion:
    version = derived(session, sample, code)
    publish_version(session, sample.cast.malee, version.id, NOW)
    return version


def competency(session: Session, version: FrameworkVersion, code: str) -> Competency:
    return session.scalars(
        select(Competency).where(Competency.framework_version_id == version.id, Competency.code == code)
    ).one()


def fields_of(session: Session, version: FrameworkVersion, code: str) -> CompetencyFields:
    """A competency's form as it is saved."""
    content = next(each.content for each in content_of(session, version.id) if each.content.code == code)
    return CompetencyFields(
        code="",
        category=content.category,
        name_th=content.name_th,
        name_en=content.name_en,
        definition_th=content.definition_th,
        levels=tuple(LevelFields(each.number, each.title, each.indicators) for each in content.levels),
    )


SIMPLE = CompetencyFields(
    code="",
    category=CompetencyCategory.CORE,
    name_th="จริยธรรม",
    levels=(LevelFields(1, "ระดับหนึ่ง", ("ซื่อสัตย์",)), LevelFields(3, "", ("กล้ายืนหยัด",))),
)
"""A ladder with a hole."""
