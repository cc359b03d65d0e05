"""Read the whole history again and compare it with its hashes, in memory that does not grow with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select, tuple_
from sqlalchemy.orm import Session, aliased

from idp.models import HistoryEntry, HistoryHead, HistorySeal
from idp.queries.history_sets import rows_of_set
from idp.rules.audit_chain import CHAINED_FIELDS, ROWS_AT_ONCE, SetEvent, digest_of_entries, set_hash
from idp.rules.audit_findings import (
    ChainedEntry,
    Finding,
    Seal,
    Trouble,
    check_entries,
    check_ledger,
    check_sealed,
    check_seals,
)
from idp.rules.terms import SubjectType


@dataclass
class Tally:
    """How much was looked at."""

    entries: int = 0
    seals: int = 0
    sets: int = 0


def verify_history(
    session: Session, tally: Tally, *, organisation_id: int | None = None, ledger: Sequence[Seal] = ()
) -> Iterator[Finding]:
    """Everything that is wrong: chains and their heads, sets, seals, and the ledger if there is one.

    With `organisation_id` the chains and sets of its records alone; seals cover all organisations and are
    always looked at. Entries written meanwhile do no harm.
    """
    kept = seals(session)
    yield from check_entries(_entries(session, organisation_id, tally))
    yield from _without_entries(session, organisation_id)
    yield from _sets(session, organisation_id, tally)
    yield from check_seals(kept)
    yield from check_ledger(ledger, kept)
    yield from _sealed(session, _believed(ledger, kept), tally)


def seals(session: Session) -> list[Seal]:
    """Every seal the database keeps, the first one first: one a day."""
    return [
        Seal(
            row.sealed_at,
            row.first_entry_id,
            row.last_entry_id,
            row.entry_count,
            row.digest,
            row.previous_hash,
            row.hash,
        )
        for row in session.scalars(select(HistorySeal).order_by(HistorySeal.id))
    ]


def _believed(ledger: Sequence[Seal], kept: Sequence[Seal]) -> list[Seal]:
    """The ledger's seals, and the database's of after its end."""
    sealed_to = ledger[-1].last_entry_id if ledger else 0
    return [*ledger, *(seal for seal in kept if seal.first_entry_id > sealed_to)]


def _entries(session: Session, organisation_id: int | None, tally: Tally) -> Iterator[ChainedEntry]:
    """One statement, so that an entry and its head are of the same moment."""
    columns = [getattr(HistoryEntry, name) for name in CHAINED_FIELDS]
    statement = (
        select(
            HistoryEntry.id,
            HistoryEntry.previous_hash,
            HistoryEntry.hash,
            HistoryHead.sequence.label("head_sequence"),
            HistoryHead.hash.label("head_hash"),
            *columns,
        )
        .outerjoin(
            HistoryHead,
            and_(
                HistoryHead.subject_type == HistoryEntry.subject_type,
                HistoryHead.subject_id == HistoryEntry.subject_id,
            ),
        )
        .where(*_of_organisation(organisation_id))
        .order_by(HistoryEntry.subject_type, HistoryEntry.subject_id, HistoryEntry.sequence)
    )
    for row in session.execute(statement.execution_options(yield_per=ROWS_AT_ONCE)).mappings():
        tally.entries += 1
        yield ChainedEntry(
            id=row["id"],
            fields={name: row[name] for name in CHAINED_FIELDS},
            previous_hash=row["previous_hash"],
            hash=row["hash"],
            head_sequence=row["head_sequence"] or 0,
            head_hash=row["head_hash"] or "",
        )


def _of_organisation(organisation_id: int | None) -> list[ColumnElement[bool]]:
    """Records with at least one entry of the organisation: also one that a hand gave to another."""
    if organisation_id is None:
        return []
    of_it = aliased(HistoryEntry)
    records = select(of_it.subject_type, of_it.subject_id).where(of_it.organisation_id == organisation_id)
    return [tuple_(HistoryEntry.subject_type, HistoryEntry.subject_id).in_(records)]


def _without_entries(session: Session, organisation_id: int | None) -> Iterator[Finding]:
    """Heads of records whose every entry is gone; whose they were is not known any more."""
    if organisation_id is not None:
        return
    of_record = exists().where(
        HistoryEntry.subject_type == HistoryHead.subject_type,
        HistoryEntry.subject_id == HistoryHead.subject_id,
    )
    for head in session.scalars(select(HistoryHead).where(~of_record)):
        yield Finding(Trouble.REMOVED, (head.subject_type.value, head.subject_id), 1, head.sequence)


def _sets(session: Session, organisation_id: int | None, tally: Tally) -> Iterator[Finding]:
    """What the cycles froze at their opening and closing against what the tables hold now."""
    written = select(HistoryEntry.subject_id, HistoryEntry.event, HistoryEntry.detail).where(
        HistoryEntry.subject_type == SubjectType.CYCLE, HistoryEntry.event.in_(list(SetEvent))
    )
    if organisation_id is not None:
        written = written.where(HistoryEntry.organisation_id == organisation_id)
    for cycle_id, event, detail in session.execute(written.order_by(HistoryEntry.id)).all():
        tally.sets += 1
        first, last = int(detail.get("first_id", 0)), int(detail.get("last_id", 0))
        rows = rows_of_set(session, SetEvent(event), cycle_id, first, last, detail.get("without", ()))
        if set_hash(rows) != detail.get("set_hash"):
            yield Finding(Trouble.SET_CHANGED, (event, cycle_id), first, last)


def _sealed(session: Session, believed: Sequence[Seal], tally: Tally) -> Iterator[Finding]:
    begun = 0
    for seal in believed:
        tally.seals += 1
        yield from check_sealed(seal, digest_of_entries(hashes(session, begun, seal.last_entry_id)))
        begun = max(begun, seal.last_entry_id)


def hashes(session: Session, after: int, up_to: int) -> Iterator[tuple[int, str]]:
    """(id, hash) of the entries with `after` < id <= `up_to`, in the order of ids, streamed."""
    statement: Any = (
        select(HistoryEntry.id, HistoryEntry.hash)
        .where(HistoryEntry.id > after, HistoryEntry.id <= up_to)
        .order_by(HistoryEntry.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    yield from session.execute(statement)
