"""The library of competency frameworks as pages and commands show it: four statements, however large."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from idp.models import (
    BehaviouralIndicator,
    Competency,
    CompetencyFramework,
    FrameworkVersion,
    ProficiencyLevel,
)
from idp.queries.frameworks import seen_by
from idp.rules.errors import NotVisible
from idp.rules.terms import CompetencyCategory, VersionState

Marks = Sequence[Mapping[str, Any]]
"""What the source lacks or garbles at a place, as the seeds say it: kind, field, note_th, note_en, text."""


@dataclass(frozen=True)
class FrameworkSummary:
    """A framework's latest published version with its counts. `is_own`: the organisation's, not the
    library's."""

    version_id: int
    code: str
    number: int
    name_th: str
    name_en: str
    organisation_th: str | None
    competencies: int
    levels: int
    behaviours: int
    is_own: bool


@dataclass(frozen=True)
class IndicatorText:
    """A behavioural indicator; `position` counts from 1."""

    position: int
    text_th: str
    marks: Marks


@dataclass(frozen=True)
class LevelText:
    number: int
    title_th: str
    cumulative: bool
    marks: Marks
    indicators: tuple[IndicatorText, ...]


@dataclass(frozen=True)
class CompetencyText:
    """A competency with its ladder; `code` is ours where `code_is_official` is false."""

    position: int
    code: str
    code_is_official: bool
    category: CompetencyCategory
    name_th: str
    name_en: str | None
    definition_th: str
    marks: Marks
    levels: tuple[LevelText, ...]


@dataclass(frozen=True)
class FrameworkDocument:
    """One version of a framework, whole. `version_numbers`: those that may be read, the newest first.
    `is_own`: of the organisation's, not the library's."""

    version_id: int
    is_own: bool
    code: str
    number: int
    state: VersionState
    name_th: str
    name_en: str
    organisation_th: str | None
    source_note: str
    published_at: datetime | None
    marks: Marks
    errata: Marks
    competencies: tuple[CompetencyText, ...]
    version_numbers: tuple[int, ...]


def list_frameworks(session: Session, organisation_id: int | None = None) -> tuple[FrameworkSummary, ...]:
    """Every framework with a published version that the organisation sees (None: those of the library), its
    own ones first, then by code."""
    latest = (
        select(FrameworkVersion.framework_id, func.max(FrameworkVersion.number).label("number"))
        .where(FrameworkVersion.state == VersionState.PUBLISHED)
        .group_by(FrameworkVersion.framework_id)
        .subquery()
    )
    rows = session.execute(
        select(
            FrameworkVersion.id.label("version_id"),
            CompetencyFramework.code,
            FrameworkVersion.number,
            FrameworkVersion.name_th,
            FrameworkVersion.name_en,
            FrameworkVersion.organisation_th,
            func.count(Competency.id.distinct()).label("competencies"),
            func.count(ProficiencyLevel.id.distinct()).label("levels"),
            func.count(BehaviouralIndicator.id.distinct()).label("behaviours"),
            CompetencyFramework.organisation_id.is_not(None).label("is_own"),
        )
        .select_from(FrameworkVersion)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .join(
            latest,
            (latest.c.framework_id == FrameworkVersion.framework_id)
            & (latest.c.number == FrameworkVersion.number),
        )
        .outerjoin(Competency, Competency.framework_version_id == FrameworkVersion.id)
        .outerjoin(ProficiencyLevel, ProficiencyLevel.competency_id == Competency.id)
        .outerjoin(BehaviouralIndicator, BehaviouralIndicator.level_id == ProficiencyLevel.id)
        .where(seen_by(organisation_id))
        .group_by(
            FrameworkVersion.id,
            CompetencyFramework.code,
            CompetencyFramework.organisation_id,
            FrameworkVersion.number,
            FrameworkVersion.name_th,
            FrameworkVersion.name_en,
            FrameworkVersion.organisation_th,
        )
        .order_by(CompetencyFramework.organisation_id.is_(None), CompetencyFramework.code)
    )
    return tuple(FrameworkSummary(**row) for row in rows.mappings())


def framework_document(
    session: Session,
    code: str,
    number: int | None = None,
    *,
    organisation_id: int | None = None,
    with_drafts: bool = False,
) -> FrameworkDocument:
    """The version `number` of the framework, by default the latest published one; `organisation_id` as above.

    Drafts are shown only `with_drafts`, discarded ones never. Raises NotVisible when there is none.
    """
    states = _readable_versions(session, code, organisation_id, with_drafts=with_drafts)
    numbers = tuple(states)
    published = (each for each in numbers if states[each] is VersionState.PUBLISHED)
    wanted = number if number is not None else next(iter((*published, *numbers)), None)
    if wanted not in numbers:
        raise NotVisible(code)
    version = session.scalars(
        select(FrameworkVersion)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .where(CompetencyFramework.code == code, FrameworkVersion.number == wanted)
        .options(
            selectinload(FrameworkVersion.competencies)
            .selectinload(Competency.levels)
            .selectinload(ProficiencyLevel.indicators)
        )
    ).one()
    return FrameworkDocument(
        version_id=version.id,
        is_own=version.framework.organisation_id is not None,
        code=code,
        number=version.number,
        state=version.state,
        name_th=version.name_th,
        name_en=version.name_en,
        organisation_th=version.organisation_th,
        source_note=version.source_note,
        published_at=version.published_at,
        marks=version.source_marks,
        errata=version.errata,
        competencies=tuple(_competency(entry) for entry in version.competencies),
        version_numbers=numbers,
    )


def _readable_versions(
    session: Session, code: str, organisation_id: int | None, *, with_drafts: bool
) -> dict[int, VersionState]:
    """The numbers of the versions that may be read, the newest first, each with its state."""
    readable = (
        select(FrameworkVersion.number, FrameworkVersion.state, CompetencyFramework.organisation_id)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .where(CompetencyFramework.code == code, seen_by(organisation_id), FrameworkVersion.number > 0)
        .order_by(FrameworkVersion.number.desc())
    )
    return {
        row.number: row.state
        for row in session.execute(readable)
        if row.state is not VersionState.DRAFT or (with_drafts and row.organisation_id is not None)
    }


def _competency(entry: Competency) -> CompetencyText:
    return CompetencyText(
        position=entry.sort_order,
        code=entry.code,
        code_is_official=entry.code_is_official,
        category=entry.category,
        name_th=entry.name_th,
        name_en=entry.name_en,
        definition_th=entry.definition_th,
        marks=entry.source_marks,
        levels=tuple(_level(level) for level in entry.levels),
    )


def _level(level: ProficiencyLevel) -> LevelText:
    return LevelText(
        number=level.number,
        title_th=level.title_th,
        cumulative=level.cumulative,
        marks=level.source_marks,
        indicators=tuple(
            IndicatorText(indicator.sort_order, indicator.text_th, indicator.source_marks)
            for indicator in level.indicators
        ),
    )
