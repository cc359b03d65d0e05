"""Carry on with long runs, and with those whose process died: in the name of who confirmed them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from idp.models import BulkRow, BulkRun, UserAccount
from idp.rules.relations import Actor
from idp.services.bulk import carry_out, leave_undone, resume_run

ORIGIN = "worker"
UNCONFIRMED_FOR = timedelta(days=1)
"""A preview that nobody confirmed by then speaks of other records than today's (this product's default)."""

OpenSession = Callable[[], AbstractContextManager[Session]]


def continue_runs(open_session: OpenSession, clock: Callable[[], datetime]) -> int:
    """Row by row, each committed, until no run stands still; how many rows were tried. In the name of
    somebody whose log-in was shut meanwhile nothing more is done."""
    tried = 0
    while True:
        with open_session() as session:
            run = resume_run(session, clock())
            session.commit()
            if run is None:
                return tried
            if not _can_log_in(session, run.person_id):
                leave_undone(session, run.id, clock())
                session.commit()
                continue
            run_id, actor = run.id, Actor(run.person_id, run.organisation_id, ORIGIN)
            for _done in carry_out(session, actor, run_id, clock()):
                session.commit()
                tried += 1
            session.commit()


def _can_log_in(session: Session, person_id: int) -> bool:
    found = select(UserAccount.id).where(UserAccount.person_id == person_id, UserAccount.is_active.is_(False))
    return session.scalar(select(~found.exists())) is True


def forget_previews(session: Session, now: datetime) -> int:
    """Remove what was looked at and never confirmed; how many previews went. What was done stays."""
    old = BulkRun.begun_at.is_(None) & (BulkRun.created_at < now - UNCONFIRMED_FOR)
    session.execute(delete(BulkRow).where(BulkRow.run_id.in_(select(BulkRun.id).where(old))))
    result = session.execute(delete(BulkRun).where(old))
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
