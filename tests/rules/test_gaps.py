"""Gap = expected - attained; not rated is not zero."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.rules.gaps import GapSummary, gap, standing, summarise
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


def test_strengths_do_not_hide_gaps_in_a_summary() -> None:
    summary = summarise([(3, 1), (3, 5), (2, 2), (4, None), (1, 0)])
    assert summary == GapSummary(gaps=2, met=1, strengths=1, unrated=1, levels_short=3, largest=2)
    assert (summary.rated, summary.total) == (4, 5)
    assert summarise([]) == GapSummary()


@given(st.lists(st.tuples(levels, attained_levels)))
def test_every_competency_is_counted_once(pairs: list[tuple[int, int | Decimal | None]]) -> None:
    summary = summarise(pairs)
    assert summary.total == len(pairs)
    assert summary.unrated == sum(attained is None for _, attained in pairs)
    gaps = [difference for pair in pairs if (difference := gap(*pair)) is not None and difference > 0]
    assert (summary.gaps, summary.levels_short) == (len(gaps), sum(gaps))
