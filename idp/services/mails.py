"""The outbox: claim mails, write down the hand-over before it happens, and what became of it.

pending -> claimed (a lease, a token) -> handing_off (committed just before the text is given away) -> sent,
failed or uncertain. A claim that expires returns to pending; a hand-over that expires is uncertain and never
sent again that day. The promise: at most one mail per recipient, kind and day, and none lost unseen.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, Update, select, update
from sqlalchemy.orm import Session

from idp.adapters.mail_text import digest_text
from idp.models import Mail, Person
from idp.queries.digests import Digest, digests
from idp.rules.calendar import local_day
from idp.rules.terms import MailState
from idp.rules.thai import full_name
from idp.services.settings import rules_on

LEASE = timedelta(minutes=5)
BATCH = 20
MOST_ATTEMPTS = 12
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=1)
LONGEST_REASON = 500


@dataclass(frozen=True)
class ClaimedMail:
    """A mail that this worker alone may hand over, until `claimed_until`."""

    id: int
    token: str
    claimed_until: datetime
    attempts: int
    address: str
    recipient_name: str
    subject: str
    text: str
    html: str
    message_id: str


def claim_mails(
    session: Session, now: datetime, *, base_url: str, message_host: str, limit: int = BATCH
) -> list[ClaimedMail]:
    """Take up to `limit` mails that are due, and make their texts.

    The caller commits before handing any over.
    Links in the texts lead to `base_url`; `message_host` ends the Message-ID.
    """
    token = secrets.token_hex(16)
    due = (
        select(Mail.id)
        .where(Mail.state == MailState.PENDING, Mail.next_at <= now)
        .order_by(Mail.next_at, Mail.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")  # a plain subquery may be run again for each row, and `limit` be passed (PostgreSQL)
    )
    claimed = session.scalars(
        update(Mail)
        .where(Mail.id.in_(select(due.c.id)), Mail.state == MailState.PENDING)
        .values(
            state=MailState.CLAIMED,
            claim_token=token,
            claimed_until=now + LEASE,
            attempts=Mail.attempts + 1,
            error="",
        )
        .returning(Mail.id)
        .execution_options(synchronize_session=False)
    ).all()
    return _written(session, claimed, token, now, base_url, message_host) if claimed else []


def _written(
    session: Session, mail_ids: Sequence[int], token: str, now: datetime, base_url: str, message_host: str
) -> list[ClaimedMail]:
    """Make the text of each; one that cannot be made fails alone, and is seen."""
    contents = digests(session, mail_ids)
    rows = session.execute(
        select(Mail, Person)
        .join(Person, Person.id == Mail.recipient_person_id)
        .where(Mail.id.in_(mail_ids))
        .order_by(Mail.id)
        .execution_options(populate_existing=True)
    )
    thai_digits: dict[int, bool] = {}
    ready = []
    for mail, person in rows.all():
        if mail.organisation_id not in thai_digits:
            rules = rules_on(session, mail.organisation_id, local_day(now))
            thai_digits[mail.organisation_id] = rules.thai_digits
        try:
            _write(mail, person, contents[mail.id], base_url, thai_digits[mail.organisation_id])
        except Exception as error:  # whatever is wrong with one text must not stop everybody's mails
            mail.state, mail.error = MailState.FAILED, _shortened(f"{type(error).__name__}: {error}")
            mail.claim_token = mail.claimed_until = None
            continue
        mail.message_id = f"{mail.kind}-{mail.local_day:%Y%m%d}-{mail.id}@{message_host}"
        ready.append(_claimed(mail, person, token, now))
    session.flush()
    return ready


def _write(mail: Mail, person: Person, digest: Digest, base_url: str, thai_digits: bool) -> None:
    text = digest_text(digest, base_url=base_url, thai_digits=thai_digits)
    mail.address = (person.email or "").strip()
    mail.subject, mail.text_body, mail.html_body = text.subject, text.text, text.html


def _claimed(mail: Mail, person: Person, token: str, now: datetime) -> ClaimedMail:
    return ClaimedMail(
        mail.id,
        token,
        now + LEASE,
        mail.attempts,
        mail.address,
        full_name(person.title_th, person.first_name, person.last_name),
        mail.subject,
        mail.text_body,
        mail.html_body,
        mail.message_id,
    )


def mark_handing_off(session: Session, mail: ClaimedMail, now: datetime) -> bool:
    """Write down that the text is about to be given away; False when the claim is no longer ours.

    The caller commits, and only then gives the text away.
    """
    statement = _ours(mail, (MailState.CLAIMED,)).where(Mail.claimed_until > now)
    return _changed(session, statement.values(state=MailState.HANDING_OFF, claimed_until=now + LEASE))


def mark_sent(session: Session, mail: ClaimedMail, now: datetime) -> bool:
    """The server has taken it; also when our own hand-over was meanwhile thought lost."""
    return _changed(session, _handed(mail).values(_settled(MailState.SENT, "") | {"sent_at": now}))


def mark_failed(session: Session, mail: ClaimedMail, reason: str) -> bool:
    """It will not be tried again; HR sees why."""
    return _changed(session, _handed(mail).values(_settled(MailState.FAILED, reason)))


def mark_uncertain(session: Session, mail: ClaimedMail, reason: str) -> bool:
    """Nobody knows whether it was sent; it is never sent again that day."""
    return _changed(session, _handed(mail).values(_settled(MailState.UNCERTAIN, reason)))


def put_back(session: Session, mail: ClaimedMail, now: datetime, reason: str) -> bool:
    """Nothing was sent: try again after a while that doubles each time, or give up after the last attempt."""
    if mail.attempts >= MOST_ATTEMPTS:
        return mark_failed(session, mail, reason)
    delay = min(FIRST_DELAY * 2 ** (mail.attempts - 1), LONGEST_DELAY)
    values = _settled(MailState.PENDING, reason) | {"next_at": now + delay}
    return _changed(session, _handed(mail).values(values))


def release_claims(session: Session, mails: Sequence[ClaimedMail], now: datetime, reason: str) -> None:
    """The server is out of reach: these were not even tried, which does not count as an attempt."""
    for mail in mails:
        values = _settled(MailState.PENDING, reason) | {"next_at": now + FIRST_DELAY}
        _changed(session, _ours(mail, (MailState.CLAIMED,)).values(values | {"attempts": mail.attempts - 1}))


def sweep_mails(session: Session, now: datetime) -> tuple[int, int]:
    """Settle what dead workers left: (claims returned to pending, hand-overs now uncertain)."""
    expired = update(Mail).where(Mail.claimed_until <= now)
    uncertain = _count(
        session,
        expired.where(Mail.state == MailState.HANDING_OFF).values(
            state=MailState.UNCERTAIN, error="cut off during the hand-over"
        ),  # the token stays: the worker may be alive and know better
    )
    given_up = expired.where(Mail.state == MailState.CLAIMED, Mail.attempts >= MOST_ATTEMPTS)
    _count(session, given_up.values(_settled(MailState.FAILED, "cut off before the hand-over, too often")))
    returned = expired.where(Mail.state == MailState.CLAIMED)
    return _count(session, returned.values(_settled(MailState.PENDING, "") | {"next_at": now})), uncertain


def _ours(mail: ClaimedMail, states: Sequence[MailState]) -> Update:
    return update(Mail).where(Mail.id == mail.id, Mail.claim_token == mail.token, Mail.state.in_(states))


def _handed(mail: ClaimedMail) -> Update:
    return _ours(mail, (MailState.CLAIMED, MailState.HANDING_OFF, MailState.UNCERTAIN))


def _settled(state: MailState, reason: str) -> dict[str, object]:
    return {"state": state, "error": _shortened(reason), "claim_token": None, "claimed_until": None}


def _shortened(reason: str) -> str:
    return " ".join(reason.split())[:LONGEST_REASON]


def _changed(session: Session, statement: Update) -> bool:
    return _count(session, statement) == 1


def _count(session: Session, statement: Update) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
