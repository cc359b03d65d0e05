"""The levels that an action may be for: of the frameworks in use, or of any that the organisation sees."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from idp.models import (
    BehaviouralIndicator,
    Competency,
    CompetencyFramework,
    FrameworkVersion,
    ProficiencyLevel,
)
from idp.queries.frameworks import seen_by
from idp.queries.profile_versions import versions_in_use
from idp.rules.terms import VersionState


@dataclass(frozen=True)
class FrameworkChoice:
    """The latest published version of a framework; `is_in_use`: the organisation's rules name it."""

    version_id: int
    code: str
    name_th: str
    name_en: str
    is_in_use: bool


@dataclass(frozen=True)
class LevelChoice:
    id: int
    number: int
    title: str


@dataclass(frozen=True)
class CompetencyChoice:
    """A competency with its levels above 0."""

    id: int
    version_id: int
    code: str
    name_th: str
    name_en: str
    levels: tuple[LevelChoice, ...]


@dataclass(frozen=True)
class LevelPlace:
    """One level with what it says and its indicators, (id, text) in their order."""

    level_id: int
    number: int
    title: str
    competency_id: int
    competency_th: str
    competency_en: str
    version_id: int
    framework_code: str
    framework_th: str
    framework_en: str
    framework_number: int
    indicators: tuple[tuple[int, str], ...]


def framework_choices(session: Session, organisation_id: int, day: date) -> tuple[FrameworkChoice, ...]:
    """Those in use first, then by code; three statements."""
    used = {use.version_id for use in versions_in_use(session, organisation_id, day)}
    rows = session.execute(
        select(
            FrameworkVersion.id,
            CompetencyFramework.code,
            FrameworkVersion.name_th,
            FrameworkVersion.name_en,
        )
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .where(
            seen_by(organisation_id),
            FrameworkVersion.state == VersionState.PUBLISHED,
            FrameworkVersion.number > 0,
        )
        .order_by(FrameworkVersion.number)
    )
    latest = {row.code: row for row in rows}
    choices = [FrameworkChoice(*row, row.id in used) for row in latest.values()]
    return tuple(sorted(choices, key=lambda each: (not each.is_in_use, each.code)))


def is_seen(session: Session, organisation_id: int, version_id: int) -> bool:
    """Whether the organisation sees this version, drafts of dictionaries apart; one statement. Links of the
    dictionary's pages lead to older versions too."""
    return (
        session.scalar(
            select(FrameworkVersion.id)
            .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
            .where(FrameworkVersion.id == version_id, *_seen(organisation_id))
        )
        is not None
    )


def competency_choices(session: Session, version_ids: Collection[int]) -> tuple[CompetencyChoice, ...]:
    """The competencies of these versions, which the caller has found the reader to see, with their levels;
    two statements."""
    levels: dict[int, list[LevelChoice]] = {}
    for row in session.execute(
        select(
            ProficiencyLevel.competency_id,
            ProficiencyLevel.id,
            ProficiencyLevel.number,
            ProficiencyLevel.title_th,
        )
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .where(Competency.framework_version_id.in_(version_ids), ProficiencyLevel.number > 0)
        .order_by(ProficiencyLevel.number)
    ):
        levels.setdefault(row.competency_id, []).append(LevelChoice(row.id, row.number, row.title_th))
    rows = session.execute(
        select(
            Competency.id,
            Competency.framework_version_id,
            Competency.code,
            Competency.name_th,
            func.coalesce(Competency.name_en, ""),
        )
        .where(Competency.framework_version_id.in_(version_ids))
        .order_by(Competency.framework_version_id, Competency.sort_order)
    )
    return tuple(CompetencyChoice(*row, tuple(levels.get(row.id, ()))) for row in rows)


def level_place(session: Session, organisation_id: int, level_id: int) -> LevelPlace | None:
    """A level of a version that the organisation sees, drafts of dictionaries apart; two statements."""
    row = session.execute(
        select(
            ProficiencyLevel.id,
            ProficiencyLevel.number,
            ProficiencyLevel.title_th,
            Competency.id,
            Competency.name_th,
            func.coalesce(Competency.name_en, ""),
            FrameworkVersion.id,
            CompetencyFramework.code,
            FrameworkVersion.name_th,
            FrameworkVersion.name_en,
            FrameworkVersion.number,
        )
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .join(FrameworkVersion, FrameworkVersion.id == Competency.framework_version_id)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .where(
            ProficiencyLevel.id == level_id,
            ProficiencyLevel.number > 0,
            *_seen(organisation_id),
        )
    ).one_or_none()
    if row is None:
        return None
    indicators = session.execute(
        select(BehaviouralIndicator.id, BehaviouralIndicator.text_th)
        .where(BehaviouralIndicator.level_id == level_id)
        .order_by(BehaviouralIndicator.sort_order)
    )
    return LevelPlace(*row, tuple((each.id, each.text_th) for each in indicators))


def _seen(organisation_id: int) -> tuple[ColumnElement[bool], ...]:
    is_no_draft = FrameworkVersion.state != VersionState.DRAFT
    return (seen_by(organisation_id), is_no_draft, FrameworkVersion.number > 0)
