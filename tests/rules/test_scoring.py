"""Scores that everyone can check by hand, weights that total 100, bands."""

import json
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.rules.scoring import (
    DEFAULT_COMPARISON_TABLE,
    METHODS,
    Band,
    CompetencyScore,
    Method,
    NothingToScore,
    NotInTable,
    ScoreInput,
    ScoreParameters,
    UnknownMethod,
    UnratedItem,
    Vector,
    WeightsNotHundred,
    band,
    check_weights,
    equal_weights,
    overall,
    printed,
    score_competencies,
)
from idp.rules.settings import COMMON_BANDS, GOVERNMENT_EMPLOYEE_BANDS

BAR, RATING, HYBRID, TABLE = "bar", "rating", "hybrid", "comparison_table"
BUILT_IN = (BAR, RATING, HYBRID, TABLE)
Level = int | Decimal


def items(
    expected: list[int], attained: list[Level], weights: list[Decimal | int] | None = None
) -> list[ScoreInput]:
    shares = weights or list(equal_weights(len(expected)))
    return [
        ScoreInput(wanted, shown, share, f"c{order}")
        for order, (wanted, shown, share) in enumerate(zip(expected, attained, shares, strict=True), start=1)
    ]


def as_bands(table: tuple[tuple[str, int], ...]) -> list[Band]:
    return [Band(code, at_least) for code, at_least in table]


def test_the_four_methods_stand_in_their_order() -> None:
    assert tuple(METHODS) == BUILT_IN
    assert [method.uses_weights for method in METHODS.values()] == [False, True, False, True]


@pytest.mark.parametrize(
    ("method", "vector"),
    [(method.key, vector) for method in METHODS.values() for vector in method.vectors],
    ids=lambda each: each if isinstance(each, str) else each.shows_en,
)
def test_a_hand_calculation_gives_the_same_score(method: str, vector: Vector) -> None:
    """Also of a method added later: its own file brings what it is held to."""
    given_items = [ScoreInput(*item, str(order)) for order, item in enumerate(vector.items, start=1)]
    score = score_competencies(method, given_items, vector.part_weight, vector.parameters)
    assert tuple(item.points for item in score.items) == vector.points
    assert str(score.total) == vector.total
    assert score.steps == vector.steps
    check_the_form_adds_up(score)


def test_the_worked_examples_of_the_published_rules_are_among_the_vectors() -> None:
    documented = [
        (method.key, vector.total)
        for method in METHODS.values()
        for vector in method.vectors
        if vector.is_documented
    ]
    assert documented == [(BAR, "21.25"), (RATING, "24.00"), (TABLE, "24.00")]


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.key)
def test_every_method_says_how_it_scores_and_what_it_makes_of_averages(method: Method) -> None:
    words = method.words(ScoreParameters())
    assert len(words.thai) == len(words.english) > 1
    assert any("เฉลี่ย" in line for line in words.thai)
    assert any(item[1] != int(item[1]) for vector in method.vectors for item in vector.items)


def test_an_unknown_method_is_a_clear_error() -> None:
    with pytest.raises(UnknownMethod, match="no scoring method 'dice', only bar, rating"):
        score_competencies("dice", items([3], [3]), 30)


@pytest.mark.parametrize(
    ("expected", "points"),
    [
        (1, [0, 4, 5, 5, 5, 5]),
        (2, [0, 3, 4, 5, 5, 5]),
        (3, [0, 2, 3, 4, 5, 5]),
        (4, [0, 1, 2, 3, 4, 5]),
        (5, [0, 0, 1, 2, 3, 4]),
    ],
)
def test_the_whole_comparison_table(expected: int, points: list[int]) -> None:
    shown = [
        score_competencies(TABLE, [ScoreInput(expected, attained, 100)], 5).items[0].points
        for attained in range(6)
    ]
    assert shown == points == list(DEFAULT_COMPARISON_TABLE[expected])
    (above,) = score_competencies(TABLE, [ScoreInput(expected, 6, 100)], 5).items
    assert above.points == points[5]


@pytest.mark.parametrize("expected", range(1, 7))
def test_the_whole_table_of_the_bar_method(expected: int) -> None:
    for attained in range(8):
        (scored,) = score_competencies(BAR, [ScoreInput(expected, attained)], 30).items
        assert scored.points == {0: 3, 1: 2, 2: 1}.get(max(0, expected - attained), 0)


