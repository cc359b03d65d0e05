"""The ratings of a cycle before its committee: how they are distributed by unit, rater and position level.

Counted by the database in sets, the sums kept as whole numbers so that groups add up exactly. Only ratings
that were handed in count, released ones too; the reader's own not before its release, lest a group of one
tell it. Figures of small groups are shown: who reads this page may see each of these ratings by their duty.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, case, cast, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from idp.models import Assessment, AssessmentItem, Cycle, Rating
from idp.rules.assessment_workflow import BEFORE_COMMITTEE, RELEASED_STATES
from idp.rules.leniency import Leniency, Spread, leniency
from idp.rules.relations import Actor
from idp.rules.terms import CycleState, RaterKind

RATED_STATES = BEFORE_COMMITTEE | RELEASED_STATES
HUNDREDTHS = 100
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
    """`people` with a rating handed in, `unreleased` of them not released yet; `counts`: their rated
    competencies by `Part`, in its order. `leniency` None of nobody."""

    key: str
    name: str
    people: int = 0
    unreleased: int = 0
    counts: tuple[int, ...] = (0,) * len(Part)
    spread: Spread = NOBODY
    leniency: Leniency | None = None

    @property
    def ratings(self) -> int:
        return sum(self.counts)

    def together(self, other: "GroupFigures") -> "GroupFigures":
        counts = tuple(one + two for one, two in zip(self.counts, other.counts, strict=True))
        return replace(
            self,
            people=self.people + other.people,
            unreleased=self.unreleased + other.unreleased,
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
    return Assessment.state.in_(RATED_STATES) & or_(
        Assessment.owner_person_id != actor.person_id, Assessment.state.in_(RELEASED_STATES)
    )


def distribution(session: Session, actor: Actor, cycle_id: int, by: Grouping) -> Distribution:
    """The ratings of the cycle by group, groups in the order of their names; one statement, which returns a
    row for each group and number of competencies, however many people there are."""
    people = _people(actor, cycle_id, by)
    columns = [func.sum(people.c[part.value]) for part in Part]
    rows = session.execute(
        select(
            people.c.group_key,
            people.c.competencies,
            func.max(people.c.group_name),
            func.count(),
            func.sum(people.c.unreleased),
            func.sum(people.c.total),
            func.sum(people.c.total * people.c.total),
            *columns,
        ).group_by(people.c.group_key, people.c.competencies)
    )
    found: dict[str, GroupFigures] = {}
    for key, competencies, name, count, unreleased, total, squares, *counts in rows:
        scale = HUNDREDTHS * int(competencies)
        group = GroupFigures(
            "" if key is None else str(key),
            name,
            count,
            int(unreleased),
            tuple(int(each) for each in counts),
            Spread(count, Fraction(int(total), scale), Fraction(int(squares), scale * scale)),
        )
        known = found.get(group.key)
        found[group.key] = group if known is None else known.together(group)
    whole = GroupFigures("", "")
    for group in found.values():
        whole = whole.together(group)
    groups = [replace(group, leniency=leniency(group.spread, whole.spread)) for group in found.values()]
    groups.sort(key=lambda group: (group.name, group.key))
    return Distribution(whole, tuple(groups))


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
