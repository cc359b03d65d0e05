"""The pre-flight check of a cycle: who could not be assessed if it opened now, and what else would
surprise.

Every check is one statement over the whole organisation, and reads the assignments, profiles and
frameworks as they stand on the day.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, func, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased

from idp.models import (
    Assignment,
    Competency,
    Cycle,
    CycleFramework,
    Employee,
    ExternalAppraiser,
    Person,
)
from idp.models.base import Hundredths
from idp.queries.agreements import is_asked_for
from idp.queries.expectations import expected_by_post, in_post
from idp.queries.organisation_rules import settings_page
from idp.queries.relations import appraiser_holds, assignment_holds
from idp.rules.rings import rings_of
from idp.rules.scoring import method_of
from idp.rules.scoring.weights import are_whole
from idp.rules.settings import rules_from_json
from idp.rules.terms import PersonnelType, VersionState

NAMED = 200
"""Findings of one kind that are named; the others are counted."""
PEOPLE_AT_ONCE = 10_000
"""People read by one statement. Not through a cursor: PostgreSQL plans one for its first rows, and works out
what is expected of the posts anew for each person."""


class ProblemKind(StrEnum):
    """What pre-flight finds, worst first."""

    NO_FRAMEWORK = "no_framework"
    FRAMEWORK_RETIRED = "framework_retired"
    NO_AGREEMENT_DATES = "no_agreement_dates"  # the organisation asks for agreements, the cycle has no step
    NO_EMPLOYEES = "no_employees"
    NO_ASSIGNMENT = "no_assignment"
    NO_SUPERVISOR = "no_supervisor"
    SUPERVISOR_LEFT = "supervisor_left"
    SUPERVISOR_LOOP = "supervisor_loop"  # somebody would come out above themself
    NO_PROFILE = "no_profile"
    WEIGHTS_NOT_HUNDRED = "weights_not_hundred"  # and the method counts them
    LEVEL_NOT_ON_LADDER = "level_not_on_ladder"
    WEIGHTS_NOT_COUNTED = "weights_not_counted"  # not 100 either, but the method has no use for them
    NO_SECOND_LEVEL = "no_second_level"
    NO_EMAIL = "no_email"


BLOCKING = frozenset(
    {
        ProblemKind.NO_FRAMEWORK,
        ProblemKind.FRAMEWORK_RETIRED,
        ProblemKind.NO_AGREEMENT_DATES,
        ProblemKind.NO_EMPLOYEES,
        ProblemKind.NO_ASSIGNMENT,
        ProblemKind.NO_SUPERVISOR,
        ProblemKind.SUPERVISOR_LEFT,
        ProblemKind.SUPERVISOR_LOOP,
        ProblemKind.NO_PROFILE,
        ProblemKind.WEIGHTS_NOT_HUNDRED,
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
    """`employees`: how many would be assessed. The cycle may open when nothing blocks.

    `problems`: worst first, of each kind the first `NAMED` by the employee's number; `counts`: how many there
    are of each kind.
    """

    problems: tuple[PreflightProblem, ...]
    counts: Mapping[ProblemKind, int]
    employees: int

    @property
    def passed(self) -> bool:
        return not self.blocking

    @property
    def blocking(self) -> int:
        """How many findings stand in the way."""
        return sum(count for kind, count in self.counts.items() if kind in BLOCKING)

    @property
    def warnings(self) -> int:
        return sum(count for kind, count in self.counts.items() if kind not in BLOCKING)


def preflight(session: Session, cycle: Cycle, day: date) -> Preflight:
    """Check the cycle's organisation as it stands on `day`, in memory that does not grow with the people."""
    employees = session.scalar(
        select(func.count()).select_from(Employee).where(employed_on(cycle.organisation_id, day))
    )
    found: dict[ProblemKind, list[PreflightProblem]] = {kind: [] for kind in ProblemKind}
    counts: Counter[ProblemKind] = Counter()
    for problem in chain(
        _whole_problems(session, cycle, employees or 0, day),
        _people_problems(session, cycle, day),
        _loops(session, cycle.organisation_id, day),
    ):
        counts[problem.kind] += 1
        if counts[problem.kind] <= NAMED:
            found[problem.kind].append(problem)
    return Preflight(tuple(chain.from_iterable(found.values())), counts, employees or 0)


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
    retired = {each.framework_version.name_th for each in cycle.frameworks if _is_retired(each)}
    for name in sorted(retired):
        yield PreflightProblem(ProblemKind.FRAMEWORK_RETIRED, detail=name)
    (setting,) = settings_page(session, cycle.organisation_id, ("agreement_at_start",), day)
    if setting.value and not is_asked_for(session, cycle.id):
        yield PreflightProblem(ProblemKind.NO_AGREEMENT_DATES)
    if not employees:
        yield PreflightProblem(ProblemKind.NO_EMPLOYEES)
    yield from _ladder_problems(session, cycle, day)