def test_level_six_and_averages_find_their_place_in_the_comparison_table() -> None:
    def points(expected: int, attained: Level) -> Level:
        return score_competencies(TABLE, [ScoreInput(expected, attained, 100)], 30).items[0].points

    assert [points(6, 6), points(6, 5), points(6, 4)] == [4, 4, 3]
    assert [points(3, Decimal("2.99")), points(3, Decimal("3.00"))] == [3, 4]


def test_an_expected_level_without_a_row_is_refused() -> None:
    with pytest.raises(NotInTable) as refused:
        score_competencies(TABLE, [ScoreInput(0, 1, 100)], 30)
    assert refused.value.expected == 0


def test_an_organisation_has_its_own_tables() -> None:
    own = ScoreParameters(bar_points=(4, 2, 0), comparison_table={1: (0, 10), 2: (1, 6, 10)}, top_rating=10)
    assert score_competencies(BAR, items([3, 3, 3], [3, 2, 0]), 30, own).total == Decimal("15.00")
    assert score_competencies(TABLE, items([2, 1], [1, 1], [50, 50]), 30, own).total == Decimal("24.00")
    assert score_competencies(RATING, items([2, 1], [10, 5], [50, 50]), 30, own).total == Decimal("22.50")
    assert ScoreParameters.from_json(json.loads(json.dumps(own.as_json()))) == own
    assert ScoreParameters.from_json({}) == ScoreParameters()


@pytest.mark.parametrize(
    "wrong",
    [
        {"bar_points": ()},
        {"bar_points": (0, 0)},
        {"bar_points": (3, -1)},
        {"comparison_table": {}},
        {"comparison_table": {1: ()}},
        {"comparison_table": {1: (0, 6)}},
        {"top_rating": 0, "comparison_table": {1: (0,)}},
    ],
)
def test_a_table_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"table|points|rating"):
        ScoreParameters.from_json(wrong)


@pytest.mark.parametrize("method", METHODS)
def test_an_unrated_competency_is_named_and_never_counts_as_nought(method: str) -> None:
    given_items = [
        ScoreInput(3, 3, 50, "service"),
        ScoreInput(3, None, 25, "ethics"),
        ScoreInput(3, None, 25, "teamwork"),
    ]
    with pytest.raises(UnratedItem) as refused:
        score_competencies(method, given_items, 30)
    assert refused.value.labels == ("ethics", "teamwork")
    with pytest.raises(NothingToScore):
        score_competencies(method, [], 30)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("weights", [[50, 47], [50, Decimal("50.01")], [0, 0]])
def test_weights_that_do_not_total_100_are_refused_where_they_count(
    method: str, weights: list[Decimal | int]
) -> None:
    given_items = items([3, 3], [3, 3], weights)
    if METHODS[method].uses_weights:
        with pytest.raises(WeightsNotHundred) as refused:
            score_competencies(method, given_items, 30)
        assert refused.value.total == sum(weights)
    else:
        assert score_competencies(method, given_items, 30).total == 30


def test_negative_numbers_and_floats_are_refused() -> None:
    for wrong in (ScoreInput(-1, 3, 100), ScoreInput(3, -1, 100)):
        with pytest.raises(ValueError, match="negative"):
            score_competencies(RATING, [wrong], 30)
    with pytest.raises(ValueError, match="negative"):
        score_competencies(RATING, [ScoreInput(3, 3, 100)], -30)
    with pytest.raises(ValueError, match="negative"):
        check_weights([150, -50])
    with pytest.raises(TypeError, match="exact"):
        score_competencies(RATING, [ScoreInput(3, 3, 100.0)], 30)  # type: ignore[arg-type]


def test_the_hybrid_method_says_when_a_surplus_hides_a_gap() -> None:
    assert score_competencies(HYBRID, items([3, 3], [4, 2]), 30).surplus_hides_gap
    for attained in ([3, 3], [4, 3], [3, 2]):
        assert not score_competencies(HYBRID, items([3, 3], list(attained)), 30).surplus_hides_gap
    with pytest.raises(NothingToScore):
        score_competencies(HYBRID, items([0, 0], [1, 1]), 30)


@pytest.mark.parametrize("n", range(1, 201))
def test_equal_weights_total_exactly_100(n: int) -> None:
    weights = equal_weights(n)
    check_weights(weights)
    assert len(weights) == n
    assert max(weights) - min(weights) <= Decimal("0.01")
    assert list(weights) == sorted(weights, reverse=True)
    assert all(-weight.as_tuple().exponent == 2 for weight in weights)  # type: ignore[operator]


def test_the_remainder_goes_to_the_first_items() -> None:
    assert [str(weight) for weight in equal_weights(3)] == ["33.34", "33.33", "33.33"]
    assert [str(weight) for weight in equal_weights(7)] == ["14.29"] * 4 + ["14.28"] * 3
    with pytest.raises(ValueError, match="at least one"):
        equal_weights(0)


