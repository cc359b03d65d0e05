"""Reopenings that ran out unused: what was handed in before holds again."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from idp.models import Assessment, DevelopmentPlan, Extension
from idp.rules.assessment_workflow import UNRELEASED_STATES
from idp.rules.calendar import local_day
from idp.rules.errors import RuleViolation
from idp.rules.extensions import ExtensionKind, ExtensionState
from idp.rules.relations import SYSTEM, Standing
from idp.rules.terms import (
    AssessmentEvent,
    AssessmentState,
    PhaseKind,
    PlanEvent,
    PlanState,
    RaterKind,
    Relation,
    Requirement,
)
from idp.services.extension_record import record_extension
from idp.services.kept_entries import (
    Kept,
    entries_of,
    evaluation_of,
    put_entries_back,
    put_evaluation_back,
)
from idp.services.saving import save
from idp.services.transitions import Circumstances, move_assessment, move_plan

log = logging.getLogger(__name__)

WORKERS = Standing(frozenset({Relation.SYSTEM}))
AFTER_OPINION = frozenset({AssessmentState.SECOND_OPINION.value, AssessmentState.MODERATED.value})

OpenSession = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]


def lapse_reopenings(open_session: OpenSession, clock: Clock) -> int:
    """End every reopening whose last day has passed unused; how many. Each is a transaction of its own.

    Two workers at once do no harm: each holds the reopening's row, and who finds it held, or ended, leaves it
    alone. One that cannot be ended is logged and stops none of the others.
    """
    day = local_day(clock())
    with open_session() as session:
        ids = session.scalars(select(Extension.id).where(_has_run_out(day)).order_by(Extension.id)).all()
        session.rollback()
    ended = 0
    for extension_id in ids:
        try:
            ended += _lapse_one(open_session, extension_id, clock())
        except RuleViolation as error:  # handed in at the same moment, or worse: the others must not wait
            log.warning("reopening %s: %s: %s", extension_id, type(error).__name__, error)
    return ended


def _has_run_out(day: date) -> ColumnElement[bool]:
    return and_(
        Extension.kind == ExtensionKind.REOPEN,
        Extension.state == ExtensionState.GRANTED,
        Extension.until_on < day,
    )


def _lapse_one(open_session: OpenSession, extension_id: int, now: datetime) -> bool:
    """False when somebody else is at it, or it has ended."""
    with open_session() as session:
        reopening = session.scalar(
            select(Extension)
            .where(Extension.id == extension_id, _has_run_out(local_day(now)))
            .with_for_update(skip_locked=True)
        )
        if reopening is None:
            return False
        lapse(session, reopening, now)
        session.commit()
        return True


def lapse(session: Session, reopening: Extension, now: datetime) -> None:
    """Put what was handed in before back in force, with what was typed meanwhile kept in the history.

    Where the record went on without it (rated after all, exempted) its state stays; a released result and an
    exempted record keep their entries as well.
    """
    assessment = session.get_one(Assessment, reopening.assessment_id)
    if reopening.phase is PhaseKind.PLAN_EVALUATION:
        _lapse_evaluation(session, reopening, now)
    elif assessment.state in UNRELEASED_STATES:
        _lapse_rater(session, reopening, assessment, now)
    reopening.state = ExtensionState.ENDED
    save(session)
    record_extension(session, SYSTEM, reopening, "lapse_reopening", now)


def _lapse_rater(session: Session, reopening: Extension, assessment: Assessment, now: datetime) -> None:
    is_self = reopening.phase is PhaseKind.SELF_ASSESSMENT
    kind = RaterKind.SELF if is_self else RaterKind.SUPERVISOR
    working = AssessmentState.SELF_ASSESSING if is_self else AssessmentState.RATING
    if not is_self and assessment.state is not working:
        return
    meanwhile = entries_of(session, assessment, kind)
    put_entries_back(session, assessment, kind, reopening.snapshot)
    if assessment.state is working:
        event = _event(reopening)
        move_assessment(session, SYSTEM, WORKERS, assessment, event, now, _given(reopening, meanwhile))
    save(session)


def _event(reopening: Extension) -> AssessmentEvent:
    if reopening.phase is PhaseKind.SELF_ASSESSMENT:
        return AssessmentEvent.LAPSE_SELF
    had_opinion = reopening.snapshot["state"] in AFTER_OPINION
    return AssessmentEvent.LAPSE_OPINION if had_opinion else AssessmentEvent.LAPSE_RATING


def _lapse_evaluation(session: Session, reopening: Extension, now: datetime) -> None:
    plan = session.scalar(
        select(DevelopmentPlan).where(DevelopmentPlan.assessment_id == reopening.assessment_id)
    )
    if plan is None or plan.state is not PlanState.IN_EVALUATION:
        return
    meanwhile = evaluation_of(plan)
    put_evaluation_back(plan, reopening.snapshot)
    given = _given(reopening, meanwhile)
    move_plan(session, SYSTEM, WORKERS, plan, PlanEvent.LAPSE_EVALUATION, now, given)
    save(session)


def _given(reopening: Extension, meanwhile: Kept) -> Circumstances:
    return Circumstances(
        met={Requirement.REOPENING_EXPIRED},
        detail={"until_on": reopening.until_on.isoformat(), "meanwhile": meanwhile},
    )
