"""The ratings of a cycle before its committee: how they are distributed by unit, rater and position level.

Counted by the database in sets, the sums kept as whole numbers so that groups add up exactly. Only ratings
that were handed in count, released ones too; the reader's own not before its release, lest a group of one
tell it. Figures of small groups are shown where the reader may see each of the ratings by their duty. A
member of the committee does so until the release: of released ratings they read what speaks of enough people,
by the rule of small groups (`rules.suppression`), each grouping by itself.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, case, cast, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from idp.models import Assessment, AssessmentItem, Cycle, Rating
from idp.rules.assessment_workflow import BEFORE_COMMITTEE, HANDED_IN_STATES, RELEASED_STATES
from idp.rules.leniency import Leniency, Spread, leniency
from idp.rules.relations import Actor
from idp.rules.suppression import Group, protect
from idp.rules.terms import CycleState, RaterKind

HUNDREDTHS = 100
WHOLE_CYCLE = None
"""Stands for the whole cycle among the keys of its groups."""

NOBODY = Spread()


class Grouping(StrEnum):
    """What the ratings are divided by: the words of the page's address."""

    UNIT = "unit"
    RATER = "rater"
    POSITION_LEVEL = "level"


class Part(StrEnum):
    """Where one rated competency lies against what was expected; averages of raters may lie between
    levels."""

    FAR_BELOW = "far_below"  # two levels below, or more
    BELOW = "below"
    MET = "met"
    ABOVE = "above"
    FAR_ABOVE = "far_above"  # two levels above, or more


@dataclass(frozen=True)
class GroupFigures:
    """`people` with a rating handed in, `unreleased` of them not released yet. `left_out`: the released ones
    where they are too few to be spoken of; `counts`, the rated competencies by `Part` in its order, `spread`
    and `leniency` are without them. `leniency` None of nobody."""

    key: str
    name: str
    people: int = 0
    unreleased: int = 0
    counts: tuple[int, ...] = (0,) * len(Part)
    spread: Spread = NOBODY
    leniency: Leniency | None = None
    left_out: int = 0

    @property
    def released(self) -> int:
        return self.people - self.unreleased

    @property
    def ratings(self) -> int:
        return sum(self.counts)

    def together(self, other: "GroupFigures") -> "GroupFigures":
        counts = tuple(one + two for one, two in zip(self.counts, other.counts, strict=True))
        return replace(
            self,
            people=self.people + other.people,
            unreleased=self.unreleased + other.unreleased,
            left_out=self.left_out + other.left_out,
            counts=counts,
            spread=self.spread + other.spread,
        )


@dataclass(frozen=True)
class Distribution:
    """The whole cycle and its groups."""

    whole: GroupFigures
    groups: tuple[GroupFigures, ...]


def cycles_in(session: Session, organisation_id: int, states: Sequence[CycleState]) -> list[Cycle]:
    """The organisation's cycles in these states, open ones first, then the latest; one statement."""
    rows = session.scalars(
        select(Cycle)
        .where(Cycle.organisation_id == organisation_id, Cycle.state.in_(states))
        .order_by(
            case((Cycle.state == CycleState.OPEN, 0), else_=1),
            Cycle.fiscal_year.desc(),
            Cycle.starts_on.desc(),
            Cycle.id.desc(),
        )
    )
    return list(rows)


def group_key(by: Grouping) -> ColumnElement[Any]:
    """The column that the people are divided by."""
    columns: dict[Grouping, ColumnElement[Any]] = {
        Grouping.UNIT: Assessment.unit_id.expression,
        Grouping.RATER: Assessment.supervisor_person_id.expression,
        Grouping.POSITION_LEVEL: Assessment.position_level_code.expression,
    }
    return columns[by]


def is_shown(actor: Actor) -> ColumnElement[bool]:
    """A rating handed in, of somebody else or released."""
    return Assessment.state.in_(HANDED_IN_STATES) & or_(
        Assessment.owner_person_id != actor.person_id, Assessment.state.in_(RELEASED_STATES)
    )


