"""What an employee fills in for one line of a plan, and what a line must have before the plan is handed
in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from idp.models import PlanItem
from idp.rules.calendar import FiscalYear
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.levels import Ladder
from idp.rules.terms import DevelopmentMethod
from idp.rules.texts import LONG_TEXT, checked_text, required_text

LONGEST_TITLE = 500
LONGEST_RESPONSIBLE = 250
MOST_HOURS = 2000
MOST_COST_BAHT = Decimal(10_000_000)
MOST_YEARS_BEYOND = 3
"""A line may go on beyond the plan's fiscal year; further off it is a year typed wrong."""


@dataclass(frozen=True)
class PlanItemFields:
    """One line. Without `competency_id` it is a free line: some jobs have no standard.

    `other_methods`: those used besides `method`, the main one. `mentor_person_id`: a colleague who offered;
    anybody else is named in `responsible`."""

    title: str
    method: DevelopmentMethod | None
    competency_id: int | None = None
    target_level: int | None = None
    indicator_ids: tuple[int, ...] = ()
    detail: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    hours: int = 0
    cost_baht: Decimal = Decimal(0)
    measure: str = ""
    evidence_expected: str = ""
    responsible: str = ""
    other_methods: tuple[DevelopmentMethod, ...] = ()
    mentor_person_id: int | None = None
    course_id: int | None = None
    course_run_id: int | None = None


@dataclass(frozen=True)
class Choices:
    """What the person may choose from: the competencies they were rated on, and of the chosen one its ladder,
    its indicators and the level they attained (None where nothing was chosen); the colleagues who offered to
    be a mentor for it; the courses with their runs; and the days from the fiscal year's first on."""

    fiscal_year: int
    competency_ids: frozenset[int]
    ladder: Ladder | None = None
    indicator_ids: frozenset[int] = frozenset()
    attained: int | None = None
    mentor_ids: frozenset[int] = frozenset()
    run_ids: Mapping[int, frozenset[int]] = field(default_factory=dict)  # by the course


def fields_of(item: PlanItem) -> PlanItemFields:
    """The line as it stands: what its form would send unchanged."""
    return PlanItemFields(
        title=item.title,
        method=item.method,
        competency_id=item.competency_id,
        target_level=item.target_level,
        indicator_ids=tuple(item.indicator_ids),
        detail=item.detail,
        starts_on=item.starts_on,
        ends_on=item.ends_on,
        hours=item.hours,
        cost_baht=item.cost_baht,
        measure=item.measure,
        evidence_expected=item.evidence_expected,
        responsible=item.responsible,
        other_methods=tuple(DevelopmentMethod(each) for each in item.other_methods),
        mentor_person_id=item.mentor_person_id,
        course_id=item.course_id,
        course_run_id=item.course_run_id,
    )


def check_fields(fields: PlanItemFields, choices: Choices) -> dict[str, object]:
    """The line's columns. Raises InvalidInputs with every field that is wrong."""
    problems: list[InvalidInput] = []
    values: dict[str, object] = {}
    for name, longest in (
        ("detail", LONG_TEXT),
        ("measure", LONG_TEXT),
        ("evidence_expected", LONG_TEXT),
        ("responsible", LONGEST_RESPONSIBLE),
    ):
        try:
            values[name] = checked_text(name, getattr(fields, name), longest)
        except InvalidInput as problem:
            problems.append(problem)
    try:
        values["title"] = required_text("title", fields.title, LONGEST_TITLE)
    except InvalidInput as problem:
        problems.append(problem)
    problems += _wrong_choices(fields, choices)
    problems += _wrong_people_and_courses(fields, choices)
    problems += _wrong_days(fields, FiscalYear(choices.fiscal_year))
    problems += _wrong_amounts(fields)
    if problems:
        raise InvalidInputs(problems)
    for name in AS_GIVEN:
        values[name] = getattr(fields, name)
    values["indicator_ids"] = sorted(set(fields.indicator_ids))
    values["other_methods"] = other_methods(fields.method, fields.other_methods)
    values["from_level"] = choices.attained
    return values


def other_methods(main: DevelopmentMethod | None, chosen: Collection[DevelopmentMethod]) -> list[str]:
    """As the column keeps them: each once, in the order of the list, without the main one."""
    return [each.value for each in DevelopmentMethod if each in chosen and each is not main]


