"""Roles in an organisation (personnel, executive, auditor, moderator), given and ended by its officers."""

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from idp.models import RoleGrant, Unit, UserAccount
from idp.queries.relations import is_member, roles_of
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible, StaleVersion
from idp.rules.relations import Actor
from idp.rules.terms import Permission, Role, SubjectType
from idp.services.access import check_organisation
from idp.services.history import record_history
from idp.services.log_ins import load_person, refuse_to_lose_the_last_officer
from idp.services.staff import grant_role

GRANTED_HERE = (Role.HR_OFFICER, Role.EXECUTIVE, Role.AUDITOR, Role.MODERATOR)
"""What an organisation's officer may grant; the deployment's administrator is made by command alone."""


def give_role(
    session: Session,
    actor: Actor,
    person_id: int,
    role: Role,
    unit_id: int | None,
    from_on: date,
    until_on: date | None,
    now: datetime,
) -> RoleGrant:
    """Grant a role from a day on, to somebody of the organisation who can log in; an executive's may be bound
    to a unit. Raises InvalidInputs at `role`, `unit_id`, `from_on`, `until_on`; NotVisible, NotPermitted."""
    day = local_day(now)
    load_person(session, actor, person_id, day)
    organisation_id = actor.organisation_id or 0
    problems = []
    if role not in GRANTED_HERE:
        problems.append(InvalidInput("role", "unknown_choice"))
    elif session.scalar(select(UserAccount.id).where(UserAccount.person_id == person_id)) is None:
        problems.append(InvalidInput("role", "no_account"))
    elif not _serves(session, person_id, organisation_id, day):
        problems.append(InvalidInput("role", "has_left"))
    elif _is_held(session, organisation_id, person_id, role, unit_id, (from_on, until_on)):
        problems.append(InvalidInput("role", "held_already"))
    if unit_id is not None:
        unit = session.get(Unit, unit_id)
        if unit is None or unit.organisation_id != organisation_id:
            problems.append(InvalidInput("unit_id", "unknown_choice"))
        elif role is not Role.EXECUTIVE:
            problems.append(InvalidInput("unit_id", "executives_only"))
    if from_on < day:
        problems.append(InvalidInput("from_on", "before_today"))
    if until_on is not None and until_on < from_on:
        problems.append(InvalidInput("until_on", "ends_before_start"))
    if problems:
        raise InvalidInputs(problems)
    return grant_role(
        session,
        actor,
        organisation_id,
        person_id,
        role,
        from_on=from_on,
        now=now,
        unit_id=unit_id,
        until_on=until_on,
    )


def end_role(session: Session, actor: Actor, grant_id: int, last_on: date, now: datetime) -> RoleGrant:
    """End a role, its last day being `last_on` (yesterday: at once).

    The organisation keeps a personnel officer who can log in. Raises InvalidInput at `last_on`, StaleVersion
    when the role is over already, NotVisible, NotPermitted.
    """
    day = local_day(now)
    grant = load_grant(session, actor, grant_id, day)
    assert grant.organisation_id is not None
    if grant.until_on is not None and grant.until_on < day:
        raise StaleVersion
    if last_on < day - timedelta(days=1):
        raise InvalidInput("last_on", "not_further_back")
    if grant.until_on is not None and last_on >= grant.until_on:
        raise InvalidInput("last_on", "not_earlier")
    if grant.role is Role.HR_OFFICER and grant.from_on <= last_on + timedelta(days=1):
        after = last_on + timedelta(days=1)
        refuse_to_lose_the_last_officer(
            session, grant.organisation_id, after, "last_on", without_grant=grant.id
        )
    grant.until_on = last_on
    session.flush()
    record_history(
        session,
        actor,
        (SubjectType.ORGANISATION, grant.organisation_id),
        "end_role",
        now,
        organisation_id=grant.organisation_id,
        detail={"person_id": grant.person_id, "role": grant.role.value, "until_on": last_on.isoformat()},
    )
    return grant


def load_grant(session: Session, actor: Actor, grant_id: int, day: date) -> RoleGrant:
    """A role in the actor's organisation, over or not. Raises NotPermitted, NotVisible."""
    check_organisation(session, actor, Permission.ACCOUNT_MANAGE, day)
    grant = session.get(RoleGrant, grant_id)
    if grant is None or grant.organisation_id is None or grant.organisation_id != actor.organisation_id:
        raise NotVisible
    return grant


def _serves(session: Session, person_id: int, organisation_id: int, day: date) -> bool:
    """Is of the organisation today: by employment, as an appraiser, or by a role that holds."""
    return is_member(session, person_id, organisation_id, day) or bool(
        roles_of(session, person_id, organisation_id, day)
    )


def _is_held(
    session: Session,
    organisation_id: int,
    person_id: int,
    role: Role,
    unit_id: int | None,
    span: tuple[date, date | None],
) -> bool:
    """The same role, for the same unit, on a day of the span."""
    from_on, until_on = span
    conditions = [
        RoleGrant.organisation_id == organisation_id,
        RoleGrant.person_id == person_id,
        RoleGrant.role == role,
        RoleGrant.unit_id == unit_id if unit_id is not None else RoleGrant.unit_id.is_(None),
        or_(RoleGrant.until_on.is_(None), RoleGrant.until_on >= from_on),
        or_(RoleGrant.until_on.is_(None), RoleGrant.until_on >= RoleGrant.from_on),
    ]
    if until_on is not None:
        conditions.append(RoleGrant.from_on <= until_on)
    return session.scalar(select(RoleGrant.id).where(*conditions).limit(1)) is not None
