"""The rules once more, slowly and in another way: whole numbers of hundredths, lists instead of formulas."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.rules.gaps import gap
from idp.rules.levels import Ladder, PassRule, fall_back, next_level, path, read_ladder
from idp.rules.scoring import (
    Band,
    ScoreInput,
    ScoreParameters,
    WeightsNotHundred,
    band,
    band_ranges,
    check_weights,
    overall,
    score_competencies,
)
from idp.rules.terms import PassRuleKind

ladders = st.dictionaries(st.integers(0, 8), st.integers(0, 6), max_size=8)
hundredths = st.integers(0, 600)
"""A level in hundredths: 250 is an average of 2.50."""


def decimal(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


# Ladders


def enough_by_counting(rule: PassRule, ticked: int, count: int) -> bool:
    """In words: all of them; more ticked than not; so many of each hundred."""
    if ticked == 0:
        return False
    match rule.kind:
        case PassRuleKind.ALL:
            return count - ticked == 0
        case PassRuleKind.MORE_THAN_HALF:
            return ticked > count - ticked
        case _:
            return ticked * 100 >= (rule.percentage or 0) * count


RULES = (
    PassRule(PassRuleKind.ALL),
    PassRule(PassRuleKind.MORE_THAN_HALF),
    *(PassRule(PassRuleKind.PERCENTAGE, percent) for percent in range(1, 101)),
)


@pytest.mark.parametrize("count", range(1, 9))
def test_every_pass_rule_over_every_number_of_indicators(count: int) -> None:
    for rule, ticked in product(RULES, range(count + 1)):
        assert rule.is_passed(ticked, count) == enough_by_counting(rule, ticked, count)


@pytest.mark.parametrize("numbers", [(1,), (1, 2, 3), (1, 3, 4, 5), (0, 1, 2, 3, 4, 5, 6), (2, 4), ()])
def test_every_pattern_of_rungs_climbed_one_by_one(numbers: Sequence[int]) -> None:
    """Somebody walks up and stops at the first rung that does not hold."""
    ladder = Ladder.of(dict.fromkeys(numbers, 1))
    rungs = [number for number in numbers if number > 0]
    for held in product((False, True), repeat=len(rungs)):
        standing = 0
        for number, holds in zip(rungs, held, strict=True):
            if not holds:
                break
            standing = number
        reading = read_ladder(ladder, {number: int(h) for number, h in zip(rungs, held, strict=True)})
        assert reading.attained == standing
        in_the_air = [
            number for number, holds in zip(rungs, held, strict=True) if holds and number > standing
        ]
        assert reading.broken == bool(in_the_air)
        assert (reading.blocked_by is None) == (not in_the_air)


@given(ladders, hundredths, st.integers(0, 9))
def test_path_next_level_and_fall_back_by_looking_at_every_level(
    counts: dict[int, int], attained_cents: int, expected: int
) -> None:
    ladder, attained = Ladder.of(counts), decimal(attained_cents)
    way = []
    for number in range(1, 10):
        if number in counts and number * 100 > attained_cents and number <= expected:
            way.append(number)
    assert list(path(ladder, attained, expected)) == way
    above = [number for number in range(1, 10) if number in counts and number * 100 > attained_cents]
    assert next_level(ladder, attained) == (above[0] if above else None)
    down = expected
    while down > 0 and down not in counts:
        down -= 1
    assert fall_back(ladder, expected) == down


@given(st.integers(0, 6), hundredths)
def test_a_gap_in_hundredths(expected: int, attained_cents: int) -> None:
    assert gap(expected, decimal(attained_cents)) == decimal(expected * 100 - attained_cents)


# Scores


def divided(numerator: int, denominator: int) -> int:
    """Long division, half up: the whole part, one more when what is left is half of the divisor or more."""
    whole, left = numerator // denominator, numerator % denominator
    return whole + (left * 2 >= denominator)


Row = tuple[int, int, int]
"""Expected level, attained level in hundredths, weight in hundredths of a percent."""


def bar_by_hand(rows: Sequence[Row], w_cents: int, own: ScoreParameters) -> int:
    points = 0
    for expected, attained, _weight in rows:
        below = 0
        while (expected - below) * 100 > attained:
            below += 1
        points += own.bar_points[below] if below < len(own.bar_points) else own.bar_points[-1]
    return divided(points * w_cents, own.bar_points[0] * len(rows))


def rating_by_hand(rows: Sequence[Row], w_cents: int, own: ScoreParameters) -> int:
    total = 0
    for _expected, attained, weight in rows:
        points = own.top_rating * 100 if attained > own.top_rating * 100 else attained
        total += divided(points * weight * w_cents, 100 * 100 * 100 * own.top_rating)
    return total


def hybrid_by_hand(rows: Sequence[Row], w_cents: int, own: ScoreParameters) -> int:
    return divided(sum(row[1] for row in rows) * w_cents, sum(row[0] for row in rows) * 100)


def table_by_hand(rows: Sequence[Row], w_cents: int, own: ScoreParameters) -> int:
    total = 0
    for expected, attained, weight in rows:
        while expected not in own.comparison_table:
            expected -= 1  # beyond the last row: the last one
        row, column = own.comparison_table[expected], attained // 100
        points = row[column] if column < len(row) else row[-1]
        total += divided(points * weight * w_cents, 100 * 100 * own.top_rating)
    return total


BY_HAND = {
    "bar": bar_by_hand,
    "rating": rating_by_hand,
    "hybrid": hybrid_by_hand,
    "comparison_table": table_by_hand,
}


@st.composite
def parameters(draw: st.DrawFn) -> ScoreParameters:
    """An organisation's own points and tables: of any length, falling and rising as they should."""
    top = draw(st.integers(1, 12))
    points = st.lists(st.integers(0, top), min_size=1, max_size=8)
    rows = draw(st.lists(points, min_size=1, max_size=6))
    bar = sorted(draw(st.lists(st.integers(0, 9), max_size=5)), reverse=True)
    return ScoreParameters(
        bar_points=(draw(st.integers(max([1, *bar]), 10)), *bar),
        comparison_table={level: tuple(sorted(row)) for level, row in enumerate(rows, start=1)},
        top_rating=top,
    )


