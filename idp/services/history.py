"""Write the history: the one place that adds to it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from idp.models import HistoryEntry, HistoryHead
from idp.rules.audit_chain import BEGINNING, chained_hash
from idp.rules.relations import Actor
from idp.rules.terms import SubjectType
from idp.services.saving import noticing_others

HEADS = cast(Table, HistoryHead.__table__)


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
    """Append one entry about `subject`; `states` are those before and after.

    Raises StaleVersion when somebody else began the record's chain a moment ago.
    """
    fields = {
        "organisation_id": organisation_id,
        "subject_type": subject[0],
        "subject_id": subject[1],
        "event": str(event),
        "from_state": states[0],
        "to_state": states[1],
        "actor_person_id": actor.person_id,
        "on_behalf_of_person_id": on_behalf_of,
        "at": now,
        "origin": actor.origin,
        "reason": reason,
        "detail": dict(detail or {}),
    }
    with session.no_autoflush, noticing_others():
        sequence, previous_hash = _head(session, subject)
        chained = {**fields, "sequence": sequence + 1}
        entry_hash = chained_hash(previous_hash, chained)
        session.execute(insert(HistoryEntry).values(**chained, previous_hash=previous_hash, hash=entry_hash))
        _move_head(session, subject, sequence + 1, entry_hash)


def _head(session: Session, subject: tuple[SubjectType, int]) -> tuple[int, str]:
    """The last sequence and hash of the record's chain, held until the transaction ends."""
    row = session.execute(
        select(HEADS.c.sequence, HEADS.c.hash)
        .where(HEADS.c.subject_type == subject[0], HEADS.c.subject_id == subject[1])
        .with_for_update()
    ).one_or_none()
    return (0, BEGINNING) if row is None else (row.sequence, row.hash)


def _move_head(session: Session, subject: tuple[SubjectType, int], sequence: int, entry_hash: str) -> None:
    key = {"subject_type": subject[0], "subject_id": subject[1]}
    if sequence == 1:
        session.execute(insert(HEADS).values(**key, sequence=sequence, hash=entry_hash))
        return
    session.execute(
        update(HEADS)
        .where(HEADS.c.subject_type == subject[0], HEADS.c.subject_id == subject[1])
        .values(sequence=sequence, hash=entry_hash)
    )
