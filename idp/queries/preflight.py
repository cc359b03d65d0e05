"""The pre-flight check of a cycle: who could not be assessed if it opened now, and what else would
surprise.

Every check is one statement over the whole organisation, and reads the assignments, profiles and
frameworks as they stand on the day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, func, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased

from idp.models import (
    Assignment,
    Competency,
    Cycle,
    CycleFramework,
    Employee,
    ExpectedLevel,
    ExternalAppraiser,
    Person,
    PositionProfile,
    ProficiencyLevel,
)
from idp.models.base import Hundredths
from idp.queries.agreements import is_asked_for
from idp.queries.expectations import expected_by_post, in_post
from idp.queries.organisation_rules import settings_page
from idp.queries.relations import appraiser_holds, assignment_holds

FULL_WEIGHT = Decimal(100)


class ProblemKind(StrEnum):
    """What pre-flight finds, worst first."""

    NO_FRAMEWORK = "no_framework"
    NO_AGREEMENT_DATES = "no_agreement_dates"  # the organisation asks for agreements, the cycle has no step
    NO_EMPLOYEES = "no_employees"
    NO_ASSIGNMENT = "no_assignment"
    NO_SUPERVISOR = "no_supervisor"
    SUPERVISOR_LEFT = "supervisor_left"
    NO_PROFILE = "no_profile"
    LEVEL_NOT_ON_LADDER = "level_not_on_ladder"
    WEIGHTS_NOT_HUNDRED = "weights_not_hundred"
    NO_SECOND_LEVEL = "no_second_level"
    NO_EMAIL = "no_email"


BLOCKING = frozenset(
    {
        ProblemKind.NO_FRAMEWORK,
        ProblemKind.NO_AGREEMENT_DATES,
        ProblemKind.NO_EMPLOYEES,
        ProblemKind.NO_ASSIGNMENT,
        ProblemKind.NO_SUPERVISOR,
        ProblemKind.SUPERVISOR_LEFT,
        ProblemKind.NO_PROFILE,
    }
)


@dataclass(frozen=True)
class PreflightProblem:
    """One finding; `employee_id` None where it concerns the organisation. `detail` names the thing
    concerned."""

    kind: ProblemKind
    employee_id: int | None = None
    employee_number: str = ""
    name: str = ""
    detail: str = ""

    @property
    def blocks(self) -> bool:
        return self.kind in BLOCKING


@dataclass(frozen=True)
class Preflight:
    """`employees`: how many would be assessed. The cycle may open when nothing blocks."""

    problems: tuple[PreflightProblem, ...]
    employees: int

    @property
    def passed(self) -> bool:
        return not any(problem.blocks for problem in self.problems)

    @property
    def blocking(self) -> tuple[PreflightProblem, ...]:
        return tuple(problem for problem in self.problems if problem.blocks)

    @property
    def warnings(self) -> tuple[PreflightProblem, ...]:
        return tuple(problem for problem in self.problems if not problem.blocks)


def preflight(session: Session, cycle: Cycle, day: date) -> Preflight:
    """Check the cycle's organisation as it stands on `day`."""
    employees = session.scalar(
        select(func.count()).select_from(Employee).where(employed_on(cycle.organisation_id, day))
    )
    problems = [*_whole_problems(session, cycle, employees or 0, day), *_people_problems(session, cycle, day)]
    order = list(ProblemKind)
    problems.sort(key=lambda problem: (order.index(problem.kind), problem.employee_number, problem.detail))
    return Preflight(tuple(problems), employees or 0)


def employed_on(organisation_id: int, day: date) -> ColumnElement[bool]:
    """Employees of the organisation who serve on that day."""
    return and_(
        Employee.organisation_id == organisation_id,
        Employee.hired_on <= day,
        or_(Employee.left_on.is_(None), Employee.left_on >= day),
    )


def _whole_problems(session: Session, cycle: Cycle, employees: int, day: date) -> Iterator[PreflightProblem]:
    if not cycle.frameworks:
        yield PreflightProblem(ProblemKind.NO_FRAMEWORK)
    (setting,) = settings_page(session, cycle.organisation_id, ("agreement_at_start",), day)
    if setting.value and not is_asked_for(session, cycle.id):
        yield PreflightProblem(ProblemKind.NO_AGREEMENT_DATES)
    if not employees:
        yield PreflightProblem(ProblemKind.NO_EMPLOYEES)
    yield from _ladder_problems(session, cycle)


