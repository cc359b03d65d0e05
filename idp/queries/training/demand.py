"""What the plans of a year ask for: courses, and other lines of the formal methods grouped by their text.

Grouped and summed in the database: as many statements, and as many rows on a page, for ten plans as for a
hundred thousand. Which plans count: `queries.training.lines`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from idp.models import Assessment, Course, CourseRun, DevelopmentPlan, PlanItem, Unit
from idp.queries.training.lines import in_unit, is_counted, is_planned
from idp.queries.training.whole_lists import AT_ONCE, every_row
from idp.rules.calendar import FiscalYear
from idp.rules.terms import DevelopmentMethod, PlanItemState, PlanState
from idp.rules.thai import full_name
from idp.rules.training import FORMAL_METHODS, PlansCounted, Quarter, quarters_of

PAGE = 50
OF_COURSE, OF_TITLE = "course:", "title:"


@dataclass(frozen=True)
class Asked:
    """Whose plans of which fiscal year (of the Buddhist Era) a table counts."""

    organisation_id: int
    fiscal_year: int
    unit_id: int | None = None
    counted: PlansCounted = PlansCounted.ALL


@dataclass(frozen=True)
class Cell:
    """Seats wanted and what they cost in baht."""

    seats: int = 0
    baht: Decimal = Decimal(0)


@dataclass(frozen=True)
class DemandRow:
    """A course, or a title that nobody chose from the courses (`course_id` None). `offered`: seats of the
    year's runs, None for a title. `key` names the row in an address."""

    key: str
    course_id: int | None
    code: str
    title_th: str
    whole: Cell
    quarters: Mapping[Quarter, Cell] = field(default_factory=dict)
    offered: int | None = None

    @property
    def lacking(self) -> int:
        """Seats wanted beyond those offered; 0 where there are enough, or nobody offers any."""
        return 0 if self.offered is None else max(self.whole.seats - self.offered, 0)


@dataclass(frozen=True)
class Demand:
    """`next_after`: (seats, key) to ask the following page with, None on the last one."""

    rows: tuple[DemandRow, ...]
    next_after: tuple[int, str] | None


def demand(
    session: Session, asked: Asked, after: tuple[int, str] | None = None, limit: int | None = PAGE
) -> Demand:
    """What most people ask for first; three statements. `limit` None: all of it, for a file."""
    grouped = _grouped(_lines(asked))
    statement = select(grouped).order_by(grouped.c.seats.desc(), grouped.c.key)
    if after is not None:
        seats, key = after
        statement = statement.where(
            or_(grouped.c.seats < seats, and_(grouped.c.seats == seats, grouped.c.key > key))
        )
    if limit is not None:
        statement = statement.limit(limit + 1)
    found = session.execute(statement).all()
    shown = found if limit is None else found[:limit]
    ids = {row.course_id for row in shown if row.course_id is not None}
    named = session.execute(select(Course.id, Course.code, Course.title_th).where(Course.id.in_(ids)))
    courses = {course_id: (code, title) for course_id, code, title in named}
    offered = _seats_offered(session, ids, asked.fiscal_year)
    rows = tuple(_row(row._mapping, courses, offered) for row in shown)
    is_last = limit is None or len(found) <= limit
    return Demand(rows, None if is_last else (rows[-1].whole.seats, rows[-1].key))


def demand_in_all(session: Session, asked: Asked) -> DemandRow:
    """The sums of every row; one statement."""
    lines = _lines(asked)
    row = session.execute(select(*_sums(lines))).one()
    return DemandRow("", None, "", "", *_cells(row._mapping))


@dataclass(frozen=True)
class PersonAsking:
    """Somebody whose plan has the course or the title, as their line says."""

    item_id: int
    plan_id: int
    number: str
    name: str
    unit_th: str
    plan_state: PlanState
    title: str
    method: DevelopmentMethod
    starts_on: date | None
    ends_on: date | None
    hours: int
    cost_baht: Decimal
    state: PlanItemState


@dataclass(frozen=True)
class PeopleAsking:
    """`next_after`: the line's number to ask the following page with, None on the last one."""

    rows: tuple[PersonAsking, ...]
    next_after: int | None


def people_asking(
    session: Session, asked: Asked, key: str, after: int = 0, limit: int = PAGE
) -> PeopleAsking:
    """Who asks for one row of the demand, in the order in which the lines were written; one statement."""
    lines = _lines(asked)
    statement = (
        select(
            PlanItem.id,
            PlanItem.plan_id,
            PlanItem.title,
            PlanItem.method,
            PlanItem.starts_on,
            PlanItem.ends_on,
            PlanItem.hours,
            PlanItem.cost_baht,
            PlanItem.state,
            DevelopmentPlan.state.label("plan_state"),
            Assessment.employee_number,
            Assessment.title_th,
            Assessment.first_name,
            Assessment.last_name,
            Unit.name_th.label("unit_th"),
        )
        .join(lines, lines.c.item_id == PlanItem.id)
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanItem.plan_id)
        .join(Assessment, Assessment.id == DevelopmentPlan.assessment_id)
        .join(Unit, Unit.id == Assessment.unit_id)
        .where(lines.c.key == key, PlanItem.id > after)
        .order_by(PlanItem.id)
        .limit(limit + 1)
    )
    found = session.execute(statement).all()
    rows = tuple(
        PersonAsking(
            each.id,
            each.plan_id,
            each.employee_number,
            full_name(each.title_th, each.first_name, each.last_name),
            each.unit_th,
            each.plan_state,
            each.title,
            each.method,
            each.starts_on,
            each.ends_on,
            each.hours,
            each.cost_baht,
            each.state,
        )
        for each in found[:limit]
    )
    return PeopleAsking(rows, rows[-1].item_id if len(found) > limit else None)


