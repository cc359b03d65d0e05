"""What a proposed plan is chosen from: gaps with their actions, limits, and the ways to serve one gap."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from math import lcm

from idp.rules.plan_proposal_search import GROUPS, Hours, Point, Way
from idp.rules.suggestions import Candidate, Id
from idp.rules.terms import MethodGroup

Amount = int | Decimal
ACTIONS_PER_GAP = 2
"""At most, with those that stand in the plan."""

MOST_PRIORITIES = 5
"""That may be asked for: a plan with more has none (three or so are sensible). Of the gaps with lines in the
plan the first so many get further actions; so few are searched at once."""


class LeftOut(StrEnum):
    """Why a gap is not served, or an action not taken; the first that holds."""

    NO_ACTION = "no_action"  # the catalogue has none for the level
    IN_PLAN = "in_plan"  # it is a line of the plan already
    ANSWERED = "answered"  # turned down before
    TOO_LONG = "too_long"  # more weeks than are left
    TOO_MANY_HOURS = "too_many_hours"  # alone more than there are
    TOO_DEAR = "too_dear"  # alone
    NOTHING_FITS = "nothing_fits"  # each action of the gap is out by itself
    BEYOND_PRIORITIES = "beyond_priorities"
    NO_HOURS_LEFT = "no_hours_left"  # beside those taken
    NO_BAHT_LEFT = "no_baht_left"
    NO_ROOM = "no_room"  # hours and money would suffice each, but not together
    ENOUGH = "enough"  # the plan has as many actions for the gap as a proposal takes
    NOTHING_NEW = "nothing_new"  # what it develops is developed by those taken
    FEWER_INDICATORS = "fewer_indicators"  # than the one taken instead; so the following
    WORSE_MIX = "worse_mix"
    DEARER = "dearer"
    MORE_HOURS = "more_hours"
    NO_BETTER = "no_better"  # as good in everything; the order of the catalogue decides


@dataclass(frozen=True)
class Limits:
    """At most so many hours, so much money in baht, so many gaps (priorities) and actions for each gap in the
    whole plan; no action takes more than `weeks`. Raises ValueError for what cannot be."""

    hours: Amount
    baht: Amount
    weeks: int
    priorities: int
    per_gap: int = ACTIONS_PER_GAP

    def __post_init__(self) -> None:
        if min(self.hours, self.baht, self.weeks) < 0 or min(self.priorities, self.per_gap) < 1:
            raise ValueError(f"limits that nothing can fit: {self}")


@dataclass(frozen=True)
class GapToServe:
    """A gap with the actions of the catalogue for its next level. `missing`: the level's indicators not
    shown; `answered`: ids of actions turned down; `taken`: of those that are lines of the plan. `lines`: how
    many lines of the plan are for this gap, and `developed` the indicators that they develop."""

    key: Id
    actions: tuple[Candidate, ...]
    missing: frozenset[Id] = frozenset()
    answered: frozenset[Id] = frozenset()
    taken: frozenset[Id] = frozenset()
    lines: int = 0
    developed: frozenset[Id] = frozenset()

    def develops(self, action: Candidate) -> frozenset[Id]:
        """The indicators not shown that the action develops and the plan's lines do not."""
        return (action.indicators & self.missing) - self.developed


@dataclass(frozen=True)
class Planned:
    """What stands in the plan already counts against the limits; `priorities`: gaps or other competencies
    that its lines are for."""

    hours: Mapping[MethodGroup, Amount] = field(default_factory=dict)
    baht: Amount = 0
    priorities: int = 0


NOTHING_PLANNED = Planned()


@dataclass(frozen=True)
class GapAnswer:
    """`why`: why the gap is not served; None where it is, by `chosen` or by lines of the plan."""

    key: Id
    chosen: tuple[Candidate, ...]
    left_out: tuple[tuple[Candidate, LeftOut], ...]
    why: LeftOut | None


