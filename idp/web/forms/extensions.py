"""The forms about more time: the step, the last day as a date or as working days more, the reason."""

from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from idp.adapters.holiday_calendar import is_thai_holiday
from idp.rules.calendar import add_working_days
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.terms import PhaseKind
from idp.rules.thai import parse_thai_date, to_arabic_digits

MORE_DAYS = (3, 5, 7, 10, 15, 20, 30)
"""What the form offers beside a date."""

MOST_DAYS = 250


def read_phase(form: MultiDict[str, str]) -> PhaseKind:
    """The step. Raises InvalidInput at `phase`."""
    text = form.get("phase", "")
    if text not in set(PhaseKind):
        raise InvalidInput("phase", "unknown_choice" if text else "required")
    return PhaseKind(text)


def read_last_day(
    form: MultiDict[str, str], counted_from: date | None = None, *, count_working_days: bool = True
) -> date:
    """The date typed, or the day so many (working) days after `counted_from`.

    Raises InvalidInput at `until_on` or `more`: one of the two is filled in.
    """
    text, more = form.get("until_on", "").strip(), to_arabic_digits(form.get("more", "")).strip()
    if text and more:
        raise InvalidInput("until_on", "one_of_both")
    if more and counted_from is not None:
        if not (more.isascii() and more.isdigit()):
            raise InvalidInput("more", "not_a_number")
        number = int(more[:6])
        if not 1 <= number <= MOST_DAYS:
            raise InvalidInput("more", "too_large" if number else "too_small", minimum=1, maximum=MOST_DAYS)
        return later(counted_from, number, count_working_days=count_working_days)
    if not text:
        raise InvalidInput("until_on", "required")
    try:
        return parse_thai_date(text)
    except ValueError as error:
        raise InvalidInput("until_on", "not_a_date") from error


def later(day: date, number: int, *, count_working_days: bool) -> date:
    if count_working_days:
        return add_working_days(day, number, is_thai_holiday)
    return day + timedelta(days=number)


def both(phase: InvalidInput | None, day: InvalidInput | None, reason: str) -> None:
    """Raises InvalidInputs naming every field of the form that cannot be read."""
    problems = [each for each in (phase, day) if each is not None]
    if problems:
        if not reason.strip():
            problems.append(InvalidInput("reason", "missing"))
        raise InvalidInputs(problems)
