"""A trial changes expectations, weights and nothing else; weights stay exactly 100."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.rules.levels import Ladder
from idp.rules.what_if import ExpectedChange, Scenario, WeightChange, with_weight

WITHOUT_TWO = Ladder.of({0: 0, 1: 3, 3: 3, 4: 3, 5: 3})
PLAIN = Ladder.of(dict.fromkeys(range(6), 3))
TEAM, SERVICE = 1, 2
K1, K2 = 11, 12


def test_nothing_chosen_changes_nothing() -> None:
    assert Scenario().is_empty and Scenario().level_for(TEAM, K1, 3, PLAIN) == 3


def test_a_change_of_one_position_level_leaves_the_others() -> None:
    scenario = Scenario((ExpectedChange(TEAM, K2, steps=1),))
    assert scenario.level_for(TEAM, K2, 3, PLAIN) == 4
    assert scenario.level_for(TEAM, K1, 3, PLAIN) == 3
    assert scenario.level_for(SERVICE, K2, 3, PLAIN) == 3


def test_a_level_that_the_ladder_lacks_falls_to_the_next_lower_one() -> None:
    assert Scenario((ExpectedChange(TEAM, steps=1),)).level_for(TEAM, K1, 1, WITHOUT_TWO) == 1
    assert Scenario((ExpectedChange(TEAM, steps=-1),)).level_for(TEAM, K1, 3, WITHOUT_TWO) == 1
    assert Scenario((ExpectedChange(TEAM, level=9),)).level_for(TEAM, K1, 3, PLAIN) == 5


def test_nothing_is_tried_below_the_lowest_level_that_can_be_expected() -> None:
    down = Scenario((ExpectedChange(TEAM, steps=-1),))
    assert down.level_for(TEAM, K1, 1, PLAIN) == 1
    assert down.level_for(TEAM, K1, 2, Ladder.of({2: 3, 3: 3})) == 2
    assert down.level_for(SERVICE, K1, 0, PLAIN) == 0  # nothing is changed of what is not tried
    with pytest.raises(ValueError, match="nobody"):
        ExpectedChange(TEAM, level=0)


def test_two_changes_of_one_competency_add_up() -> None:
    twice = Scenario((ExpectedChange(TEAM, steps=1), ExpectedChange(TEAM, K1, steps=1)))
    assert (twice.level_for(TEAM, K1, 2, PLAIN), twice.level_for(TEAM, K2, 2, PLAIN)) == (4, 3)


def test_a_change_is_by_steps_or_to_a_level() -> None:
    for chosen in ({}, {"steps": 1, "level": 2}):
        with pytest.raises(ValueError, match="either"):
            ExpectedChange(TEAM, **chosen)


def test_the_others_share_what_is_left_as_they_stand_to_each_other() -> None:
    weights = {1: Decimal(40), 2: Decimal(35), 3: Decimal(25)}
    assert with_weight(weights, WeightChange(1, Decimal(50))) == {
        1: Decimal(50),
        2: Decimal("29.17"),
        3: Decimal("20.83"),
    }
    assert with_weight(weights, WeightChange(9, Decimal(50))) == weights
    assert with_weight({1: Decimal(100)}, WeightChange(1, Decimal(50))) == {1: Decimal(100)}
    assert with_weight({1: Decimal(100), 2: Decimal(0)}, WeightChange(1, Decimal(40)))[2] == 60


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=12), st.integers(0, 10_000))
def test_weights_total_exactly_100_whatever_is_tried(shares: list[int], percent: int) -> None:
    rest = 10_000 - sum(shares) % 10_000
    scaled = [share * 10_000 // max(1, sum(shares) + rest) for share in shares]
    scaled.append(10_000 - sum(scaled))
    weights = {key: Decimal(share) / 100 for key, share in enumerate(scaled)}
    tried = with_weight(weights, WeightChange(0, Decimal(percent) / 100))
    assert sum(tried.values()) == 100 and min(tried.values()) >= 0
    assert tried[0] == Decimal(percent) / 100
    assert list(tried) == list(weights)
