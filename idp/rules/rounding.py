"""How a figure for people is rounded, everywhere alike: half up, away from zero, from the exact value, once.

Source: the way people round by hand; a mean of -0.125 is as far from nothing as one of 0.125.
"""

from decimal import Decimal
from fractions import Fraction
from math import floor

HUNDREDTHS = 100


def to_hundredths(value: Fraction | Decimal | int) -> Decimal:
    """To two places, with both places kept."""
    exact = Fraction(value)
    cents = floor(abs(exact) * HUNDREDTHS + Fraction(1, 2))
    return Decimal(cents if exact >= 0 else -cents).scaleb(-2)
