"""Write the history: the one place that adds to it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from idp.models import Cycle, HistoryEntry, HistoryHead
from idp.queries.history_sets import rows_of_set
from idp.rules.audit_chain import BEGINNING, SetEvent, chained_hash, set_hash
from idp.rules.errors import StaleVersion
from idp.rules.relations import SYSTEM, Actor
from idp.rules.terms import AssessmentState, SubjectType
from idp.services.saving import noticing_others

HEADS = cast(Table, HistoryHead.__table__)
ENTRIES = cast(Table, HistoryEntry.__table__)

# Written once: every step of everybody appends.
READ_HEADS = (
    select(HEADS.c.subject_id, HEADS.c.sequence, HEADS.c.hash)
    .where(
        HEADS.c.subject_type == bindparam("kind"), HEADS.c.subject_id.in_(bindparam("ids", expanding=True))
    )
    .order_by(HEADS.c.subject_id)
    .with_for_update()
)
ADD_ENTRIES = insert(ENTRIES)
BEGIN_HEADS = insert(HEADS)
MOVE_HEADS = update(HEADS).where(
    HEADS.c.subject_type == bindparam("kind"), HEADS.c.subject_id == bindparam("id_")
)


@dataclass(frozen=True)
class Deed:
    """What happened to one record; `states` are those before and after, `detail` what changed, as data."""

    subject_id: int
    states: tuple[StrEnum | None, StrEnum | None] = (None, None)
    on_behalf_of: int | None = None
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


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
    deed = Deed(subject[1], states, on_behalf_of, reason, detail or {})
    record_history_many(session, actor, subject[0], event, now, [deed], organisation_id=organisation_id)


def record_history_many(
    session: Session,
    actor: Actor,
    subject_type: SubjectType,
    event: str,
    now: datetime,
    deeds: Sequence[Deed],
    *,
    organisation_id: int | None,
) -> None:
    """Append one entry about each of different records of one kind: one reading statement for all of them.

    Raises as `record_history` does.
    """
    signer_id, paper = _paper(actor)
    with session.no_autoflush, noticing_others():
        heads = _heads(session, subject_type, [deed.subject_id for deed in deeds])
        entries = []
        for deed in deeds:
            sequence, previous_hash = heads.get(deed.subject_id, (0, BEGINNING))
            fields = {
                "organisation_id": organisation_id,
                "subject_type": subject_type,
                "subject_id": deed.subject_id,
                "event": str(event),
                "from_state": deed.states[0],
                "to_state": deed.states[1],
                "actor_person_id": actor.person_id,
                "on_behalf_of_person_id": deed.on_behalf_of or signer_id,
                "at": now,
                "origin": actor.origin,
                "reason": deed.reason,
                "detail": json.loads(json.dumps({**deed.detail, **paper})),  # as it will be read back
                "sequence": sequence + 1,
            }
            chained = chained_hash(previous_hash, fields)
            entries.append({**fields, "previous_hash": previous_hash, "hash": chained})
        session.execute(ADD_ENTRIES, entries)
        _move_heads(session, subject_type, entries)


def check_chain(session: Session, subject: tuple[SubjectType, int], expected_version: int | None) -> None:
    """For a record without a version of its own: its history's length is one, because nothing changes without
    an entry. Holds the chain until the transaction ends. Raises StaleVersion."""
    sequence, _hash = _heads(session, subject[0], [subject[1]]).get(subject[1], (0, BEGINNING))
    if expected_version is not None and sequence != expected_version:
        raise StaleVersion


def _paper(actor: Actor) -> tuple[int | None, dict[str, Any]]:
    """Who signed the paper that the actor enters, and what every entry says of it."""
    paper = actor.paper
    if paper is None:
        return None, {}
    return paper.signer_id, {"paper_form_id": paper.form_id, "signed_on": paper.signed_on.isoformat()}


def record_set(
    session: Session,
    cycle: Cycle,
    event: SetEvent,
    bounds: tuple[int, int],
    count: int,
    to_state: AssessmentState,
    now: datetime,
    *,
    without: Sequence[int] = (),
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append one entry about the cycle for `count` assessments at once: those with ids in `bounds`, `without`
    some. Its detail holds the hash of the set, from what the database holds now."""
    rows = rows_of_set(session, event, cycle.id, *bounds, without)
    described = {
        "first_id": bounds[0],
        "last_id": bounds[1],
        "count": count,
        "without": list(without),
        "set_hash": set_hash(rows),
        **(detail or {}),
    }
    record_history(
        session,
        SYSTEM,
        (SubjectType.CYCLE, cycle.id),
        event,
        now,
        organisation_id=cycle.organisation_id,
        states=(None, to_state),
        detail=described,
    )


def _heads(
    session: Session, subject_type: SubjectType, subject_ids: Sequence[int]
) -> dict[int, tuple[int, str]]:
    """The last sequence and hash of each chain that has begun, held until the transaction ends; taken in one
    order, so that two who append to the same records wait and do not block each other."""
    rows = session.execute(READ_HEADS, {"kind": subject_type, "ids": list(subject_ids)})
    return {row.subject_id: (row.sequence, row.hash) for row in rows}


def _move_heads(session: Session, subject_type: SubjectType, entries: Sequence[Mapping[str, Any]]) -> None:
    begun = [entry for entry in entries if entry["sequence"] == 1]
    if begun:
        columns = ("subject_type", "subject_id", "sequence", "hash")
        session.execute(BEGIN_HEADS, [{column: entry[column] for column in columns} for entry in begun])
    continued = [
        {
            "kind": subject_type,
            "id_": entry["subject_id"],
            "sequence": entry["sequence"],
            "hash": entry["hash"],
        }
        for entry in entries
        if entry["sequence"] > 1
    ]
    if continued:
        session.connection().execute(MOVE_HEADS, continued)
