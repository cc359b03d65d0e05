"""What happened to a record, in whose hands: for the time line at the end of its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from idp.models import HistoryEntry, Person, PlanItem
from idp.rules.terms import SubjectType

MOST_LINES = 200


@dataclass(frozen=True)
class HistoryLine:
    """One event. No actor: it was the clock or a worker; `on_behalf_of` is empty for one's own deed."""

    event: str
    subject_type: SubjectType
    subject_id: int
    from_state: str | None
    to_state: str | None
    actor_name: str
    on_behalf_of: str
    at: datetime
    reason: str
    detail: Mapping[str, Any]


def history_of_assessment(session: Session, assessment_id: int) -> tuple[HistoryLine, ...]:
    """The latest first, at most MOST_LINES; one statement."""
    return _read(session, _subject(SubjectType.ASSESSMENT, assessment_id))


def history_of_plan(session: Session, plan_id: int) -> tuple[HistoryLine, ...]:
    """The plan's and its lines', the latest first, at most MOST_LINES; one statement."""
    items = select(PlanItem.id).where(PlanItem.plan_id == plan_id)
    of_items = and_(HistoryEntry.subject_type == SubjectType.PLAN_ITEM, HistoryEntry.subject_id.in_(items))
    return _read(session, or_(_subject(SubjectType.PLAN, plan_id), of_items))


def history_of_delegation(session: Session, delegation_id: int) -> tuple[HistoryLine, ...]:
    """An order's, the latest first; one statement."""
    return _read(session, _subject(SubjectType.DELEGATION, delegation_id))


def _subject(subject_type: SubjectType, subject_id: int) -> ColumnElement[bool]:
    return and_(HistoryEntry.subject_type == subject_type, HistoryEntry.subject_id == subject_id)


def _read(session: Session, condition: ColumnElement[bool]) -> tuple[HistoryLine, ...]:
    actor, represented = aliased(Person), aliased(Person)
    rows = session.execute(
        select(HistoryEntry, actor.display_name, represented.display_name)
        .outerjoin(actor, actor.id == HistoryEntry.actor_person_id)
        .outerjoin(represented, represented.id == HistoryEntry.on_behalf_of_person_id)
        .where(condition)
        .order_by(HistoryEntry.at.desc(), HistoryEntry.id.desc())
        .limit(MOST_LINES)
    )
    return tuple(
        HistoryLine(
            entry.event,
            entry.subject_type,
            entry.subject_id,
            entry.from_state,
            entry.to_state,
            actor_name or "",
            represented_name or "",
            entry.at,
            entry.reason,
            entry.detail,
        )
        for entry, actor_name, represented_name in rows
    )
