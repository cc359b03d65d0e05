"""Which competencies a profile may name on a day: those of the frameworks that the organisation's rules name,
in the version that a round created then would take."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, false, func, or_, select
from sqlalchemy.orm import Session

from idp.models import (
    Competency,
    CompetencyFramework,
    FrameworkVersion,
    OrganisationSetting,
    ProficiencyLevel,
)
from idp.rules.levels import Ladder, Rung
from idp.rules.settings import rules_from_json
from idp.rules.terms import CompetencyCategory, VersionState


@dataclass(frozen=True)
class VersionInUse:
    """The latest published version of a framework, used for one category."""

    version_id: int
    framework_code: str
    number: int
    name_th: str
    name_en: str
    category: CompetencyCategory


def versions_in_use(session: Session, organisation_id: int, day: date) -> tuple[VersionInUse, ...]:
    """In the order in which the rules name them; two statements. A framework without a published version is
    left out."""
    setting = session.scalar(
        select(OrganisationSetting.value)
        .where(
            OrganisationSetting.organisation_id == organisation_id,
            OrganisationSetting.key == "frameworks",
            OrganisationSetting.from_on <= day,
        )
        .order_by(OrganisationSetting.from_on.desc())
        .limit(1)
    )
    uses = rules_from_json({"frameworks": setting or []}).frameworks
    rows = session.execute(
        select(
            CompetencyFramework.code,
            FrameworkVersion.id,
            FrameworkVersion.number,
            FrameworkVersion.name_th,
            FrameworkVersion.name_en,
        )
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .where(
            CompetencyFramework.code.in_({use.code for use in uses}),
            FrameworkVersion.state == VersionState.PUBLISHED,
            or_(
                CompetencyFramework.organisation_id.is_(None),
                CompetencyFramework.organisation_id == organisation_id,
            ),
        )
        .order_by(FrameworkVersion.number)
    )
    latest = {row.code: row for row in rows}
    return tuple(
        VersionInUse(row.id, row.code, row.number, row.name_th, row.name_en, use.category)
        for use in uses
        if (row := latest.get(use.code)) is not None
    )


def of_versions(uses: Collection[VersionInUse]) -> ColumnElement[bool]:
    """A condition on Competency: it is of one of these, in the category that it is used for."""
    return or_(
        false(),
        *(
            and_(Competency.framework_version_id == use.version_id, Competency.category == use.category)
            for use in uses
        ),
    )


@dataclass(frozen=True)
class CompetencyInUse:
    id: int
    name_th: str
    name_en: str
    category: CompetencyCategory


def competencies_in_use(session: Session, organisation_id: int, day: date) -> tuple[CompetencyInUse, ...]:
    """Those that a profile may name, core before functional; three statements."""
    rows = session.execute(
        select(Competency.id, Competency.name_th, func.coalesce(Competency.name_en, ""), Competency.category)
        .where(of_versions(versions_in_use(session, organisation_id, day)))
        .order_by(Competency.category, Competency.framework_version_id, Competency.sort_order)
    )
    return tuple(CompetencyInUse(*row) for row in rows)


def ladders_of(session: Session, competencies: ColumnElement[bool]) -> Mapping[int, Ladder]:
    """The rungs of every competency that meets the condition, by its id; one statement."""
    rows = session.execute(
        select(Competency.id, ProficiencyLevel.number)
        .outerjoin(ProficiencyLevel, ProficiencyLevel.competency_id == Competency.id)
        .where(competencies)
        .order_by(Competency.id, ProficiencyLevel.number)
    )
    numbers: dict[int, list[int]] = {}
    for competency_id, number in rows:
        numbers.setdefault(competency_id, []).extend([] if number is None else [number])
    return {each: Ladder(tuple(Rung(number, 0) for number in found)) for each, found in numbers.items()}


def version_sum(versions: SQLColumnExpression[int]) -> ColumnElement[int]:
    """The version of several rows together: rows are never taken away, so that every change makes it
    larger."""
    return func.coalesce(func.sum(versions), 0)