@st.composite
def people(draw: st.DrawFn) -> list[Row]:
    n = draw(st.integers(1, 12))
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=n - 1, max_size=n - 1)))
    weights = [high - low for low, high in pairwise([0, *cuts, 10_000])]
    return [(draw(st.integers(1, 6)), draw(hundredths), weight) for weight in weights]


@given(
    st.sampled_from(sorted(BY_HAND)),
    people(),
    st.integers(0, 10_000),
    st.one_of(st.just(ScoreParameters()), parameters()),
)
def test_every_method_with_every_table_in_whole_numbers(
    method: str, rows: list[Row], w_cents: int, own: ScoreParameters
) -> None:
    given_items = [
        ScoreInput(expected, decimal(attained), decimal(weight), str(order))
        for order, (expected, attained, weight) in enumerate(rows)
    ]
    score = score_competencies(method, given_items, decimal(w_cents), own)
    assert score.total == decimal(BY_HAND[method](rows, w_cents, own))


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=12))
def test_weights_are_taken_exactly_when_their_hundredths_make_ten_thousand(cents: list[int]) -> None:
    weights = [decimal(each) for each in cents]
    if sum(cents) == 10_000:
        check_weights(weights)
    else:
        with pytest.raises(WeightsNotHundred) as refused:
            check_weights(weights)
        assert refused.value.total == decimal(sum(cents))


# The whole result


@given(
    st.integers(0, 100_000),
    st.lists(st.integers(1, 100), min_size=0, max_size=6, unique=True),
)
def test_a_band_is_found_by_walking_down_from_the_top(thousandths: int, starts: list[int]) -> None:
    bands = [(f"from {start}", start) for start in sorted(starts, reverse=True)] + [("from 0", 0)]
    total_cents = divided(thousandths, 10)
    code = next(name for name, start in bands if total_cents >= start * 100)
    total = Decimal(thousandths).scaleb(-3)
    assert band(total, [Band(name, start) for name, start in bands]).code == code
    inside = [
        each.code
        for each in band_ranges(bands)
        if each.at_least <= decimal(total_cents) and (each.below is None or decimal(total_cents) < each.below)
    ]
    assert inside == [code]  # half-open: one, and one alone


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_whole_result_is_what_the_two_printed_figures_add_up_to(results: int, competency: int) -> None:
    total = overall(decimal(results), decimal(competency))
    assert total == decimal(results + competency)
    assert f"{total:.2f}" == str(total)
