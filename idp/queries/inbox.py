"""What waits for a person to read it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import Notice
from idp.queries.digests import Subject, subjects_of


def unread_notices(session: Session, person_id: int, organisation_id: int | None) -> int:
    """How many notices of the organisation the person has not read."""
    return (
        session.scalar(
            select(func.count()).where(
                Notice.recipient_person_id == person_id,
                Notice.organisation_id == organisation_id,
                Notice.read_at.is_(None),
            )
        )
        or 0
    )


@dataclass(frozen=True)
class UnreadNotice:
    """One thing that happened. `is_mine`: to the reader's own record; `who` as in `queries.digests`."""

    event: str
    at: datetime
    subject: Subject
    is_mine: bool
    who: str = ""


def latest_unread(
    session: Session, person_id: int, organisation_id: int, limit: int
) -> tuple[UnreadNotice, ...]:
    """The latest first; four statements. What its record has lost is left out."""
    rows = session.scalars(
        select(Notice)
        .where(
            Notice.recipient_person_id == person_id,
            Notice.organisation_id == organisation_id,
            Notice.read_at.is_(None),
        )
        .order_by(Notice.created_at.desc(), Notice.id.desc())
        .limit(limit)
    ).all()
    subjects = subjects_of(session, [(row.subject_type, row.subject_id) for row in rows])
    return tuple(
        UnreadNotice(
            row.event,
            row.created_at,
            subject,
            subject.owner_id == person_id,
            str(row.detail.get("represented", "")),
        )
        for row in rows
        if (subject := subjects.get((row.subject_type, row.subject_id))) is not None
    )
