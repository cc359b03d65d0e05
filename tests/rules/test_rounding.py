"""Figures are rounded as people round them: half up, away from zero."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.rules.rounding import to_hundredths


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        (Fraction(1, 8), "0.13"),
        (Fraction(-1, 8), "-0.13"),
        (Decimal("0.125"), "0.13"),
        (Decimal("2.675"), "2.68"),
        (Fraction(1, 3), "0.33"),
        (Fraction(-1, 1000), "0.00"),
        (3, "3.00"),
    ],
)
def test_by_hand(exact: Fraction | Decimal | int, shown: str) -> None:
    assert str(to_hundredths(exact)) == shown


@given(st.fractions(min_value=-100, max_value=100, max_denominator=10_000))
def test_it_is_within_half_a_hundredth_and_the_same_on_both_sides_of_zero(exact: Fraction) -> None:
    shown = to_hundredths(exact)
    assert abs(Fraction(shown) - exact) <= Fraction(1, 200)
    assert to_hundredths(-exact) == -shown
