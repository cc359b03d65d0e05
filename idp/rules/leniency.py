"""How a group of ratings lies against the whole organisation's: advisory, and never a reason by itself.

Of each person d = the mean, over their rated competencies, of attained - expected level. With m and s the
mean and the standard deviation of d over everybody rated in the cycle (s over the whole, not a sample of it),
a group of n people with the mean m_g has

    difference = m_g - m                 in levels, above 0: higher than the organisation's mean
    effect     = (m_g - m) / s           in standard deviations

It is marked when n >= 5 and |effect| >= 0.8. Source: standardised differences and Cohen's word "large" for
0.8; that five people are the least, and that the mark only asks for a second look, are this product's
defaults. Strict people, able people and chance look alike here: with five people, chance alone marks about
one group in fourteen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from idp.rules.rounding import to_hundredths

LEAST_PEOPLE = 5
MARKED_EFFECT = Fraction(4, 5)
"""In standard deviations, either way."""


@dataclass(frozen=True)
class Spread:
    """People with their mean differences, summed: exact, so that groups add up to the whole."""

    people: int = 0
    total: Fraction = Fraction(0)
    squares: Fraction = Fraction(0)

    @classmethod
    def of(cls, differences: Iterable[Fraction]) -> "Spread":
        values = list(differences)
        return cls(len(values), sum(values, Fraction(0)), sum((each * each for each in values), Fraction(0)))

    def __add__(self, other: "Spread") -> "Spread":
        return Spread(self.people + other.people, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> Fraction | None:
        """In levels; None of nobody."""
        return self.total / self.people if self.people else None

    @property
    def variance(self) -> Fraction:
        """Over the whole; 0 of nobody."""
        if not self.people:
            return Fraction(0)
        return self.squares / self.people - (self.total / self.people) ** 2


@dataclass(frozen=True)
class Leniency:
    """`difference` in levels, `effect` in standard deviations, both to two places, half up; `effect` None
    where everybody has the same. `is_marked`: worth a second look."""

    difference: Decimal
    effect: Decimal | None
    is_marked: bool

    @property
    def is_higher(self) -> bool:
        return self.difference > 0


def leniency(group: Spread, whole: Spread) -> Leniency | None:
    """How the group lies against the whole that it is part of; None of nobody."""
    if group.mean is None or whole.mean is None:
        return None
    difference, variance = group.mean - whole.mean, whole.variance
    effect = _divided(difference, variance) if variance else None
    # Compared as squares: no root, so that a group exactly at the border is marked on every machine.
    is_marked = (
        group.people >= LEAST_PEOPLE
        and variance > 0
        and difference * difference >= MARKED_EFFECT * MARKED_EFFECT * variance
    )
    return Leniency(to_hundredths(difference), effect, is_marked)


def _divided(difference: Fraction, variance: Fraction) -> Decimal:
    root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
    exact = Decimal(difference.numerator) / Decimal(difference.denominator)
    return to_hundredths(exact / root)
