"""The gap between the expected and the attained level of a competency.

Source: the civil-service way of individual development plans: gap = expected - attained; above 0 there is
something to develop, below 0 it is a strength. Not rated is not zero: without a rating there is no gap at
all.
"""

from decimal import Decimal
from typing import overload

from idp.rules.terms import Standing


@overload
def gap(expected: int, attained: None) -> None: ...
@overload
def gap(expected: int, attained: int) -> int: ...
@overload
def gap(expected: int, attained: Decimal) -> Decimal: ...
@overload
def gap(expected: int, attained: int | Decimal | None) -> int | Decimal | None: ...
def gap(expected: int, attained: int | Decimal | None) -> int | Decimal | None:
    """Expected minus attained, in levels; None for what was not rated. Averages stay exact."""
    return None if attained is None else expected - attained


def standing(expected: int, attained: int | Decimal | None) -> Standing:
    """Whether a rating leaves a gap, meets what is expected, exceeds it, or was not given."""
    difference = gap(expected, attained)
    if difference is None:
        return Standing.UNRATED
    if difference > 0:
        return Standing.GAP
    return Standing.STRENGTH if difference < 0 else Standing.MET
