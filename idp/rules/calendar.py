"""The Thai fiscal year, working days, and on which day a reminder is due.

Sources: the budget procedure's fiscal year (1 October to 30 September, named by the year พ.ศ. in which it
ends) and the two rounds of the civil service's performance appraisal; working days and reminders are this
product's default. Holidays come from outside as a set of days or as a function: this module keeps no list.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from idp.rules.terms import ReminderStep

BANGKOK = ZoneInfo("Asia/Bangkok")

Holidays = Collection[date] | Callable[[date], bool]

_BUDDHIST_ERA_OFFSET = 543
_FIRST_MONTH = 10
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class Span(NamedTuple):
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end


@dataclass(frozen=True, order=True)
class FiscalYear:
    """ปีงบประมาณ พ.ศ. `be_year`: 1 October of the year before to 30 September. Sorts by year."""

    be_year: int

    def __post_init__(self) -> None:
        if not _BUDDHIST_ERA_OFFSET + 1 < self.be_year <= 9999:
            raise ValueError(f"not a Buddhist year: {self.be_year}")

    @classmethod
    def of(cls, day: date) -> "FiscalYear":
        """The fiscal year that a day lies in."""
        return cls(day.year + _BUDDHIST_ERA_OFFSET + (1 if day.month >= _FIRST_MONTH else 0))

    @property
    def _christian_year(self) -> int:
        return self.be_year - _BUDDHIST_ERA_OFFSET

    @property
    def start(self) -> date:
        return date(self._christian_year - 1, _FIRST_MONTH, 1)

    @property
    def end(self) -> date:
        return date(self._christian_year, 9, 30)

    @property
    def halves(self) -> tuple[Span, Span]:
        """Round 1 (1 October to 31 March) and round 2 (1 April to 30 September)."""
        year = self._christian_year
        return Span(self.start, date(year, 3, 31)), Span(date(year, 4, 1), self.end)

    def half_of(self, day: date) -> int:
        """1 or 2: the round that a day of this year lies in. Raises ValueError for a day of another year."""
        for number, half in enumerate(self.halves, start=1):
            if day in half:
                return number
        raise ValueError(f"{day} is not in the fiscal year {self.be_year}")

    def quarter_of(self, day: date) -> int:
        """1 to 4: the quarter of this fiscal year (the first is October to December). Raises ValueError."""
        self.half_of(day)
        return (day.month - _FIRST_MONTH) % 12 // 3 + 1

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end


def local_day(moment: datetime) -> date:
    """The day on which a moment falls in Bangkok. Raises ValueError for a moment without a zone."""
    if moment.utcoffset() is None:
        raise ValueError("a moment without a time zone has no day")
    return moment.astimezone(BANGKOK).date()


def is_working_day(day: date, is_holiday: Holidays) -> bool:
    """Monday to Friday and no holiday."""
    if day.weekday() >= _SATURDAY:
        return False
    return not (is_holiday(day) if callable(is_holiday) else day in is_holiday)


def add_working_days(day: date, n: int, is_holiday: Holidays) -> date:
    """The `n`-th working day after `day`; `day` itself does not count. 0 is `day`, `n` < 0 goes back."""
    step = _ONE_DAY if n >= 0 else -_ONE_DAY
    for _ in range(abs(n)):
        day += step
        while not is_working_day(day, is_holiday):
            day += step
    return day


def last_day(due_on: date, is_holiday: Holidays, *, count_working_days: bool) -> date:
    """The day on which something due on `due_on` is really due: where working days count, what falls on a
    holiday is due on the next working day (the rule of the Civil and Commercial Code, section 193/8, which
    offices follow); else `due_on` itself."""
    if not count_working_days or is_working_day(due_on, is_holiday):
        return due_on
    return add_working_days(due_on, 1, is_holiday)


def working_days_before(day: date, n: int, is_holiday: Holidays) -> date:
    """The `n`-th working day before `day`: one before Monday is Friday. Raises ValueError for n < 0."""
    if n < 0:
        raise ValueError(f"a number of days is expected, not {n}")
    return add_working_days(day, -n, is_holiday)


def working_days_between(start: date, end: date, is_holiday: Holidays) -> int:
    """How many working days lie after `start` up to `end` inclusive; 0 when `end` is not after `start`."""
    days = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
    return sum(is_working_day(day, is_holiday) for day in days)


@dataclass(frozen=True)
class DueReminder:
    """What is to be said today. `ordinal` counts the overdue reminders from 1; 0 for the other steps."""

    step: ReminderStep
    ordinal: int = 0


def reminder_step(
    due_on: date,
    today: date,
    *,
    soon_days: int,
    overdue_every: int,
    is_holiday: Holidays = frozenset(),
    count_working_days: bool = False,
) -> DueReminder | None:
    """Which reminder falls on `today` for something due on `due_on`; None on every other day.

    This product's default: - due soon: exactly `soon_days` days before; 0 turns it off; - due today: on
    the day itself; - overdue: every `overdue_every` days after, first, second, ...; 0 turns them off.

    With `count_working_days` the days before and after are working days, so that "soon" and "overdue"
    never fall on a holiday; "due today" is said on the day itself even then. Raises ValueError for
    negative numbers of days.
    """
    if soon_days < 0 or overdue_every < 0:
        raise ValueError("numbers of days cannot be negative")
    if today == due_on:
        return DueReminder(ReminderStep.DUE_TODAY)
    if today < due_on:
        soon_on = (
            working_days_before(due_on, soon_days, is_holiday)
            if count_working_days
            else due_on - timedelta(days=soon_days)
        )
        return DueReminder(ReminderStep.DUE_SOON) if soon_days and today == soon_on else None
    if not overdue_every or (count_working_days and not is_working_day(today, is_holiday)):
        return None
    late = working_days_between(due_on, today, is_holiday) if count_working_days else (today - due_on).days
    ordinal, rest = divmod(late, overdue_every)
    return DueReminder(ReminderStep.OVERDUE, ordinal) if ordinal and not rest else None
