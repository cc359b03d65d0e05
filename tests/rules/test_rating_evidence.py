"""When a rating needs words, and which words count."""

from decimal import Decimal

import pytest

from idp.rules.rating_evidence import GivenRating, has_evidence, lacks_evidence, needs_evidence


def given(
    attained: str, *, derived: bool = True, text: str = "", noted: bool = False, expected: int = 3
) -> GivenRating:
    return GivenRating(Decimal(attained), expected, derived, text, noted)


@pytest.mark.parametrize(
    ("rating", "asked", "not_asked"),
    [
        (given("2"), False, False),
        (given("3"), True, False),
        (given("4"), True, False),
        (given("0", expected=0), True, False),
        (given("2", derived=False), True, True),  # stated, or an average
        (given("3.25", derived=False), True, True),
        (given("0", derived=False), True, True),
    ],
)
def test_it_is_needed_at_the_expected_level_and_for_every_level_without_ticks(
    rating: GivenRating, asked: bool, not_asked: bool
) -> None:
    assert needs_evidence(rating, at_expected=True) is asked
    assert needs_evidence(rating, at_expected=False) is not_asked


@pytest.mark.parametrize("derived", [True, False])
@pytest.mark.parametrize("text", ["", "เหตุการณ์"])
@pytest.mark.parametrize("noted", [True, False])
def test_a_note_stands_for_the_text_only_where_the_level_comes_from_ticks(
    derived: bool, text: str, noted: bool
) -> None:
    rating = given("3", derived=derived, text=text, noted=noted)
    enough = bool(text) or (derived and noted)
    assert has_evidence(rating) is enough
    assert lacks_evidence(rating, at_expected=True) is not enough