def everybody_asking(session: Session, asked: Asked, key: str) -> Iterator[PersonAsking]:
    """All of them, for a file; one statement for every ten thousand."""
    return every_row(lambda after: people_asking(session, asked, key, after, AT_ONCE), 0)


def _lines(asked: Asked) -> Subquery:
    """Every line that counts, with the key of its row and its quarter; one row a line."""
    words = func.lower(func.trim(PlanItem.title))
    for _time in range(3):  # runs of up to eight spaces
        words = func.replace(words, "  ", " ")
    key = case(
        (PlanItem.course_id.is_not(None), literal(OF_COURSE) + cast(PlanItem.course_id, String(12))),
        else_=literal(OF_TITLE) + words,
    )
    return (
        select(
            PlanItem.id.label("item_id"),
            key.label("key"),
            PlanItem.course_id.label("course_id"),
            PlanItem.title.label("title"),
            PlanItem.cost_baht.label("baht"),
            _quarter(asked.fiscal_year).label("quarter"),
        )
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanItem.plan_id)
        .join(Assessment, Assessment.id == DevelopmentPlan.assessment_id)
        .join(Unit, Unit.id == Assessment.unit_id)
        .where(
            DevelopmentPlan.organisation_id == asked.organisation_id,
            DevelopmentPlan.fiscal_year == asked.fiscal_year,
            is_counted(asked.counted),
            is_planned(),
            or_(PlanItem.course_id.is_not(None), PlanItem.method.in_(FORMAL_METHODS)),
            in_unit(asked.unit_id),
        )
        .subquery("lines")
    )


def _quarter(fiscal_year: int) -> ColumnElement[str]:
    return case(
        (PlanItem.starts_on.is_(None), literal(Quarter.UNKNOWN.value)),
        *(
            (
                PlanItem.starts_on.between(literal(first, Date), literal(last, Date)),
                literal(quarter.value),
            )
            for quarter, first, last in quarters_of(fiscal_year)
        ),
        else_=literal(Quarter.ELSEWHEN.value),
    )


def _sums(lines: Subquery) -> list[ColumnElement[Any]]:
    columns: list[ColumnElement[Any]] = [
        func.count().label("seats"),
        func.coalesce(func.sum(lines.c.baht), 0, type_=lines.c.baht.type).label("baht"),
    ]
    for quarter in Quarter:
        is_in = lines.c.quarter == quarter.value
        columns.append(func.coalesce(func.sum(case((is_in, 1), else_=0)), 0).label(f"seats_{quarter}"))
        baht = func.sum(case((is_in, lines.c.baht), else_=0))
        columns.append(func.coalesce(baht, 0, type_=lines.c.baht.type).label(f"baht_{quarter}"))
    return columns


def _grouped(lines: Subquery) -> Subquery:
    statement: Select[Any] = select(
        lines.c.key,
        func.min(lines.c.course_id).label("course_id"),
        func.min(lines.c.title).label("title"),
        *_sums(lines),
    ).group_by(lines.c.key)
    return statement.subquery("demand")


def _cells(row: Mapping[Any, Any]) -> tuple[Cell, dict[Quarter, Cell]]:
    quarters = {each: Cell(row[f"seats_{each}"], row[f"baht_{each}"]) for each in Quarter}
    return Cell(row["seats"], row["baht"]), quarters


def _row(
    row: Mapping[Any, Any], courses: Mapping[int, tuple[str, str]], offered: Mapping[int, int]
) -> DemandRow:
    course_id = row["course_id"]
    code, title = ("", row["title"]) if course_id is None else courses[course_id]
    seats = None if course_id is None else offered.get(course_id, 0)
    return DemandRow(row["key"], course_id, code, title, *_cells(row), seats)


def _seats_offered(session: Session, course_ids: set[int], fiscal_year: int) -> dict[int, int]:
    """Of the runs that begin in the fiscal year and take place, by course."""
    year = FiscalYear(fiscal_year)
    rows = session.execute(
        select(CourseRun.course_id, func.sum(CourseRun.seats))
        .where(
            CourseRun.course_id.in_(course_ids),
            CourseRun.cancelled_at.is_(None),
            CourseRun.starts_on.between(year.start, year.end),
        )
        .group_by(CourseRun.course_id)
    )
    return {course_id: int(seats) for course_id, seats in rows}
