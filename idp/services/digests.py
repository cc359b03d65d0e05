"""Gather a day's reminders and the notices not yet mailed into one mail for each recipient."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, CursorResult, Select, case, func, literal, select, union, update
from sqlalchemy.orm import Session

from idp.models import Mail, Notice, Person, Reminder
from idp.models.insert_select import insert_missing
from idp.queries.departures import has_left
from idp.rules.terms import MailState

KIND = "digest"
CATCH_UP = timedelta(days=3)
"""A reminder that came after its day's mail had gone joins the next one; older ones have been overtaken."""

OPEN_TO_MORE = (MailState.PENDING, MailState.NO_ADDRESS)
"""Mails that more reasons may join: a text is made only when its mail is claimed."""

COLUMNS = [
    Mail.organisation_id,
    Mail.recipient_person_id,
    Mail.kind,
    Mail.local_day,
    Mail.state,
    Mail.next_at,
    Mail.created_at,
]


def gather_digests(session: Session, day: date, now: datetime) -> int:
    """Write the day's mails and put the waiting reminders and notices on them; how many mails are new.

    A recipient has one digest a day: what comes after it has been claimed waits for the next day's.
    Somebody without an e-mail address gets a row all the same, in a state that HR sees and prints from.
    """
    new = _write_mails(session, day, now)
    # Locked, so that no worker makes a mail's text while reasons are being put on it (PostgreSQL; on SQLite
    # writers come one after the other anyway).
    session.execute(_open_mails(day).with_for_update()).all()
    for source in (Reminder, Notice):
        _attach(session, source, day)
    return new


def _write_mails(session: Session, day: date, now: datetime) -> int:
    waiting = union(
        select(Reminder.organisation_id, Reminder.recipient_person_id).where(*_waiting(Reminder, day)),
        select(Notice.organisation_id, Notice.recipient_person_id).where(*_waiting(Notice, day)),
    ).subquery()
    has_address = func.coalesce(func.trim(Person.email), "") != ""
    rows = (
        select(
            waiting.c.organisation_id,
            waiting.c.recipient_person_id,
            literal(KIND),
            literal(day, Mail.local_day.type),
            case(
                (has_address, literal(MailState.PENDING, Mail.state.type)),
                else_=literal(MailState.NO_ADDRESS, Mail.state.type),
            ),
            literal(now, Mail.next_at.type),
            literal(now, Mail.created_at.type),
        )
        .join(Person, Person.id == waiting.c.recipient_person_id)
        .where(
            waiting.c.organisation_id.is_not(None),
            ~has_left(waiting.c.recipient_person_id, waiting.c.organisation_id, day),
        )
    )
    return insert_missing(session, Mail, COLUMNS, rows)


def _open_mails(day: date) -> Select[int]:
    return select(Mail.id).where(Mail.kind == KIND, Mail.local_day == day, Mail.state.in_(OPEN_TO_MORE))


def _attach(session: Session, source: type[Reminder] | type[Notice], day: date) -> int:
    """Put what waits on its recipient's mail of the day, if that is still open."""
    mail_id = (
        _open_mails(day)
        .where(
            Mail.organisation_id == source.organisation_id,
            Mail.recipient_person_id == source.recipient_person_id,
        )
        .scalar_subquery()
    )
    result = session.execute(
        update(source)
        .where(*_waiting(source, day), mail_id.is_not(None))
        .values(mail_id=mail_id)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def _waiting(source: type[Reminder] | type[Notice], day: date) -> tuple[ColumnElement[bool], ...]:
    """Not yet on a mail, not read in the app before, not so old that it has been overtaken."""
    if source is Reminder:
        return (
            Reminder.mail_id.is_(None),
            Reminder.local_day <= day,
            Reminder.local_day > day - CATCH_UP,
        )
    return (Notice.mail_id.is_(None), Notice.read_at.is_(None))
