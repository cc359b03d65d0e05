"""The forms of a cycle: its year and names, and the dates of its phases as people write them."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.terms import PhaseKind
from idp.rules.thai import buddhist_year, parse_thai_date, to_arabic_digits
from idp.web.formats import digits

Dates = dict[PhaseKind, tuple[date, date]]
EDGES = ("opens_on", "due_on")


def phase_fields(kind: PhaseKind) -> tuple[str, str]:
    """The names of the fields of a phase's first and last day."""
    return f"{kind}-opens_on", f"{kind}-due_on"


def typed_dates(form: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields of the phases, to be shown again as it was typed."""
    return {name: form.get(name, "") for kind in PhaseKind for name in phase_fields(kind)}


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


def read_phases(form: Mapping[str, str]) -> Dates:
    """The dates of every phase. Raises InvalidInputs naming each field that is empty or not a date."""
    problems = []
    typed = typed_dates(form)
    understood = understood_dates(typed)
    for name, text in typed.items():
        if name not in understood:
            problems.append(InvalidInput(name, "not_a_date" if text.strip() else "required"))
    if problems:
        raise InvalidInputs(problems)
    return {
        kind: (understood[opens_on], understood[due_on])
        for kind, (opens_on, due_on) in ((kind, phase_fields(kind)) for kind in PhaseKind)
    }


def read_fiscal_year(form: MultiDict[str, str]) -> int:
    """The Buddhist year. Raises InvalidInput at `fiscal_year`."""
    text = to_arabic_digits(form.get("fiscal_year", "")).strip()
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise InvalidInput("fiscal_year", "not_a_buddhist_year" if text else "required")
    return int(text)


def proposed_code(fiscal_year: int) -> str:
    return str(fiscal_year)


def proposed_name(fiscal_year: int) -> str:
    return str(_("รอบการประเมินประจำปีงบประมาณ พ.ศ. %(year)s", year=fiscal_year))
