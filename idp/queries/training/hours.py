"""Hours of development a person in a fiscal year, planned and done, beside what the organisation asks for.

Of everybody with a released result in the year, those without a plan with none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Subquery, and_, case, func, select
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, DevelopmentPlan, PlanItem, Unit
from idp.queries.figure_counts import UnitInTree, units_of
from idp.queries.training.demand import Asked
from idp.queries.training.lines import in_unit, is_counted, is_not_cancelled, is_planned
from idp.queries.training.units import UnitSums, rows_below, sums_up_the_tree
from idp.queries.training.whole_lists import AT_ONCE, every_row
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.thai import full_name

PAGE = 50


@dataclass(frozen=True)
class Hours:
    """Of some people. `without`: nothing is planned for them; `below`: less is planned than is asked for, or
    where nothing is asked for, nothing at all; `done_below`: less is done."""

    people: int = 0
    planned: int = 0
    done: int = 0
    without: int = 0
    below: int = 0
    done_below: int = 0

    def __add__(self, other: "Hours") -> "Hours":
        return Hours(
            self.people + other.people,
            self.planned + other.planned,
            self.done + other.done,
            self.without + other.without,
            self.below + other.below,
            self.done_below + other.done_below,
        )

    @property
    def reached(self) -> int:
        """For so many as much is planned as is asked for, or something."""
        return self.people - self.below

    @property
    def some(self) -> int:
        """For so many something is planned, and less than is asked for."""
        return self.below - self.without


@dataclass(frozen=True)
class HoursByUnit:
    units: tuple[UnitInTree, ...]
    sums: dict[int | None, Hours]

    def rows(self, unit_id: int | None) -> list[UnitSums[Hours]]:
        """The unit asked for and those right below it."""
        return rows_below(self.units, self.sums, unit_id)

    def every_unit(self) -> list[UnitSums[Hours]]:
        """All units, in the order of their codes."""
        return [
            UnitSums(unit.id, unit.name_th, unit.name_en, 0, False, self.sums[unit.id]) for unit in self.units
        ]


@dataclass(frozen=True)
class PersonHours:
    assessment_id: int
    plan_id: int | None
    number: str
    name: str
    unit_th: str
    planned: int
    done: int


@dataclass(frozen=True)
class PeopleBelow:
    """`next_after`: the employee's number to ask the following page with, None on the last one."""

    rows: tuple[PersonHours, ...]
    next_after: str | None


def hours_by_unit(session: Session, asked: Asked, least: int) -> HoursByUnit:
    """`least`: the hours asked for, 0 for none; two statements."""
    units = units_of(session, asked.organisation_id)
    people = _people(asked)
    own: dict[int, Hours] = {}
    rows = session.execute(
        select(
            people.c.unit_id,
            func.count(),
            func.sum(people.c.planned),
            func.sum(people.c.done),
            func.sum(case((people.c.planned == 0, 1), else_=0)),
            func.sum(case((people.c.planned < max(least, 1), 1), else_=0)),
            func.sum(case((people.c.done < max(least, 1), 1), else_=0)),
        ).group_by(people.c.unit_id)
    )
    for unit_id, *sums in rows:
        own[unit_id] = Hours(*(int(each) for each in sums))
    return HoursByUnit(units, sums_up_the_tree(units, own, Hours(), Hours.__add__))


def people_below(
    session: Session, asked: Asked, least: int, after: str = "", limit: int = PAGE
) -> PeopleBelow:
    """Those for whom less is planned than is asked for, by number; one statement."""
    people = _people(asked)
    statement: Select[Any] = (
        select(
            Assessment.id,
            people.c.plan_id,
            Assessment.employee_number,
            Assessment.title_th,
            Assessment.first_name,
            Assessment.last_name,
            Unit.name_th,
            people.c.planned,
            people.c.done,
        )
        .join(Assessment, Assessment.id == people.c.assessment_id)
        .join(Unit, Unit.id == Assessment.unit_id)
        .where(people.c.planned < max(least, 1), in_unit(asked.unit_id))
        .order_by(Assessment.employee_number)
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(Assessment.employee_number > after)
    found = session.execute(statement).all()
    rows = tuple(
        PersonHours(
            assessment_id, plan_id, number, full_name(title, first, last), unit, int(planned), int(done)
        )
        for assessment_id, plan_id, number, title, first, last, unit, planned, done in found[:limit]
    )
    return PeopleBelow(rows, rows[-1].number if len(found) > limit else None)


def everybody_below(session: Session, asked: Asked, least: int) -> Iterator[PersonHours]:
    """All of them, for a file; one statement for every ten thousand."""
    return every_row(lambda after: people_below(session, asked, least, after, AT_ONCE), "")


def _people(asked: Asked) -> Subquery:
    """Everybody assessed in the year, once, with the hours of their plan; a plan that does not count has
    none."""
    latest = (
        select(func.max(Assessment.id).label("id"))
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(
            Assessment.organisation_id == asked.organisation_id,
            Cycle.fiscal_year == asked.fiscal_year,
            Assessment.state.in_(RELEASED_STATES),
        )
        .group_by(Assessment.employee_id)
        .subquery("latest")
    )
    hours = (
        select(
            PlanItem.plan_id,
            func.sum(case((is_planned(), PlanItem.hours), else_=0)).label("planned"),
            func.sum(case((is_not_cancelled(), PlanItem.hours_done), else_=0)).label("done"),
        )
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanItem.plan_id)
        .where(
            DevelopmentPlan.organisation_id == asked.organisation_id,
            DevelopmentPlan.fiscal_year == asked.fiscal_year,
            is_counted(asked.counted),
        )
        .group_by(PlanItem.plan_id)
        .subquery("hours")
    )
    return (
        select(
            Assessment.id.label("assessment_id"),
            Assessment.unit_id.label("unit_id"),
            hours.c.plan_id.label("plan_id"),
            func.coalesce(hours.c.planned, 0).label("planned"),
            func.coalesce(hours.c.done, 0).label("done"),
        )
        .join(latest, latest.c.id == Assessment.id)
        .outerjoin(
            DevelopmentPlan,
            and_(
                DevelopmentPlan.employee_id == Assessment.employee_id,
                DevelopmentPlan.fiscal_year == asked.fiscal_year,
            ),
        )
        .outerjoin(hours, hours.c.plan_id == DevelopmentPlan.id)
        .subquery("people")
    )
