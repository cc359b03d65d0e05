"""What HR mends in the register of staff between imports: an e-mail address, the line of supervision."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assignment, Employee, Person
from idp.queries.staff import find_appraisers
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, NotVisible
from idp.rules.relations import Actor
from idp.rules.terms import Permission, SubjectType
from idp.rules.texts import checked_email, checked_text
from idp.services.access import check_organisation
from idp.services.change_refusals import refuse_to_choose_ones_own
from idp.services.history import check_chain, record_history
from idp.services.staff import assign, correct_supervisors


def correct_email(
    session: Session,
    actor: Actor,
    employee_id: int,
    email: str,
    now: datetime,
    expected_version: int | None = None,
) -> Person:
    """Write the person's address, or take it away ("" : their notices are printed).

    `expected_version` is the length of the employee's history. Raises InvalidInput at `email`, NotVisible,
    NotPermitted, StaleVersion.
    """
    employee = _load(session, actor, employee_id, now)
    check_chain(session, (SubjectType.EMPLOYEE, employee.id), expected_version)
    email = checked_email("email", email)
    person = employee.person
    if (person.email or "") != email:
        person.email = email or None
        record_history(
            session,
            actor,
            (SubjectType.EMPLOYEE, employee.id),
            "correct_email",
            now,
            organisation_id=employee.organisation_id,
        )
    session.flush()
    return person


def change_supervisors(
    session: Session,
    actor: Actor,
    employee_id: int,
    supervisor: str,
    second_level: str,
    from_on: date,
    now: datetime,
    expected_version: int | None = None,
) -> Assignment:
    """A new assignment from `from_on` on, in the same position, under others.

    `supervisor` and `second_level` are a number or a whole name ("" for nobody above). The assignment before
    it ends the day before; one that began that very day is corrected in place. Raises InvalidInput at the
    field, NotVisible, NotPermitted, StaleVersion (`expected_version` as above).
    """
    employee = _load(session, actor, employee_id, now)
    check_chain(session, (SubjectType.EMPLOYEE, employee.id), expected_version)
    current = session.scalar(
        select(Assignment).where(Assignment.employee_id == employee.id, Assignment.until_on.is_(None))
    )
    if current is None:
        raise InvalidInput("supervisor", "no_assignment")
    if from_on < current.from_on:
        raise InvalidInput("from_on", "before_current_assignment")
    supervisor_id = _whom(session, employee, "supervisor", supervisor, from_on)
    second_id = _whom(session, employee, "second_level", second_level, from_on)
    if supervisor_id is None:
        raise InvalidInput("supervisor", "required")
    refuse_to_choose_ones_own(session, actor, employee, "supervisor", local_day(now))
    if second_id == supervisor_id:
        raise InvalidInput("second_level", "same_as_supervisor")
    if from_on == current.from_on:
        return correct_supervisors(session, actor, current, (supervisor_id, second_id), now)
    return assign(
        session,
        actor,
        employee.id,
        unit_id=current.unit_id,
        position_name=current.position_name,
        position_level_id=current.position_level_id,
        position_number=current.position_number,
        line_of_work_id=current.line_of_work_id,
        supervisor_person_id=supervisor_id,
        second_level_person_id=second_id,
        from_on=from_on,
        now=now,
    )


def _load(session: Session, actor: Actor, employee_id: int, now: datetime) -> Employee:
    check_organisation(session, actor, Permission.STAFF_EDIT, local_day(now))
    employee = session.get(Employee, employee_id)
    if employee is None or not (actor.is_system or employee.organisation_id == actor.organisation_id):
        raise NotVisible
    return employee


def _whom(session: Session, employee: Employee, field: str, text: str, day: date) -> int | None:
    person_id = appraiser_meant(session, employee.organisation_id, field, text, day)
    if person_id == employee.person_id:
        raise InvalidInput(field, "self")
    return person_id


def appraiser_meant(session: Session, organisation_id: int, field: str, text: str, day: date) -> int | None:
    """The one person whom a typed number or whole name means, None for an empty field. Raises InvalidInput at
    the field."""
    text = checked_text(field, text)
    if not text:
        return None
    found = find_appraisers(session, organisation_id, text, day)
    if not found:
        raise InvalidInput(field, "no_such_person")
    if len(found) > 1:
        raise InvalidInput(field, "several_persons")
    return found[0].person_id
