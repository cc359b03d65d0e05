"""Log-ins and roles as the personnel office manages them: of those who belong, or belonged, to the
organisation."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from idp.models import (
    Employee,
    ExternalAppraiser,
    HistoryEntry,
    Person,
    RoleGrant,
    Unit,
    UserAccount,
    WebSession,
)
from idp.queries.memberships import belongs_elsewhere, of_organisation
from idp.queries.relations import role_holds
from idp.rules.terms import Role, SubjectType

PAGE = 50
MOST_LINES = 100
ROLE_EVENTS = ("grant_role", "end_role")


class AccountFilter(StrEnum):
    """Whom the list holds."""

    ROLES = "roles"  # who holds a role today
    ALL = "all"
    NONE = "none"  # who cannot log in yet
    DISABLED = "disabled"


@dataclass(frozen=True)
class AccountRow:
    """One person of the list; `login` is empty for somebody without a log-in."""

    person_id: int
    number: str
    name: str
    login: str
    is_active: bool
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class AccountList:
    """`next_after`: the person's id to ask the following page with, None on the last one."""

    rows: tuple[AccountRow, ...]
    next_after: int | None


@dataclass(frozen=True)
class RoleOfPerson:
    """A role in the organisation; `holds` today, `is_open`: it can still be ended."""

    id: int
    role: Role
    unit_name_th: str
    unit_name_en: str
    from_on: date
    until_on: date | None
    holds: bool
    is_open: bool


@dataclass(frozen=True)
class AccountLine:
    """One act on the log-in or the roles."""

    event: str
    actor_name: str
    at: datetime
    role: Role | None


@dataclass(frozen=True)
class AccountPage:
    """`login` is empty without a log-in; `is_elsewhere`: the person belongs to another organisation too,
    whose records the log-in opens; `employee_id`, `appraiser_id`: what the person is here."""

    person_id: int
    name: str
    email: str
    employee_id: int | None
    number: str
    left_on: date | None
    appraiser_id: int | None
    position_name: str
    login: str
    is_active: bool
    must_change_password: bool
    password_changed_at: datetime | None
    open_sessions: int
    is_elsewhere: bool
    roles: tuple[RoleOfPerson, ...]
    lines: tuple[AccountLine, ...]


def account_list(
    session: Session,
    organisation_id: int,
    day: date,
    wanted: AccountFilter = AccountFilter.ROLES,
    text: str = "",
    after: int | None = None,
    limit: int = PAGE,
) -> AccountList:
    """Whom the organisation's officers manage; `text` is part of a name, a number or a log-in name. Two
    statements."""
    conditions = [of_organisation(organisation_id), _asked(wanted, organisation_id, day)]
    for word in text.split():
        conditions.append(
            or_(
                Person.display_name.icontains(word, autoescape=True),
                Employee.number.icontains(word, autoescape=True),
                UserAccount.login.icontains(word, autoescape=True),
            )
        )
    if after is not None:
        conditions.append(Person.id > after)
    found = session.execute(
        select(Person.id, Employee.number, Person.display_name, UserAccount.login, UserAccount.is_active)
        .outerjoin(
            Employee, and_(Employee.person_id == Person.id, Employee.organisation_id == organisation_id)
        )
        .outerjoin(UserAccount, UserAccount.person_id == Person.id)
        .where(*conditions)
        .order_by(Person.id)
        .limit(limit + 1)
    ).all()
    shown = found[:limit]
    roles = _roles_today(session, organisation_id, [row.id for row in shown], day)
    rows = tuple(
        AccountRow(
            row.id,
            row.number or "",
            row.display_name,
            row.login or "",
            bool(row.is_active),
            roles.get(row.id, ()),
        )
        for row in shown
    )
    return AccountList(rows, rows[-1].person_id if len(found) > limit else None)


