"""Who has no plan: of everybody with a released result in a cycle, how far each is with the plan of its year.

The last day for an approval is the review phase's, with the time that was granted to the person or their
unit. A plan that was amended counts by its first approval.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, true
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, DevelopmentPlan, Phase, PlanVersion, Unit
from idp.models.base import UtcDateTime
from idp.queries.deadlines import Deadlines, deadlines
from idp.queries.figure_counts import UnitInTree, units_of
from idp.queries.training.demand import Asked
from idp.queries.training.lines import in_unit, is_approved
from idp.queries.training.units import UnitSums, rows_below, sums_up_the_tree
from idp.queries.training.whole_lists import AT_ONCE, every_row
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.calendar import BANGKOK
from idp.rules.terms import PhaseKind, PlanEvent, PlanState
from idp.rules.thai import full_name
from idp.rules.training import NOT_APPROVED, UNDER_CHECK, PlanStanding

PAGE = 50


@dataclass(frozen=True)
class Standings:
    """How many people stand where."""

    none: int = 0
    draft: int = 0
    waiting: int = 0
    late: int = 0
    in_time: int = 0

    def __add__(self, other: "Standings") -> "Standings":
        return Standings(*(self.of(each) + other.of(each) for each in PlanStanding))

    def of(self, standing: PlanStanding) -> int:
        return int(getattr(self, standing.value))

    @property
    def people(self) -> int:
        return sum(self.of(each) for each in PlanStanding)

    @property
    def not_approved(self) -> int:
        return sum(self.of(each) for each in NOT_APPROVED)

    @property
    def approved(self) -> int:
        return self.late + self.in_time


@dataclass(frozen=True)
class StandingsByUnit:
    """`due_on`: the last day of the review for those without more time, None in a cycle without a review."""

    units: tuple[UnitInTree, ...]
    sums: dict[int | None, Standings]
    due_on: date | None

    def rows(self, unit_id: int | None) -> list[UnitSums[Standings]]:
        """The unit asked for and those right below it."""
        return rows_below(self.units, self.sums, unit_id)

    def every_unit(self) -> list[UnitSums[Standings]]:
        """All units, in the order of their codes."""
        return [
            UnitSums(unit.id, unit.name_th, unit.name_en, 0, False, self.sums[unit.id]) for unit in self.units
        ]


@dataclass(frozen=True)
class PersonStanding:
    """`plan_id` None where there is no plan, or none that anybody but its owner may read."""

    assessment_id: int
    plan_id: int | None
    number: str
    name: str
    unit_th: str
    supervisor: str
    standing: PlanStanding


@dataclass(frozen=True)
class PeopleStanding:
    """`next_after`: the employee's number to ask the following page with, None on the last one."""

    rows: tuple[PersonStanding, ...]
    next_after: str | None


def standings_by_unit(session: Session, cycle: Cycle) -> StandingsByUnit:
    """Four statements."""
    units = units_of(session, cycle.organisation_id)
    due = deadlines(session, cycle_id=cycle.id)
    standing, due_on = _standing(cycle, due)
    inner = _of_cycle(cycle, due, select(Assessment.unit_id, standing.label("standing"))).subquery()
    own: dict[int, Standings] = {}
    rows = session.execute(
        select(inner.c.unit_id, inner.c.standing, func.count()).group_by(inner.c.unit_id, inner.c.standing)
    )
    for unit_id, word, count in rows:
        own[unit_id] = own.get(unit_id, Standings()) + Standings(**{word: count})
    return StandingsByUnit(units, sums_up_the_tree(units, own, Standings(), Standings.__add__), due_on)


