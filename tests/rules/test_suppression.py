"""No group of 1 to 4 people is known from what is shown, by whatever adding and subtracting.

The tests know nothing of how the rule goes about it: they take every number shown of a small tree, and ask of
every set of its cells whether its count follows from them.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import product

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from idp.rules.suppression import LEAST, Group, Shown, is_small, protect, protect_within, visible

K = 3
"""The least number in the random trees: small, so that small trees have everything."""
PRIME = 2_147_483_647
Cells = dict[tuple[Hashable, int], int]


def tree(spec: object, key: str = "0") -> Group:
    """A list of numbers is a leaf, a list of lists a group of such parts."""
    assert isinstance(spec, list)
    if isinstance(spec[0], int):
        return Group(key, tuple(spec))
    parts = tuple(tree(each, f"{key}.{number}") for number, each in enumerate(spec))
    return Group(
        key, tuple(sum(column) for column in zip(*(part.counts for part in parts), strict=True)), parts
    )


def leaves(group: Group) -> Iterator[Group]:
    if not group.parts:
        yield group
    for part in group.parts:
        yield from leaves(part)


def base_cells(whole: Group) -> Cells:
    return {(leaf.key, place): count for leaf in leaves(whole) for place, count in enumerate(leaf.counts)}


def counted_in(key: Hashable, places: tuple[int, ...], cells: Cells) -> list[int]:
    """Which of the cells the number of a group counts."""
    inside = [leaf == key or str(leaf).startswith(f"{key}.") for leaf, _place in cells]
    return [
        int(is_in and (not places or place in places))
        for is_in, (_leaf, place) in zip(inside, cells, strict=True)
    ]


class Space:
    """The sums that follow from those known; arithmetic modulo a prime, for speed."""

    def __init__(self, width: int) -> None:
        self.rows: dict[int, list[int]] = {}
        self.width = width

    def left_of(self, vector: Sequence[int]) -> list[int]:
        left = [each % PRIME for each in vector]
        for pivot, row in self.rows.items():
            if left[pivot]:
                factor = left[pivot]
                left = [(a - factor * b) % PRIME for a, b in zip(left, row, strict=True)]
        return left

    def add(self, vector: Sequence[int]) -> None:
        left = self.left_of(vector)
        pivot = next((place for place, each in enumerate(left) if each), None)
        if pivot is None:
            return
        inverse = pow(left[pivot], PRIME - 2, PRIME)
        self.rows[pivot] = [each * inverse % PRIME for each in left]
        for other, row in self.rows.items():
            if other != pivot and row[pivot]:
                factor = row[pivot]
                self.rows[other] = [
                    (a - factor * b) % PRIME for a, b in zip(row, self.rows[pivot], strict=True)
                ]

    def knows(self, vector: Sequence[int]) -> bool:
        return not any(self.left_of(vector))


def known_counts(cells: Cells, numbers: Sequence[Sequence[int]]) -> Iterator[int]:
    """The count of every set of cells that follows from the numbers; cells known to be empty are known one
    by one."""
    values = list(cells.values())
    space = Space(len(values))
    for vector in numbers:
        space.add(vector)
    while True:
        sets = [
            vector for vector in product((0, 1), repeat=len(values)) if any(vector) and space.knows(vector)
        ]
        empty = [
            place
            for place in range(len(values))
            if any(vector[place] and not _count(vector, values) for vector in sets)
        ]
        before = len(space.rows)
        for place in empty:
            space.add([int(each == place) for each in range(len(values))])
        if len(space.rows) == before:
            break
    for vector in sets:
        yield _count(vector, values)


def _count(vector: Sequence[int], values: Sequence[int]) -> int:
    return sum(count for chosen, count in zip(vector, values, strict=True) if chosen)


def numbers_of(shown: Mapping[Hashable, Shown], cells: Cells) -> list[list[int]]:
    return [counted_in(key, places, cells) for key, places, _count in visible(shown)]


def trees(most_cells: int = 10, places: int = 2) -> st.SearchStrategy[Group]:
    leaf = st.lists(st.integers(0, 2 * K + 1), min_size=places, max_size=places)
    inner = st.lists(leaf, min_size=2, max_size=3)
    spec = st.lists(st.one_of(leaf, inner), min_size=1, max_size=4)
    return spec.map(tree).filter(lambda whole: len(base_cells(whole)) <= most_cells)


@pytest.mark.parametrize("places", [2, 3])
@pytest.mark.parametrize("may_merge", [True, False])
def test_no_small_group_follows_from_what_is_shown(places: int, may_merge: bool) -> None:
    @settings(max_examples=300, deadline=None)
    @given(trees(9 + places % 2, places))
    def holds(whole: Group) -> None:
        cells = base_cells(whole)
        shown = protect(whole, least=K, may_merge=may_merge)
        known = set(known_counts(cells, numbers_of(shown, cells)))
        assert not {count for count in known if is_small(count, K)}

    holds()


@settings(max_examples=60, deadline=None)
@given(trees(6), trees(6))
def test_nor_from_two_divisions_of_the_same_people(whole: Group, other: Group) -> None:
    """Bands, and with or without a gap: where the second is shown only where the first one is divided."""
    totals = [leaf.total for leaf in leaves(whole)]
    shares = [leaf.counts[0] for leaf in leaves(other)]
    assume(len(totals) <= len(shares))
    given_shares = iter(shares)

    def again(group: Group) -> Group:
        if not group.parts:
            first = min(next(given_shares), group.total)
            return Group(group.key, (first, group.total - first))
        parts = tuple(again(part) for part in group.parts)
        return Group(group.key, tuple(map(sum, zip(*(part.counts for part in parts), strict=True))), parts)

    second = again(whole)
    shown = protect(whole, least=K)
    divided = protect_within(second, {key for key, each in shown.items() if each.grouping}, K)
    # Cells of both divisions at once: how the two go together is known to nobody.
    crossed: Cells = {}
    for leaf, again_leaf in zip(leaves(whole), leaves(second), strict=True):
        left = list(again_leaf.counts)
        for place, count in enumerate(leaf.counts):
            first = min(count, left[0])
            left[0] -= first
            crossed[leaf.key, 2 * place] = first
            crossed[leaf.key, 2 * place + 1] = count - first
    assume(len(crossed) <= 12)
    numbers = [
        counted_in(key, tuple(each for place in places for each in (2 * place, 2 * place + 1)), crossed)
        for key, places, _number in visible(shown)
    ]
    numbers += [
        counted_in(key, tuple(range(place, 2 * len(whole.counts), 2)), crossed)
        for key in divided
        for place in (0, 1)
    ]
    known = set(known_counts(crossed, numbers))
    assert not {count for count in known if is_small(count, K)}


@settings(max_examples=60, deadline=None)
@given(trees(6))
@example(tree([[3, 1], [1, 3]]))
@example(tree([[3, 0], [1, 3], [2, 2]]))
def test_no_small_cell_is_the_only_one_that_fits_what_is_shown(whole: Group) -> None:
    """Counts are whole and never below zero: also with that, another table fits as well."""
    cells = base_cells(whole)
    values = list(cells.values())
    assume(len(values) <= 4 or max(values) <= 3)
    numbers = numbers_of(protect(whole, least=K), cells)
    known = [_count(vector, values) for vector in numbers]
    fitting = [
        table
        for table in product(range(max(values) + 3), repeat=len(values))
        if [_count(vector, table) for vector in numbers] == known
    ]
    for place, count in enumerate(values):
        if is_small(count, K):
            assert len({table[place] for table in fitting}) > 1


@given(trees(20))
def test_what_is_shown_is_true_and_never_small(whole: Group) -> None:
    cells = base_cells(whole)
    for key, places, number in visible(protect(whole, least=K)):
        assert number == _count(counted_in(key, places, cells), list(cells.values()))
        assert not is_small(number, K)


@given(trees(20))
def test_the_same_tree_is_shown_the_same(whole: Group) -> None:
    assert protect(whole) == protect(whole)


def test_a_tree_of_large_groups_is_shown_whole() -> None:
    whole = tree([[[9, 7], [5, 6]], [8, 0]])
    shown = protect(whole)
    assert [shown[key].cells for key in ("0", "0.0", "0.0.0", "0.0.1", "0.1")] == [
        (22, 13), (14, 13), (9, 7), (5, 6), (8, 0)
    ]  # fmt: skip


def test_a_small_unit_takes_the_smallest_other_with_it() -> None:
    shown = protect(tree([[3, 1], [6, 6], [20, 20]]))
    assert [shown[f"0.{place}"].total for place in range(3)] == [None, None, 40]
    assert shown["0"].total == 56


def test_two_small_units_hide_each_other() -> None:
    shown = protect(tree([[3, 0], [2, 1], [20, 20]]))
    assert [shown[f"0.{place}"].total for place in range(3)] == [None, None, 40]


def test_a_small_band_of_the_whole_is_merged_with_its_neighbour() -> None:
    shown = protect(tree([30, 20, 9, 2]))["0"]
    assert shown.grouping == ((0,), (1,), (2, 3)) and shown.cells == (30, 20, 11)


def test_a_band_is_merged_within_its_section_first() -> None:
    shown = protect(tree([30, 2, 9, 40]), sections=(0, 0, 1, 1))["0"]
    assert shown.grouping == ((0, 1), (2,), (3,))


def test_one_division_with_a_small_cell_costs_no_more_than_another() -> None:
    """Its own small cell hides one division; the other one would tell it, and goes with it."""
    shown = protect(tree([[10, 2], [10, 9], [30, 30]]))
    assert shown["0"].cells == (50, 41)
    assert [shown[f"0.{place}"].cells for place in range(3)] == [(), (), (30, 30)]


def test_fewer_than_five_are_not_shown_at_all() -> None:
    assert protect(tree([2, 2])) == {"0": Shown()}
    assert protect(tree([0, 0]))["0"].total == 0
    assert LEAST == 5
