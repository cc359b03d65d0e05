"""Why a proposed plan leaves out what it leaves out: for each gap not served, and each action not taken.

An action is compared with what was taken: put beside it, and put in the place of each. The reason says which
limit that would break, or by which step of the choice it would be worse.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from idp.rules.plan_proposal_question import (
    GapAnswer,
    GapToServe,
    LeftOut,
    Limits,
    Scaled,
    adds_by_each,
    in_order,
    out_alone,
)
from idp.rules.plan_proposal_search import Hours, Way, distance
from idp.rules.suggestions import Candidate, Id

WORSE_BY = (LeftOut.FEWER_INDICATORS, LeftOut.WORSE_MIX, LeftOut.DEARER, LeftOut.MORE_HOURS)
"""In the order of the steps."""


@dataclass(frozen=True)
class Choice:
    """What was chosen of what. By the gap's place: `fitting`, its actions that are not out by themselves in
    the order of their ids; `ways`, what might be taken; `chosen`, what was, for the gaps that are served.
    `closed`: those whose lines are left as they are, after the first with lines."""

    gaps: Sequence[GapToServe]
    fitting: Sequence[Sequence[Candidate]]
    ways: Sequence[Sequence[Way]]
    chosen: Mapping[int, Way]
    closed: Collection[int]
    limits: Limits
    scaled: Scaled

    @property
    def new(self) -> list[int]:
        """The places of the gaps served that have no line in the plan yet."""
        return [place for place in self.chosen if not self.gaps[place].lines]

    def together(self, place: int, way: Way) -> tuple[Hours, int]:
        """Hours by group and cost of all chosen ways, with this one at its place; the plan's lines apart."""
        all_of_them = {**self.chosen, place: way}.values()
        first, second, third = (sum(each.hours[group] for each in all_of_them) for group in range(3))
        return (first, second, third), sum(each.cost for each in all_of_them)


def answers(choice: Choice) -> list[GapAnswer]:
    """For each gap what was taken for it, and why not the rest; in the order of the gaps."""
    found = []
    for place, gap in enumerate(choice.gaps):
        why = None if place in choice.chosen else _why_not_served(choice, place)
        chosen = choice.chosen[place].places if why is None else ()
        taken = [choice.fitting[place][each] for each in chosen]
        left_out = tuple(
            (action, _why_left_out(choice, place, action, why))
            for action in in_order(gap)
            if action not in taken
        )
        found.append(GapAnswer(gap.key, tuple(taken), left_out, why))
    return found


def _why_not_served(choice: Choice, place: int) -> LeftOut:
    if not choice.gaps[place].actions:
        return LeftOut.NO_ACTION
    if not choice.fitting[place]:
        return LeftOut.NOTHING_FITS
    before = [each for each in choice.new if each < place]
    if len(before) >= _most_new(choice):
        return LeftOut.BEYOND_PRIORITIES
    smallest = [[way.point for way in choice.ways[each] if len(way.places) == 1] for each in (*before, place)]
    if sum(min(hours for hours, _cost in points) for points in smallest) > choice.scaled.room[0]:
        return LeftOut.NO_HOURS_LEFT
    if sum(min(cost for _hours, cost in points) for points in smallest) > choice.scaled.room[1]:
        return LeftOut.NO_BAHT_LEFT
    return LeftOut.NO_ROOM


def _most_new(choice: Choice) -> int:
    return max(choice.limits.priorities - choice.scaled.priorities, 0)


def _why_left_out(choice: Choice, place: int, action: Candidate, why: LeftOut | None) -> LeftOut:
    gap = choice.gaps[place]
    alone = out_alone(gap, action, choice.limits, choice.scaled)
    if alone is not None or why is not None:
        return alone or why or LeftOut.NO_BETTER
    own = choice.chosen[place]
    taken = [choice.fitting[place][each] for each in own.places]
    developed = frozenset[Id]().union(*(gap.develops(each) for each in taken))
    adds_nothing = gap.develops(action) <= developed
    if not taken and not adds_nothing and gap.lines >= choice.limits.per_gap:
        return LeftOut.ENOUGH
    if place in choice.closed and not adds_nothing:
        return LeftOut.BEYOND_PRIORITIES
    ways = [
        choice.scaled.way(gap, choice.fitting[place], other)
        for other in _alternatives(choice, place, action)
        if adds_by_each(gap, [choice.fitting[place][each] for each in other])
    ]
    if adds_nothing:  # only in the place of one that develops as much
        ways = [way for way in ways if way.gain == own.gain]
    reasons = [_compared(choice, place, way) for way in ways]
    return min(reasons, key=_MOST_TELLING.index) if reasons else LeftOut.NOTHING_NEW


_MOST_TELLING = (
    LeftOut.NO_BETTER,
    LeftOut.MORE_HOURS,
    LeftOut.DEARER,
    LeftOut.WORSE_MIX,
    LeftOut.NO_HOURS_LEFT,
    LeftOut.NO_BAHT_LEFT,
    LeftOut.NO_ROOM,
    LeftOut.FEWER_INDICATORS,
)
"""The step at which it came nearest to being taken, before what stands against it otherwise."""


def _alternatives(choice: Choice, place: int, action: Candidate) -> list[tuple[int, ...]]:
    """The action beside those taken for the gap, where one more is allowed, and in the place of each."""
    own, number = choice.chosen[place].places, choice.fitting[place].index(action)
    found = [tuple(sorted({*own, number} - {each})) for each in own]
    if len(own) + choice.gaps[place].lines < choice.limits.per_gap:
        found.append(tuple(sorted((*own, number))))
    return found


def _compared(choice: Choice, place: int, other: Way) -> LeftOut:
    """What keeps this way from being taken instead of the chosen one."""
    own, scaled = choice.chosen[place], choice.scaled
    hours, cost = choice.together(place, other)
    too_long, too_dear = sum(hours) > scaled.room[0], cost > scaled.room[1]
    if too_long or too_dear:
        if too_long and too_dear:
            return LeftOut.NO_ROOM
        return LeftOut.NO_HOURS_LEFT if too_long else LeftOut.NO_BAHT_LEFT
    own_hours, own_cost = choice.together(place, own)
    chosen = _steps(scaled, own.gain, own_hours, own_cost)
    instead = _steps(scaled, other.gain, hours, cost)
    worse = (step for step, one, two in zip(WORSE_BY, instead, chosen, strict=True) if one != two)
    return next(worse, LeftOut.NO_BETTER)


def _steps(scaled: Scaled, gain: int, hours: Hours, cost: int) -> tuple[int, Fraction, int, int]:
    first, second, third = (hours[group] + scaled.planned[group] for group in range(3))
    return -gain, distance((first, second, third)), cost, sum(hours)
