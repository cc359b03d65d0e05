"""Position profiles as tables: position levels by competencies, as they hold on a day, and what is coming."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from idp.models import Competency, ExpectedLevel, LineOfWork, PositionProfile
from idp.queries.position_levels import LevelRow, position_levels
from idp.queries.post_weights import PostWeights, people_by_post, weights_by_post, written_posts
from idp.queries.profile_versions import (
    VersionInUse,
    ladders_of,
    of_versions,
    version_sum,
    versions_in_use,
)
from idp.rules.errors import NotVisible
from idp.rules.levels import Ladder, fall_back
from idp.rules.profiles import Expected
from idp.rules.terms import CompetencyCategory

CORE = "core"
"""The group of profiles that hold for every line of work; any other group is a line of work, by its code."""


@dataclass(frozen=True)
class Group:
    """`line_of_work_id` None: core."""

    key: str
    line_of_work_id: int | None
    name_th: str
    name_en: str

    @property
    def category(self) -> CompetencyCategory:
        return CompetencyCategory.CORE if self.line_of_work_id is None else CompetencyCategory.FUNCTIONAL


@dataclass(frozen=True)
class ProfileColumn:
    """A competency. `counts`: a round created today would assess it; else it is of another version, or its
    framework is not used. `levels`: those of its ladder above 0."""

    competency_id: int
    code: str
    name_th: str
    name_en: str
    category: CompetencyCategory
    version_id: int
    counts: bool
    ladder: Ladder

    @property
    def levels(self) -> tuple[int, ...]:
        return self.ladder.numbers


@dataclass(frozen=True)
class ProfileCell:
    """`falls_to` None: the ladder has the level."""

    level: int
    weight: Decimal | None
    falls_to: int | None


@dataclass(frozen=True)
class ProfileSpan:
    """One profile: from when to when (None: open), whether it is an example of ours, its cells by the
    competency's id."""

    id: int
    from_on: date
    until_on: date | None
    label_th: str
    cells: Mapping[int, ProfileCell]

    @property
    def expected(self) -> tuple[Expected, ...]:
        return tuple(Expected(each, cell.level, cell.weight) for each, cell in self.cells.items())


@dataclass(frozen=True)
class ProfileLine:
    """One position level. `holding` None: nothing is written for it on the day. `weights`: of all that is
    expected of somebody in each of its posts."""

    level: LevelRow
    holding: ProfileSpan | None
    coming: tuple[ProfileSpan, ...]
    people: int
    weights: tuple[PostWeights, ...]

    @property
    def cells(self) -> Mapping[int, ProfileCell]:
        return {} if self.holding is None else self.holding.cells


@dataclass(frozen=True)
class ProfileTable:
    """`choices`: competencies that could be added; `version`: of all profiles of the group together."""

    group: Group
    day: date
    columns: tuple[ProfileColumn, ...]
    choices: tuple[ProfileColumn, ...]
    rows: tuple[ProfileLine, ...]
    versions: tuple[VersionInUse, ...]
    version: int

    @property
    def days(self) -> tuple[date, ...]:
        """Those on which something set for later begins."""
        return tuple(sorted({span.from_on for row in self.rows for span in row.coming}))


def profile_group(session: Session, key: str) -> Group:
    """Raises NotVisible for a line of work that there is not."""
    if key == CORE:
        return Group(CORE, None, "", "")
    row = session.execute(
        select(LineOfWork.code, LineOfWork.id, LineOfWork.name_th, LineOfWork.name_en).where(
            LineOfWork.code == key
        )
    ).one_or_none()
    if row is None:
        raise NotVisible
    return Group(*row)


