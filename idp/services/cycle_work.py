"""Carry on with the openings and closings of cycles, chunk by chunk, each its own transaction."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Cycle
from idp.rules.errors import RuleViolation
from idp.rules.terms import CycleState
from idp.services.closing import continue_closing
from idp.services.opening import continue_opening

log = logging.getLogger(__name__)

UNDER_WAY = (CycleState.OPENING, CycleState.CLOSING)

OpenSession = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]


def continue_cycles(open_session: OpenSession, clock: Clock) -> int:
    """Finish every cycle that is opening or closing; how many chunks were done.

    Two workers at once do no harm: each chunk holds the cycle's row, and who finds it held leaves it alone.
    """
    with open_session() as session:
        ids = session.scalars(select(Cycle.id).where(Cycle.state.in_(UNDER_WAY)).order_by(Cycle.id)).all()
        session.rollback()
    chunks = 0
    for cycle_id in ids:
        try:
            while _continue_one(open_session, clock, cycle_id):
                chunks += 1
        except RuleViolation as error:  # the others must not wait for this one
            log.error("cycle %s: %s: %s", cycle_id, type(error).__name__, error)
    return chunks


def _continue_one(open_session: OpenSession, clock: Clock, cycle_id: int) -> bool:
    """One chunk; False when nothing is left, or somebody else is at it."""
    with open_session() as session:
        cycle = session.scalar(
            select(Cycle)
            .where(Cycle.id == cycle_id, Cycle.state.in_(UNDER_WAY))
            .with_for_update(skip_locked=True)
        )
        if cycle is None:
            return False
        if cycle.state is CycleState.OPENING:
            finished = continue_opening(session, cycle_id, clock())
        else:
            finished = continue_closing(session, cycle_id, clock())
        session.commit()
        return not finished
