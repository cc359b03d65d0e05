"""What waits for a person to read it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import Notice


def unread_notices(session: Session, person_id: int) -> int:
    """How many notices the person has not read."""
    return (
        session.scalar(
            select(func.count()).where(Notice.recipient_person_id == person_id, Notice.read_at.is_(None))
        )
        or 0
    )