@pytest.mark.parametrize(
    ("total", "code"),
    [
        ("100", "excellent"),
        ("90", "excellent"),
        ("89.995", "excellent"),
        ("89.99", "very_good"),
        ("89.994", "very_good"),
        ("80.00", "very_good"),
        ("79.99", "good"),
        ("70", "good"),
        ("69.99", "fair"),
        ("60", "fair"),
        ("59.99", "needs_improvement"),
        ("0", "needs_improvement"),
    ],
)
def test_bands_are_half_open_on_the_rounded_total(total: str, code: str) -> None:
    assert band(Decimal(total), as_bands(COMMON_BANDS)).code == code


def test_government_employees_have_their_own_bands() -> None:
    bands = as_bands(GOVERNMENT_EMPLOYEE_BANDS)
    at = [band(total, bands).code for total in (95, 94, 85, 75, 65, 64)]
    assert at == ["excellent", "very_good", "very_good", "good", "fair", "needs_improvement"]
    assert band(50, [Band("low", 0), Band("high", 50)]).code == "high"
    with pytest.raises(ValueError, match="no band"):
        band(10, [Band("high", 50)])


def test_the_whole_result_is_the_sum_of_the_printed_parts() -> None:
    assert overall(Decimal("62.335"), Decimal("21.25")) == Decimal("83.59")
    assert str(overall(60, 30)) == "90.00"


def slow_printed(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def score_slowly(method: str, given_items: list[ScoreInput], part_weight: Decimal) -> Decimal:
    """The text of each method once more, with sixty decimal places and tables written out."""
    rated = [
        (item.expected, Decimal(item.attained or 0), Decimal(item.weight_percent)) for item in given_items
    ]
    with localcontext(prec=60):
        if method == BAR:
            points = 0
            for expected, attained, _ in rated:
                below = (expected - attained).to_integral_value(rounding=ROUND_CEILING)
                points += 3 if below <= 0 else 2 if below == 1 else 1 if below == 2 else 0
            return slow_printed(points * part_weight / (3 * len(rated)))
        if method == HYBRID:
            return slow_printed(
                sum(attained for _, attained, _ in rated) * part_weight / sum(item[0] for item in rated)
            )
        total = Decimal(0)
        for expected, attained, weight in rated:
            if method == RATING:
                points_of_5 = min(attained, Decimal(5))
            else:
                whole = int(attained.to_integral_value(rounding=ROUND_FLOOR))
                rows = {1: "045555", 2: "034555", 3: "023455", 4: "012345", 5: "001234", 6: "001234"}
                points_of_5 = Decimal(rows[expected][min(whole, 5)])
            total += slow_printed(weight * part_weight / 100 * points_of_5 / 5)
        return total


@st.composite
def scored_people(draw: st.DrawFn) -> list[ScoreInput]:
    n = draw(st.integers(1, 12))
    cuts = sorted(draw(st.lists(st.integers(0, 10000), min_size=n - 1, max_size=n - 1)))
    weights = [Decimal(high - low).scaleb(-2) for low, high in pairwise([0, *cuts, 10000])]
    level = st.one_of(st.integers(0, 6), st.decimals(0, 6, places=2))
    return [
        ScoreInput(draw(st.integers(1, 6)), draw(level), weight, str(order))
        for order, weight in enumerate(weights)
    ]


@given(st.sampled_from(BUILT_IN), scored_people(), st.decimals(0, 100, places=2))
def test_a_slow_second_calculation_agrees(
    method: str, person: list[ScoreInput], part_weight: Decimal
) -> None:
    score = score_competencies(method, person, part_weight)
    assert score.total == score_slowly(method, person, part_weight)
    assert str(score.total) == f"{score.total:.2f}"
    assert score.formula.endswith(f"= {score.total}")
    check_the_form_adds_up(score)


def check_the_form_adds_up(score: CompetencyScore) -> None:
    parts = [item.part for item in score.items if item.part is not None]
    if METHODS[score.method].uses_weights:
        assert len(parts) == len(score.items)
        assert sum(parts) == score.total
    else:
        assert not parts


@given(st.integers(0, 10**6))
def test_half_a_hundredth_goes_up_and_less_goes_down(cents: int) -> None:
    exact = Decimal(cents).scaleb(-2)
    assert printed(exact + Decimal("0.005")) == exact + Decimal("0.01")
    assert printed(exact + Decimal("0.0049999")) == exact
