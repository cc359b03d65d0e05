"""The form of one line of a plan: dates as people write them, amounts with commas or Thai digits."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from idp.queries.plan_pages import PlanItemOnPage
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.terms import DevelopmentMethod
from idp.rules.thai import buddhist_year, parse_thai_date, to_arabic_digits
from idp.services.plan_fields import PlanItemFields
from idp.web.numbers import record_number

T = TypeVar("T")


class _Reader:
    """Reads fields one by one and gathers what cannot be read."""

    def __init__(self, form: MultiDict[str, str]) -> None:
        self.form = form
        self.problems: list[InvalidInput] = []

    def read(self, name: str, reader: Callable[[str], T], code: str) -> T | None:
        text = to_arabic_digits(self.form.get(name, "")).strip()
        if not text:
            return None
        try:
            return reader(text)
        except (ValueError, InvalidOperation):
            self.problems.append(InvalidInput(name, code))
            return None

    def date(self, name: str) -> date | None:
        return self.read(name, parse_thai_date, "not_a_date")

    def whole(self, name: str) -> int | None:
        return self.read(name, lambda text: int(text.replace(",", "")), "not_a_whole_number")


def read_plan_item(form: MultiDict[str, str]) -> PlanItemFields:
    """What was filled in. Raises InvalidInputs naming every field that cannot be read."""
    reader = _Reader(form)
    course_id, course_run_id = _course(form, reader)
    fields = PlanItemFields(
        title=form.get("title", ""),
        method=reader.read("method", DevelopmentMethod, "unknown_choice"),
        competency_id=reader.whole("competency_id"),
        target_level=reader.whole("target_level"),
        indicator_ids=_indicators(form),
        detail=form.get("detail", ""),
        starts_on=reader.date("starts_on"),
        ends_on=reader.date("ends_on"),
        hours=reader.whole("hours") or 0,
        cost_baht=reader.read("cost_baht", _amount, "not_a_number") or Decimal(0),
        measure=form.get("measure", ""),
        evidence_expected=form.get("evidence_expected", ""),
        responsible=form.get("responsible", ""),
        other_methods=_other_methods(form, reader),
        mentor_person_id=reader.read("mentor_person_id", _number, "unknown_choice"),
        course_id=course_id,
        course_run_id=course_run_id,
    )
    if reader.problems:
        raise InvalidInputs(reader.problems)
    return fields


def _indicators(form: MultiDict[str, str]) -> tuple[int, ...]:
    """Those that the line came with, as long as it is about the same competency."""
    if form.get("indicators_of", "") != form.get("competency_id", ""):
        return ()
    numbers = (record_number(text) for text in form.getlist("indicator_ids"))
    return tuple(number for number in numbers if number is not None)


def form_of_item(item: PlanItemOnPage) -> MultiDict[str, str]:
    """The line as its form shows it."""
    form: MultiDict[str, str] = MultiDict(
        {
            "title": item.title,
            "method": item.method.value,
            "competency_id": "" if item.competency_id is None else str(item.competency_id),
            "indicators_of": "" if item.competency_id is None else str(item.competency_id),
            "target_level": "" if item.target_level is None else str(item.target_level),
            "detail": item.detail,
            "starts_on": typed_date(item.starts_on),
            "ends_on": typed_date(item.ends_on),
            "hours": str(item.hours),
            "cost_baht": f"{item.cost_baht:f}",
            "measure": item.measure,
            "evidence_expected": item.evidence_expected,
            "responsible": item.responsible,
            "mentor_person_id": "" if item.mentor_person_id is None else str(item.mentor_person_id),
            "course": course_value(item.course_id, item.course_run_id),
        }
    )
    form.setlist("indicator_ids", [str(each) for each in item.indicator_ids])
    form.setlist("other_methods", [each.value for each in item.other_methods])
    return form


def course_value(course_id: int | None, run_id: int | None) -> str:
    """A course as one field sends it: its number, and after a full stop its run's; "" for none."""
    return ".".join(str(each) for each in (course_id, run_id) if each is not None)


def _course(form: MultiDict[str, str], reader: _Reader) -> tuple[int | None, int | None]:
    text = to_arabic_digits(form.get("course", "")).strip()
    if not text:
        return None, None
    parts = [record_number(part) for part in text.split(".")]
    if None in parts or len(parts) > 2:
        reader.problems.append(InvalidInput("course", "unknown_choice"))
        return None, None
    return parts[0], parts[1] if len(parts) > 1 else None


def _other_methods(form: MultiDict[str, str], reader: _Reader) -> tuple[DevelopmentMethod, ...]:
    try:
        return tuple(DevelopmentMethod(text) for text in form.getlist("other_methods") if text)
    except ValueError:
        reader.problems.append(InvalidInput("other_methods", "unknown_choice"))
        return ()


def _number(text: str) -> int:
    number = record_number(text)
    if number is None:
        raise ValueError(text)
    return number


def typed_date(day: date | None) -> str:
    """A day as people type it: "1/10/2568"."""
    return "" if day is None else f"{day.day}/{day.month}/{buddhist_year(day)}"


def _amount(text: str) -> Decimal:
    amount = Decimal(text.replace(",", ""))
    if not amount.is_finite():
        raise ValueError(text)
    return amount
