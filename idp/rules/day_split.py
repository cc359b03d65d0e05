"""Several supervisors in one round: each one's rating counts for the days that they supervised.

level = sum(days x level) / sum(days), rounded once, half up, to 2 places. Source: offices' practice where
somebody is moved inside a round; that calendar days are counted, and a change's own day belongs to the new
supervisor, is this product's default.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from idp.rules.scoring.exact import Number, exact, plain, printed


class NotInTheRound(ValueError):
    """A change's day does not divide the round: on or before its first day or the change before, or after
    its last."""


@dataclass(frozen=True)
class Share:
    """What one supervisor rated, and for how many days they supervised."""

    days: int
    level: Number


def days_of_each(starts_on: date, ends_on: date, changes: Sequence[date]) -> tuple[int, ...]:
    """The days that each supervisor served in a round from `starts_on` to `ends_on`, both included.

    `changes` are the first days of the second, third ... supervisor, in order; one number more comes out,
    all above 0, and together they are the round. Raises NotInTheRound.
    """
    first_days = [starts_on, *changes]
    if any(later <= earlier for earlier, later in pairwise(first_days)):
        raise NotInTheRound("each change comes after the one before")
    if first_days[-1] > ends_on:
        raise NotInTheRound("the last change comes after the round")
    ordinals = [day.toordinal() for day in first_days] + [ends_on.toordinal() + 1]
    return tuple(later - earlier for earlier, later in pairwise(ordinals))


def weighted_level(shares: Sequence[Share]) -> Decimal:
    """The attained level of one competency over the whole round. Raises ValueError without any day."""
    days = sum(share.days for share in shares)
    if days < 1 or any(share.days < 0 for share in shares):
        raise ValueError("a round has days")
    total = sum((share.days * exact(share.level) for share in shares), Fraction(0))
    return printed(total / days)


def formula(shares: Sequence[Share]) -> str:
    """The calculation in figures, so that anybody can check it: "(120×3 + 245×2) ÷ 365 = 2.33"."""
    parts = " + ".join(f"{share.days}×{plain(share.level)}" for share in shares)
    return f"({parts}) ÷ {sum(share.days for share in shares)} = {plain(weighted_level(shares))}"
