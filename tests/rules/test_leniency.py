"""How a group of ratings lies against the organisation's: the formula, its border, and a slow second one."""

import math
import statistics
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.rules.leniency import LEAST_PEOPLE, MARKED_EFFECT, Spread, leniency

LEVELS = st.fractions(min_value=-5, max_value=5, max_denominator=8)
GROUPS = st.lists(st.lists(LEVELS, min_size=1, max_size=8), min_size=1, max_size=6)


def spread(*values: str | int) -> Spread:
    return Spread.of([Fraction(each) for each in values])


def test_by_hand_one_level_above_the_mean_with_a_spread_of_one_is_one_standard_deviation() -> None:
    high, low = spread(1, 1, 1, 1, 1), spread(-1, -1, -1, -1, -1)
    found = leniency(high, high + low)
    assert found is not None
    assert (found.difference, found.effect, found.is_marked) == (Decimal("1.00"), Decimal("1.00"), True)
    other = leniency(low, high + low)
    assert other is not None
    assert (other.difference, other.effect, other.is_higher) == (Decimal("-1.00"), Decimal("-1.00"), False)


def test_four_people_are_never_marked_however_far_they_lie() -> None:
    few, many = spread(*[3] * (LEAST_PEOPLE - 1)), spread(*[0] * 50)
    found = leniency(few, few + many)
    assert found is not None and found.effect is not None
    assert found.effect > 3 and not found.is_marked


def test_the_border_itself_is_marked_and_just_below_it_is_not() -> None:
    """Half the people at +s and half at -s: the group's mean lies where it is put."""
    at_border = Spread(5, Fraction(4), Fraction(5))
    below = Spread(5, Fraction(399, 100), Fraction(5))
    whole = Spread(100, Fraction(0), Fraction(100))
    assert Fraction(4, 5) == MARKED_EFFECT
    assert leniency(at_border, whole).is_marked  # type: ignore[union-attr]
    assert not leniency(below, whole).is_marked  # type: ignore[union-attr]


def test_where_everybody_has_the_same_there_is_no_effect_and_no_mark() -> None:
    same = spread(0, 0, 0, 0, 0, 0)
    found = leniency(same, same)
    assert found is not None
    assert (found.difference, found.effect, found.is_marked) == (Decimal("0.00"), None, False)


def test_of_nobody_there_is_nothing_to_say() -> None:
    assert leniency(Spread(), spread(1)) is None
    assert Spread().mean is None and Spread().variance == 0


@pytest.mark.parametrize(("value", "shown"), [("1/200", "0.01"), ("-1/200", "-0.01"), ("1/3", "0.33")])
def test_it_is_rounded_once_half_up(value: str, shown: str) -> None:
    group, rest = spread(value), Spread(1, -Fraction(value), Fraction(value) ** 2)
    found = leniency(group, group + rest)
    assert found is not None and found.difference == Decimal(shown)


@given(GROUPS)
def test_the_sums_say_what_a_slow_reckoning_over_the_people_says(groups: list[list[Fraction]]) -> None:
    everybody = [each for group in groups for each in group]
    whole = sum((Spread.of(group) for group in groups), Spread())
    assert whole.mean == statistics.mean(everybody)
    assert whole.variance == statistics.pvariance(everybody)
    deviation = math.sqrt(whole.variance)
    for group in groups:
        found = leniency(Spread.of(group), whole)
        assert found is not None
        difference = float(statistics.mean(group) - statistics.mean(everybody))
        assert math.isclose(float(found.difference), difference, abs_tol=0.0051)
        if found.effect is None:
            assert deviation == 0 and not found.is_marked
        else:
            assert math.isclose(float(found.effect), difference / deviation, abs_tol=0.0051)
            far = abs(difference / deviation)
            if abs(far - 0.8) > 1e-9:
                assert found.is_marked is (len(group) >= LEAST_PEOPLE and far > 0.8)


@given(GROUPS, LEVELS)
def test_a_stricter_yardstick_for_all_changes_nothing_about_any_group(
    groups: list[list[Fraction]], shift: Fraction
) -> None:
    def found(moved: Fraction) -> list[object]:
        spreads = [Spread.of(each + moved for each in group) for group in groups]
        return [leniency(each, sum(spreads, Spread())) for each in spreads]

    assert found(Fraction(0)) == found(shift)
