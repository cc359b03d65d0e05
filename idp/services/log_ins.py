"""Log-ins as the personnel office gives and takes them, each act in the log-in's history.

A password that an officer sets is handed over on paper, opens one log-in and is asked for another there. Of
somebody who belongs to a second organisation, or looks after the deployment, an officer may neither reset
the password nor shut the log-in: it opens records there that are none of the officer's. The deployment's
administrator does it (this product's default).
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Organisation, Person, RoleGrant, UserAccount
from idp.queries.memberships import belongs_elsewhere, of_organisation
from idp.queries.relations import role_holds
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, NotVisible
from idp.rules.relations import Actor
from idp.rules.terms import Permission, Role
from idp.services.access import check_organisation
from idp.services.accounts import disable_account, enable_account, hand_over_password
from idp.services.staff import create_account


def give_log_in(
    session: Session, actor: Actor, person_id: int, login: str, password_hash: str, now: datetime
) -> UserAccount:
    """A log-in with a one-time password. The name need not be an e-mail address.

    Raises InvalidInput at `login`, or at `person_id` when there is one already; NotVisible, NotPermitted.
    """
    load_person(session, actor, person_id, local_day(now))
    account = create_account(session, actor, person_id, login, password_hash, now)
    account.must_change_password = True
    session.flush()
    return account


def reset_password(
    session: Session, actor: Actor, person_id: int, password_hash: str, now: datetime
) -> UserAccount:
    """A new one-time password; whoever is signed in with the log-in is signed out. Raises InvalidInput at
    `account`, NotVisible, NotPermitted."""
    account = _load(session, actor, person_id, local_day(now))
    hand_over_password(session, actor, account, password_hash, now)
    session.flush()
    return account


def shut_log_in(session: Session, actor: Actor, person_id: int, now: datetime) -> UserAccount:
    """Refuse the log-in from now on; what is open ends at once. Raises InvalidInput at `account`, also for
    the last personnel officer, without whom nobody could open it again; NotVisible, NotPermitted."""
    day = local_day(now)
    account = _load(session, actor, person_id, day)
    assert actor.organisation_id is not None
    refuse_to_lose_the_last_officer(session, actor.organisation_id, day, "account", without_person=person_id)
    if account.is_active:
        disable_account(session, actor, account, now)
    session.flush()
    return account


def open_log_in(session: Session, actor: Actor, person_id: int, now: datetime) -> UserAccount:
    """Allow the log-in again. Raises InvalidInput at `account`, NotVisible, NotPermitted."""
    account = _load(session, actor, person_id, local_day(now))
    if not account.is_active:
        enable_account(session, actor, account, now)
    session.flush()
    return account


def load_person(session: Session, actor: Actor, person_id: int, day: date) -> Person:
    """Somebody who is or was of the actor's organisation. Raises NotPermitted, NotVisible."""
    check_organisation(session, actor, Permission.ACCOUNT_MANAGE, day)
    person = session.scalar(
        select(Person).where(Person.id == person_id, of_organisation(actor.organisation_id or 0))
    )
    if person is None:
        raise NotVisible
    return person


def refuse_to_lose_the_last_officer(
    session: Session,
    organisation_id: int,
    day: date,
    field: str,
    *,
    without_grant: int | None = None,
    without_person: int | None = None,
) -> None:
    """Raises InvalidInput at `field` when nobody who can log in would be left as personnel officer on `day`,
    and somebody is now. Two officers who take the role from each other come one after the other."""
    # Without the key: who only writes a row of the organisation waits for nothing, and nobody for each other.
    session.get_one(Organisation, organisation_id, with_for_update={"key_share": True})
    officers = session.execute(
        select(RoleGrant.id, RoleGrant.person_id)
        .join(UserAccount, UserAccount.person_id == RoleGrant.person_id)
        .where(
            RoleGrant.organisation_id == organisation_id,
            RoleGrant.role == Role.HR_OFFICER,
            role_holds(day),
            UserAccount.is_active,
        )
    ).all()
    left = [each for each in officers if each.id != without_grant and each.person_id != without_person]
    if officers and not left:
        raise InvalidInput(field, "last_officer")


def _load(session: Session, actor: Actor, person_id: int, day: date) -> UserAccount:
    load_person(session, actor, person_id, day)
    account = session.scalar(select(UserAccount).where(UserAccount.person_id == person_id))
    if account is None:
        raise InvalidInput("account", "no_account")
    if person_id == actor.person_id:
        raise InvalidInput("account", "own_account")
    if belongs_elsewhere(session, person_id, actor.organisation_id or 0, day):
        raise InvalidInput("account", "belongs_elsewhere")
    return account