def _is_retired(use: CycleFramework) -> bool:
    return use.framework_version.state is VersionState.RETIRED


def _ladder_problems(session: Session, cycle: Cycle, day: date) -> Iterator[PreflightProblem]:
    """What is expected of a post that is filled, where the ladder has no such level."""
    expected = expected_by_post(cycle, day)
    rows = session.execute(
        select(Competency.name_th, expected.c.written)
        .join(Competency, Competency.id == expected.c.competency_id)
        .where(expected.c.written != expected.c.level)
        .distinct()
        .order_by(Competency.name_th, expected.c.written)
    )
    for name, level in rows:
        yield PreflightProblem(ProblemKind.LEVEL_NOT_ON_LADDER, detail=f"{name} ({level})")


def _people_problems(session: Session, cycle: Cycle, day: date) -> Iterator[PreflightProblem]:
    weighing = _types_with_weights(session, cycle.organisation_id, day)
    statement, last = _people_statement(cycle, day).limit(PEOPLE_AT_ONCE), ""
    while rows := session.execute(statement.where(Employee.number > last)).all():
        for row in rows:
            person = (row.employee_id, row.number, row.display_name, row.full_position or "")
            for kind in _problems_of(row, row.personnel_type in weighing):
                yield PreflightProblem(kind, *person)
        last = rows[-1].number


def _problems_of(row: Any, counts_weights: bool) -> Iterator[ProblemKind]:
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
    elif row.weighted and not are_whole(row.weighted, row.competencies, row.total_weight):
        yield ProblemKind.WEIGHTS_NOT_HUNDRED if counts_weights else ProblemKind.WEIGHTS_NOT_COUNTED
    if not row.email:
        yield ProblemKind.NO_EMAIL


def _types_with_weights(session: Session, organisation_id: int, day: date) -> frozenset[PersonnelType]:
    """The personnel types whose method counts the weights of competencies."""
    (setting,) = settings_page(session, organisation_id, ("scoring",), day)
    scoring = setting.value if setting.since is None else rules_from_json({"scoring": setting.value}).scoring
    return frozenset(kind for kind, rule in scoring.items() if method_of(rule.method).uses_weights)


def _loops(session: Session, organisation_id: int, day: date) -> Iterator[PreflightProblem]:
    """Everybody who comes upon themself on the way up from supervisor to supervisor, with that way; also who
    is their own second level.

    Only who rates somebody can be in such a ring, so few rows are read however many people there are.
    """
    serves = (
        select(Employee.person_id, Assignment.supervisor_person_id, Assignment.second_level_person_id)
        .add_columns(Employee.id, Employee.number, Person.display_name)
        .join(Person, Person.id == Employee.person_id)
        .join(Assignment, and_(Assignment.employee_id == Employee.id, assignment_holds(day)))
        .where(employed_on(organisation_id, day), Assignment.supervisor_person_id.is_not(None))
    )
    raters = select(Assignment.supervisor_person_id).where(
        Assignment.organisation_id == organisation_id, assignment_holds(day)
    )
    rows = {
        row.person_id: row
        for row in session.execute(
            serves.where(
                or_(
                    Employee.person_id.in_(raters.where(Assignment.supervisor_person_id.is_not(None))),
                    Assignment.second_level_person_id == Employee.person_id,
                )
            ).order_by(Employee.number)
        )
    }
    rings = rings_of({person: row.supervisor_person_id for person, row in rows.items()})
    for person, row in rows.items():
        way = rings.get(person, ())
        if not way and row.second_level_person_id == person:
            way = (person, row.supervisor_person_id)
        if way:
            names = [rows[each].display_name if each in rows else "…" for each in (*way, person)]
            yield PreflightProblem(
                ProblemKind.SUPERVISOR_LOOP, row.id, row.number, row.display_name, " → ".join(names)
            )


def _people_statement(cycle: Cycle, day: date) -> Select[*tuple[Any, ...]]:
    weights = _weights_by_post(cycle, day)
    return (
        select(
            Employee.id.label("employee_id"),
            Employee.number,
            Employee.personnel_type,
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
