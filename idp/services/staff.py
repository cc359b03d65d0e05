"""Organisations, units and people: who works where, as what, under whom.

What founding, importing and the desks are built from: whether the actor may is asked there
(`services.organisations`, `services.log_ins`, `services.change_entry`), no function here is a page's own.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    Assignment,
    Employee,
    ExternalAppraiser,
    Organisation,
    Person,
    PositionLevel,
    RoleGrant,
    Unit,
    UserAccount,
)
from idp.rules.errors import InvalidInput
from idp.rules.relations import Actor
from idp.rules.terms import PersonnelType, Role, SubjectType
from idp.rules.texts import checked_email, checked_text, required_text
from idp.rules.thai import position_with_level
from idp.services.accounts import LONGEST_LOGIN, normalised_login
from idp.services.history import record_history

LONGEST_TITLE = 40
LONGEST_NAME = 100


def create_organisation(
    session: Session, actor: Actor, *, code: str, name_th: str, name_en: str, family: str, now: datetime
) -> Organisation:
    """A new organisation. Raises InvalidInput when the code is taken."""
    if session.scalar(select(Organisation.id).where(Organisation.code == code)) is not None:
        raise InvalidInput("code", "taken", value=code)
    organisation = Organisation(code=code, name_th=name_th, name_en=name_en, family=family, created_at=now)
    session.add(organisation)
    session.flush()
    subject = (SubjectType.ORGANISATION, organisation.id)
    record_history(session, actor, subject, "create", now, organisation_id=organisation.id)
    return organisation


def create_unit(
    session: Session,
    organisation_id: int,
    *,
    code: str,
    name_th: str,
    name_en: str = "",
    parent_id: int | None = None,
) -> Unit:
    """A unit below `parent_id` (a unit of the same organisation), or at the top."""
    parent = None if parent_id is None else session.get_one(Unit, parent_id)
    if parent is not None and parent.organisation_id != organisation_id:
        raise InvalidInput("parent_id", "unknown")
    unit = Unit(
        organisation_id=organisation_id,
        code=code,
        name_th=name_th,
        name_en=name_en,
        parent_id=parent_id,
        path="",
    )
    session.add(unit)
    session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    return unit


def create_person(
    session: Session,
    *,
    title_th: str,
    first_name: str,
    last_name: str,
    email: str | None = None,
    now: datetime,
) -> Person:
    """A new person, with an e-mail address or without. Raises InvalidInput naming the field."""
    person = Person(
        title_th=checked_text("title_th", title_th, LONGEST_TITLE),
        first_name=required_text("first_name", first_name, LONGEST_NAME),
        last_name=required_text("last_name", last_name, LONGEST_NAME),
        email=checked_email("email", email or "") or None,
        created_at=now,
    )
    session.add(person)
    session.flush()
    return person


def create_account(
    session: Session, actor: Actor, person_id: int, login: str, password_hash: str, now: datetime
) -> UserAccount:
    """A log-in for the person, a word of its own.

    Raises InvalidInput when it is none or taken, or when the person has one already.
    """
    login = required_text("login", normalised_login(login), LONGEST_LOGIN)
    if not login.isprintable() or login.split() != [login]:
        raise InvalidInput("login", "wrong_value")
    if session.scalar(select(UserAccount.id).where(UserAccount.login == login)) is not None:
        raise InvalidInput("login", "taken", value=login)
    if session.scalar(select(UserAccount.id).where(UserAccount.person_id == person_id)) is not None:
        raise InvalidInput("person_id", "has_account")
    account = UserAccount(
        person_id=person_id, login=login, password_hash=password_hash, password_changed_at=now
    )
    session.add(account)
    session.flush()
    subject = (SubjectType.ACCOUNT, account.id)
    record_history(session, actor, subject, "create", now, organisation_id=actor.organisation_id)
    return account


def hire(
    session: Session,
    actor: Actor,
    organisation_id: int,
    person_id: int,
    *,
    number: str,
    personnel_type: PersonnelType,
    hired_on: date,
    now: datetime,
) -> Employee:
    """Employ the person. Raises InvalidInput when the number is taken in the organisation."""
    taken = select(Employee.id).where(Employee.organisation_id == organisation_id, Employee.number == number)
    if session.scalar(taken) is not None:
        raise InvalidInput("number", "taken", value=number)
    employee = Employee(
        organisation_id=organisation_id,
        person_id=person_id,
        number=number,
        personnel_type=personnel_type,
        hired_on=hired_on,
    )
    session.add(employee)
    session.flush()
    subject = (SubjectType.EMPLOYEE, employee.id)
    record_history(session, actor, subject, "hire", now, organisation_id=organisation_id)
    return employee


def assign(
    session: Session,
    actor: Actor,
    employee_id: int,
    *,
    unit_id: int,
    position_name: str,
    position_level_id: int,
    from_on: date,
    now: datetime,
    position_number: str = "",
    line_of_work_id: int | None = None,
    supervisor_person_id: int | None = None,
    second_level_person_id: int | None = None,
) -> Assignment:
    """Assign the employee from `from_on`; the assignment before it ends the day before.

    Raises InvalidInput when somebody would supervise themself.
    """
    employee = session.get_one(Employee, employee_id)
    for field, person_id in (
        ("supervisor_person_id", supervisor_person_id),
        ("second_level_person_id", second_level_person_id),
    ):
        if person_id == employee.person_id:
            raise InvalidInput(field, "self")
    _end_open_assignment(session, employee_id, from_on)
    level = session.get_one(PositionLevel, position_level_id)
    assignment = Assignment(
        organisation_id=employee.organisation_id,
        employee_id=employee_id,
        unit_id=unit_id,
        position_name=position_name,
        full_position=position_with_level(position_name, level.name_th),
        position_number=position_number,
        line_of_work_id=line_of_work_id,
        position_level_id=position_level_id,
        supervisor_person_id=supervisor_person_id,
        second_level_person_id=second_level_person_id,
        from_on=from_on,
    )
    session.add(assignment)
    session.flush()
    record_history(
        session,
        actor,
        (SubjectType.EMPLOYEE, employee_id),
        "assign",
        now,
        organisation_id=employee.organisation_id,
        detail={"assignment_id": assignment.id, "from_on": from_on.isoformat()},
    )
    return assignment


def correct_supervisors(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    above: tuple[int | None, int | None],
    now: datetime,
) -> Assignment:
    """Write other superiors (supervisor, second level) into an assignment, from its first day on."""
    before = [assignment.supervisor_person_id, assignment.second_level_person_id]
    assignment.supervisor_person_id, assignment.second_level_person_id = above
    record_history(
        session,
        actor,
        (SubjectType.EMPLOYEE, assignment.employee_id),
        "correct_supervisors",
        now,
        organisation_id=assignment.organisation_id,
        detail={
            "assignment_id": assignment.id,
            "from_on": assignment.from_on.isoformat(),
            "before": before,
            "after": list(above),
        },
    )
    session.flush()
    return assignment


def _end_open_assignment(session: Session, employee_id: int, from_on: date) -> None:
    before = session.scalar(
        select(Assignment).where(Assignment.employee_id == employee_id, Assignment.until_on.is_(None))
    )
    if before is None:
        return
    if before.from_on >= from_on:
        raise InvalidInput("from_on", "before_current_assignment")
    before.until_on = date.fromordinal(from_on.toordinal() - 1)
    session.flush()


def name_external_appraiser(
    session: Session, organisation_id: int, person_id: int, position_name: str
) -> ExternalAppraiser:
    """Name somebody who is not staff (a mayor, a governor) as an appraiser of the organisation."""
    appraiser = ExternalAppraiser(
        organisation_id=organisation_id, person_id=person_id, position_name=position_name
    )
    session.add(appraiser)
    session.flush()
    return appraiser


def grant_role(
    session: Session,
    actor: Actor,
    organisation_id: int | None,
    person_id: int,
    role: Role,
    *,
    from_on: date,
    now: datetime,
    unit_id: int | None = None,
    until_on: date | None = None,
) -> RoleGrant:
    """Give the person a role from a day on; only the deployment's administrator has no organisation."""
    grant = RoleGrant(
        organisation_id=organisation_id,
        person_id=person_id,
        role=role,
        unit_id=unit_id,
        from_on=from_on,
        until_on=until_on,
    )
    session.add(grant)
    session.flush()
    if organisation_id is not None:
        record_history(
            session,
            actor,
            (SubjectType.ORGANISATION, organisation_id),
            "grant_role",
            now,
            organisation_id=organisation_id,
            detail={"person_id": person_id, "role": role.value, "from_on": from_on.isoformat()},
        )
    return grant