def account_page(
    session: Session, organisation_id: int, person_id: int, day: date, now: datetime
) -> AccountPage | None:
    """The person as the organisation's officers manage them, None for somebody of others; five statements."""
    row = session.execute(
        select(
            Person.display_name,
            Person.email,
            Employee.id.label("employee_id"),
            Employee.number,
            Employee.left_on,
            ExternalAppraiser.id.label("appraiser_id"),
            ExternalAppraiser.position_name,
            UserAccount.id.label("account_id"),
            UserAccount.login,
            UserAccount.is_active,
            UserAccount.must_change_password,
            UserAccount.password_changed_at,
        )
        .select_from(Person)
        .outerjoin(
            Employee, and_(Employee.person_id == Person.id, Employee.organisation_id == organisation_id)
        )
        .outerjoin(
            ExternalAppraiser,
            and_(
                ExternalAppraiser.person_id == Person.id, ExternalAppraiser.organisation_id == organisation_id
            ),
        )
        .outerjoin(UserAccount, UserAccount.person_id == Person.id)
        .where(Person.id == person_id, of_organisation(organisation_id))
    ).one_or_none()
    if row is None:
        return None
    sessions = select(func.count()).where(
        WebSession.user_account_id == (row.account_id or 0), WebSession.expires_at > now
    )
    return AccountPage(
        person_id=person_id,
        name=row.display_name,
        email=row.email or "",
        employee_id=row.employee_id,
        number=row.number or "",
        left_on=row.left_on,
        appraiser_id=row.appraiser_id,
        position_name=row.position_name or "",
        login=row.login or "",
        is_active=bool(row.is_active),
        must_change_password=bool(row.must_change_password),
        password_changed_at=row.password_changed_at,
        open_sessions=session.scalar(sessions) or 0,
        is_elsewhere=belongs_elsewhere(session, person_id, organisation_id, day),
        roles=_roles(session, organisation_id, person_id, day),
        lines=_lines(session, organisation_id, person_id, row.account_id),
    )


def _asked(wanted: AccountFilter, organisation_id: int, day: date) -> ColumnElement[bool]:
    match wanted:
        case AccountFilter.ROLES:
            return exists(
                select(RoleGrant.id).where(
                    RoleGrant.person_id == Person.id,
                    RoleGrant.organisation_id == organisation_id,
                    role_holds(day),
                )
            )
        case AccountFilter.NONE:
            return and_(UserAccount.id.is_(None), or_(Employee.left_on.is_(None), Employee.left_on >= day))
        case AccountFilter.DISABLED:
            return UserAccount.is_active.is_(False)
        case AccountFilter.ALL:
            return Person.id.is_not(None)


def _roles_today(
    session: Session, organisation_id: int, person_ids: list[int], day: date
) -> dict[int, tuple[Role, ...]]:
    found: dict[int, tuple[Role, ...]] = {}
    rows = session.execute(
        select(RoleGrant.person_id, RoleGrant.role)
        .where(
            RoleGrant.person_id.in_(person_ids),
            RoleGrant.organisation_id == organisation_id,
            role_holds(day),
        )
        .distinct()
        .order_by(RoleGrant.person_id, RoleGrant.role)
    )
    for person_id, role in rows:
        found[person_id] = (*found.get(person_id, ()), role)
    return found


def _roles(session: Session, organisation_id: int, person_id: int, day: date) -> tuple[RoleOfPerson, ...]:
    rows = session.execute(
        select(RoleGrant, Unit.name_th, Unit.name_en)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.person_id == person_id, RoleGrant.organisation_id == organisation_id)
        .order_by(RoleGrant.from_on.desc(), RoleGrant.id.desc())
    )
    return tuple(
        RoleOfPerson(
            grant.id,
            grant.role,
            name_th or "",
            name_en or "",
            grant.from_on,
            grant.until_on,
            grant.from_on <= day and (grant.until_on is None or grant.until_on >= day),
            grant.until_on is None or (grant.until_on >= day and grant.until_on >= grant.from_on),
        )
        for grant, name_th, name_en in rows
    )


def _lines(
    session: Session, organisation_id: int, person_id: int, account_id: int | None
) -> tuple[AccountLine, ...]:
    """What was done to the log-in by this organisation or by its owner, and to the roles here."""
    actor = aliased(Person)
    of_roles = and_(
        HistoryEntry.subject_type == SubjectType.ORGANISATION,
        HistoryEntry.subject_id == organisation_id,
        HistoryEntry.event.in_(ROLE_EVENTS),
        HistoryEntry.detail["person_id"].as_integer() == person_id,
    )
    of_account = and_(
        HistoryEntry.subject_type == SubjectType.ACCOUNT,
        HistoryEntry.subject_id == (account_id or 0),
        or_(HistoryEntry.organisation_id == organisation_id, HistoryEntry.organisation_id.is_(None)),
    )
    rows = session.execute(
        select(HistoryEntry, actor.display_name)
        .outerjoin(actor, actor.id == HistoryEntry.actor_person_id)
        .where(or_(of_roles, of_account))
        .order_by(HistoryEntry.at.desc(), HistoryEntry.id.desc())
        .limit(MOST_LINES)
    )
    return tuple(
        AccountLine(
            entry.event,
            name or "",
            entry.at,
            Role(entry.detail["role"]) if entry.detail.get("role") in set(Role) else None,
        )
        for entry, name in rows
    )