def profile_table(session: Session, organisation_id: int, group: Group, day: date) -> ProfileTable:
    """A constant number of statements. Rows in the order of the position levels, columns in that of the
    frameworks, core before functional."""
    uses = versions_in_use(session, organisation_id, day)
    rows = _written(session, organisation_id, group, day)
    columns = _columns(session, uses, {row.competency_id for row in rows if row.competency_id is not None})
    spans = _spans(rows, columns)
    named = {each for found in spans.values() for span in found for each in span.cells}
    levels = position_levels(session, organisation_id)
    people = people_by_post(session, organisation_id, day)
    weights = weights_by_post(
        session, organisation_id, day, written_posts(organisation_id, group.line_of_work_id, day), uses
    )
    is_core = group.line_of_work_id is None
    lines = []
    for level in levels:
        found = spans.get(level.id, [])
        lines.append(
            ProfileLine(
                level,
                next((span for span in found if span.from_on <= day), None),
                tuple(reversed([span for span in found if span.from_on > day])),
                sum(
                    count
                    for (level_id, line_id), count in people.items()
                    if level_id == level.id and (is_core or line_id == group.line_of_work_id)
                ),
                tuple(each for each in weights if each.position_level_id == level.id),
            )
        )
    return ProfileTable(
        group,
        day,
        tuple(each for each in columns.values() if each.competency_id in named),
        tuple(each for each in columns.values() if each.competency_id not in named and each.counts),
        tuple(lines),
        uses,
        group_version(session, organisation_id, group),
    )


def group_version(session: Session, organisation_id: int, group: Group) -> int:
    """The version of the group's profiles together; one statement."""
    total: int = session.scalars(
        select(version_sum(PositionProfile.version)).where(_of_group(organisation_id, group))
    ).one()
    return total


def _of_group(organisation_id: int, group: Group) -> ColumnElement[bool]:
    of_line = (
        PositionProfile.line_of_work_id.is_(None)
        if group.line_of_work_id is None
        else PositionProfile.line_of_work_id == group.line_of_work_id
    )
    return of_line & (PositionProfile.organisation_id == organisation_id)


def _written(session: Session, organisation_id: int, group: Group, day: date) -> Sequence[Any]:
    """Every row of the group's profiles that hold on the day or come later, the latest profile first."""
    return session.execute(
        select(
            PositionProfile.id,
            PositionProfile.position_level_id,
            PositionProfile.from_on,
            PositionProfile.until_on,
            PositionProfile.label_th,
            ExpectedLevel.competency_id,
            ExpectedLevel.level,
            ExpectedLevel.weight,
        )
        .outerjoin(ExpectedLevel, ExpectedLevel.profile_id == PositionProfile.id)
        .where(
            _of_group(organisation_id, group),
            or_(PositionProfile.until_on.is_(None), PositionProfile.until_on >= day),
        )
        .order_by(PositionProfile.from_on.desc(), PositionProfile.id.desc(), ExpectedLevel.id)
    ).all()


def _columns(
    session: Session, uses: Collection[VersionInUse], named: Collection[int]
) -> dict[int, ProfileColumn]:
    """Every competency in use, and those named besides, by id; two statements."""
    counts = of_versions(uses)
    wanted = or_(counts, Competency.id.in_(named))
    ladders = ladders_of(session, wanted)
    rows = session.execute(
        select(
            Competency.id,
            Competency.code,
            Competency.name_th,
            Competency.name_en,
            Competency.category,
            Competency.framework_version_id,
        )
        .where(wanted)
        .order_by(Competency.category, Competency.framework_version_id, Competency.sort_order, Competency.id)
    )
    in_use = {(use.version_id, use.category) for use in uses}
    return {
        row.id: ProfileColumn(
            row.id,
            row.code,
            row.name_th,
            row.name_en or "",
            row.category,
            row.framework_version_id,
            (row.framework_version_id, row.category) in in_use,
            ladders[row.id],
        )
        for row in rows
    }


def _spans(rows: Sequence[Any], columns: Mapping[int, ProfileColumn]) -> dict[int, list[ProfileSpan]]:
    """The profiles of each position level, the latest first."""
    spans: dict[int, dict[int, ProfileSpan]] = {}
    cells: dict[int, dict[int, ProfileCell]] = {}
    for row in rows:
        found = cells.setdefault(row.id, {})
        spans.setdefault(row.position_level_id, {}).setdefault(
            row.id, ProfileSpan(row.id, row.from_on, row.until_on, row.label_th, found)
        )
        if row.competency_id is not None:
            falls_to = fall_back(columns[row.competency_id].ladder, row.level)
            found[row.competency_id] = ProfileCell(
                row.level, row.weight, None if falls_to == row.level else falls_to
            )
    return {level_id: list(found.values()) for level_id, found in spans.items()}
