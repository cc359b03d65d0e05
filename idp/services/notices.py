"""Mark notices as read."""

from datetime import datetime

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from idp.models import Notice
from idp.rules.errors import NotVisible
from idp.rules.relations import Actor


def mark_read(session: Session, actor: Actor, now: datetime, notice_id: int | None = None) -> int:
    """Mark one of the actor's notices as read, or all of them in the organisation signed in to; how many
    were unread.

    Raises NotVisible for a notice that is not the actor's, or not of that organisation.
    """
    if notice_id is not None:
        notice = session.get(Notice, notice_id)
        if notice is None or (notice.recipient_person_id, notice.organisation_id) != (
            actor.person_id,
            actor.organisation_id,
        ):
            raise NotVisible
    statement = update(Notice).where(
        Notice.recipient_person_id == actor.person_id,
        Notice.organisation_id == actor.organisation_id,
        Notice.read_at.is_(None),
    )
    if notice_id is not None:
        statement = statement.where(Notice.id == notice_id)
    result = session.execute(statement.values(read_at=now))
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
