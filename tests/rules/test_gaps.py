"""Gap = expected - attained; not rated is not zero."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.rules.gaps import gap, standing
from idp.rules.terms import Standing

levels = st.integers(0, 6)
attained_levels = st.one_of(st.none(), levels, st.decimals(0, 6, places=2))


@pytest.mark.parametrize(
    ("expected", "attained", "difference", "stands"),
    [
        (3, 0, 3, Standing.GAP),
        (3, 2, 1, Standing.GAP),
        (3, Decimal("2.75"), Decimal("0.25"), Standing.GAP),
        (3, 3, 0, Standing.MET),
        (3, Decimal("3.00"), 0, Standing.MET),
        (3, 5, -2, Standing.STRENGTH),
        (0, 0, 0, Standing.MET),
        (3, None, None, Standing.UNRATED),
        (0, None, None, Standing.UNRATED),
    ],
)
def test_the_gap_is_what_is_missing_to_the_expected_level(
    expected: int, attained: int | Decimal | None, difference: int | Decimal | None, stands: Standing
) -> None:
    assert gap(expected, attained) == difference
    assert standing(expected, attained) is stands


def test_an_unrated_competency_has_no_gap_and_level_nought_has_a_whole_one() -> None:
    assert gap(3, None) is None
    assert gap(3, 0) == 3


@given(levels, attained_levels)
def test_a_standing_says_the_sign_of_the_gap(expected: int, attained: int | Decimal | None) -> None:
    difference = gap(expected, attained)
    signs = {Standing.GAP: 1, Standing.MET: 0, Standing.STRENGTH: -1}
    sign = None if difference is None else (difference > 0) - (difference < 0)
    assert signs.get(standing(expected, attained)) == sign