def distribution(
    session: Session, actor: Actor, cycle_id: int, by: Grouping, *, reads_released: bool = False
) -> Distribution:
    """The ratings of the cycle by group, groups in the order of their names; one statement, which returns a
    row for each group and number of competencies, however many people there are.

    `reads_released`: the reader may see released ratings of single people too; for others those that are too
    few to be spoken of, in a group or by subtraction, are left out of its figures.
    """
    before, after = _halves(session, _people(actor, cycle_id, by))
    spoken_of = _spoken_of(after) if not reads_released else {WHOLE_CYCLE, *after}
    found = {
        key: _joined(before.get(key), after.get(key), is_told=key in spoken_of)
        for key in before.keys() | after.keys()
    }
    whole = _joined(_total(before), _total(after), is_told=WHOLE_CYCLE in spoken_of)
    groups = [replace(group, leniency=leniency(group.spread, whole.spread)) for group in found.values()]
    groups.sort(key=lambda group: (group.name, group.key))
    return Distribution(whole, tuple(groups))


def _spoken_of(released: Mapping[str, GroupFigures]) -> set[Hashable]:
    """The groups, and the whole, of whose released people there are enough."""
    parts = tuple(Group(key, (each.people,)) for key, each in released.items())
    whole = Group(WHOLE_CYCLE, (sum(each.people for each in released.values()),), parts)
    return {key for key, each in protect(whole).items() if each.total is not None}


def _joined(before: GroupFigures | None, after: GroupFigures | None, *, is_told: bool) -> GroupFigures:
    """A group from its people before the release and those after it, of whom only their number may be
    known."""
    if after is not None and not is_told:
        after = GroupFigures(after.key, after.name, after.people, left_out=after.people)
    return reduce(GroupFigures.together, [each for each in (before, after) if each is not None])


def _total(groups: Mapping[str, GroupFigures]) -> GroupFigures:
    return reduce(GroupFigures.together, groups.values(), GroupFigures("", ""))


def _halves(session: Session, people: Any) -> tuple[dict[str, GroupFigures], dict[str, GroupFigures]]:
    """The groups of those before the release and of those after it."""
    columns = [func.sum(people.c[part.value]) for part in Part]
    rows = session.execute(
        select(
            people.c.group_key,
            people.c.competencies,
            people.c.unreleased,
            func.max(people.c.group_name),
            func.count(),
            func.sum(people.c.total),
            func.sum(people.c.total * people.c.total),
            *columns,
        ).group_by(people.c.group_key, people.c.competencies, people.c.unreleased)
    )
    before: dict[str, GroupFigures] = {}
    after: dict[str, GroupFigures] = {}
    for key, competencies, unreleased, name, count, total, squares, *counts in rows:
        scale = HUNDREDTHS * int(competencies)
        group = GroupFigures(
            "" if key is None else str(key),
            name,
            count,
            count if unreleased else 0,
            tuple(int(each) for each in counts),
            Spread(count, Fraction(int(total), scale), Fraction(int(squares), scale * scale)),
        )
        found = before if unreleased else after
        known = found.get(group.key)
        found[group.key] = group if known is None else known.together(group)
    return before, after


def _people(actor: Actor, cycle_id: int, by: Grouping) -> Any:
    """A row for each person: the group, the number of rated competencies, the sum of attained - expected in
    hundredths of a level, the competencies by part."""
    difference = type_coerce(Rating.attained_level, Integer) - AssessmentItem.expected_level * HUNDREDTHS
    two = 2 * HUNDREDTHS
    inside = {
        Part.FAR_BELOW: difference <= -two,
        Part.BELOW: (difference > -two) & (difference < 0),
        Part.MET: difference == 0,
        Part.ABOVE: (difference > 0) & (difference < two),
        Part.FAR_ABOVE: difference >= two,
    }
    return (
        select(
            Assessment.id,
            group_key(by).label("group_key"),
            func.max(_name(by)).label("group_name"),
            func.count().label("competencies"),
            func.sum(difference).label("total"),
            func.max(case((Assessment.state.in_(BEFORE_COMMITTEE), 1), else_=0)).label("unreleased"),
            *(
                func.sum(case((condition, 1), else_=0)).label(part.value)
                for part, condition in inside.items()
            ),
        )
        .join(AssessmentItem, AssessmentItem.assessment_id == Assessment.id)
        .join(Rating, (Rating.item_id == AssessmentItem.id) & (Rating.rater_kind == RaterKind.SUPERVISOR))
        .where(Assessment.cycle_id == cycle_id, is_shown(actor), Rating.attained_level.is_not(None))
        .group_by(Assessment.id, group_key(by))
        .subquery()
    )


def _name(by: Grouping) -> ColumnElement[str]:
    """How the group is called, as frozen when the cycle opened."""
    if by is Grouping.UNIT:
        return Assessment.unit_path_name.expression
    if by is Grouping.RATER:
        return Assessment.supervisor_name.expression
    return cast(Assessment.position_type_name + " " + Assessment.position_level_name, String)