@dataclass(frozen=True)
class Proposal:
    """`gaps` in the order they came. `hours` by group and `baht` are of the whole plan, with the lines that
    it has; `developed`: indicators that the chosen actions add."""

    gaps: tuple[GapAnswer, ...]
    hours: Mapping[MethodGroup, Fraction]
    baht: Fraction
    developed: int

    @property
    def chosen(self) -> tuple[Candidate, ...]:
        return tuple(action for gap in self.gaps for action in gap.chosen)


class Scaled:
    """The question in whole numbers: hours and money in the smallest unit that any of them needs."""

    def __init__(self, gaps: Sequence[GapToServe], limits: Limits, planned: Planned) -> None:
        actions = [action for gap in gaps for action in gap.actions]
        own = [planned.hours.get(group, 0) for group in GROUPS]
        self.hour = _unit([limits.hours, *own, *(action.hours for action in actions)])
        self.satang = _unit([limits.baht, planned.baht, *(action.cost for action in actions)])
        first, second, third = (int(each * self.hour) for each in map(Fraction, own))
        self.planned: Hours = (first, second, third)
        self.priorities = planned.priorities
        self.room: Point = (
            max(int(Fraction(limits.hours) * self.hour) - sum(self.planned), 0),
            max(int((Fraction(limits.baht) - Fraction(planned.baht)) * self.satang), 0),
        )

    def point(self, action: Candidate) -> Point:
        return int(Fraction(action.hours) * self.hour), int(Fraction(action.cost) * self.satang)

    def way(self, gap: GapToServe, actions: Sequence[Candidate], places: tuple[int, ...]) -> Way:
        chosen = [actions[place] for place in places]
        first, second, third = (
            sum(self.point(each)[0] for each in chosen if each.group is group) for group in GROUPS
        )
        cost = sum(self.point(each)[1] for each in chosen)
        gain = len(frozenset[Id]().union(*(gap.develops(each) for each in chosen)))
        return Way(places, (first, second, third), cost, gain)


def in_order(gap: GapToServe) -> list[Candidate]:
    """The gap's actions by their ids."""
    return sorted(gap.actions, key=lambda action: (isinstance(action.action_id, str), action.action_id))


def out_alone(gap: GapToServe, action: Candidate, limits: Limits, scaled: Scaled) -> LeftOut | None:
    """Why the action is out whatever else is taken; None where it is not."""
    hours, cost = scaled.point(action)
    if action.action_id in gap.taken:
        return LeftOut.IN_PLAN
    if action.action_id in gap.answered:
        return LeftOut.ANSWERED
    if action.weeks > limits.weeks:
        return LeftOut.TOO_LONG
    if hours > scaled.room[0]:
        return LeftOut.TOO_MANY_HOURS
    return LeftOut.TOO_DEAR if cost > scaled.room[1] else None


def ways_for(gap: GapToServe, fitting: Sequence[Candidate], limits: Limits, scaled: Scaled) -> list[Way]:
    """What may be taken for a gap: one action alone, or several of which each adds something. For a gap with
    lines in the plan also nothing, and only what adds to them."""
    fewest = 0 if gap.lines else 1
    most = max(limits.per_gap - gap.lines, 0)
    return [
        scaled.way(gap, fitting, places)
        for size in range(fewest, most + 1)
        for places in combinations(range(len(fitting)), size)
        if adds_by_each(gap, [fitting[place] for place in places])
    ]


def adds_by_each(gap: GapToServe, actions: Sequence[Candidate]) -> bool:
    """Whether each develops something that neither the others nor the plan's lines do; one alone for a gap
    without lines may develop anything."""
    if len(actions) + gap.lines <= 1:
        return True
    developed = [gap.develops(action) for action in actions]
    return all(
        own - frozenset[Id]().union(*(each for other, each in enumerate(developed) if other != place))
        for place, own in enumerate(developed)
    )


def _unit(amounts: Iterable[Amount]) -> int:
    return lcm(*(Fraction(amount).denominator for amount in amounts))