def _wrong_choices(fields: PlanItemFields, choices: Choices) -> list[InvalidInput]:
    problems = []
    if fields.method is None:
        problems.append(InvalidInput("method", "missing"))
    if fields.competency_id is not None and fields.competency_id not in choices.competency_ids:
        problems.append(InvalidInput("competency_id", "unknown"))
    elif fields.target_level is not None:
        levels = choices.ladder.numbers if choices.ladder else ()
        if fields.target_level not in levels:
            shown = ", ".join(str(number) for number in levels)
            problems.append(InvalidInput("target_level", "level_not_on_ladder", levels=shown))
    if not set(fields.indicator_ids) <= choices.indicator_ids:
        problems.append(InvalidInput("indicator_ids", "unknown"))
    return problems


def _wrong_people_and_courses(fields: PlanItemFields, choices: Choices) -> list[InvalidInput]:
    problems = []
    if fields.mentor_person_id is not None and fields.mentor_person_id not in choices.mentor_ids:
        problems.append(InvalidInput("mentor_person_id", "not_a_mentor"))
    if fields.course_id is not None and fields.course_id not in choices.run_ids:
        problems.append(InvalidInput("course", "unknown"))
    elif fields.course_run_id is not None:
        runs = choices.run_ids.get(fields.course_id, frozenset()) if fields.course_id else frozenset()
        if fields.course_run_id not in runs:
            problems.append(InvalidInput("course", "run_of_another_course"))
    return problems


def _wrong_days(fields: PlanItemFields, year: FiscalYear) -> list[InvalidInput]:
    """A line lies in the plan's fiscal year or goes on beyond it; it does not begin before it."""
    problems = []
    latest = FiscalYear(year.be_year + MOST_YEARS_BEYOND).end
    for name in ("starts_on", "ends_on"):
        day = getattr(fields, name)
        if day is not None and day < year.start:
            problems.append(InvalidInput(name, "before_cycle"))
        elif day is not None and day > latest:
            problems.append(InvalidInput(name, "after_latest_day", latest=latest))
    if not problems and fields.starts_on and fields.ends_on and fields.ends_on < fields.starts_on:
        problems.append(InvalidInput("ends_on", "ends_before_start"))
    return problems


def _wrong_amounts(fields: PlanItemFields) -> list[InvalidInput]:
    problems = []
    if not 0 <= fields.hours <= MOST_HOURS:
        problems.append(InvalidInput("hours", "out_of_range", minimum=0, maximum=MOST_HOURS))
    cost = fields.cost_baht
    if not cost.is_finite() or not 0 <= cost <= MOST_COST_BAHT:
        problems.append(InvalidInput("cost_baht", "out_of_range", minimum=0, maximum=int(MOST_COST_BAHT)))
    elif cost * 100 != (cost * 100).to_integral_value():
        problems.append(InvalidInput("cost_baht", "too_many_places", maximum=2))
    return problems


COLUMNS = (
    "title",
    "competency_id",
    "from_level",
    "target_level",
    "indicator_ids",
    "method",
    "other_methods",
    "course_id",
    "course_run_id",
    "detail",
    "starts_on",
    "ends_on",
    "hours",
    "cost_baht",
    "measure",
    "evidence_expected",
    "mentor_person_id",
    "responsible",
)
"""What somebody fills in, and the level that a line starts from."""

AS_GIVEN = (
    "method",
    "competency_id",
    "target_level",
    "starts_on",
    "ends_on",
    "hours",
    "cost_baht",
    "mentor_person_id",
    "course_id",
    "course_run_id",
)


def values_of(item: PlanItem, names: Collection[str] = COLUMNS) -> dict[str, Any]:
    """What a line says, as the history keeps it: days as in ISO 8601, amounts as text, ids as they are."""
    values = {name: getattr(item, name) for name in COLUMNS if name in names}
    return {
        name: value if value is None or isinstance(value, (int, list)) else str(value)
        for name, value in values.items()
    }


def incomplete(items: Collection[PlanItem]) -> tuple[str, ...]:
    """The titles of lines that lack dates or a measure: the printed form needs them."""
    return tuple(
        item.title for item in items if not (item.title and item.starts_on and item.ends_on and item.measure)
    )
