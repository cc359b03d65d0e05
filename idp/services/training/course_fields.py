"""What a course and its runs may say, and how the history keeps it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from idp.models import Course, CourseRun
from idp.rules.errors import InvalidInput
from idp.rules.terms import DevelopmentMethod
from idp.rules.texts import checked_text, required_text
from idp.rules.training import COURSE_METHODS
from idp.services.plan_fields import LONGEST_TITLE, MOST_COST_BAHT, MOST_HOURS

LONGEST_CODE = 40
LONGEST_NAME = 250
MOST_SEATS = 10_000
LONGEST_DAYS = 366
"""Of a run: a longer one has a wrong year."""


@dataclass(frozen=True)
class CourseFields:
    """A course as typed. What is None could not be read, and is refused as missing. A line of a plan begins
    with its `measure` and `evidence`."""

    code: str
    title: str
    method: DevelopmentMethod | None
    hours: int | None
    price_baht: Decimal | None = Decimal(0)
    provider: str = ""
    detail: str = ""
    measure: str = ""
    evidence: str = ""
    level_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class RunFields:
    """A run as typed; without a price of its own it costs what the course does."""

    starts_on: date | None
    ends_on: date | None
    seats: int | None
    price_baht: Decimal | None = None
    place: str = ""


def course_problems(typed: CourseFields, level_ids: Collection[int]) -> list[InvalidInput]:
    """Everything that is wrong with it at once, each at its field; `level_ids`: those to choose from."""
    problems: list[InvalidInput] = []
    checks: tuple[Callable[[], str], ...] = (
        lambda: _checked_code(typed.code),
        lambda: required_text("title", typed.title, LONGEST_TITLE),
        lambda: checked_text("provider", typed.provider, LONGEST_NAME),
        lambda: checked_text("detail", typed.detail),
        lambda: checked_text("measure", typed.measure),
        lambda: checked_text("evidence", typed.evidence),
    )
    for check in checks:
        try:
            check()
        except InvalidInput as problem:
            problems.append(problem)
    if typed.method is None:
        problems.append(InvalidInput("method", "missing"))
    elif typed.method not in COURSE_METHODS:
        problems.append(InvalidInput("method", "unknown_choice"))
    if typed.hours is None:
        problems.append(InvalidInput("hours", "required"))
    elif not 1 <= typed.hours <= MOST_HOURS:
        problems.append(InvalidInput("hours", "out_of_range", minimum=1, maximum=MOST_HOURS))
    problems += price_problems("price_baht", typed.price_baht)
    if not typed.level_ids <= set(level_ids):
        problems.append(InvalidInput("level_ids", "unknown_choice"))
    return problems


def run_problems(typed: RunFields) -> list[InvalidInput]:
    """Everything that is wrong with it at once, each at its field."""
    problems: list[InvalidInput] = []
    for name in ("starts_on", "ends_on"):
        if getattr(typed, name) is None:
            problems.append(InvalidInput(name, "required"))
    if typed.starts_on is not None and typed.ends_on is not None:
        if typed.ends_on < typed.starts_on:
            problems.append(InvalidInput("ends_on", "ends_before_start"))
        elif (typed.ends_on - typed.starts_on).days >= LONGEST_DAYS:
            problems.append(InvalidInput("ends_on", "too_long_a_time", maximum=LONGEST_DAYS))
    if typed.seats is None:
        problems.append(InvalidInput("seats", "required"))
    elif not 1 <= typed.seats <= MOST_SEATS:
        problems.append(InvalidInput("seats", "out_of_range", minimum=1, maximum=MOST_SEATS))
    problems += price_problems("price_baht", typed.price_baht)
    try:
        checked_text("place", typed.place, LONGEST_NAME)
    except InvalidInput as problem:
        problems.append(problem)
    return problems


def price_problems(field: str, price: Decimal | None, most: Decimal = MOST_COST_BAHT) -> list[InvalidInput]:
    """An amount in baht: not negative, two places, not beyond reason; None is let be."""
    if price is None:
        return []
    if not price.is_finite() or not 0 <= price <= most:
        return [InvalidInput(field, "out_of_range", minimum=0, maximum=int(most))]
    if price * 100 != (price * 100).to_integral_value():
        return [InvalidInput(field, "too_many_places", maximum=2)]
    return []


def _checked_code(text: str) -> str:
    code = required_text("code", text, LONGEST_CODE)
    if any(sign.isspace() or sign == "/" for sign in code):
        raise InvalidInput("code", "no_space_in_code")
    return code


def course_values(course: Course) -> dict[str, Any]:
    """What the course says, as the history keeps it."""
    return {
        "code": course.code,
        "title": course.title_th,
        "provider": course.provider_th,
        "method": course.method.value,
        "hours": course.hours,
        "price_baht": str(course.price_baht),
        "detail": course.detail_th,
        "measure": course.measure_th,
        "evidence": course.evidence_th,
        "level_ids": sorted(level.level_id for level in course.levels),
    }


def run_values(run: CourseRun) -> dict[str, Any]:
    """What the run says, as the history keeps it."""
    return {
        "starts_on": run.starts_on.isoformat(),
        "ends_on": run.ends_on.isoformat(),
        "seats": run.seats,
        "price_baht": None if run.price_baht is None else str(run.price_baht),
        "place": run.place_th,
    }


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """From what to what, of that which is another now."""
    names = [name for name in after if before.get(name) != after[name]]
    return {
        "from": {name: before.get(name) for name in names},
        "to": {name: after[name] for name in names},
    }
