"""Log-ins: found, disabled, their passwords and languages changed (added by `services.staff`)."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import UserAccount
from idp.rules.errors import InvalidInput
from idp.rules.relations import Actor
from idp.rules.terms import SubjectType
from idp.services.history import record_history
from idp.services.passwords import ONE_TIME_DAYS, check_new_password, hash_password
from idp.services.web_sessions import end_sessions_of

LANGUAGES = ("th", "en")
LONGEST_LOGIN = 120


def normalised_login(text: str) -> str:
    """A login as it is stored and looked up: without spaces around it, in lower case."""
    return text.strip().lower()


def find_account(session: Session, login: str) -> UserAccount | None:
    """The account of that login, active or not."""
    if "\x00" in login:  # no question that PostgreSQL would take
        return None
    return session.scalar(select(UserAccount).where(UserAccount.login == normalised_login(login)))


def change_password(
    session: Session, actor: Actor, account: UserAccount, new_password: str, now: datetime, session_id: int
) -> None:
    """Set a new password and end the account's other sessions.

    The caller has verified the old one. Raises InvalidInput when the new one will not do.
    """
    check_new_password(new_password, account.login)
    account.password_hash = hash_password(new_password)
    account.password_changed_at = now
    account.must_change_password = False
    end_sessions_of(session, account.id, except_session_id=session_id)
    _record(session, actor, account, "change_password", now)


def hand_over_password(
    session: Session, actor: Actor, account: UserAccount, password_hash: str, now: datetime
) -> None:
    """Set a password that somebody else chose: it opens one log-in, which asks for another; what is open
    ends."""
    account.password_hash = password_hash
    account.password_changed_at = now
    account.must_change_password = True
    end_sessions_of(session, account.id)
    _record(session, actor, account, "reset_password", now)


def is_lapsed(account: UserAccount, now: datetime) -> bool:
    """A password that was handed over and not used in time opens nothing any more."""
    return account.must_change_password and now - account.password_changed_at > timedelta(days=ONE_TIME_DAYS)


def enable_account(session: Session, actor: Actor, account: UserAccount, now: datetime) -> None:
    """Allow the log-in again, with the password that it had."""
    account.is_active = True
    _record(session, actor, account, "enable", now)


def disable_account(session: Session, actor: Actor, account: UserAccount, now: datetime) -> None:
    """Refuse the log-in from now on and end what is open."""
    account.is_active = False
    end_sessions_of(session, account.id)
    _record(session, actor, account, "disable", now)


def set_language(session: Session, account_id: int, language: str) -> None:
    """Remember the language of the pages and mails. Raises InvalidInput (field `language`)."""
    if language not in LANGUAGES:
        raise InvalidInput("language", "unknown")
    account = session.get_one(UserAccount, account_id)
    account.language = language


def _record(session: Session, actor: Actor, account: UserAccount, event: str, now: datetime) -> None:
    record_history(
        session, actor, (SubjectType.ACCOUNT, account.id), event, now, organisation_id=actor.organisation_id
    )
