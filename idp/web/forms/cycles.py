"""The forms of a cycle: its year and names, and the dates of its phases as people write them."""

from collections.abc import Collection, Mapping
from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from idp.rules.calendar import FiscalYear
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.phases import ALWAYS, phase_problems
from idp.rules.terms import PhaseKind
from idp.rules.thai import buddhist_year, parse_thai_date, to_arabic_digits
from idp.web.formats import digits

Dates = dict[PhaseKind, tuple[date, date]]


def phase_fields(kind: PhaseKind) -> tuple[str, str]:
    """The names of the fields of a phase's first and last day."""
    return f"{kind}-opens_on", f"{kind}-due_on"


def typed_dates(form: Mapping[str, str], kinds: Collection[PhaseKind] = ALWAYS) -> dict[str, str]:
    """What stands in the fields of the phases, to be shown again as it was typed."""
    return {name: form.get(name, "") for kind in kinds for name in phase_fields(kind)}


def written_dates(phases: Mapping[PhaseKind, tuple[date, date]]) -> dict[str, str]:
    """The dates as the fields offer them: day/month/year of the Buddhist Era."""
    return {
        name: written_date(day)
        for kind, days in phases.items()
        for name, day in zip(phase_fields(kind), days, strict=True)
    }


def written_date(day: date) -> str:
    """Day/month/year of the Buddhist Era, in the page's digits: what `parse_thai_date` reads back."""
    return digits(f"{day.day}/{day.month}/{buddhist_year(day)}")


def understood_dates(typed: Mapping[str, str]) -> dict[str, date]:
    """What the system understood of each field that it could read."""
    understood = {}
    for name, text in typed.items():
        try:
            understood[name] = parse_thai_date(text)
        except ValueError:
            continue
    return understood


def read_phases(
    form: Mapping[str, str], starts_on: date, ends_on: date, kinds: Collection[PhaseKind] = ALWAYS
) -> Dates:
    """The dates of every phase of a cycle between these days.

    Raises InvalidInputs naming at once each field that is empty, not a date, or does not fit the cycle.
    """
    typed = typed_dates(form, kinds)
    understood = understood_dates(typed)
    problems = [
        InvalidInput(name, "not_a_date" if text.strip() else "required")
        for name, text in typed.items()
        if name not in understood
    ]
    phases = {}
    for kind in kinds:
        opens_on, due_on = (understood.get(name) for name in phase_fields(kind))
        if opens_on is not None and due_on is not None:
            phases[kind] = (opens_on, due_on)
    unread = set(typed) - set(understood)
    problems += [
        problem
        for problem in phase_problems(phases, starts_on, ends_on)
        if problem.code != "required" and problem.field not in unread
    ]
    if problems:
        raise InvalidInputs(problems)
    return phases


def read_fiscal_year(form: MultiDict[str, str]) -> FiscalYear:
    """The fiscal year by its Buddhist number. Raises InvalidInput at `fiscal_year`."""
    text = to_arabic_digits(form.get("fiscal_year", "")).strip()
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise InvalidInput("fiscal_year", "not_a_buddhist_year" if text else "required")
    try:
        return FiscalYear(int(text))
    except ValueError as error:
        raise InvalidInput("fiscal_year", "not_a_buddhist_year") from error


def proposed_code(fiscal_year: int) -> str:
    return str(fiscal_year)


def proposed_name(fiscal_year: int) -> str:
    """In Thai whatever the language of the page: it becomes the cycle's Thai name."""
    with force_locale("th"):
        return str(_("รอบการประเมินประจำปีงบประมาณ พ.ศ. %(year)s", year=fiscal_year))
