"""What a change of somebody's post would touch, before anything is written: their own records under way,
those of everybody below them, the orders and roles that hang on them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session, aliased

from idp.models import (
    Assessment,
    Assignment,
    Cycle,
    Delegation,
    DevelopmentPlan,
    Employee,
    Handover,
    Objection,
    Person,
    RoleGrant,
    StaffChange,
    UserAccount,
)
from idp.queries.change_pages import OrderOnPage, PersonBelow, Preview, RecordUnderWay, RoleOnPage
from idp.queries.relations import assignment_holds
from idp.rules.day_split import NotInTheRound, days_of_each
from idp.rules.objections import ObjectionState
from idp.rules.staff_changes import ChangeKind, Consequence, choices_for
from idp.rules.terms import AssessmentState, CycleState, PlanState, Relation
from idp.rules.thai import full_name

ENDED_PLANS = (PlanState.EVALUATED, PlanState.CANCELLED)
DECISIONS = (Consequence.EXEMPT, Consequence.SPLIT_BY_DAYS)
"""What nobody chooses for their own record."""

NOT_UNDER_WAY = (AssessmentState.CLOSED, AssessmentState.EXEMPTED)


def preview(
    session: Session,
    employee: Employee,
    kind: ChangeKind,
    effective_on: date,
    new_supervisor_id: int | None,
    actor_person_id: int | None,
) -> Preview:
    """Everything that the change would touch: eight statements, whatever the number of people below.

    `new_supervisor_id`: the person's own supervisor from then on. Nobody decides on their own record: there
    the actor is not offered to exempt.
    """
    person_id = employee.person_id
    rows = _records(session, employee.organisation_id, person_id)
    splits = _splits(session, [row.Assessment.id for row in rows])
    frozen = _frozen(session, [row.Assessment.id for row in rows])
    records = [
        _record(row, splits, frozen, kind, effective_on, person_id, new_supervisor_id, actor_person_id)
        for row in rows
    ]
    own = tuple(record for record in records if record.relation is Relation.OWNER)
    below = _below(session, employee, effective_on, [each for each in records if each not in own])
    orders, roles = _orders(session, employee, effective_on), _roles(session, employee, effective_on)
    account_id = session.scalar(
        select(UserAccount.id).where(UserAccount.person_id == person_id, UserAccount.is_active.is_(True))
    )
    marks = [record.mark for record in records]
    marks += [f"b{person.employee_id}:{person.assignment_id}" for person in below]
    marks += [f"d{order.id}:{order.until_on}" for order in orders] + [f"r{role.id}" for role in roles]
    return Preview(own, below, orders, roles, account_id, _digest(marks))


def _records(session: Session, organisation_id: int, person_id: int) -> list[Row[Any]]:
    """The records under way of the person and of those whom they supervise, oneself first."""
    plan = DevelopmentPlan
    holders = (
        Assessment.owner_person_id,
        Assessment.supervisor_person_id,
        Assessment.second_level_person_id,
        plan.supervisor_person_id,
        plan.second_level_person_id,
    )
    statement = (
        select(Assessment, Cycle, plan)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .outerjoin(plan, plan.assessment_id == Assessment.id)
        .where(
            Assessment.organisation_id == organisation_id,
            or_(*(column == person_id for column in holders)),
            or_(
                and_(Cycle.state == CycleState.OPEN, Assessment.state.not_in(NOT_UNDER_WAY)),
                and_(plan.id.is_not(None), plan.state.not_in(ENDED_PLANS)),
            ),
        )
        .order_by(Assessment.employee_number, Cycle.starts_on.desc(), Assessment.id)
    )
    return list(session.execute(statement))


def _splits(session: Session, assessment_ids: Iterable[int]) -> dict[int, tuple[date, ...]]:
    """The days on which each round was divided already."""
    rows = session.execute(
        select(Handover.assessment_id, StaffChange.effective_on)
        .join(StaffChange, StaffChange.id == Handover.change_id)
        .where(
            Handover.assessment_id.in_(list(assessment_ids)),
            Handover.consequence == Consequence.SPLIT_BY_DAYS,
        )
        .order_by(StaffChange.effective_on, Handover.id)
    )
    found: dict[int, tuple[date, ...]] = {}
    for assessment_id, day in rows:
        found[assessment_id] = (*found.get(assessment_id, ()), day)
    return found


def _frozen(session: Session, assessment_ids: Iterable[int]) -> frozenset[int]:
    """Records that an objection holds as they are until it is decided."""
    rows = session.scalars(
        select(Objection.assessment_id).where(
            Objection.assessment_id.in_(list(assessment_ids)), Objection.state == ObjectionState.LODGED
        )
    )
    return frozenset(rows)


def _record(
    row: Row[Any],
    splits: dict[int, tuple[date, ...]],
    frozen: frozenset[int],
    kind: ChangeKind,
    effective_on: date,
    person_id: int,
    new_supervisor_id: int | None,
    actor_person_id: int | None,
) -> RecordUnderWay:
    assessment, cycle, plan = row.Assessment, row.Cycle, row.DevelopmentPlan
    relation = _relation(assessment, plan, person_id)
    may_hand_over = relation is not Relation.OWNER or (
        new_supervisor_id is not None and new_supervisor_id != assessment.supervisor_person_id
    )
    days = round_days(cycle.starts_on, cycle.ends_on, splits.get(assessment.id, ()), effective_on)
    choices = choices_for(
        kind, relation, assessment.state, may_hand_over=may_hand_over, divides_the_round=bool(days)
    )
    is_actors = assessment.owner_person_id == actor_person_id
    if is_actors:
        choices = tuple(each for each in choices if each not in DECISIONS)
    if assessment.id in frozen:
        choices = (Consequence.KEEP,)
    plan_mark = f"p{plan.id}:{plan.version}" if plan else ""
    return RecordUnderWay(
        assessment_id=assessment.id,
        state=assessment.state,
        employee_id=assessment.employee_id,
        owner_person_id=assessment.owner_person_id,
        owner_name=full_name(assessment.title_th, assessment.first_name, assessment.last_name),
        cycle_name_th=cycle.name_th,
        cycle_name_en=cycle.name_en,
        relation=relation,
        supervisor_name=assessment.supervisor_name,
        second_level_name=assessment.second_level_name,
        supervisor_person_id=assessment.supervisor_person_id,
        second_level_person_id=assessment.second_level_person_id,
        plan_id=plan.id if plan else None,
        plan_state=plan.state if plan else None,
        days=days,
        choices=choices,
        is_actors=is_actors,
        mark=f"a{assessment.id}:{assessment.version}{plan_mark}:{len(splits.get(assessment.id, ()))}",
    )


def _relation(assessment: Assessment, plan: DevelopmentPlan | None, person_id: int) -> Relation:
    if assessment.owner_person_id == person_id:
        return Relation.OWNER
    supervising = {assessment.supervisor_person_id, plan.supervisor_person_id if plan else None}
    return Relation.SUPERVISOR if person_id in supervising else Relation.SECOND_LEVEL


def round_days(
    starts_on: date, ends_on: date, divided_on: tuple[date, ...], effective_on: date
) -> tuple[int, ...]:
    """The days of each supervisor of the round, empty where the day does not divide it."""
    try:
        return days_of_each(starts_on, ends_on, (*divided_on, effective_on))
    except NotInTheRound:
        return ()


def _below(
    session: Session, employee: Employee, day: date, records: list[RecordUnderWay]
) -> tuple[PersonBelow, ...]:
    """By number: whoever is under the person by their post, or in a round under way."""
    of_employee: dict[int, list[RecordUnderWay]] = defaultdict(list)
    for record in records:
        of_employee[record.employee_id].append(record)
    person_id = employee.person_id
    under = or_(Assignment.supervisor_person_id == person_id, Assignment.second_level_person_id == person_id)
    rows = session.execute(
        select(Employee, Assignment)
        .outerjoin(
            Assignment,
            and_(
                Assignment.employee_id == Employee.id,
                or_(Assignment.until_on.is_(None), assignment_holds(day)),
            ),
        )
        .where(
            Employee.organisation_id == employee.organisation_id,
            or_(Employee.left_on.is_(None), Employee.left_on >= day),
            or_(under, Employee.id.in_(of_employee)),
        )
        .order_by(Employee.number, Assignment.from_on)
    )
    found: dict[int, PersonBelow] = {}
    for each, assignment in rows:  # an open assignment, or the one in force, goes last and counts
        is_under = assignment is not None and person_id in (
            assignment.supervisor_person_id,
            assignment.second_level_person_id,
        )
        found[each.id] = PersonBelow(
            employee_id=each.id,
            person_id=each.person_id,
            number=each.number,
            name=each.person.display_name,
            position=assignment.full_position if assignment else "",
            assignment_id=assignment.id if is_under else None,
            is_direct=_is_direct(assignment if is_under else None, person_id, of_employee[each.id]),
            records=tuple(of_employee[each.id]),
        )
    return tuple(found.values())


def _is_direct(assignment: Assignment | None, person_id: int, records: list[RecordUnderWay]) -> bool:
    """The person is the supervisor, not only a level further up."""
    if assignment is not None and assignment.supervisor_person_id == person_id:
        return True
    return any(record.relation is Relation.SUPERVISOR for record in records)


def _orders(session: Session, employee: Employee, day: date) -> tuple[OrderOnPage, ...]:
    """Orders from or to the person that would still hold on that day or later."""
    giver, taker = aliased(Person), aliased(Person)
    rows = session.execute(
        select(
            Delegation.id,
            Delegation.order_number,
            giver.display_name,
            taker.display_name,
            Delegation.until_on,
        )
        .join(giver, giver.id == Delegation.from_person_id)
        .join(taker, taker.id == Delegation.to_person_id)
        .where(
            Delegation.organisation_id == employee.organisation_id,
            Delegation.until_on >= day,
            Delegation.is_revoked.is_(False),
            or_(
                Delegation.from_person_id == employee.person_id,
                Delegation.to_person_id == employee.person_id,
            ),
        )
        .order_by(Delegation.from_on, Delegation.id)
    )
    return tuple(OrderOnPage(*row) for row in rows)


def _roles(session: Session, employee: Employee, day: date) -> tuple[RoleOnPage, ...]:
    rows = session.execute(
        select(RoleGrant.id, RoleGrant.role)
        .where(
            RoleGrant.organisation_id == employee.organisation_id,
            RoleGrant.person_id == employee.person_id,
            or_(RoleGrant.until_on.is_(None), RoleGrant.until_on >= day),
        )
        .order_by(RoleGrant.id)
    )
    return tuple(RoleOnPage(*row) for row in rows)


def _digest(marks: Iterable[str]) -> str:
    return hashlib.sha256("|".join(marks).encode()).hexdigest()[:32]
