"""Release many results: the few at once in the request, a whole organisation by the workers chunk by chunk.

Who cannot be released is named with the reason, and the others go on. A run that was cut off goes on where it
stood: each chunk is one transaction with its people, and nobody is released or told twice.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, ReleaseRun
from idp.queries.releases import ready_at_the_time
from idp.rules.calendar import local_day
from idp.rules.errors import (
    NotPermitted,
    NotVisible,
    RequirementNotMet,
    RuleViolation,
    StaleVersion,
    TransitionNotAllowed,
)
from idp.rules.relations import Actor, Standing
from idp.rules.settings import OrganisationRules
from idp.rules.terms import AssessmentState, CycleState, Permission, Relation, SubjectType
from idp.services.access import load_cycle
from idp.services.history import record_history
from idp.services.results import release_loaded
from idp.services.saving import save
from idp.services.settings import rules_of_cycle

log = logging.getLogger(__name__)

AT_ONCE = 300
"""As many are released within a request; more are left to the workers."""

CHUNK = 500

OpenSession = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class LeftOut:
    """Somebody who could not be released. `reason`: the state in the way, or the requirements not met, as
    their words, separated by commas."""

    assessment_id: int
    reason: str


@dataclass(frozen=True)
class ReleaseOutcome:
    released: int
    left_out: tuple[LeftOut, ...]


def release_ready(
    session: Session, actor: Actor, cycle_id: int, assessment_ids: Collection[int], now: datetime
) -> ReleaseOutcome:
    """Release those of the cycle's assessments that can be. Raises NotVisible, NotPermitted."""
    cycle, standing = load_cycle(session, actor, cycle_id, Permission.CYCLE_RUN, local_day(now))
    rules = rules_of_cycle(cycle)
    ids = sorted(set(assessment_ids))
    released = 0
    left_out: list[LeftOut] = []
    for start in range(0, len(ids), CHUNK):
        outcome = _release_chunk(session, actor, standing, cycle_id, ids[start : start + CHUNK], rules, now)
        released += outcome.released
        left_out += outcome.left_out
    return ReleaseOutcome(released, tuple(left_out))


def begin_release(
    session: Session, actor: Actor, cycle_id: int, total: int, now: datetime, unit_id: int | None = None
) -> ReleaseRun:
    """Let the workers release everything that is ready now, of the cycle or of a unit with those below it.

    `total`: how many were counted. Raises NotVisible, NotPermitted, TransitionNotAllowed when the cycle is
    not open, StaleVersion when a release is under way already.
    """
    cycle, _standing = load_cycle(session, actor, cycle_id, Permission.CYCLE_RUN, local_day(now))
    if actor.person_id is None:
        raise NotPermitted(Permission.CYCLE_RUN)
    if cycle.state is not CycleState.OPEN:
        raise TransitionNotAllowed("cycle", cycle.state, "begin_release")
    run = ReleaseRun(
        organisation_id=cycle.organisation_id,
        cycle_id=cycle_id,
        unit_id=unit_id,
        asked_by_person_id=actor.person_id,
        asked_at=now,
        origin=actor.origin,
        total_count=total,
    )
    session.add(run)
    save(session)
    record_history(
        session,
        actor,
        (SubjectType.CYCLE, cycle_id),
        "begin_release",
        now,
        organisation_id=cycle.organisation_id,
        detail={"count": total, "unit_id": unit_id},
    )
    return run


def continue_release(session: Session, run_id: int, now: datetime, chunk: int = CHUNK) -> bool:
    """Release the next `chunk` people of a run, in the name of who asked for it; True when it is finished."""
    run = session.get_one(ReleaseRun, run_id)
    if run.finished_at is not None:
        return True
    cycle = session.get_one(Cycle, run.cycle_id)
    ready = ready_at_the_time(run.cycle_id, run.unit_id, run.asked_at)
    ids = session.scalars(
        ready.where(Assessment.id > run.last_assessment_id).order_by(Assessment.id).limit(chunk)
    ).all()
    if not ids:
        run.finished_at = now
        save(session)
        return True
    actor = Actor(run.asked_by_person_id, run.organisation_id, run.origin)
    standing = Standing(frozenset({Relation.HR_OFFICER}))
    outcome = _release_chunk(session, actor, standing, cycle.id, ids, rules_of_cycle(cycle), now)
    run.done_count += outcome.released
    run.left_out = [*run.left_out, *([each.assessment_id, each.reason] for each in outcome.left_out)]
    run.last_assessment_id = ids[-1]
    save(session)
    return False


def continue_releases(open_session: OpenSession, clock: Clock) -> int:
    """Finish every release under way; how many chunks were done. Two workers at once do no harm: each chunk
    holds the run's row."""
    with open_session() as session:
        ids = session.scalars(
            select(ReleaseRun.id).where(ReleaseRun.finished_at.is_(None)).order_by(ReleaseRun.id)
        ).all()
        session.rollback()
    chunks = 0
    for run_id in ids:
        try:
            while _continue_one(open_session, clock, run_id):
                chunks += 1
        except RuleViolation as error:  # the others must not wait for this one
            log.error("release %s: %s: %s", run_id, type(error).__name__, error)
    return chunks


def _continue_one(open_session: OpenSession, clock: Clock, run_id: int) -> bool:
    with open_session() as session:
        held = session.scalar(
            select(ReleaseRun.id)
            .where(ReleaseRun.id == run_id, ReleaseRun.finished_at.is_(None))
            .with_for_update(skip_locked=True)
        )
        if held is None:
            return False
        finished = continue_release(session, run_id, clock())
        session.commit()
        return not finished


def _release_chunk(
    session: Session,
    actor: Actor,
    standing: Standing,
    cycle_id: int,
    ids: Sequence[int],
    rules: OrganisationRules,
    now: datetime,
) -> ReleaseOutcome:
    """All together; where one cannot be, one by one, so that the others are."""
    try:
        with session.begin_nested():
            release_loaded(session, actor, standing, _load(session, cycle_id, ids), rules, now)
        return ReleaseOutcome(len(ids), ())
    except NotVisible:
        raise
    except RuleViolation:
        session.expire_all()
    left_out = []
    for assessment_id in ids:
        try:
            with session.begin_nested():
                release_loaded(
                    session, actor, standing, _load(session, cycle_id, [assessment_id]), rules, now
                )
        except NotVisible:
            raise  # of another cycle: not somebody to be named
        except RuleViolation as refusal:
            session.expire_all()
            left_out.append(LeftOut(assessment_id, _reason(session, assessment_id, refusal)))
    return ReleaseOutcome(len(ids) - len(left_out), tuple(left_out))


def _load(session: Session, cycle_id: int, ids: Sequence[int]) -> Sequence[Assessment]:
    """Raises NotVisible for an assessment that is not of this cycle."""
    found = session.scalars(
        select(Assessment)
        .where(Assessment.cycle_id == cycle_id, Assessment.id.in_(ids))
        .order_by(Assessment.id)
    ).all()
    if len(found) != len(ids):
        raise NotVisible
    return found


def _reason(session: Session, assessment_id: int, refusal: RuleViolation) -> str:
    if isinstance(refusal, RequirementNotMet):
        return ",".join(refusal.missing)
    if isinstance(refusal, StaleVersion):
        return "changed"
    state: AssessmentState | None = session.scalar(
        select(Assessment.state).where(Assessment.id == assessment_id)
    )
    return "changed" if state is None else state.value
