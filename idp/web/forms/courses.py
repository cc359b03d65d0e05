"""The forms of a course and of one run of it."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from idp.queries.training.courses import CourseRow, RunRow
from idp.rules.errors import InvalidInput
from idp.rules.terms import DevelopmentMethod
from idp.services.training.course_fields import CourseFields, RunFields, course_problems, run_problems
from idp.web.forms.amounts import typed_baht, typed_whole, written_baht
from idp.web.forms.cycles import written_date
from idp.web.forms.days import day_or_none
from idp.web.numbers import record_number

T = TypeVar("T")


class FieldReader:
    """Reads fields one by one and gathers what cannot be read."""

    def __init__(self) -> None:
        self.problems: list[InvalidInput] = []

    def read(self, take: Callable[[], T]) -> T | None:
        try:
            return take()
        except InvalidInput as problem:
            self.problems.append(problem)
            return None

    def with_others(self, problems: list[InvalidInput]) -> list[InvalidInput]:
        """What could not be read, and what else is wrong in fields that could."""
        unread = {problem.field for problem in self.problems}
        return self.problems + [problem for problem in problems if problem.field not in unread]


def read_course(form: MultiDict[str, str]) -> tuple[CourseFields, list[InvalidInput]]:
    """The course as typed, and the problems where something could not be read: of all fields, then, but for
    what the database alone knows."""
    reader = FieldReader()
    level_ids = {record_number(text) for text in form.getlist("level_ids")}
    typed = CourseFields(
        code=form.get("code", ""),
        title=form.get("title", ""),
        method=reader.read(lambda: _method(form.get("method", ""))),
        hours=reader.read(lambda: typed_whole("hours", form.get("hours", ""))),
        price_baht=reader.read(lambda: typed_baht("price_baht", form.get("price_baht", ""))),
        provider=form.get("provider", ""),
        detail=form.get("detail", ""),
        measure=form.get("measure", ""),
        evidence=form.get("evidence", ""),
        level_ids=frozenset(each or 0 for each in level_ids),
    )
    if not reader.problems:
        return typed, []
    return typed, reader.with_others(course_problems(typed, typed.level_ids))


def read_run(form: Mapping[str, str]) -> tuple[RunFields, list[InvalidInput]]:
    """The run as typed, and the problems where something could not be read: of all fields, then."""
    reader = FieldReader()
    typed = RunFields(
        starts_on=reader.read(lambda: day_or_none(form, "starts_on")),
        ends_on=reader.read(lambda: day_or_none(form, "ends_on")),
        seats=reader.read(lambda: typed_whole("seats", form.get("seats", ""))),
        price_baht=reader.read(lambda: typed_baht("price_baht", form.get("price_baht", ""))),
        place=form.get("place", ""),
    )
    return typed, reader.with_others(run_problems(typed)) if reader.problems else []


def form_of_course(course: CourseRow | None) -> dict[str, Any]:
    """The fields before anything is typed; `level_ids` as texts."""
    if course is None:
        texts = ("code", "title", "provider", "method", "hours", "detail", "measure", "evidence")
        return dict.fromkeys(texts, "") | {
            "price_baht": "0",
            "level_ids": frozenset(),
        }
    return {
        "code": course.code,
        "title": course.title_th,
        "provider": course.provider_th,
        "method": course.method.value,
        "hours": course.hours,
        "price_baht": written_baht(course.price_baht),
        "detail": course.detail_th,
        "measure": course.measure_th,
        "evidence": course.evidence_th,
        "level_ids": frozenset(str(level.level_id) for level in course.levels),
    }


def form_of_run(run: RunRow | None) -> dict[str, Any]:
    """The fields before anything is typed."""
    if run is None:
        return dict.fromkeys(("starts_on", "ends_on", "seats", "price_baht", "place"), "")
    return {
        "starts_on": written_date(run.starts_on),
        "ends_on": written_date(run.ends_on),
        "seats": run.seats,
        "price_baht": written_baht(run.own_price_baht),
        "place": run.place_th,
    }


def _method(text: str) -> DevelopmentMethod | None:
    if not text:
        return None
    try:
        return DevelopmentMethod(text)
    except ValueError as error:
        raise InvalidInput("method", "unknown_choice") from error
