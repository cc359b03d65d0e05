"""Whom a new version of a dictionary touches: the position profiles and single positions that name what it no
longer has, how many people serve there, and the cycles that still have the version before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
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
    over; `touched`: those that lose something; `people`: how many serve in any of these, each counted once;
    `cycles`: not open yet, with the version before."""

    profiles: int
    overrides: int
    touched: tuple[TouchedPost, ...]
    people: int
    cycles: tuple[CycleUse, ...]


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
    people = _people(session, organisation_id, day)
    profiles, touched_profiles, places = _profiles(session, organisation_id, change, people, day)
    overrides, touched_overrides, numbers = _overrides(session, organisation_id, change, people, day)
    return Effects(
        profiles,
        overrides,
        (*touched_profiles, *touched_overrides),
        sum(
            each.count
            for each in people
            if each.number in numbers or any(each.is_in(*place) for place in places)
        ),
        cycles_using(session, organisation_id, from_version_id),
    )


@dataclass(frozen=True)
class _People:
    """How many serve at a position level, in a line of work, in positions of that number."""

    level_id: int
    line_id: int | None
    number: str
    count: int

    def is_in(self, level_id: int, line_id: int | None) -> bool:
        """The profile of that place is theirs; one without a line of work is for all lines."""
        return self.level_id == level_id and line_id in (None, self.line_id)


Place = tuple[int, int | None]


def _still(until_on: Any, day: date) -> ColumnElement[bool]:
    """Holds today or later."""
    return or_(until_on.is_(None), until_on >= day)


def _profiles(
    session: Session, organisation_id: int, change: _Change, people: Sequence[_People], day: date
) -> tuple[int, list[TouchedPost], set[Place]]:
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
    losses: dict[int, list[Loss]] = {}
    for row in rows:
        loss = change.loss(row.competency_id, row.level)
        if loss:
            losses.setdefault(row.id, []).append(loss)
    heads = {row.id: row for row in rows}
    places = {each: (heads[each].position_level_id, heads[each].line_of_work_id) for each in losses}
    touched = [
        TouchedPost(
            position_number="",
            line_th=heads[each].line_th or "",
            line_en=heads[each].line_en or "",
            level_th=heads[each].level_th,
            level_en=heads[each].level_en,
            people=sum(one.count for one in people if one.is_in(*places[each])),
            losses=tuple(found),
        )
        for each, found in losses.items()
    ]
    return len(heads), touched, set(places.values())


def _overrides(
    session: Session, organisation_id: int, change: _Change, people: Sequence[_People], day: date
) -> tuple[int, list[TouchedPost], set[str]]:
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
    touched = [
        TouchedPost(
            position_number=number,
            line_th="",
            line_en="",
            level_th="",
            level_en="",
            people=sum(one.count for one in people if one.number == number),
            losses=tuple(found),
        )
        for number, found in losses.items()
    ]
    return len(rows), touched, set(losses)


def _people(session: Session, organisation_id: int, day: date) -> list[_People]:
    """Who serves today, by post; single positions apart only where one has an override."""
    overridden = select(PositionOverride.position_number).where(
        PositionOverride.organisation_id == organisation_id
    )
    number = case((Assignment.position_number.in_(overridden), Assignment.position_number), else_="").label(
        "overridden_number"
    )
    rows = session.execute(
        select(Assignment.position_level_id, Assignment.line_of_work_id, number, func.count())
        .where(Assignment.organisation_id == organisation_id, assignment_holds(day))
        .group_by(Assignment.position_level_id, Assignment.line_of_work_id, number)
    )
    return [_People(level or 0, line, text or "", count) for level, line, text, count in rows]
