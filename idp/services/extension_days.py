"""The last day of more time, or of a reopening: which days may be given."""

from datetime import date

from idp.adapters.holiday_calendar import is_thai_holiday
from idp.models import Cycle
from idp.rules.calendar import last_day
from idp.rules.errors import InvalidInput
from idp.services.settings import rules_of_cycle


def working(cycle: Cycle, day: date) -> date:
    """The day itself, or the next working day where the cycle's rules count working days."""
    rules = rules_of_cycle(cycle)
    return last_day(day, is_thai_holiday, count_working_days=rules.count_working_days)


def problems_with_day(
    cycle: Cycle, due_on: date | None, until_on: date, today: date, *, latest: date | None = None
) -> list[InvalidInput]:
    """Not before today, later than the day that holds at present (None: any), not after `latest` (None: the
    cycle's end)."""
    if until_on < today:
        return [InvalidInput("until_on", "before_today")]
    if due_on is not None and until_on <= due_on:
        return [InvalidInput("until_on", "not_later_than_due")]
    if until_on > (latest or cycle.ends_on):
        if latest is None or latest == cycle.ends_on:
            return [InvalidInput("until_on", "after_cycle")]
        return [InvalidInput("until_on", "after_latest_day", latest=latest)]
    return []
