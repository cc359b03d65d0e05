"""What a change of post does to the dated assignments: of the person, and of those below them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assignment, Employee, RoleGrant
from idp.queries.relations import assignment_holds
from idp.rules.errors import InvalidInput
from idp.rules.relations import Actor
from idp.rules.staff_changes import ENDING, WITH_A_NEW_POST, ChangeKind
from idp.rules.terms import SubjectType
from idp.services.history import record_history
from idp.services.staff import assign, correct_supervisors

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Post:
    """A post as an assignment names it."""

    unit_id: int
    position_name: str
    position_number: str
    position_level_id: int
    line_of_work_id: int | None


@dataclass(frozen=True)
class Move:
    """A change that has been checked: `post` where it leads to another, the supervisors from then on where
    it changes them."""

    employee: Employee
    kind: ChangeKind
    effective_on: date
    until_on: date | None
    order_number: str
    reason: str
    current: Assignment | None
    post: Post | None
    supervisor_id: int | None
    second_level_id: int | None


def current_assignment(session: Session, employee_id: int, day: date) -> Assignment | None:
    """The one in force on that day, else the one that is open."""
    holding = session.scalar(
        select(Assignment).where(Assignment.employee_id == employee_id, assignment_holds(day))
    )
    return holding or session.scalar(
        select(Assignment).where(Assignment.employee_id == employee_id, Assignment.until_on.is_(None))
    )


def change_post(session: Session, actor: Actor, move: Move, now: datetime) -> Assignment | None:
    """End and begin the person's assignments as the change has it; the one that it led to.

    A secondment with a last day is followed by the post as it was: the person comes back by themself. What
    was planned before (such a return) gives way to the new change.
    """
    employee, current = move.employee, move.current
    if move.kind is ChangeKind.LEAVE:
        return None
    if current is not None and (move.kind in ENDING or move.kind in WITH_A_NEW_POST):
        _drop_planned(session, actor, employee.id, move.effective_on, now)
    if move.kind in ENDING:
        employee.left_on = move.effective_on - ONE_DAY
        if current is not None:
            current.until_on = employee.left_on
        session.flush()
        return None
    if current is None:
        raise InvalidInput("effective_on", "no_assignment")
    if move.kind in WITH_A_NEW_POST and move.post is not None:
        before = _post_of(current)
        above = (current.supervisor_person_id, current.second_level_person_id)
        led_to = _assign(session, actor, employee.id, move.post, _above(move), move.effective_on, now)
        if move.until_on is not None:
            _assign(session, actor, employee.id, before, above, move.until_on + ONE_DAY, now)
        return led_to
    return place_under(session, actor, current, _above(move), move.effective_on, now)


def place_under(
    session: Session,
    actor: Actor,
    current: Assignment,
    above: tuple[int | None, int | None],
    day: date,
    now: datetime,
) -> Assignment:
    """The same post under others (supervisor, second level) from that day; one that began that day or later
    is corrected in place."""
    if current.from_on < day:
        return _divide(session, actor, current, above, day, now)
    return correct_supervisors(session, actor, current, above, now)


def _divide(
    session: Session,
    actor: Actor,
    current: Assignment,
    above: tuple[int | None, int | None],
    day: date,
    now: datetime,
) -> Assignment:
    """The assignment ends the day before, and goes on to its own last day under others."""
    until_on, current.until_on = current.until_on, day - ONE_DAY
    session.flush()
    following = Assignment(
        organisation_id=current.organisation_id,
        employee_id=current.employee_id,
        unit_id=current.unit_id,
        position_name=current.position_name,
        full_position=current.full_position,
        position_number=current.position_number,
        position_level_id=current.position_level_id,
        line_of_work_id=current.line_of_work_id,
        supervisor_person_id=above[0],
        second_level_person_id=above[1],
        from_on=day,
        until_on=until_on,
    )
    session.add(following)
    session.flush()
    record_history(
        session,
        actor,
        (SubjectType.EMPLOYEE, current.employee_id),
        "assign",
        now,
        organisation_id=current.organisation_id,
        detail={"assignment_id": following.id, "from_on": day.isoformat()},
    )
    return following


def end_roles(
    session: Session,
    actor: Actor,
    employee: Employee,
    role_ids: tuple[int, ...],
    last_on: date,
    now: datetime,
) -> None:
    """The person's roles in the organisation end with that day; one that has not begun never holds."""
    grants = session.scalars(
        select(RoleGrant).where(
            RoleGrant.id.in_(role_ids),
            RoleGrant.person_id == employee.person_id,
            RoleGrant.organisation_id == employee.organisation_id,
        )
    ).all()
    for grant in grants:
        before = grant.until_on
        grant.until_on = max(last_on, grant.from_on - ONE_DAY)
        record_history(
            session,
            actor,
            (SubjectType.ORGANISATION, employee.organisation_id),
            "end_role",
            now,
            organisation_id=employee.organisation_id,
            detail={
                "person_id": employee.person_id,
                "role": grant.role.value,
                "before": before.isoformat() if before else None,
                "until_on": grant.until_on.isoformat(),
            },
        )
    session.flush()


def _above(move: Move) -> tuple[int | None, int | None]:
    return move.supervisor_id, move.second_level_id


def _post_of(assignment: Assignment) -> Post:
    return Post(
        assignment.unit_id,
        assignment.position_name,
        assignment.position_number,
        assignment.position_level_id,
        assignment.line_of_work_id,
    )


def _planned(assignment: Assignment) -> dict[str, Any]:
    return {
        "assignment_id": assignment.id,
        "unit_id": assignment.unit_id,
        "position": assignment.full_position,
        "position_number": assignment.position_number,
        "supervisor_person_id": assignment.supervisor_person_id,
        "second_level_person_id": assignment.second_level_person_id,
        "from_on": assignment.from_on.isoformat(),
        "until_on": assignment.until_on.isoformat() if assignment.until_on else None,
    }


def _assign(
    session: Session,
    actor: Actor,
    employee_id: int,
    post: Post,
    above: tuple[int | None, int | None],
    day: date,
    now: datetime,
) -> Assignment:
    return assign(
        session,
        actor,
        employee_id,
        unit_id=post.unit_id,
        position_name=post.position_name,
        position_number=post.position_number,
        position_level_id=post.position_level_id,
        line_of_work_id=post.line_of_work_id,
        supervisor_person_id=above[0],
        second_level_person_id=above[1],
        from_on=day,
        now=now,
    )


def _drop_planned(session: Session, actor: Actor, employee_id: int, day: date, now: datetime) -> None:
    """Assignments that would begin after that day: a planned return that is overtaken; the history keeps what
    was planned. The one in force stays open for what follows."""
    planned = session.scalars(
        select(Assignment).where(Assignment.employee_id == employee_id, Assignment.from_on > day)
    ).all()
    for assignment in planned:
        record_history(
            session,
            actor,
            (SubjectType.EMPLOYEE, employee_id),
            "drop_assignment",
            now,
            organisation_id=assignment.organisation_id,
            detail=_planned(assignment),
        )
        session.delete(assignment)
    session.flush()
    holding = session.scalar(
        select(Assignment).where(Assignment.employee_id == employee_id, assignment_holds(day))
    )
    if planned and holding is not None:
        holding.until_on = None
        session.flush()
