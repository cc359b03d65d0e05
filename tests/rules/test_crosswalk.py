"""A level of a corresponding competency is a level here, or must be assessed anew."""

from decimal import Decimal

import pytest

from idp.rules.crosswalk import LevelMap, aligned_level, inverse, same_numbers, within

SIX_TO_FIVE = {1: None, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5}
WITHOUT_TWO = {1: 1, 3: 3, 4: 4, 5: 5}
REVIEWED = {1: 1, 2: 2, 3: None, 4: None, 5: 5}


@pytest.mark.parametrize(
    ("level_map", "level", "expected"),
    [
        (SIX_TO_FIVE, "1", None),
        (SIX_TO_FIVE, "2", "1"),
        (SIX_TO_FIVE, "6", "5"),
        (SIX_TO_FIVE, "7", None),
        (SIX_TO_FIVE, "0", None),  # nothing shown has no counterpart in another dictionary
        (SIX_TO_FIVE, "2.5", "1.50"),
        (SIX_TO_FIVE, "1.5", None),  # its lower neighbour is no level there
        (SIX_TO_FIVE, "0.75", None),
        (WITHOUT_TWO, "2", None),
        (WITHOUT_TWO, "2.5", None),
        (WITHOUT_TWO, "3.25", "3.25"),
        (REVIEWED, "2.5", None),  # its upper neighbour is no level there
        (REVIEWED, "4.5", None),
        (REVIEWED, "5", "5"),
        ({}, "3", None),
    ],
)
def test_a_level_is_aligned_only_where_it_and_its_neighbours_are(
    level_map: LevelMap, level: str, expected: str | None
) -> None:
    found = aligned_level(level_map, Decimal(level))
    assert found == (None if expected is None else Decimal(expected))


def test_a_mean_between_levels_that_lie_further_apart_keeps_its_place() -> None:
    assert aligned_level({1: 1, 2: 3}, Decimal("1.33")) == Decimal("1.66")


def test_the_map_is_read_backwards() -> None:
    assert inverse(SIX_TO_FIVE) == {1: 2, 2: 3, 3: 4, 4: 5, 5: 6}
    assert inverse(REVIEWED) == {1: 1, 2: 2, 5: 5}
    assert inverse({1: 1, 2: 1, 3: 2}) == {1: None, 2: 3}  # which of the two it was is not known


def test_ladders_of_one_line_align_by_the_numbers_that_both_have() -> None:
    assert same_numbers({1, 2, 3, 6}, {1, 3, 4}) == {0: 0, 1: 1, 2: None, 3: 3, 6: None}


def test_what_the_ladder_lacks_is_assessed_anew() -> None:
    assert within(SIX_TO_FIVE, {1, 2, 3}) == {1: None, 2: 1, 3: 2, 4: 3, 5: None, 6: None}
