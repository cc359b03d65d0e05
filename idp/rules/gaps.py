"""The gap between the expected and the attained level of a competency.

Source: the civil-service way of individual development plans: gap = expected - attained; above 0 there is
something to develop, below 0 it is a strength. Not rated is not zero: without a rating there is no gap at
all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class GapSummary:
    """How many competencies stand where; `levels_short`: the sum of the gaps, not offset by strengths."""

    gaps: int = 0
    met: int = 0
    strengths: int = 0
    unrated: int = 0
    levels_short: int | Decimal = 0
    largest: int | Decimal = 0

    @property
    def rated(self) -> int:
        return self.gaps + self.met + self.strengths

    @property
    def total(self) -> int:
        return self.rated + self.unrated


def summarise(levels: Iterable[tuple[int, int | Decimal | None]]) -> GapSummary:
    """Counts (expected, attained) pairs of one person, unit or competency by their standing."""
    pairs = list(levels)
    counts = dict.fromkeys(Standing, 0)
    for expected, attained in pairs:
        counts[standing(expected, attained)] += 1
    short = [
        expected - attained for expected, attained in pairs if attained is not None and attained < expected
    ]
    return GapSummary(
        gaps=counts[Standing.GAP],
        met=counts[Standing.MET],
        strengths=counts[Standing.STRENGTH],
        unrated=counts[Standing.UNRATED],
        levels_short=sum(short),
        largest=max(short, default=0),
    )
