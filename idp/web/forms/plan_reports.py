"""The forms of all lines of a plan at once: what was done so far, and what became of each. A field of one
line is named `item-ID-percent`."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from idp.queries.plan_pages import PlanItemOnPage
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.terms import PlanItemState
from idp.rules.thai import to_arabic_digits
from idp.services.plan_progress import Used

T = TypeVar("T")
Form = MultiDict[str, str]

REPORT_FIELDS = ("percent", "hours_done", "spent_baht", "note")
RESULT_FIELDS = ("state", "percent", "reason")


@dataclass(frozen=True)
class Report:
    """What the employee wrote about one line."""

    percent: int
    note: str
    evidence_submitted: bool
    used: Used | None


def part_of(form: Form, item_id: int) -> Form:
    """The fields of one line, by their short names."""
    prefix = f"item-{item_id}-"
    return MultiDict(
        (name.removeprefix(prefix), text) for name, text in form.items(multi=True) if name.startswith(prefix)
    )


def says_something(item: PlanItemOnPage, form: Form) -> bool:
    """Whether the employee changed anything about the line. An empty percent says nothing; emptied hours or
    baht take back what was said."""
    percent, hours, baht = (_plain(form, name) for name in ("percent", "hours_done", "spent_baht"))
    return bool(
        form.get("note", "").strip()
        or "evidence" in form
        or percent not in ("", str(item.percent))
        or ("hours_done" in form and hours != _text(item.hours_done))
        or ("spent_baht" in form and _amount_or_text(baht) != item.spent_baht)
    )


def read_report(form: Form) -> Report:
    """Raises InvalidInputs `required`, `not_a_whole_number`, `not_a_number`; the ranges are the service's."""
    problems: list[InvalidInput] = []
    percent = _read(form, "percent", int, "not_a_whole_number", problems)
    if percent is None and not problems:
        problems.append(InvalidInput("percent", "required"))
    hours = _read(form, "hours_done", int, "not_a_whole_number", problems)
    baht = _read(form, "spent_baht", _amount, "not_a_number", problems)
    if problems or percent is None:
        raise InvalidInputs(problems)
    used = Used(hours, baht) if "hours_done" in form or "spent_baht" in form else None
    return Report(percent, form.get("note", ""), "evidence" in form, used)


def read_result(form: Form) -> tuple[PlanItemState, int | None, str]:
    """The result, its percent where one was written, and the reason. Raises InvalidInputs."""
    problems: list[InvalidInput] = []
    try:
        state = PlanItemState(form.get("state", ""))
    except ValueError:
        problems.append(InvalidInput("state", "unknown_choice"))
    percent = _read(form, "percent", int, "not_a_whole_number", problems)
    if problems:
        raise InvalidInputs(problems)
    return state, percent, form.get("reason", "")


def named(item_id: int, problem: InvalidInput) -> list[InvalidInput]:
    """The problems of one line under the names of its fields on the form for all."""
    return [
        InvalidInput(f"item-{item_id}-{each.field}", each.code, **each.values)
        for each in getattr(problem, "problems", (problem,))
    ]


def _read(
    form: Form, name: str, reader: Callable[[str], T], code: str, problems: list[InvalidInput]
) -> T | None:
    text = _plain(form, name)
    if not text:
        return None
    try:
        return reader(text)
    except (ValueError, InvalidOperation):
        problems.append(InvalidInput(name, code))
        return None


def _plain(form: Form, name: str) -> str:
    return to_arabic_digits(form.get(name, "")).replace(",", "").strip()


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not amount.is_finite():
        raise ValueError(text)
    return amount


def _amount_or_text(text: str) -> Decimal | str | None:
    if not text:
        return None
    try:
        return _amount(text)
    except (ValueError, InvalidOperation):
        return text
