"""Whom a new version of a dictionary touches: the position profiles and single positions that name what it no
longer has, how many people serve there, and the cycles that still have the version before."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from idp.models import (
    Assignment,
    ExpectedLevel,
    LineOfWork,
    PositionLevel,
    PositionOverride,
    PositionProfile,
)
from idp.queries.framework_contents import contents_of
from idp.queries.framework_uses import CycleUse, cycles_using
from idp.queries.relations import assignment_holds
from idp.rules.framework_differences import same_competencies


@dataclass(frozen=True)
class Loss:
    """The profile expects `expected` of a competency that is gone (`becomes` None), or whose ladder has that
    level no more: carried over, it `becomes` the next lower one."""

    competency: str
    expected: int
    becomes: int | None


@dataclass(frozen=True)
class TouchedPost:
    """A profile, or the override of one `position_number`, that loses something; `people` serve there
    today."""

    position_number: str
    line_th: str
    line_en: str
    level_th: str
    level_en: str
    people: int
    losses: tuple[Loss, ...]


@dataclass(frozen=True)
class Effects:
    """`profiles`, `overrides`: how many name competencies of the version before, and so have to be carried
    over; `touched`: those that lose something; `cycles`: not open yet, with the version before."""

    profiles: int
    overrides: int
    touched: tuple[TouchedPost, ...]
    cycles: tuple[CycleUse, ...]

    @property
    def people(self) -> int:
        return sum(each.people for each in self.touched)


@dataclass(frozen=True)
class _Change:
    """What becomes of each competency of the version before, by id: its name, and the levels that it still
    has (None: it is gone)."""

    names: Mapping[int, str]
    ladders: Mapping[int, Collection[int] | None]

    def loss(self, competency_id: int, expected: int) -> Loss | None:
        ladder = self.ladders[competency_id]
        if ladder is not None and expected in ladder:
            return None
        lower = [level for level in ladder or () if 0 < level < expected]
        return Loss(self.names[competency_id], expected, max(lower, default=None))


def effects(
    session: Session, organisation_id: int, from_version_id: int, to_version_id: int, day: date
) -> Effects:
    """What going from the one version to the other does; eight statements, however many profiles."""
    contents = contents_of(session, [from_version_id, to_version_id])
    before, after = contents[from_version_id], contents[to_version_id]
    pairs = dict(same_competencies([each.content for each in before], [each.content for each in after]))
    change = _Change(
        names={each.id: each.content.name_th for each in before},
        ladders={
            each.id: after[pairs[place]].level_ids.keys() if place in pairs else None
            for place, each in enumerate(before)
        },
    )
    profiles, touched_profiles = _profiles(session, organisation_id, change, day)
    overrides, touched_overrides = _overrides(session, organisation_id, change, day)
    return Effects(
        profiles,
        overrides,
        (*touched_profiles, *touched_overrides),
        cycles_using(session, organisation_id, from_version_id),
    )


def _still(until_on: Any, day: date) -> ColumnElement[bool]:
    """Holds today or later."""
    return or_(until_on.is_(None), until_on >= day)


def _profiles(
    session: Session, organisation_id: int, change: _Change, day: date
) -> tuple[int, list[TouchedPost]]:
    rows = session.execute(
        select(
            PositionProfile.id,
            PositionProfile.position_level_id,
            PositionProfile.line_of_work_id,
            LineOfWork.name_th.label("line_th"),
            LineOfWork.name_en.label("line_en"),
            func.trim(PositionLevel.type_name_th + " " + PositionLevel.name_th).label("level_th"),
            func.trim(PositionLevel.type_name_en + " " + PositionLevel.name_en).label("level_en"),
            ExpectedLevel.competency_id,
            ExpectedLevel.level,
        )
        .join(ExpectedLevel, ExpectedLevel.profile_id == PositionProfile.id)
        .join(PositionLevel, PositionLevel.id == PositionProfile.position_level_id)
        .outerjoin(LineOfWork, LineOfWork.id == PositionProfile.line_of_work_id)
        .where(
            PositionProfile.organisation_id == organisation_id,
            ExpectedLevel.competency_id.in_(change.names),
            _still(PositionProfile.until_on, day),
        )
        .order_by(LineOfWork.name_th, PositionLevel.sort_order, PositionProfile.id, ExpectedLevel.id)
    ).all()
    people = _people_by_post(session, organisation_id, day)
    losses: dict[int, list[Loss]] = {}
    for row in rows:
        loss = change.loss(row.competency_id, row.level)
        if loss:
            losses.setdefault(row.id, []).append(loss)
    heads = {row.id: row for row in rows}
    touched = [
        TouchedPost(
            position_number="",
            line_th=heads[each].line_th or "",
            line_en=heads[each].line_en or "",
            level_th=heads[each].level_th,
            level_en=heads[each].level_en,
            people=_count(people, heads[each].position_level_id, heads[each].line_of_work_id),
            losses=tuple(found),
        )
        for each, found in losses.items()
    ]
    return len(heads), touched


def _overrides(
    session: Session, organisation_id: int, change: _Change, day: date
) -> tuple[int, list[TouchedPost]]:
    rows = session.execute(
        select(
            PositionOverride.id,
            PositionOverride.position_number,
            PositionOverride.competency_id,
            PositionOverride.level,
        )
        .where(
            PositionOverride.organisation_id == organisation_id,
            PositionOverride.competency_id.in_(change.names),
            PositionOverride.is_withdrawn.is_(False),
            _still(PositionOverride.until_on, day),
        )
        .order_by(PositionOverride.position_number, PositionOverride.id)
    ).all()
    losses: dict[str, list[Loss]] = {}
    for row in rows:
        loss = change.loss(row.competency_id, row.level)
        if loss:
            losses.setdefault(row.position_number, []).append(loss)
    people: dict[str, int] = {}
    if losses:
        rows_of_people = session.execute(
            select(Assignment.position_number, func.count())
            .where(
                Assignment.organisation_id == organisation_id,
                Assignment.position_number.in_(losses),
                assignment_holds(day),
            )
            .group_by(Assignment.position_number)
        )
        people = {row[0]: row[1] for row in rows_of_people}
    touched = [
        TouchedPost(number, "", "", "", "", people.get(number, 0), tuple(found))
        for number, found in losses.items()
    ]
    return len(rows), touched


def _people_by_post(session: Session, organisation_id: int, day: date) -> dict[tuple[int, int | None], int]:
    rows = session.execute(
        select(Assignment.position_level_id, Assignment.line_of_work_id, func.count())
        .where(Assignment.organisation_id == organisation_id, assignment_holds(day))
        .group_by(Assignment.position_level_id, Assignment.line_of_work_id)
    )
    return {(level_id, line_id): count for level_id, line_id, count in rows if level_id is not None}


def _count(people: Mapping[tuple[int, int | None], int], level_id: int, line_id: int | None) -> int:
    """Who serves at the level, in that line of work; a profile without one is for all lines."""
    return sum(
        count
        for (each_level, each_line), count in people.items()
        if each_level == level_id and line_id in (None, each_line)
    )
