"""Read the register of staff: who serves on a day, where, as what, under whom."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from idp.models import (
    Assignment,
    Employee,
    ExternalAppraiser,
    HistoryHead,
    LineOfWork,
    Person,
    PositionLevel,
    RoleGrant,
    Unit,
    UserAccount,
)
from idp.queries.paper import with_own_access
from idp.queries.preflight import employed_on
from idp.queries.relations import appraiser_holds, assignment_holds
from idp.rules.terms import PersonnelType, Role, SubjectType

PAGE = 50
CHOICES_SHOWN = 200


@dataclass(frozen=True)
class StaffFilter:
    """What is asked for; an empty field asks for nothing. `text` is part of a number or a name."""

    unit_id: int | None = None
    text: str = ""
    without_supervisor: bool = False
    without_email: bool = False
    without_access: bool = False  # without a log-in in force or an e-mail address


@dataclass(frozen=True)
class StaffRow:
    """One employee as they stand on the day."""

    employee_id: int
    number: str
    name: str
    position: str
    unit_name_th: str
    unit_name_en: str
    supervisor_name: str
    email: str
    has_account: bool


@dataclass(frozen=True)
class StaffList:
    """`next_after`: the number to ask the following page with, None on the last one."""

    rows: tuple[StaffRow, ...]
    next_after: str | None


@dataclass(frozen=True)
class AssignmentRow:
    """One assignment of an employee. `from_on` to `until_on` (included, None when it still holds)."""

    id: int
    from_on: date
    until_on: date | None
    position: str
    position_number: str
    position_type: str
    line_of_work: str
    unit_name_th: str
    unit_name_en: str
    supervisor_name: str
    second_level_name: str


@dataclass(frozen=True)
class RoleRow:
    role: Role
    unit_name_th: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True)
class StaffPage:
    """An employee with their assignments, the latest first, and roles. `version`: how many entries their
    history has, because nothing changes without one."""

    employee_id: int
    person_id: int
    number: str
    name: str
    email: str
    personnel_type: PersonnelType
    hired_on: date
    left_on: date | None
    login: str
    assignments: tuple[AssignmentRow, ...]
    roles: tuple[RoleRow, ...]
    version: int


@dataclass(frozen=True)
class AppraiserChoice:
    """Somebody who may appraise: staff by number, others by their name."""

    person_id: int
    number: str
    name: str
    position: str

    @property
    def as_typed(self) -> str:
        """As a field takes it: "number name", or the name of somebody who is not staff."""
        return f"{self.number} {self.name}".strip()


def staff_list(
    session: Session,
    organisation_id: int,
    day: date,
    wanted: StaffFilter | None = None,
    after: str = "",
    limit: int = PAGE,
) -> StaffList:
    """Who serves on `day`, by number, `limit` of them after the number `after`: one statement."""
    wanted = wanted or StaffFilter()
    supervisor = aliased(Person)
    conditions = [employed_on(organisation_id, day), *_asked(wanted)]
    if after:
        conditions.append(Employee.number > after)
    found = session.execute(
        select(
            Employee.id,
            Employee.number,
            Person.display_name,
            Assignment.full_position,
            Unit.name_th,
            Unit.name_en,
            supervisor.display_name.label("supervisor_name"),
            Person.email,
            exists(select(UserAccount.id).where(UserAccount.person_id == Person.id)).label("has_account"),
        )
        .join(Person, Person.id == Employee.person_id)
        .outerjoin(Assignment, and_(Assignment.employee_id == Employee.id, assignment_holds(day)))
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(supervisor, supervisor.id == Assignment.supervisor_person_id)
        .where(*conditions)
        .order_by(Employee.number)
        .limit(limit + 1)
    ).all()
    rows = tuple(
        StaffRow(
            row.id,
            row.number,
            row.display_name,
            row.full_position or "",
            row.name_th or "",
            row.name_en or "",
            row.supervisor_name or "",
            row.email or "",
            bool(row.has_account),
        )
        for row in found[:limit]
    )
    return StaffList(rows, rows[-1].number if len(found) > limit else None)


def staff_page(session: Session, organisation_id: int, employee_id: int) -> StaffPage | None:
    """The employee of that organisation, None when there is none: three statements."""
    row = session.execute(
        select(Employee, Person.display_name, Person.email, UserAccount.login, HistoryHead.sequence)
        .join(Person, Person.id == Employee.person_id)
        .outerjoin(UserAccount, UserAccount.person_id == Person.id)
        .outerjoin(
            HistoryHead,
            and_(HistoryHead.subject_type == SubjectType.EMPLOYEE, HistoryHead.subject_id == Employee.id),
        )
        .where(Employee.id == employee_id, Employee.organisation_id == organisation_id)
    ).one_or_none()
    if row is None:
        return None
    employee: Employee = row.Employee
    return StaffPage(
        employee.id,
        employee.person_id,
        employee.number,
        row.display_name,
        row.email or "",
        employee.personnel_type,
        employee.hired_on,
        employee.left_on,
        row.login or "",
        _assignments(session, employee_id),
        _roles(session, organisation_id, employee.person_id),
        row.sequence or 0,
    )


def find_appraisers(
    session: Session, organisation_id: int, text: str, day: date
) -> tuple[AppraiserChoice, ...]:
    """Whom a typed number or name means: staff by number, else staff and outside appraisers by whole name.

    The text may be "number name", as the list of choices writes it.
    """
    number = text.split(maxsplit=1)[0] if text.split() else ""
    by_number = _appraisers(session, organisation_id, day, Employee.number == number)
    if by_number or not text:
        return by_number
    name = " ".join(text.split())
    staff = _appraisers(session, organisation_id, day, Person.display_name == name)
    outside = external_appraisers(session, organisation_id, day)
    return staff + tuple(each for each in outside if each.name == name)


def appraiser_choices(session: Session, organisation_id: int, day: date) -> tuple[AppraiserChoice, ...]:
    """Those who appraise somebody on that day, and the appraisers from outside: the likely choices."""
    heads = select(Assignment.supervisor_person_id).where(
        Assignment.organisation_id == organisation_id, assignment_holds(day)
    )
    staff = _appraisers(session, organisation_id, day, Employee.person_id.in_(heads))
    return external_appraisers(session, organisation_id, day) + staff


def external_appraisers(session: Session, organisation_id: int, day: date) -> tuple[AppraiserChoice, ...]:
    """Those from outside who appraise there on that day, by name."""
    rows = session.execute(
        select(ExternalAppraiser.person_id, Person.display_name, ExternalAppraiser.position_name)
        .join(Person, Person.id == ExternalAppraiser.person_id)
        .where(ExternalAppraiser.organisation_id == organisation_id, appraiser_holds(day))
        .order_by(Person.display_name)
    )
    return tuple(AppraiserChoice(person_id, "", name, position) for person_id, name, position in rows)


def _appraisers(
    session: Session, organisation_id: int, day: date, condition: ColumnElement[bool]
) -> tuple[AppraiserChoice, ...]:
    rows = session.execute(
        select(Employee.person_id, Employee.number, Person.display_name, Assignment.full_position)
        .join(Person, Person.id == Employee.person_id)
        .outerjoin(Assignment, and_(Assignment.employee_id == Employee.id, assignment_holds(day)))
        .where(employed_on(organisation_id, day), condition)
        .order_by(Employee.number)
        .limit(CHOICES_SHOWN)
    )
    return tuple(
        AppraiserChoice(person_id, number, name, position or "") for person_id, number, name, position in rows
    )


def _asked(wanted: StaffFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.unit_id is not None:
        top = select(Unit.path).where(Unit.id == wanted.unit_id).scalar_subquery()
        conditions.append(Unit.path.startswith(top))
    if wanted.without_supervisor:
        conditions.append(Assignment.supervisor_person_id.is_(None))
    if wanted.without_email:
        conditions.append(or_(Person.email.is_(None), Person.email == ""))
    if wanted.without_access:
        conditions.append(Person.id.not_in(with_own_access()))
    for word in wanted.text.split():
        conditions.append(
            or_(
                Employee.number.icontains(word, autoescape=True),
                Person.display_name.icontains(word, autoescape=True),
            )
        )
    return conditions


def _assignments(session: Session, employee_id: int) -> tuple[AssignmentRow, ...]:
    supervisor, second = aliased(Person), aliased(Person)
    rows = session.execute(
        select(
            Assignment.id,
            Assignment.from_on,
            Assignment.until_on,
            Assignment.full_position,
            Assignment.position_number,
            PositionLevel.type_name_th,
            func.coalesce(LineOfWork.name_th, ""),
            Unit.name_th,
            Unit.name_en,
            func.coalesce(supervisor.display_name, ""),
            func.coalesce(second.display_name, ""),
        )
        .join(PositionLevel, PositionLevel.id == Assignment.position_level_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(LineOfWork, LineOfWork.id == Assignment.line_of_work_id)
        .outerjoin(supervisor, supervisor.id == Assignment.supervisor_person_id)
        .outerjoin(second, second.id == Assignment.second_level_person_id)
        .where(Assignment.employee_id == employee_id)
        .order_by(Assignment.from_on.desc())
    )
    return tuple(AssignmentRow(*row) for row in rows)


def _roles(session: Session, organisation_id: int, person_id: int) -> tuple[RoleRow, ...]:
    rows = session.execute(
        select(RoleGrant.role, Unit.name_th, RoleGrant.from_on, RoleGrant.until_on)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.person_id == person_id, RoleGrant.organisation_id == organisation_id)
        .order_by(RoleGrant.from_on.desc(), RoleGrant.id.desc())
    )
    return tuple(RoleRow(role, unit or "", from_on, until_on) for role, unit, from_on, until_on in rows)
