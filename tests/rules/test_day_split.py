"""Days and weighted levels of several supervisors in one round, against calculations by hand."""

from datetime import date
from decimal import Decimal

import pytest

from idp.rules.day_split import NotInTheRound, Share, days_of_each, formula, weighted_level

START, END = date(2025, 10, 1), date(2026, 9, 30)


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        ([], (365,)),
        ([date(2026, 1, 29)], (120, 245)),  # October 31, November 30, December 31, January 28
        ([date(2025, 10, 2)], (1, 364)),
        ([END], (364, 1)),
        ([date(2026, 1, 29), date(2026, 4, 1)], (120, 62, 183)),
    ],
)
def test_each_supervisor_has_the_days_from_their_first_to_the_next_ones_first(
    changes: list[date], days: tuple[int, ...]
) -> None:
    assert days_of_each(START, END, changes) == days
    assert sum(days) == 365


@pytest.mark.parametrize(
    "changes",
    [
        [START],
        [date(2025, 9, 30)],
        [date(2026, 10, 1)],
        [date(2026, 1, 29), date(2026, 1, 29)],
        [date(2026, 4, 1), date(2026, 1, 29)],
    ],
)
def test_a_day_that_leaves_somebody_without_a_day_is_refused(changes: list[date]) -> None:
    with pytest.raises(NotInTheRound):
        days_of_each(START, END, changes)


@pytest.mark.parametrize(
    ("shares", "level", "written"),
    [
        ([(120, 3), (245, 2)], "2.33", "(120×3 + 245×2) ÷ 365 = 2.33"),  # 850 / 365 = 2.3287...
        ([(1, 1), (1, 2)], "1.50", "(1×1 + 1×2) ÷ 2 = 1.5"),
        ([(199, 1), (1, 2)], "1.01", "(199×1 + 1×2) ÷ 200 = 1.01"),  # 1.005 goes up, once
        ([(120, 0), (62, 3), (183, 5)], "3.02", "(120×0 + 62×3 + 183×5) ÷ 365 = 3.02"),  # 1101 / 365
        ([(365, 4)], "4.00", "(365×4) ÷ 365 = 4"),
    ],
)
def test_the_level_is_the_mean_by_days_rounded_once_half_up(
    shares: list[tuple[int, int]], level: str, written: str
) -> None:
    given = [Share(days, attained) for days, attained in shares]
    assert weighted_level(given) == Decimal(level)
    assert formula(given) == written


def test_a_fractional_level_stays_exact_and_a_float_is_refused() -> None:
    assert weighted_level([Share(1, Decimal("2.25")), Share(2, 3)]) == Decimal("2.75")
    with pytest.raises(TypeError):
        weighted_level([Share(1, 2.5)])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="days"):
        weighted_level([])
