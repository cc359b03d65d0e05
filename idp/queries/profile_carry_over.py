"""What carrying the profiles over to another version of a framework would do: competencies by their code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from idp.models import (
    Competency,
    CompetencyFramework,
    Cycle,
    CycleFramework,
    ExpectedLevel,
    FrameworkVersion,
    PositionOverride,
    PositionProfile,
)
from idp.queries.profile_versions import ladders_of, version_sum, versions_in_use
from idp.rules.cycle_workflow import UNOPENED_STATES
from idp.rules.errors import NotVisible
from idp.rules.levels import NOT_SHOWN, Ladder, fall_back
from idp.rules.terms import VersionState


@dataclass(frozen=True)
class VersionName:
    id: int
    framework_code: str
    number: int
    name_th: str
    name_en: str


@dataclass(frozen=True)
class Successor:
    """A version that profiles name although a round created today would take another."""

    old: VersionName
    new: VersionName
    profiles: int


@dataclass(frozen=True)
class CodeMapping:
    """Where the competencies of the old version go. `targets`: ids by id; `ladders`: of the new ones."""

    targets: Mapping[int, int]
    ladders: Mapping[int, Ladder]
    names: Mapping[int, tuple[str, str]]  # of the old ones: code and name

    def level(self, competency_id: int, level: int) -> int:
        """The level on the new ladder, the next lower one where it lacks it; 0: there is nothing to go to."""
        target = self.targets.get(competency_id)
        return NOT_SHOWN if target is None else fall_back(self.ladders[target], level)


@dataclass(frozen=True)
class CarriedLine:
    """One level of one competency as profiles name it. `becomes` 0: it could not be carried over."""

    code: str
    name_th: str
    level: int
    becomes: int
    profiles: int
    overrides: int

    @property
    def is_lost(self) -> bool:
        return self.becomes == NOT_SHOWN

    @property
    def falls(self) -> bool:
        return not self.is_lost and self.becomes != self.level


@dataclass(frozen=True)
class CarryOverPreview:
    """`profiles`, `overrides`: how many would change; `waiting`: rounds that have not opened and take the old
    version; `version`: of all that would change, together."""

    old: VersionName
    new: VersionName
    profiles: int
    overrides: int
    lines: tuple[CarriedLine, ...]
    waiting: tuple[str, ...]
    version: int


def carry_over_preview(
    session: Session, organisation_id: int, from_version_id: int, to_version_id: int, from_on: date
) -> CarryOverPreview:
    """A constant number of statements. Raises NotVisible for a version that is not the library's or the
    organisation's own, or a new one that is not published."""
    old = version_name(session, organisation_id, from_version_id)
    new = version_name(session, organisation_id, to_version_id, must_be_published=True)
    mapping = mapping_between(session, old.id, new.id)
    counts = _counts(session, organisation_id, old.id, from_on)
    lines = tuple(
        CarriedLine(*mapping.names[competency_id], level, mapping.level(competency_id, level), *found)
        for (competency_id, level), found in counts.items()
    )
    waiting = session.scalars(
        select(Cycle.name_th)
        .join(CycleFramework, CycleFramework.cycle_id == Cycle.id)
        .where(
            Cycle.organisation_id == organisation_id,
            Cycle.state.in_(UNOPENED_STATES),
            CycleFramework.framework_version_id == old.id,
        )
        .group_by(Cycle.id, Cycle.name_th)
        .order_by(Cycle.id)
    )
    profiles, overrides = _affected(session, organisation_id, old.id, from_on)
    return CarryOverPreview(
        old,
        new,
        profiles,
        overrides,
        tuple(sorted(lines, key=lambda line: (not line.is_lost, not line.falls, line.code, line.level))),
        tuple(waiting),
        organisation_version(session, organisation_id),
    )


def successors(session: Session, organisation_id: int, day: date) -> tuple[Successor, ...]:
    """What profiles go on to name although a newer version of the framework is in use; three statements.

    One that ends anyway, because the next was set already, is not among them.
    """
    uses = {use.framework_code: use for use in versions_in_use(session, organisation_id, day)}
    rows = session.execute(
        select(
            FrameworkVersion.id,
            CompetencyFramework.code,
            FrameworkVersion.number,
            FrameworkVersion.name_th,
            FrameworkVersion.name_en,
            func.count(PositionProfile.id.distinct()).label("profiles"),
        )
        .select_from(PositionProfile)
        .join(ExpectedLevel, ExpectedLevel.profile_id == PositionProfile.id)
        .join(Competency, Competency.id == ExpectedLevel.competency_id)
        .join(FrameworkVersion, FrameworkVersion.id == Competency.framework_version_id)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .where(PositionProfile.organisation_id == organisation_id, PositionProfile.until_on.is_(None))
        .group_by(
            FrameworkVersion.id,
            CompetencyFramework.code,
            FrameworkVersion.number,
            FrameworkVersion.name_th,
            FrameworkVersion.name_en,
        )
        .order_by(CompetencyFramework.code, FrameworkVersion.number)
    )
    return tuple(
        Successor(
            VersionName(row.id, row.code, row.number, row.name_th, row.name_en),
            VersionName(use.version_id, use.framework_code, use.number, use.name_th, use.name_en),
            row.profiles,
        )
        for row in rows
        if (use := uses.get(row.code)) is not None and use.version_id != row.id
    )


