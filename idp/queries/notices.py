"""A person's notices, newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Notice
from idp.queries.digests import Subject, subjects_of

PAGE = 50


@dataclass(frozen=True)
class NoticeRow:
    """One notice. `is_mine`: it is about the reader's own record; `who` as in `queries.digests`."""

    id: int
    event: str
    reason: str
    is_mine: bool
    subject: Subject
    created_at: datetime
    read_at: datetime | None
    who: str = ""


def my_notices(
    session: Session,
    person_id: int,
    organisation_id: int | None,
    *,
    before: int | None = None,
    limit: int = PAGE,
) -> tuple[tuple[NoticeRow, ...], int | None]:
    """A page of the organisation's notices older than `before` (an id), and where the next page begins."""
    statement = select(Notice).where(
        Notice.recipient_person_id == person_id, Notice.organisation_id == organisation_id
    )
    if before is not None:
        statement = statement.where(Notice.id < before)
    found = session.scalars(statement.order_by(Notice.id.desc()).limit(limit + 1)).all()
    shown = found[:limit]
    subjects = subjects_of(session, [(row.subject_type, row.subject_id) for row in shown])
    rows = []
    for row in shown:
        subject = subjects.get((row.subject_type, row.subject_id))
        subject = subject or Subject(row.subject_type, row.subject_id, None, "", "")
        reason = str(row.detail.get("reason", ""))
        is_mine = subject.owner_id == person_id
        who = str(row.detail.get("represented", ""))
        rows.append(NoticeRow(row.id, row.event, reason, is_mine, subject, row.created_at, row.read_at, who))
    return tuple(rows), shown[-1].id if len(found) > limit else None