def _ladder_problems(session: Session, cycle: Cycle) -> Iterator[PreflightProblem]:
    on_ladder = exists(
        select(ProficiencyLevel.id).where(
            ProficiencyLevel.competency_id == ExpectedLevel.competency_id,
            ProficiencyLevel.number == ExpectedLevel.level,
        )
    )
    rows = session.execute(
        select(Competency.name_th, ExpectedLevel.level)
        .join(ExpectedLevel, ExpectedLevel.competency_id == Competency.id)
        .join(PositionProfile, PositionProfile.id == ExpectedLevel.profile_id)
        .join(CycleFramework, CycleFramework.framework_version_id == Competency.framework_version_id)
        .where(
            PositionProfile.organisation_id == cycle.organisation_id,
            CycleFramework.cycle_id == cycle.id,
            ExpectedLevel.level > 0,
            ~on_ladder,
        )
        .distinct()
        .order_by(Competency.name_th, ExpectedLevel.level)
    )
    for name, level in rows:
        yield PreflightProblem(ProblemKind.LEVEL_NOT_ON_LADDER, detail=f"{name} ({level})")


def _people_problems(session: Session, cycle: Cycle, day: date) -> Iterator[PreflightProblem]:
    for row in session.execute(_people_statement(cycle, day)):
        person = (row.employee_id, row.number, row.display_name, row.full_position or "")
        for kind in _problems_of(row):
            yield PreflightProblem(kind, *person)


def _problems_of(row: Any) -> Iterator[ProblemKind]:
    if row.assignment_id is None:
        yield ProblemKind.NO_ASSIGNMENT
        return
    if row.supervisor_person_id is None:
        yield ProblemKind.NO_SUPERVISOR
    elif not row.supervisor_serves:
        yield ProblemKind.SUPERVISOR_LEFT
    elif row.second_level_person_id is None:
        yield ProblemKind.NO_SECOND_LEVEL
    if not row.competencies:
        yield ProblemKind.NO_PROFILE
    elif row.weighted and (row.weighted != row.competencies or row.total_weight != FULL_WEIGHT):
        yield ProblemKind.WEIGHTS_NOT_HUNDRED
    if not row.email:
        yield ProblemKind.NO_EMAIL


def _people_statement(cycle: Cycle, day: date) -> Select[Any]:
    weights = _weights_by_post(cycle, day)
    return (
        select(
            Employee.id.label("employee_id"),
            Employee.number,
            Person.display_name,
            Person.email,
            Assignment.id.label("assignment_id"),
            Assignment.full_position,
            Assignment.supervisor_person_id,
            Assignment.second_level_person_id,
            _supervisor_serves(cycle.organisation_id, day).label("supervisor_serves"),
            weights.c.competencies,
            weights.c.weighted,
            weights.c.total_weight,
        )
        .join(Person, Person.id == Employee.person_id)
        .outerjoin(Assignment, and_(Assignment.employee_id == Employee.id, assignment_holds(day)))
        .outerjoin(weights, in_post(weights, cycle.organisation_id, day))
        .where(employed_on(cycle.organisation_id, day))
        .order_by(Employee.number)
    )


def _weights_by_post(cycle: Cycle, day: date) -> Subquery:
    """One row for each post: how many competencies are expected, how many carry a weight, and its total."""
    expected = expected_by_post(cycle, day)
    return (
        select(
            expected.c.position_level_id,
            expected.c.line_key,
            expected.c.position_key,
            expected.c.competencies,
            expected.c.weighted,
            type_coerce(expected.c.total_weight, Hundredths).label("total_weight"),
        )
        .where(expected.c.place == 1)
        .subquery()
    )


def _supervisor_serves(organisation_id: int, day: date) -> ColumnElement[bool]:
    """The assignment's supervisor is still staff on that day, or appraises from outside."""
    supervisor = aliased(Employee)
    staff = exists(
        select(supervisor.id).where(
            supervisor.person_id == Assignment.supervisor_person_id,
            supervisor.organisation_id == organisation_id,
            or_(supervisor.left_on.is_(None), supervisor.left_on >= day),
        )
    )
    external = exists(
        select(ExternalAppraiser.id).where(
            ExternalAppraiser.person_id == Assignment.supervisor_person_id,
            ExternalAppraiser.organisation_id == organisation_id,
            appraiser_holds(day),
        )
    )
    return or_(staff, external)
