"""Fiscal years, working days, and the days on which reminders fall."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.rules.calendar import (
    DueReminder,
    FiscalYear,
    add_working_days,
    is_working_day,
    last_day,
    local_day,
    reminder_step,
    working_days_before,
    working_days_between,
)
from idp.rules.terms import ReminderStep

YEAR = FiscalYear(2569)
# Songkran of 2569 on Monday to Wednesday, after a weekend.
SONGKRAN = {date(2026, 4, 13), date(2026, 4, 14), date(2026, 4, 15)}
SOON, TODAY = DueReminder(ReminderStep.DUE_SOON), DueReminder(ReminderStep.DUE_TODAY)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
holidays = st.frozensets(days, max_size=40)


def overdue(ordinal: int) -> DueReminder:
    return DueReminder(ReminderStep.OVERDUE, ordinal)


def test_a_fiscal_year_runs_from_october_to_september_and_has_two_halves() -> None:
    assert (YEAR.start, YEAR.end) == (date(2025, 10, 1), date(2026, 9, 30))
    first, second = YEAR.halves
    assert first == (date(2025, 10, 1), date(2026, 3, 31))
    assert second == (date(2026, 4, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("day", "be_year", "half", "quarter"),
    [
        (date(2025, 9, 30), 2568, 2, 4),
        (date(2025, 10, 1), 2569, 1, 1),
        (date(2025, 12, 31), 2569, 1, 1),
        (date(2026, 1, 1), 2569, 1, 2),
        (date(2026, 3, 31), 2569, 1, 2),
        (date(2026, 4, 1), 2569, 2, 3),
        (date(2026, 7, 1), 2569, 2, 4),
        (date(2026, 9, 30), 2569, 2, 4),
        (date(2026, 10, 1), 2570, 1, 1),
    ],
)
def test_a_day_lies_in_one_year_half_and_quarter(day: date, be_year: int, half: int, quarter: int) -> None:
    year = FiscalYear.of(day)
    assert (year.be_year, year.half_of(day), year.quarter_of(day)) == (be_year, half, quarter)
    assert day in year and day not in FiscalYear(be_year + 1)


def test_a_day_of_another_year_has_no_half_here() -> None:
    for ask in (YEAR.half_of, YEAR.quarter_of):
        with pytest.raises(ValueError, match="not in the fiscal year"):
            ask(date(2026, 10, 1))


def test_a_christian_year_far_too_small_is_no_buddhist_year() -> None:
    with pytest.raises(ValueError, match="Buddhist"):
        FiscalYear(500)


@given(days)
def test_every_day_lies_in_exactly_one_half_of_its_year(day: date) -> None:
    year = FiscalYear.of(day)
    assert [day in half for half in year.halves].count(True) == 1
    assert year.start <= day <= year.end


def test_the_day_is_that_of_bangkok() -> None:
    assert local_day(datetime(2026, 9, 30, 16, 59, tzinfo=UTC)) == date(2026, 9, 30)
    assert local_day(datetime(2026, 9, 30, 17, 0, tzinfo=UTC)) == date(2026, 10, 1)
    with pytest.raises(ValueError, match="zone"):
        local_day(datetime(2026, 9, 30))


@pytest.mark.parametrize("is_holiday", [SONGKRAN, lambda day: day in SONGKRAN], ids=["set", "function"])
def test_holidays_and_weekends_are_stepped_over(is_holiday: set[date]) -> None:
    thursday = date(2026, 4, 16)
    assert working_days_before(thursday, 1, is_holiday) == date(2026, 4, 10)
    assert add_working_days(date(2026, 4, 10), 1, is_holiday) == thursday
    assert add_working_days(date(2026, 4, 11), 2, is_holiday) == date(2026, 4, 17)
    assert add_working_days(thursday, 0, is_holiday) == thursday
    assert working_days_between(date(2026, 4, 10), date(2026, 4, 17), is_holiday) == 2
    assert working_days_between(date(2026, 4, 17), date(2026, 4, 10), is_holiday) == 0
    assert not is_working_day(date(2026, 4, 14), is_holiday)
    assert not is_working_day(date(2026, 4, 11), is_holiday)
    with pytest.raises(ValueError, match="number of days"):
        working_days_before(thursday, -1, is_holiday)


@given(days, st.integers(-30, 30), holidays)
def test_the_nth_working_day_is_found_by_counting_every_day(
    day: date, n: int, closed: frozenset[date]
) -> None:
    found, counted, step = day, 0, timedelta(days=1 if n > 0 else -1)
    while counted < abs(n):
        found += step
        counted += found.isoweekday() < 6 and found not in closed
    assert add_working_days(day, n, closed) == found


def reminders(due_on: date, *, working: bool, soon: int = 3, every: int = 2) -> dict[date, DueReminder]:
    said = {}
    for offset in range(-20, 21):
        today = due_on + timedelta(days=offset)
        step = reminder_step(
            due_on,
            today,
            soon_days=soon,
            overdue_every=every,
            is_holiday=SONGKRAN,
            count_working_days=working,
        )
        if step:
            said[today] = step
    return said


def test_reminders_in_calendar_days() -> None:
    said = reminders(date(2026, 4, 16), working=False)
    assert list(said.items())[:4] == [
        (date(2026, 4, 13), SOON),
        (date(2026, 4, 16), TODAY),
        (date(2026, 4, 18), overdue(1)),
        (date(2026, 4, 20), overdue(2)),
    ]
    assert len(said) == 12


def test_reminders_in_working_days_step_over_weekends_and_holidays() -> None:
    said = reminders(date(2026, 4, 16), working=True)
    assert list(said.items())[:4] == [
        (date(2026, 4, 8), SOON),
        (date(2026, 4, 16), TODAY),
        (date(2026, 4, 20), overdue(1)),
        (date(2026, 4, 22), overdue(2)),
    ]


def test_what_is_due_on_a_holiday_is_still_said_on_that_day() -> None:
    said = reminders(date(2026, 4, 14), working=True, every=1)
    assert said[date(2026, 4, 14)] == TODAY
    assert said[date(2026, 4, 16)] == overdue(1)
    assert date(2026, 4, 15) not in said
    assert said[date(2026, 4, 8)] == SOON


def test_nought_turns_a_reminder_off() -> None:
    assert list(reminders(date(2026, 4, 16), working=True, soon=0, every=0).values()) == [TODAY]
    for soon, every in ((-1, 1), (1, -1)):
        with pytest.raises(ValueError, match="negative"):
            reminder_step(date(2026, 4, 16), date(2026, 4, 16), soon_days=soon, overdue_every=every)


@given(days, st.integers(1, 10), st.integers(1, 7), holidays, st.booleans())
def test_due_soon_and_due_today_are_said_once_and_overdue_counts_up_without_gaps(
    due_on: date, soon: int, every: int, closed: frozenset[date], working: bool
) -> None:
    said = [
        step
        for offset in range(-90, 31)
        if (
            step := reminder_step(
                due_on,
                due_on + timedelta(days=offset),
                soon_days=soon,
                overdue_every=every,
                is_holiday=closed,
                count_working_days=working,
            )
        )
    ]
    assert said[:2] == [SOON, TODAY]
    assert said[2:] == [overdue(ordinal) for ordinal in range(1, len(said) - 1)]


@pytest.mark.parametrize(
    ("due_on", "counts", "expected"),
    [
        (date(2026, 11, 13), True, date(2026, 11, 13)),  # Friday
        (date(2026, 11, 14), True, date(2026, 11, 16)),  # Saturday
        (date(2026, 11, 14), False, date(2026, 11, 14)),
        (date(2026, 12, 5), True, date(2026, 12, 8)),  # a holiday on a Saturday, and Monday instead of it
        (date(2026, 12, 10), True, date(2026, 12, 11)),  # Constitution Day
    ],
)
def test_what_is_due_on_a_holiday_is_due_on_the_next_working_day(
    due_on: date, counts: bool, expected: date
) -> None:
    holidays = {date(2026, 12, 5), date(2026, 12, 7), date(2026, 12, 10)}
    assert last_day(due_on, holidays, count_working_days=counts) == expected
