"""What is left of a line, where it aims, and on which days of the new year it goes on."""

from datetime import date
from decimal import Decimal

import pytest

from idp.rules.calendar import FiscalYear
from idp.rules.carry_over import UNFINISHED, Aim, left_of, moved_into, target_now
from idp.rules.levels import Ladder
from idp.rules.terms import PlanItemState

YEAR = FiscalYear(2570)
BEFORE = date(2026, 9, 1)
LADDER = Ladder.of({1: 3, 3: 3, 4: 3})


def test_only_what_was_achieved_or_dropped_leaves_nothing_to_do() -> None:
    assert set(PlanItemState) - UNFINISHED == {PlanItemState.ACHIEVED, PlanItemState.CANCELLED}


@pytest.mark.parametrize(
    ("then", "aligned", "attained", "expected"),
    [
        (3, "3", "1", (Aim.SAME, 3)),
        (2, "3", "1", (Aim.SAME, 3)),
        (2, "3", "3", (Aim.ATTAINED, None)),
        (2, "3", "3.50", (Aim.ATTAINED, None)),
        (3, "3", None, (Aim.SAME, 3)),
        (3, None, "1", (Aim.ANEW, 3)),  # over the level that the ladder lacks
        (3, "2", "1", (Aim.ANEW, 3)),  # aligned with a level that it lacks
        (3, "3.50", "1", (Aim.ANEW, 3)),
        (3, None, "3.25", (Aim.ANEW, 4)),
        (3, None, "4", (Aim.ANEW, None)),  # at the top
        (3, None, None, (Aim.ANEW, None)),  # not rated: nothing to begin from
        (None, None, "1", (Aim.SAME, None)),
    ],
)
def test_the_target_is_the_aligned_level_or_the_next_one_of_the_new_gap(
    then: int | None, aligned: str | None, attained: str | None, expected: tuple[Aim, int | None]
) -> None:
    found = target_now(
        then, None if aligned is None else Decimal(aligned), Decimal(attained) if attained else None, LADDER
    )
    assert found == expected


@pytest.mark.parametrize(
    ("planned", "used", "left"), [(10, 4, 6), (10, None, 10), (10, 12, 0), (Decimal("500.50"), 500, "0.50")]
)
def test_what_is_left_is_never_below_nothing(
    planned: Decimal | int, used: int | None, left: Decimal | int | str
) -> None:
    assert left_of(planned, used) == Decimal(left)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "day", "expected"),
    [
        ((2026, 1, 5), (2026, 3, 31), BEFORE, ((2027, 1, 5), (2027, 3, 31))),
        ((2025, 10, 1), (2025, 12, 1), BEFORE, ((2026, 10, 1), (2026, 12, 1))),
        ((2025, 8, 1), (2025, 11, 30), BEFORE, ((2027, 8, 1), (2027, 9, 30))),  # within the year
        ((2026, 8, 1), (2026, 11, 30), BEFORE, ((2026, 10, 1), (2026, 11, 30))),  # it runs on into the year
        ((2026, 8, 1), (2026, 11, 30), date(2026, 11, 20), ((2026, 11, 20), (2026, 11, 30))),
        ((2026, 8, 1), (2026, 11, 30), date(2026, 12, 1), ((2027, 8, 1), (2027, 9, 30))),  # it ended
        ((2026, 8, 1), (2027, 11, 30), BEFORE, ((2026, 10, 1), (2027, 9, 30))),
        ((2026, 1, 5), (2026, 2, 4), date(2027, 5, 1), ((2027, 5, 1), (2027, 5, 31))),  # not in the past
        ((2024, 2, 29), (2024, 3, 31), BEFORE, ((2027, 2, 28), (2027, 3, 31))),
        ((2027, 1, 5), (2027, 2, 5), BEFORE, ((2027, 1, 5), (2027, 2, 5))),  # of the year already
        (None, None, BEFORE, (None, None)),
        ((2026, 1, 5), None, BEFORE, ((2027, 1, 5), None)),
        (None, (2026, 3, 1), BEFORE, (None, (2027, 3, 1))),
    ],
)
def test_days_are_the_same_days_of_the_new_year(
    starts_on: tuple[int, int, int] | None,
    ends_on: tuple[int, int, int] | None,
    day: date,
    expected: tuple[tuple[int, int, int] | None, tuple[int, int, int] | None],
) -> None:
    found = moved_into(starts_on and date(*starts_on), ends_on and date(*ends_on), YEAR, day)
    assert found == tuple(each and date(*each) for each in expected)
