"""What an organisation decided about actions of the library."""

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from idp.models import HistoryEntry
from idp.rules.terms import SubjectType

EVENTS = ("exclude_action", "include_action")


def about_action(organisation_id: int, key: str) -> ColumnElement[bool]:
    """Of the organisation's history: what was decided about this action of the library."""
    return and_(
        HistoryEntry.subject_type == SubjectType.ORGANISATION,
        HistoryEntry.subject_id == organisation_id,
        HistoryEntry.event.in_(EVENTS),
        HistoryEntry.detail["action_key"].as_string() == key,
    )


def decisions_about(session: Session, organisation_id: int, key: str) -> int:
    """How often: the version of what stands there now."""
    return session.scalars(select(func.count()).where(about_action(organisation_id, key))).one()