def people_standing(
    session: Session,
    cycle: Cycle,
    wanted: tuple[PlanStanding, ...] = NOT_APPROVED,
    unit_id: int | None = None,
    after: str = "",
    limit: int = PAGE,
) -> PeopleStanding:
    """Those who stand there, by number; three statements."""
    due = deadlines(session, cycle_id=cycle.id)
    standing, _due_on = _standing(cycle, due)
    statement = _of_cycle(
        cycle,
        due,
        select(
            Assessment.id,
            Assessment.employee_number,
            Assessment.title_th,
            Assessment.first_name,
            Assessment.last_name,
            Assessment.supervisor_name,
            Unit.name_th.label("unit_th"),
            DevelopmentPlan.id.label("plan_id"),
            DevelopmentPlan.state,
            standing.label("standing"),
        ),
    )
    statement = (
        statement.join(Unit, Unit.id == Assessment.unit_id)
        .where(standing.in_([each.value for each in wanted]), in_unit(unit_id))
        .order_by(Assessment.employee_number)
        .limit(limit + 1)
    )
    if after:
        statement = statement.where(Assessment.employee_number > after)
    found = session.execute(statement).all()
    rows = tuple(
        PersonStanding(
            each.id,
            None if each.state in (None, PlanState.DRAFT) else each.plan_id,
            each.employee_number,
            full_name(each.title_th, each.first_name, each.last_name),
            each.unit_th,
            each.supervisor_name,
            PlanStanding(each.standing),
        )
        for each in found[:limit]
    )
    return PeopleStanding(rows, rows[-1].number if len(found) > limit else None)


def everybody_standing(
    session: Session,
    cycle: Cycle,
    wanted: tuple[PlanStanding, ...] = NOT_APPROVED,
    unit_id: int | None = None,
) -> Iterator[PersonStanding]:
    """All of them, for a file; three statements for every ten thousand."""
    return every_row(lambda after: people_standing(session, cycle, wanted, unit_id, after, AT_ONCE), "")


def completed_plans(session: Session, asked: Asked) -> int:
    """How many plans of the year have been evaluated; one statement."""
    found = session.scalar(
        select(func.count(DevelopmentPlan.id))
        .join(Assessment, Assessment.id == DevelopmentPlan.assessment_id)
        .join(Unit, Unit.id == Assessment.unit_id)
        .where(
            DevelopmentPlan.organisation_id == asked.organisation_id,
            DevelopmentPlan.fiscal_year == asked.fiscal_year,
            DevelopmentPlan.state == PlanState.EVALUATED,
            in_unit(asked.unit_id),
        )
    )
    return found or 0


def _of_cycle(cycle: Cycle, due: Deadlines, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The statement over everybody with a released result, their plan and the day it was due."""
    statement = (
        statement.select_from(Assessment)
        .outerjoin(
            DevelopmentPlan,
            and_(
                DevelopmentPlan.employee_id == Assessment.employee_id,
                DevelopmentPlan.fiscal_year == cycle.fiscal_year,
            ),
        )
        .outerjoin(Phase, and_(Phase.cycle_id == Assessment.cycle_id, Phase.kind == PhaseKind.PLAN_REVIEW))
        .where(Assessment.cycle_id == cycle.id, Assessment.state.in_(RELEASED_STATES))
    )
    return due.joined(statement, PhaseKind.PLAN_REVIEW)


def _standing(cycle: Cycle, due: Deadlines) -> tuple[ColumnElement[str], date | None]:
    """A word of PlanStanding for each row, and the day without more time."""
    days = sorted(due.days.get((cycle.id, PhaseKind.PLAN_REVIEW), ()))
    is_approved_first = PlanVersion.event == PlanEvent.APPROVE.value
    first = (
        select(func.min(PlanVersion.created_at))
        .where(PlanVersion.plan_id == DevelopmentPlan.id, is_approved_first)
        .correlate(DevelopmentPlan)
        .scalar_subquery()
    )
    approved_at = func.coalesce(first, DevelopmentPlan.approved_at)
    in_time: ColumnElement[bool] = or_(
        approved_at.is_(None),
        *(and_(due.due_on == day, approved_at < literal(_end_of(day), UtcDateTime)) for day in days),
    )
    words = {each: literal(each.value) for each in PlanStanding}
    standing = case(
        (
            or_(DevelopmentPlan.id.is_(None), DevelopmentPlan.state == PlanState.CANCELLED),
            words[PlanStanding.NONE],
        ),
        (and_(is_approved(), in_time if days else true()), words[PlanStanding.IN_TIME]),
        (is_approved(), words[PlanStanding.LATE]),
        (DevelopmentPlan.state.in_(UNDER_CHECK), words[PlanStanding.WAITING]),
        else_=words[PlanStanding.DRAFT],
    )
    return standing, days[0] if days else None


def _end_of(day: date) -> datetime:
    """The first moment after the day, on the clock of Bangkok."""
    return datetime.combine(day + timedelta(days=1), time(), BANGKOK)
