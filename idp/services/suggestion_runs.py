"""Propose development actions for everybody with a released result in a cycle, by the workers chunk by chunk.

Who was given proposals when the result was released gets those of actions published since. Running it again
changes nothing, and a run that was cut off goes on where it stood: each chunk is one transaction with the row
that says how far it is. A run ends with its cycle: into one that is no longer open nothing is written.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, SuggestionRun
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.calendar import local_day
from idp.rules.errors import NotPermitted, StaleVersion, TransitionNotAllowed
from idp.rules.relations import Actor
from idp.rules.terms import CycleState, Permission, SubjectType
from idp.services.access import load_cycle
from idp.services.freezing import refuse_unless_open
from idp.services.history import record_history
from idp.services.saving import save
from idp.services.suggestion_sets import propose_in_cycle

log = logging.getLogger(__name__)

CHUNK = 10_000

OpenSession = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]


def begin_suggestions(session: Session, actor: Actor, cycle_id: int, now: datetime) -> SuggestionRun:
    """Let the workers propose for everybody whose result is released now; while a run is under way, that one.

    Raises NotVisible, NotPermitted, TransitionNotAllowed when the cycle is not open.
    """
    cycle, _standing = load_cycle(session, actor, cycle_id, Permission.SUGGESTION_RUN, local_day(now))
    if actor.person_id is None:
        raise NotPermitted(Permission.SUGGESTION_RUN)
    if cycle.state is not CycleState.OPEN:
        raise TransitionNotAllowed("cycle", cycle.state, "begin_suggestions")
    under_way = _under_way(session, cycle_id)
    if under_way is not None:
        return under_way
    total = session.scalar(select(func.count()).select_from(_released(cycle_id, now).subquery())) or 0
    run = SuggestionRun(
        organisation_id=cycle.organisation_id,
        cycle_id=cycle_id,
        asked_by_person_id=actor.person_id,
        asked_at=now,
        total_count=total,
    )
    try:
        with session.begin_nested():
            session.add(run)
            save(session)
    except StaleVersion:  # somebody else asked in the same moment
        quicker = _under_way(session, cycle_id)
        if quicker is None:
            raise
        return quicker
    subject, detail = (SubjectType.CYCLE, cycle_id), {"count": total}
    organisation_id = cycle.organisation_id
    record_history(
        session, actor, subject, "begin_suggestions", now, organisation_id=organisation_id, detail=detail
    )
    return run


def continue_suggestions(session: Session, run_id: int, now: datetime, chunk: int = CHUNK) -> bool:
    """Propose for the next `chunk` people of a run; True when it is finished, as it is where the cycle is no
    longer open."""
    run = session.get_one(SuggestionRun, run_id)
    if run.finished_at is not None:
        return True
    try:
        refuse_unless_open(session, run.cycle_id, "continue_suggestions")
    except TransitionNotAllowed:
        return _finish(session, run, now)
    ids = session.scalars(
        _released(run.cycle_id, run.asked_at)
        .where(Assessment.id > run.last_assessment_id)
        .order_by(Assessment.id)
        .limit(chunk)
    ).all()
    if ids:
        run.new_count += propose_in_cycle(session, session.get_one(Cycle, run.cycle_id), ids, full_path=False)
        run.done_count += len(ids)
        run.last_assessment_id = ids[-1]
        save(session)
        return False
    return _finish(session, run, now)


def _finish(session: Session, run: SuggestionRun, now: datetime) -> bool:
    run.finished_at = now
    actor = Actor(run.asked_by_person_id, run.organisation_id, "")
    subject, detail = (SubjectType.CYCLE, run.cycle_id), {"count": run.done_count, "new": run.new_count}
    organisation_id = run.organisation_id
    record_history(
        session, actor, subject, "finish_suggestions", now, organisation_id=organisation_id, detail=detail
    )
    save(session)
    return True


def continue_suggestion_runs(open_session: OpenSession, clock: Clock) -> int:
    """Finish every run under way; how many chunks were done. Two workers at once do no harm: each chunk holds
    the run's row. A run that fails is written into the log and tried again with the next call."""
    with open_session() as session:
        ids = session.scalars(
            select(SuggestionRun.id).where(SuggestionRun.finished_at.is_(None)).order_by(SuggestionRun.id)
        ).all()
        session.rollback()
    chunks = 0
    for run_id in ids:
        try:
            while _continue_one(open_session, clock, run_id):
                chunks += 1
        except Exception:  # whatever it is, the others must not wait for this one
            log.exception("suggestions %s", run_id)
    return chunks


def _continue_one(open_session: OpenSession, clock: Clock, run_id: int) -> bool:
    with open_session() as session:
        held = session.scalar(
            select(SuggestionRun.id)
            .where(SuggestionRun.id == run_id, SuggestionRun.finished_at.is_(None))
            .with_for_update(skip_locked=True)
        )
        if held is None:
            return False
        try:
            finished = continue_suggestions(session, run_id, clock())
            session.commit()
        except BaseException:
            session.rollback()
            raise
        return not finished


def _under_way(session: Session, cycle_id: int) -> SuggestionRun | None:
    return session.scalar(
        select(SuggestionRun).where(SuggestionRun.cycle_id == cycle_id, SuggestionRun.finished_at.is_(None))
    )


def _released(cycle_id: int, moment: datetime) -> Select[int]:
    """SELECT the ids of those with a result released until `moment`: at a later release proposals are made
    with it."""
    return select(Assessment.id).where(
        Assessment.cycle_id == cycle_id,
        Assessment.state.in_(RELEASED_STATES),
        Assessment.released_at <= moment,
    )
