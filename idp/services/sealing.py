"""Seal the history: one digest over all entries since the seal before, chained like the entries."""

import time
from datetime import datetime

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from idp.models import HistoryEntry, HistorySeal
from idp.queries.audit import hashes
from idp.rules.audit_chain import BEGINNING, chained_hash, digest_of_entries
from idp.rules.calendar import local_day
from idp.services.saving import noticing_others

PATIENCE_SECONDS = 20.0
PAUSE_SECONDS = 0.05

WRITERS = text(
    "SELECT virtualtransaction FROM pg_locks"
    " WHERE relation = 'history_entry'::regclass AND mode = 'RowExclusiveLock' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND pid <> pg_backend_pid()"
)
"""Transactions that may have taken an id for an entry that nobody else sees yet."""


def seal_day(session: Session, now: datetime) -> int:
    """Seal what is not sealed yet, once on each local day; how many entries. Raises as `seal_history`."""
    last = session.scalar(select(func.max(HistorySeal.sealed_at)))
    if last is not None and local_day(last) >= local_day(now):
        return 0
    return seal_history(session, now)


def seal_history(session: Session, now: datetime) -> int:
    """Seal every entry that is not sealed yet; how many, 0 where nothing is new or writers do not come to an
    end (the next run does it). Raises StaleVersion when another sealed at the same moment."""
    last = session.execute(
        select(HistorySeal.last_entry_id, HistorySeal.hash).order_by(HistorySeal.id.desc()).limit(1)
    ).one_or_none()
    sealed_to, previous_hash = (last.last_entry_id, last.hash) if last else (0, BEGINNING)
    newest = _settled_up_to(session)
    digest, first_id, last_id, count = digest_of_entries(hashes(session, sealed_to, newest))
    if not count:
        return 0
    fields = {
        "sealed_at": now,
        "first_entry_id": first_id,
        "last_entry_id": last_id,
        "entry_count": count,
        "digest": digest,
    }
    sealed = chained_hash(previous_hash, fields)
    with noticing_others():
        session.execute(insert(HistorySeal).values(**fields, previous_hash=previous_hash, hash=sealed))
    return count


def _settled_up_to(session: Session) -> int:
    """The id up to which no entry is still to appear; 0 when that cannot be said now.

    PostgreSQL gives out ids before a transaction commits: whoever is writing when the newest is read is
    waited for. SQLite has one writer at a time, and that is this transaction.
    """
    newest = session.scalar(select(func.max(HistoryEntry.id))) or 0
    if session.get_bind().dialect.name == "sqlite":
        return newest
    waited_for = set(session.scalars(WRITERS))
    until = time.monotonic() + PATIENCE_SECONDS
    while waited_for:
        if time.monotonic() > until:
            return 0
        time.sleep(PAUSE_SECONDS)
        waited_for &= set(session.scalars(WRITERS))
    return newest
