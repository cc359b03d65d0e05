"""Framework files become published versions; a published version never changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from idp.models import (
    BehaviouralIndicator,
    Competency,
    CompetencyFramework,
    FrameworkVersion,
    ProficiencyLevel,
)
from idp.rules.terms import VersionState
from idp.services.seeding import schema
from idp.services.seeding.content import content_hash
from idp.services.seeding.library import SeedLibrary


@dataclass(frozen=True)
class PublishedVersion:
    """A version that a load has published: number 1 for a new framework."""

    code: str
    number: int


def load_frameworks(session: Session, library: SeedLibrary, now: datetime) -> list[PublishedVersion]:
    """Publish a next version of every framework whose file differs from its latest published version."""
    published = []
    latest = _latest_versions(session)
    for code, framework in library.frameworks.items():
        errata = library.errata[code]
        digest = content_hash(framework, errata)
        framework_id, number, known = latest.get(code, (None, 0, None))
        if digest == known:
            continue
        if framework_id is None:
            framework_id = _insert(session, CompetencyFramework, [{"code": code}])[0]
        version = _version_row(framework, errata) | {
            "framework_id": framework_id,
            "number": number + 1,
            "state": VersionState.PUBLISHED,
            "content_hash": digest,
            "published_at": now,
        }
        _insert_content(session, _insert(session, FrameworkVersion, [version])[0], framework)
        published.append(PublishedVersion(code, number + 1))
    return published


def _latest_versions(session: Session) -> dict[str, tuple[int | None, int, str | None]]:
    """By framework code: its id, the highest version number, and the hash of the latest published version.

    A draft on top takes a number of its own but does not hide what is published.
    """
    latest: dict[str, tuple[int | None, int, str | None]] = {}
    rows = session.execute(
        select(
            CompetencyFramework.code,
            CompetencyFramework.id,
            FrameworkVersion.number,
            FrameworkVersion.state,
            FrameworkVersion.content_hash,
        )
        .outerjoin(FrameworkVersion, FrameworkVersion.framework_id == CompetencyFramework.id)
        .order_by(CompetencyFramework.code, FrameworkVersion.number)
    )
    for code, framework_id, number, state, digest in rows:
        published = latest.get(code, (None, 0, None))[2]
        latest[code] = (framework_id, number or 0, digest if state == VersionState.PUBLISHED else published)
    return latest


def _version_row(framework: schema.FrameworkFile, errata: schema.ErrataFile) -> dict[str, Any]:
    return {
        "name_th": framework.name_th,
        "name_en": framework.name_en,
        "organisation_th": framework.organisation_th,
        "source_note": framework.source_note_th,
        "source_marks": _marks(framework.source_marks),
        "errata": [entry.model_dump(mode="json", exclude_none=True) for entry in errata.corrections],
    }


def _insert_content(session: Session, version_id: int, framework: schema.FrameworkFile) -> None:
    """Competencies, levels and indicators of one version, one statement for each of the three tables."""
    competencies = [
        {
            "framework_version_id": version_id,
            "sort_order": place,
            "code": entry.code,
            "code_is_official": entry.official,
            "category": entry.category,
            "name_th": entry.name_th,
            "name_en": entry.name_en,
            "definition_th": entry.definition_th,
            "source_marks": _marks(entry.source_marks, entry.variants),
        }
        for place, entry in enumerate(framework.competencies, 1)
    ]
    competency_ids = _insert(session, Competency, competencies)
    levels = [
        (competency_id, level)
        for competency_id, entry in zip(competency_ids, framework.competencies, strict=True)
        for level in entry.levels
    ]
    level_rows = [
        {
            "competency_id": competency_id,
            "number": level.number,
            "title_th": level.title_th,
            "cumulative": level.cumulative,
            "source_marks": _marks([mark for mark in level.source_marks if mark.behaviour is None]),
        }
        for competency_id, level in levels
    ]
    level_ids = _insert(session, ProficiencyLevel, level_rows)
    indicator_rows = [
        {
            "level_id": level_id,
            "sort_order": place,
            "text_th": text,
            "source_marks": _marks([mark for mark in level.source_marks if mark.behaviour == place]),
        }
        for level_id, (_, level) in zip(level_ids, levels, strict=True)
        for place, text in enumerate(level.behaviours, 1)
    ]
    session.execute(insert(BehaviouralIndicator), indicator_rows)


def _marks(marks: list[schema.SourceMark], variants: dict[Any, str] | None = None) -> list[dict[str, Any]]:
    """The marks as stored: {kind, field, note_th, note_en}, and with a variant its text."""
    stored = []
    for mark in marks:
        row = mark.model_dump(mode="json", exclude_none=True, exclude={"behaviour"})
        if mark.kind == "variant" and variants and mark.field in variants:
            row["text"] = variants[mark.field]
        stored.append(row)
    return stored


def _insert(session: Session, model: type[Any], rows: list[dict[str, Any]]) -> list[int]:
    """The new ids, in the order of the rows."""
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, rows))
