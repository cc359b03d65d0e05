"""What workers do for imports: read what was handed in, let in what was confirmed.

An import is claimed for a time; one whose worker died is taken up again when that is over, where it stood.
One that kills its worker each time is given up, with a word to who waits.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from idp.adapters.spreadsheets import UnreadableTable
from idp.adapters.storage import Storage, StorageError
from idp.models import DataImport
from idp.models.engine import reading
from idp.rules.errors import InvalidInput
from idp.rules.imports import UNDER_WAY, ImportState
from idp.rules.relations import Actor
from idp.services.imports.applying import ORIGIN, apply_chunk, leave_undone
from idp.services.imports.reading import fail, judge_rows, keep_dry_run, read_file, scope_of
from idp.services.imports.registry import kind_of

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
RETRY_AFTER = timedelta(minutes=1)
MOST_ATTEMPTS = 3

OpenSession = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]


def continue_imports(open_session: OpenSession, storage: Storage, clock: Clock) -> int:
    """Take up every import that waits, one after the other; how many were taken up."""
    taken = 0
    while (import_id := _claim_next(open_session, clock)) is not None:
        taken += 1
        try:
            _carry_on(open_session, storage, clock, import_id)
        except Exception:  # whatever it is, the others must not wait for this one, and it is tried again
            log.exception("import %s", import_id)
            with open_session() as session:
                _hold(session, import_id, clock() + RETRY_AFTER)
                session.commit()
    return taken


def _claim_next(open_session: OpenSession, clock: Clock) -> int | None:
    with open_session() as session:
        now = clock()
        for import_id in session.scalars(
            select(DataImport.id).where(_claimable(now)).order_by(DataImport.id)
        ).all():
            result = session.execute(
                update(DataImport)
                .where(DataImport.id == import_id, _claimable(now))
                .values(claimed_until=now + LEASE, attempts=DataImport.attempts + 1)
                .execution_options(synchronize_session=False)
            )
            assert isinstance(result, CursorResult)
            session.commit()
            if result.rowcount:
                return import_id
        session.rollback()
    return None


def _claimable(now: datetime) -> ColumnElement[bool]:
    return and_(
        DataImport.state.in_(UNDER_WAY),
        or_(DataImport.claimed_until.is_(None), DataImport.claimed_until <= now),
    )


def _hold(session: Session, import_id: int, until: datetime) -> None:
    session.execute(
        update(DataImport)
        .where(DataImport.id == import_id, DataImport.state.in_(UNDER_WAY))
        .values(claimed_until=until)
        .execution_options(synchronize_session=False)
    )


def _carry_on(open_session: OpenSession, storage: Storage, clock: Clock, import_id: int) -> None:
    with open_session() as session:
        handed = session.get_one(DataImport, import_id, with_for_update=True)
        state, died_too_often = handed.state, handed.attempts > MOST_ATTEMPTS
        if died_too_often and state is ImportState.UPLOADED:
            fail(session, handed, UnreadableTable("not_read_in_time"))
        elif died_too_often and state is ImportState.APPLYING:
            leave_undone(session, handed, clock(), InvalidInput("", "fault_while_letting_in"))
        session.commit()
    if died_too_often:
        return
    if state is ImportState.UPLOADED:
        _read(open_session, storage, clock, import_id)
    elif state is ImportState.APPLYING:
        while not _apply_next(open_session, clock, import_id):
            pass


def _read(open_session: OpenSession, storage: Storage, clock: Clock, import_id: int) -> None:
    """Read and judge without holding anything; write the outcome in one short transaction."""
    table, judged, refusal = None, [], None
    with reading(), open_session() as session:
        handed = session.get_one(DataImport, import_id)
        kind = kind_of(handed.kind)
        try:
            table = read_file(kind, storage, handed.storage_key)
            actor = Actor(handed.person_id, handed.organisation_id, ORIGIN)
            scope = scope_of(session, handed, table.header, actor, clock())
            judged = judge_rows(kind, scope, table.cells)
        except UnreadableTable as error:
            refusal = error
        except StorageError:
            log.exception("import %s", import_id)
            refusal = UnreadableTable("file_is_gone")
    with open_session() as session:
        handed = session.get_one(DataImport, import_id, with_for_update=True)
        if handed.state is not ImportState.UPLOADED:  # abandoned, or read by somebody else meanwhile
            return
        if table is None or refusal is not None:
            fail(session, handed, refusal or UnreadableTable("not_a_table"))
        else:
            keep_dry_run(session, handed, table, judged, clock())
        session.commit()


def _apply_next(open_session: OpenSession, clock: Clock, import_id: int) -> bool:
    """One chunk in its own transaction; True when nothing is left to do."""
    with open_session() as session:
        handed = session.get_one(DataImport, import_id, with_for_update=True)
        if handed.state is not ImportState.APPLYING:
            return True
        now = clock()
        handed.claimed_until = now + LEASE
        is_over = apply_chunk(session, handed, now)
        session.commit()
        return is_over
