"""Signed-in browsers: started at log-in, found by the cookie's token, ended for good at log-out.

The cookie holds a random token, the table its SHA-256: neither a stolen table nor a replayed cookie of an
ended session opens anything.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from idp.models import Organisation, Person, UserAccount, WebSession
from idp.queries.memberships import belongs
from idp.rules.calendar import local_day

SEEN_EVERY = timedelta(minutes=5)
"""`seen_at` is written no more often: a page view is not a write."""

LIFETIME_IN_IDLE_TIMES = 3
"""A session ends after this many times the idle time, however busy it is (this product's default)."""


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in with one browser, as the request needs it; Flask-Login's user.

    The organisation is None for somebody who has none, or who belongs to the chosen one no longer.
    `must_change_password`: signed in with one that HR handed over, good for choosing another alone.
    """

    session_id: int
    account_id: int
    person_id: int
    login: str
    name: str
    language: str
    organisation_id: int | None
    organisation_name_th: str
    organisation_name_en: str
    seen_at: datetime
    must_change_password: bool = False

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """The account's id, as Flask-Login wants it."""
        return str(self.account_id)


def start_session(
    session: Session,
    account: UserAccount,
    now: datetime,
    *,
    idle: timedelta,
    organisation_id: int | None = None,
    origin: str = "",
) -> str:
    """A new session of the account; returns the token for the cookie, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    session.add(
        WebSession(
            token_hash=_hashed(token),
            user_account_id=account.id,
            organisation_id=organisation_id,
            created_at=now,
            seen_at=now,
            expires_at=now + LIFETIME_IN_IDLE_TIMES * idle,
            origin=origin,
        )
    )
    return token


def find_session(session: Session, token: str, now: datetime, idle: timedelta) -> SignedIn | None:
    """Who holds the token; None when unknown, ended, expired, idle too long, or the account is disabled."""
    row = session.execute(
        select(WebSession, UserAccount, Person, Organisation)
        .join(UserAccount, UserAccount.id == WebSession.user_account_id)
        .join(Person, Person.id == UserAccount.person_id)
        .outerjoin(
            Organisation,
            (Organisation.id == WebSession.organisation_id) & belongs(UserAccount.person_id, local_day(now)),
        )
        .where(
            WebSession.token_hash == _hashed(token),
            WebSession.expires_at > now,
            WebSession.seen_at > now - idle,
            UserAccount.is_active,
        )
    ).one_or_none()
    if row is None:
        return None
    found, account, person, organisation = row
    return SignedIn(
        session_id=found.id,
        account_id=account.id,
        person_id=person.id,
        login=account.login,
        name=person.display_name,
        language=account.language,
        organisation_id=organisation.id if organisation else None,
        organisation_name_th=organisation.name_th if organisation else "",
        organisation_name_en=organisation.name_en if organisation else "",
        seen_at=found.seen_at,
        must_change_password=account.must_change_password,
    )


def mark_seen(session: Session, session_id: int, now: datetime) -> None:
    """Put off the idle end."""
    session.execute(update(WebSession).where(WebSession.id == session_id).values(seen_at=now))


def choose_organisation(session: Session, session_id: int, organisation_id: int) -> None:
    """Work in that organisation from now on; the caller has checked that the person belongs to it."""
    session.execute(
        update(WebSession).where(WebSession.id == session_id).values(organisation_id=organisation_id)
    )


def end_session(session: Session, token: str) -> None:
    """Log-out: the token opens nothing any more."""
    session.execute(delete(WebSession).where(WebSession.token_hash == _hashed(token)))


def end_sessions_of(session: Session, account_id: int, *, except_session_id: int | None = None) -> None:
    """End every session of the account (it was disabled), or all but one (its password was changed)."""
    ended = delete(WebSession).where(WebSession.user_account_id == account_id)
    if except_session_id is not None:
        ended = ended.where(WebSession.id != except_session_id)
    session.execute(ended)


def remove_expired(session: Session, now: datetime) -> None:
    """Forget the sessions past their end."""
    session.execute(delete(WebSession).where(WebSession.expires_at <= now))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
