"""The organisation's mails with their states, for HR."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import Assessment, Mail, Notice, Person
from idp.rules.assessment_workflow import EVENTS_ABOUT_THE_RATING, RELEASED_STATES
from idp.rules.terms import MailState, SubjectType
from idp.rules.thai import full_name

PAGE = 50


@dataclass(frozen=True)
class MailRow:
    """One mail; its text is on its own page."""

    id: int
    recipient_name: str
    address: str
    local_day: date
    state: MailState
    subject: str
    error: str
    attempts: int
    sent_at: datetime | None
    text_body: str


def mail_counts(session: Session, organisation_id: int) -> Mapping[MailState, int]:
    """How many mails are in each state."""
    rows = session.execute(
        select(Mail.state, func.count()).where(Mail.organisation_id == organisation_id).group_by(Mail.state)
    )
    return {row[0]: row[1] for row in rows}


def mails_of(
    session: Session,
    organisation_id: int,
    *,
    state: MailState | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> tuple[tuple[MailRow, ...], int | None]:
    """A page of mails, newest first, and where the next page begins; one statement."""
    statement = (
        select(Mail, Person)
        .join(Person, Person.id == Mail.recipient_person_id)
        .where(Mail.organisation_id == organisation_id)
        .order_by(Mail.id.desc())
        .limit(limit + 1)
    )
    if state is not None:
        statement = statement.where(Mail.state == state)
    if before is not None:
        statement = statement.where(Mail.id < before)
    found = session.execute(statement).all()
    rows = tuple(_row(mail, person) for mail, person in found[:limit])
    return rows, rows[-1].id if len(found) > limit else None


def mail_of(session: Session, organisation_id: int, mail_id: int, reader_id: int) -> MailRow | None:
    """One mail of the organisation, or None.

    Without its text where it gives a reason about the reader's own rating before the release: what a mail to
    their supervisor says of it is not for them, whatever their office.
    """
    found = session.execute(
        select(Mail, Person)
        .join(Person, Person.id == Mail.recipient_person_id)
        .where(Mail.organisation_id == organisation_id, Mail.id == mail_id)
    ).one_or_none()
    if found is None:
        return None
    row = _row(*found)
    return replace(row, text_body="") if _speaks_of_the_rating_of(session, mail_id, reader_id) else row


def _speaks_of_the_rating_of(session: Session, mail_id: int, person_id: int) -> bool:
    spoken_of = (
        select(Notice.id)
        .join(Assessment, Assessment.id == Notice.subject_id)
        .where(
            Notice.mail_id == mail_id,
            Notice.subject_type == SubjectType.ASSESSMENT,
            Notice.event.in_([f"assessment:{event}" for event in EVENTS_ABOUT_THE_RATING]),
            Assessment.owner_person_id == person_id,
            Assessment.state.not_in(RELEASED_STATES),
        )
    )
    return session.scalar(select(spoken_of.exists())) is True


def _row(mail: Mail, person: Person) -> MailRow:
    return MailRow(
        mail.id,
        full_name(person.title_th, person.first_name, person.last_name),
        mail.address or (person.email or ""),
        mail.local_day,
        mail.state,
        mail.subject,
        mail.error,
        mail.attempts,
        mail.sent_at,
        mail.text_body,
    )
