"""Write the history: the one place that adds to it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from idp.models import HistoryEntry
from idp.rules.relations import Actor
from idp.rules.terms import SubjectType


def record_history(
    session: Session,
    actor: Actor,
    subject: tuple[SubjectType, int],
    event: str,
    now: datetime,
    *,
    organisation_id: int | None,
    states: tuple[StrEnum | None, StrEnum | None] = (None, None),
    on_behalf_of: int | None = None,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append one entry about `subject`; `states` are those before and after."""
    session.add(
        HistoryEntry(
            organisation_id=organisation_id,
            subject_type=subject[0],
            subject_id=subject[1],
            event=event,
            from_state=states[0],
            to_state=states[1],
            actor_person_id=actor.person_id,
            on_behalf_of_person_id=on_behalf_of,
            at=now,
            origin=actor.origin,
            reason=reason,
            detail=dict(detail or {}),
        )
    )
