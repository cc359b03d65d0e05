"""The exact search behind a proposed plan: which way to serve each gap, so that nothing fits better.

Amounts are whole numbers here, so that every comparison is exact. A table from the last gap back tells what
is still within reach; from the first gap on only what leads to the best number of indicators is kept, and of
several ways to the same hours the cheapest. This is dynamic programming: the answer is that of trying all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from idp.rules.terms import MethodGroup

Hours = tuple[int, int, int]
"""By group of methods: experience, social, formal."""

GROUPS = (MethodGroup.EXPERIENCE, MethodGroup.SOCIAL, MethodGroup.FORMAL)
ADVISED_TENTHS: Hours = (7, 2, 1)
"""Of ten hours: the 70:20:10 of the civil service."""

Point = tuple[int, int]
"""Hours and cost."""


@dataclass(frozen=True)
class Way:
    """One way to serve a gap: the places of its actions in the gap's list (in the order of their ids; none:
    nothing more), their hours and cost, and how many indicators they develop that nothing else does."""

    places: tuple[int, ...]
    hours: Hours
    cost: int
    gain: int

    @cached_property
    def point(self) -> Point:
        return sum(self.hours), self.cost


def distance(hours: Hours) -> Fraction:
    """How far a mix of hours is from 70:20:10: the sum of the differences of the three shares, 0 to 2.

    A mix without hours is as far as any can be.
    """
    total = sum(hours)
    if not total:
        return Fraction(2)
    off = sum(abs(10 * own - tenths * total) for own, tenths in zip(hours, ADVISED_TENTHS, strict=True))
    return Fraction(off, 10 * total)


def first_servable(gaps: Sequence[Sequence[Way]], room: Point, most: int) -> list[int]:
    """The places of the gaps that can be served together, each taken where those before it leave room.

    What may be left out of a feasible choice may always be left out, so taking them in order gives the best
    answer: no gap stands back for a later one.
    """
    served: list[int] = []
    reached: list[Point] = [(0, 0)]
    for place, ways in enumerate(gaps):
        if len(served) == most:
            break
        beyond = _least(_sums(reached, {way.point for way in ways}, room))
        if beyond:
            served.append(place)
            reached = beyond
    return served


def best_ways(gaps: Sequence[Sequence[Way]], room: Point, before: Hours) -> tuple[Way, ...]:
    """One way for each gap: most indicators, then nearest to 70:20:10 together with the hours `before`, then
    cheapest, fewest hours, first by the ids. Raises ValueError where no choice fits the room.

    A first pass follows the nearest mixes alone; how near it comes is the mark that the second, which follows
    all, need not fall behind.
    """
    within = _within_reach(gaps, room)
    if not within[0]:
        raise ValueError("no choice of actions fits the limits")
    boxes = _still_to_come(gaps, before)
    mark = distance(_together(before, _pass(gaps, room, within, boxes, None)[0]))
    return _pass(gaps, room, within, boxes, Mark.of(mark))[1]


State = tuple[int, tuple[Way, ...]]
"""Cost, and the ways so far; kept by hours and indicators."""

Box = tuple[Hours, Hours]
"""The least and the most hours by group that the gaps still to come add, with those before."""

FOLLOWED_FIRST = 300
"""States of the first pass: enough to come near, few enough to take no time."""


@dataclass(frozen=True)
class Mark:
    """No mix is better whose share of one group is outside these: where one share is off by so much, the
    others together are off by as much again."""

    least: tuple[Fraction, ...]
    most: tuple[Fraction, ...]

    @classmethod
    def of(cls, far: Fraction) -> "Mark":
        shares = [Fraction(tenths, 10) for tenths in ADVISED_TENTHS]
        return cls(tuple(each - far / 2 for each in shares), tuple(each + far / 2 for each in shares))

    def can_be_reached(self, hours: Hours, box: Box) -> bool:
        least, most = _together(hours, box[0]), _together(hours, box[1])
        all_least, all_most = sum(least), sum(most)
        for group in range(3):
            low, high = self.least[group], self.most[group]
            whole = most[group] + all_least - least[group]
            if most[group] * low.denominator < low.numerator * whole:
                return False
            whole = least[group] + all_most - most[group]
            if least[group] * high.denominator > high.numerator * whole:
                return False
        return True


def _pass(
    gaps: Sequence[Sequence[Way]],
    room: Point,
    within: Sequence[dict[int, list[Point]]],
    boxes: Sequence[Box],
    mark: Mark | None,
) -> tuple[Hours, tuple[Way, ...]]:
    """The hours and the ways of the best that is followed: with a `mark` all that may reach it, without one
    the nearest few after each gap."""
    most = max(within[0])
    before = boxes[-1][0]
    states: dict[tuple[Hours, int], State] = {((0, 0, 0), 0): (0, ())}
    for place, ways in enumerate(gaps, start=1):
        states = _next_states(states, ways, within[place], room, most)
        if mark is None:
            nearest = sorted(states, key=lambda key: (distance(_together(before, key[0])), key))
            states = {key: states[key] for key in nearest[:FOLLOWED_FIRST]}
        else:
            states = {key: each for key, each in states.items() if mark.can_be_reached(key[0], boxes[place])}
    (hours, _gain), (_cost, chosen) = min(
        states.items(), key=lambda state: _rank(_together(before, state[0][0]), *state[1])
    )
    return hours, chosen


def _still_to_come(gaps: Sequence[Sequence[Way]], before: Hours) -> list[Box]:
    """For each gap on the box of what may follow; the last one stands for the end."""
    boxes: list[Box] = [(before, before)]
    for ways in reversed(gaps):
        least, most = boxes[0]
        by_group = list(zip(*(way.hours for way in ways), strict=True))
        lows, highs = [min(each) for each in by_group], [max(each) for each in by_group]
        boxes.insert(
            0,
            (_together(least, (lows[0], lows[1], lows[2])), _together(most, (highs[0], highs[1], highs[2]))),
        )
    return boxes


def _rank(hours: Hours, cost: int, chosen: Sequence[Way]) -> tuple[Fraction, int, int, list[tuple[int, ...]]]:
    return distance(hours), cost, sum(hours), [way.places for way in chosen]


def _next_states(
    states: dict[tuple[Hours, int], State],
    ways: Sequence[Way],
    within: dict[int, list[Point]],
    room: Point,
    most: int,
) -> dict[tuple[Hours, int], State]:
    """Each state with each way of one more gap, as far as the best number of indicators stays in reach.

    Of the same hours and indicators the cheaper is kept, then the one whose actions come first: whatever
    follows is the same for both.
    """
    found: dict[tuple[Hours, int], State] = {}
    for (hours, gain), (cost, chosen) in states.items():
        used = sum(hours)
        for way in ways:
            rest = within.get(max(most - gain - way.gain, 0), ())
            left = room[0] - used - way.point[0], room[1] - cost - way.cost
            if not any(point[0] <= left[0] and point[1] <= left[1] for point in rest):
                continue
            key = (_together(hours, way.hours), gain + way.gain)
            new = (cost + way.cost, (*chosen, way))
            known = found.get(key)
            if known is None or _comes_first(new, known):
                found[key] = new
    return found


def _comes_first(one: State, other: State) -> bool:
    if one[0] != other[0]:
        return one[0] < other[0]
    return [way.places for way in one[1]] < [way.places for way in other[1]]


def _within_reach(gaps: Sequence[Sequence[Way]], room: Point) -> list[dict[int, list[Point]]]:
    """For each gap on: by number of indicators at least developed from there to the end, the least hours and
    costs for it. The last one stands for the end."""
    tables: list[dict[int, list[Point]]] = [{0: [(0, 0)]}]
    for ways in reversed(gaps):
        exact: dict[int, list[Point]] = {}
        for gain, points in tables[0].items():
            for way in ways:
                exact.setdefault(gain + way.gain, []).extend(_sums(points, [way.point], room))
        table: dict[int, list[Point]] = {}
        above: list[Point] = []
        for gain in range(max(exact, default=0), -1, -1):
            above = _least([*above, *exact.get(gain, [])])
            if above:
                table[gain] = above
        tables.insert(0, table)
    return tables


def _sums(reached: Iterable[Point], added: Iterable[Point], room: Point) -> list[Point]:
    more = list(added)
    return [
        (hours + other_hours, cost + other_cost)
        for hours, cost in reached
        for other_hours, other_cost in more
        if hours + other_hours <= room[0] and cost + other_cost <= room[1]
    ]


def _least(points: Iterable[Point]) -> list[Point]:
    """Without those that need no less of both than another; by hours."""
    kept: list[Point] = []
    for point in sorted(points):
        if not kept or point[1] < kept[-1][1]:
            kept.append(point)
    return kept


def _together(one: Hours, other: Hours) -> Hours:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]