def version_name(
    session: Session, organisation_id: int, version_id: int, *, must_be_published: bool = False
) -> VersionName:
    """Raises NotVisible."""
    row = session.execute(
        select(
            FrameworkVersion.id,
            CompetencyFramework.code,
            FrameworkVersion.number,
            FrameworkVersion.name_th,
            FrameworkVersion.name_en,
            FrameworkVersion.state,
        )
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .where(
            FrameworkVersion.id == version_id,
            or_(
                CompetencyFramework.organisation_id.is_(None),
                CompetencyFramework.organisation_id == organisation_id,
            ),
        )
    ).one_or_none()
    if row is None or (must_be_published and row.state is not VersionState.PUBLISHED):
        raise NotVisible
    return VersionName(*row[:5])


def mapping_between(session: Session, from_version_id: int, to_version_id: int) -> CodeMapping:
    """By code; two statements."""
    rows = session.execute(
        select(Competency.framework_version_id, Competency.id, Competency.code, Competency.name_th).where(
            Competency.framework_version_id.in_((from_version_id, to_version_id))
        )
    ).all()
    new = {row.code: row.id for row in rows if row.framework_version_id == to_version_id}
    old = [row for row in rows if row.framework_version_id == from_version_id]
    return CodeMapping(
        {row.id: new[row.code] for row in old if row.code in new},
        ladders_of(session, Competency.framework_version_id == to_version_id),
        {row.id: (row.code, row.name_th) for row in old},
    )


def organisation_version(session: Session, organisation_id: int) -> int:
    """The version of all profiles and overrides together; one statement."""
    profiles = (
        select(version_sum(PositionProfile.version))
        .where(PositionProfile.organisation_id == organisation_id)
        .scalar_subquery()
    )
    overrides = (
        select(version_sum(PositionOverride.version))
        .where(PositionOverride.organisation_id == organisation_id)
        .scalar_subquery()
    )
    total: int = session.scalars(select(profiles + overrides)).one()
    return total


def _counts(
    session: Session, organisation_id: int, version_id: int, day: date
) -> dict[tuple[int, int], tuple[int, int]]:
    """By competency and level: in how many profiles and overrides that hold then or come later."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    profiles = session.execute(
        select(ExpectedLevel.competency_id, ExpectedLevel.level, func.count())
        .join(PositionProfile, PositionProfile.id == ExpectedLevel.profile_id)
        .join(Competency, Competency.id == ExpectedLevel.competency_id)
        .where(
            _not_over(PositionProfile, organisation_id, day), Competency.framework_version_id == version_id
        )
        .group_by(ExpectedLevel.competency_id, ExpectedLevel.level)
    )
    for competency_id, level, count in profiles:
        found[competency_id, level] = (count, 0)
    overrides = session.execute(
        select(PositionOverride.competency_id, PositionOverride.level, func.count())
        .join(Competency, Competency.id == PositionOverride.competency_id)
        .where(
            _not_over(PositionOverride, organisation_id, day),
            PositionOverride.is_withdrawn.is_(False),
            Competency.framework_version_id == version_id,
        )
        .group_by(PositionOverride.competency_id, PositionOverride.level)
    )
    for competency_id, level, count in overrides:
        found[competency_id, level] = (found.get((competency_id, level), (0, 0))[0], count)
    return found


def _affected(session: Session, organisation_id: int, version_id: int, day: date) -> tuple[int, int]:
    profiles = session.scalar(
        select(func.count(PositionProfile.id.distinct()))
        .join(ExpectedLevel, ExpectedLevel.profile_id == PositionProfile.id)
        .join(Competency, Competency.id == ExpectedLevel.competency_id)
        .where(
            _not_over(PositionProfile, organisation_id, day), Competency.framework_version_id == version_id
        )
    )
    overrides = session.scalar(
        select(func.count(PositionOverride.id))
        .join(Competency, Competency.id == PositionOverride.competency_id)
        .where(
            _not_over(PositionOverride, organisation_id, day),
            PositionOverride.is_withdrawn.is_(False),
            Competency.framework_version_id == version_id,
        )
    )
    return profiles or 0, overrides or 0


def _not_over(
    rows: type[PositionProfile] | type[PositionOverride], organisation_id: int, day: date
) -> ColumnElement[bool]:
    return and_(rows.organisation_id == organisation_id, or_(rows.until_on.is_(None), rows.until_on >= day))
