"""Item weights in percent: exactly 100 together, or refused (forms with 97 are a known complaint)."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from idp.rules.scoring.exact import Number, exact

WHOLE = 100
"""Percent."""


class WeightsNotHundred(ValueError):
    """The item weights do not total exactly 100 percent; `total` says what they do."""

    def __init__(self, total: Decimal) -> None:
        super().__init__(f"the weights total {total}, not 100")
        self.total = total


def check_weights(weights: Iterable[Number]) -> None:
    """Raises WeightsNotHundred unless the weights total exactly 100, ValueError for a negative one."""
    kept = list(weights)
    if any(weight < 0 for weight in kept):
        raise ValueError("a weight cannot be negative")
    if sum((exact(weight) for weight in kept), Fraction(0)) != WHOLE:
        raise WeightsNotHundred(sum((Decimal(weight) for weight in kept), Decimal(0)))


def are_whole(own: int, competencies: int, total: Number) -> bool:
    """Whether weights of a profile count as they are: each of the `competencies` has one of its `own`, and
    they total exactly 100 percent. `idp.queries.expectations` says the same to the database."""
    return own == competencies and total == WHOLE


def equal_weights(n: int) -> tuple[Decimal, ...]:
    """`n` weights in percent, 2 places, as equal as they can be and exactly 100 together.

    The hundredths left over go to the first items, one each (this product's default). Raises
    ValueError for n < 1.
    """
    if n < 1:
        raise ValueError(f"at least one item is expected, not {n}")
    each, left = divmod(WHOLE * 100, n)
    return tuple(Decimal(each + (position < left)).scaleb(-2) for position in range(n))
