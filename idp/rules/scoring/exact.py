"""Exact numbers, rounded once, and written so that anybody can check them by hand."""

from decimal import Decimal
from fractions import Fraction

from idp.rules.rounding import to_hundredths

Number = int | Decimal
"""What a score is made of. Never a float: 0.1 is not a tenth there."""


def exact(number: Number) -> Fraction:
    """The number itself, for calculating without loss. Raises TypeError for a float."""
    if not isinstance(number, int | Decimal):
        raise TypeError(f"an exact number is expected, not {number!r}")
    return Fraction(number)


def printed(value: Fraction | Number) -> Decimal:
    """A part as it is printed: rounded once, half up, to 2 places, with both places kept."""
    return to_hundredths(value)


def plain(number: Number) -> str:
    """A number inside a formula, without idle zeros: "30", "12.5"."""
    text = f"{Decimal(number):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
