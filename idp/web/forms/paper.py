"""The forms of what was signed on paper: the day and the scan, and the lines of a plan.

The lines of a plan are named `line-0-title`, `line-1-title` ...; `line-0-id` names the line of the system
that it changes. A line with nothing written in it counts as none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from idp.queries.plan_pages import PlanItemOnPage
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.thai import parse_thai_date
from idp.services.paper import PlanLine, ProgressLine
from idp.web.forms.plan_items import form_of_item, read_plan_item
from idp.web.forms.plan_reports import named, part_of, read_report, says_something
from idp.web.numbers import record_number

BLANK_LINES = 3
MOST_LINES = 40
WRITTEN = ("title", "competency_id", "method", "detail", "starts_on", "ends_on", "measure")
"""The fields of which any one makes a line."""

NEEDED = ("starts_on", "ends_on", "measure")
"""Without which no line is handed in."""


@dataclass(frozen=True)
class WrittenPlan:
    """What the form says: the lines to keep, with their place on the form, and those to take out."""

    lines: tuple[PlanLine, ...]
    removed: tuple[int, ...]


def read_day(form: MultiDict[str, str], field: str = "signed_on") -> date | None:
    """The day on the paper; None for an empty field. Raises InvalidInput `not_a_date`."""
    text = form.get(field, "").strip()
    if not text:
        return None
    try:
        return parse_thai_date(text)
    except ValueError as error:
        raise InvalidInput(field, "not_a_date") from error


def lines_typed(form: MultiDict[str, str]) -> list[MultiDict[str, str]]:
    """The fields of each line, without its number."""
    count = min(record_number(form.get("lines", "")) or 0, MOST_LINES)
    return [_part(form, f"line-{place}-") for place in range(count)]


def lines_of(items: Iterable[PlanItemOnPage]) -> list[MultiDict[str, str]]:
    """The lines that the system has, as the form shows them."""
    forms = []
    for item in items:
        form = form_of_item(item)
        form["id"] = str(item.id)
        forms.append(form)
    return forms


def read_plan(form: MultiDict[str, str]) -> WrittenPlan:
    """Raises InvalidInputs naming every field that cannot be read."""
    lines: list[PlanLine] = []
    removed: list[int] = []
    problems: list[InvalidInput] = []
    for place, typed in enumerate(lines_typed(form)):
        item_id = record_number(typed.get("id", ""))
        if item_id is not None and typed.get("remove"):
            removed.append(item_id)
            continue
        if item_id is None and not is_written(typed):
            continue
        problems += [
            InvalidInput(f"line-{place}-{name}", "required")
            for name in NEEDED
            if not typed.get(name, "").strip()
        ]
        try:
            lines.append(PlanLine(read_plan_item(typed), item_id, place))
        except InvalidInputs as refused:
            problems += [
                InvalidInput(f"line-{place}-{each.field}", each.code, **each.values)
                for each in refused.problems
            ]
    if problems:
        raise InvalidInputs(problems)
    return WrittenPlan(tuple(lines), tuple(removed))


def is_written(typed: MultiDict[str, str]) -> bool:
    return any(typed.get(name, "").strip() for name in WRITTEN)


def read_progress(form: MultiDict[str, str], items: Iterable[PlanItemOnPage]) -> list[ProgressLine]:
    """The lines of which something new was written. Raises InvalidInputs."""
    lines: list[ProgressLine] = []
    problems: list[InvalidInput] = []
    for item in items:
        typed = part_of(form, item.id)
        if not says_something(item, typed):
            continue
        try:
            said = read_report(typed)
            lines.append(ProgressLine(item.id, said.percent, said.note, said.evidence_submitted, said.used))
        except InvalidInput as refused:
            problems += named(item.id, refused)
    if problems:
        raise InvalidInputs(problems)
    return lines


def _part(form: MultiDict[str, str], prefix: str) -> MultiDict[str, str]:
    return MultiDict(
        (name.removeprefix(prefix), text) for name, text in form.items(multi=True) if name.startswith(prefix)
    )
