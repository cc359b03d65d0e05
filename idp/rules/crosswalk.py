"""Which level of a corresponding competency a level is, or that it must be assessed anew.

Source: the notes of the crosswalk (this product's own comparison of the dictionaries), whose alignment of
levels each pair's map states for the machine.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction

from idp.rules.rounding import to_hundredths

LevelMap = Mapping[int, int | None]
"""Level of one ladder -> level of the other, or None where it must be assessed anew."""


def inverse(level_map: LevelMap) -> dict[int, int | None]:
    """The map read backwards: a pair of the crosswalk stands once and is read both ways.

    A level that two levels lead to says nothing about which of them it was: it is assessed anew.
    """
    times = Counter(target for target in level_map.values() if target is not None)
    return {
        target: level if times[target] == 1 else None
        for level, target in level_map.items()
        if target is not None
    }


def aligned_level(level_map: LevelMap, level: Decimal | int) -> Decimal | None:
    """The level on the other ladder, rounded half up to two places; None: assess anew.

    A mean between two levels keeps its place between them, and only where both are aligned: what lies above
    an aligned level may be of another kind. What is not in the map, level 0 among it, has no counterpart.
    """
    place = Fraction(level)
    below = place.numerator // place.denominator
    low = level_map.get(below)
    if low is None or place == below:
        return None if low is None else Decimal(low)
    high = level_map.get(below + 1)
    return None if high is None else to_hundredths(low + (place - below) * (high - low))


def same_numbers(one: Collection[int], other: Collection[int]) -> dict[int, int | None]:
    """Between two ladders of one line, the newer made from the older: the same number where both have it.
    Level 0 is below every ladder, and the same there."""
    return {0: 0} | {number: number if number in other else None for number in sorted(one) if number > 0}


def within(level_map: LevelMap, ladder: Collection[int]) -> dict[int, int | None]:
    """The map without the targets that the ladder lacks: an organisation may have left one out."""
    return {level: target if target in ladder else None for level, target in level_map.items()}
