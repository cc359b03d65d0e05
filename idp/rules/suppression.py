"""Which figures of groups may be shown so that no small group is known from them, also by subtraction.

Source: the data protection law's "only those whose duty it is", kept by the rule of statistical offices that
no figure speaks of fewer than a least number of people; five, and the way below, are this product's own.

What is shown of a tree of groups (an organisation, its departments, their sections) is, for each group, its
total, and its total divided over ordered categories (bands of results), neighbours of which may be merged.
What can be reckoned from all that by adding and subtracting is then never a number from 1 to 4:

- Totals. A small group is hidden with all below it. What the hidden parts of one group come to together is
  its total less those shown: where that is small, the smallest shown part is hidden too.
- Division. A group is divided only as a whole: every category that it is divided into has nobody or enough.
  All parts of one group are divided alike, into categories of that group or merged ones, those that most
  people can be shown with. What a category of the group is less those of its divided parts is nobody or
  enough too: where not, the smallest divided part is shown by its total alone. The parts that are not
  divided are then known by their totals and, together, by category: margins, from which no cell follows.

Zero is shown: that nobody is in a group says nothing about anybody in it. Where all of a group are of one
category, all of them are known: this rule is about the size of groups alone, as the law's practice is.
The outcome depends on the whole tree and on nothing else: every reader sees the same.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

LEAST = 5
"""Figures speak of so many people or more."""

Grouping = tuple[tuple[int, ...], ...]
"""The places of the categories that are shown as one, in order: ((0,), (1, 2)) merges the last two of
three."""


@dataclass(frozen=True)
class Group:
    """People counted by category. `parts` are disjoint and together the whole group, or there are none."""

    key: Hashable
    counts: tuple[int, ...]
    parts: tuple["Group", ...] = ()

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Shown:
    """What is shown of a group. `total` None: nothing. `grouping` None: the total alone; else `cells` are the
    counts by it. `grouping_of_parts`: by what those parts are divided that are."""

    total: int | None = None
    grouping: Grouping | None = None
    cells: tuple[int, ...] = ()
    grouping_of_parts: Grouping | None = None


def protect(
    whole: Group, sections: Sequence[int] = (), least: int = LEAST, *, may_merge: bool = True
) -> dict[Hashable, Shown]:
    """What to show of the whole tree, by key.

    `sections`: the section of each category, of which neighbours are merged first; without `may_merge` a
    group that cannot be divided into every category is not divided.
    """
    kinds = sections or (0,) * len(whole.counts)
    shown: dict[Hashable, Shown] = {each.key: Shown() for each in _all(whole)}
    if is_small(whole.total, least):
        return shown
    finest: Grouping = tuple((place,) for place in range(len(whole.counts)))
    groupings = list(_coarser_and_coarser(finest, whole.counts, kinds)) if may_merge else [finest]
    fitting = [each for each in groupings if _fits(whole, each, least)]
    grouping = next((each for each in fitting if len(each) > 1), None)
    shown[whole.key] = _shown(whole, grouping)
    _protect_parts(whole, kinds, least, shown, may_merge)
    return shown


def protect_within(whole: Group, may_divide: Collection[Hashable], least: int = LEAST) -> frozenset[Hashable]:
    """The groups that may be divided into all their categories, of those in `may_divide`.

    For a second division of people whose totals another one already shows; the condition on what is left
    over is the same.
    """
    divided: set[Hashable] = set()
    grouping: Grouping = tuple((place,) for place in range(len(whole.counts)))
    if whole.key not in may_divide or not _fits(whole, grouping, least) or not whole.total:
        return frozenset()
    waiting = [whole]
    while waiting:
        group = waiting.pop()
        divided.add(group.key)
        waiting += _divided(group, [part for part in group.parts if part.key in may_divide], grouping, least)
    return frozenset(divided)


def is_small(count: int, least: int = LEAST) -> bool:
    """Somebody, but too few to be spoken of."""
    return 0 < count < least


def _protect_parts(
    group: Group, kinds: Sequence[int], least: int, shown: dict[Hashable, Shown], may_merge: bool
) -> None:
    own = shown[group.key].grouping
    parts = _with_totals(group, least)
    for part in parts:
        shown[part.key] = _shown(part, None)
    if own is not None:
        grouping, divided = _best(group, parts, own, kinds, least, may_merge)
        if divided:
            shown[group.key] = replace(shown[group.key], grouping_of_parts=grouping)
        for part in divided:
            shown[part.key] = _shown(part, grouping)
    for part in parts:
        _protect_parts(part, kinds, least, shown, may_merge)


def _with_totals(group: Group, least: int) -> list[Group]:
    """The parts whose totals are shown: what the others come to together is nobody or enough."""
    parts = [part for part in group.parts if not is_small(part.total, least)]
    left = sum(part.total for part in group.parts if is_small(part.total, least))
    while is_small(left, least):
        smallest = min((part for part in parts if part.total), key=lambda part: part.total)
        parts.remove(smallest)
        left += smallest.total
    return parts


def _best(
    group: Group, parts: list[Group], own: Grouping, kinds: Sequence[int], least: int, may_merge: bool
) -> tuple[Grouping, list[Group]]:
    """The grouping that shows most, and the parts divided by it: people times the borders between
    categories."""
    groupings = list(_coarser_and_coarser(own, group.counts, kinds)) if may_merge else [own]
    found = [(each, _divided(group, parts, each, least)) for each in groupings]
    return max(found, key=lambda each: (len(each[0]) - 1) * sum(part.total for part in each[1]))


def _divided(group: Group, parts: list[Group], grouping: Grouping, least: int) -> list[Group]:
    """The parts that may be divided by the grouping: what is left of each category is nobody or enough."""
    if len(grouping) < 2:
        return []
    divided = [part for part in parts if part.total and _fits(part, grouping, least)]
    while True:
        left = [
            count - sum(_cell(part, places) for part in divided)
            for count, places in zip(_cells(group, grouping), grouping, strict=True)
        ]
        small = next((place for place, count in enumerate(left) if is_small(count, least)), None)
        if small is None:
            return divided
        divided.remove(
            min((each for each in divided if _cell(each, grouping[small])), key=lambda each: each.total)
        )


def _coarser_and_coarser(
    grouping: Grouping, counts: Sequence[int], kinds: Sequence[int]
) -> Iterator[Grouping]:
    """The grouping, then with one more pair of neighbours merged each time: of the fewest people, preferably
    within their section."""
    yield grouping
    while len(grouping) > 1:
        numbers = [sum(counts[place] for place in places) for places in grouping]

        def by_people(
            left: int, grouping: Grouping = grouping, numbers: Sequence[int] = numbers
        ) -> tuple[bool, bool, int, int]:
            pair = grouping[left] + grouping[left + 1]
            helps = bool(numbers[left] and numbers[left + 1])
            across = len({kinds[place] for place in pair}) > 1
            return across, not helps, min(numbers[left : left + 2]), sum(numbers[left : left + 2])

        left = min(range(len(grouping) - 1), key=by_people)
        grouping = (*grouping[:left], grouping[left] + grouping[left + 1], *grouping[left + 2 :])
        yield grouping


def _fits(group: Group, grouping: Grouping, least: int) -> bool:
    return not any(is_small(count, least) for count in _cells(group, grouping))


def _shown(group: Group, grouping: Grouping | None) -> Shown:
    return Shown(group.total, grouping, _cells(group, grouping) if grouping else ())


def _cells(group: Group, grouping: Grouping) -> tuple[int, ...]:
    return tuple(_cell(group, places) for places in grouping)


def _cell(group: Group, places: tuple[int, ...]) -> int:
    return sum(group.counts[place] for place in places)


def _all(group: Group) -> Iterator[Group]:
    yield group
    for part in group.parts:
        yield from _all(part)


def visible(shown: Mapping[Hashable, Shown]) -> Iterator[tuple[Hashable, tuple[int, ...], int]]:
    """Every number that is shown: (key, the places of the categories it counts, the number)."""
    for key, each in shown.items():
        if each.total is not None:
            yield key, (), each.total
        for places, count in zip(each.grouping or (), each.cells, strict=True):
            yield key, places, count
