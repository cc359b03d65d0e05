"""The single steps that can be taken for many: on which record, by which service, with what effect."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from idp.models import Assessment
from idp.queries.deadlines import days_of_records
from idp.queries.team import next_step
from idp.rules.bulk import NEED_DAY, NEED_REASON, ON_PLANS, BulkAction
from idp.rules.calendar import local_day
from idp.rules.plan_workflow import SHARED_STATES
from idp.rules.relations import Actor
from idp.rules.terms import PhaseKind, SecondOpinion
from idp.services.assessments import give_second_opinion, moderate, submit_rating
from idp.services.extensions import grant_time
from idp.services.plans import approve_plan, return_plan
from idp.services.reconsiderations import ask_reconsideration, latest_day
from idp.services.reminders_by_hand import plan_of, remind_by_hand
from idp.services.results import release_assessment


@dataclass(frozen=True)
class Given:
    """What is said once for all rows."""

    text: str = ""
    until_on: date | None = None


@dataclass(frozen=True)
class Subject:
    """The record that a row acts on: the plan or the assessment, its state and version as read."""

    id: int
    state: str
    version: int
    effect: dict[str, Any] = field(default_factory=dict)


Step = Callable[[Session, Actor, Subject, Given, datetime], dict[str, Any]]


def subject_of(
    session: Session, actor: Actor, action: BulkAction, assessment: Assessment, now: datetime
) -> Subject | None:
    """The record of the action; None where there is no plan, or it is still being written for oneself."""
    if action in ON_PLANS:
        plan = plan_of(session, assessment)
        if plan is None or plan.state not in SHARED_STATES:
            return None
        return Subject(plan.id, plan.state.value, plan.version)
    effect = {}
    if action is BulkAction.EXTEND:
        phase = _phase_due(session, assessment, now)
        effect = {"phase": phase.value} if phase else {}
    return Subject(assessment.id, assessment.state.value, assessment.version, effect)


def placeholder(action: BulkAction, assessment: Assessment, now: datetime) -> Given:
    """What the preview tries the step with, before a reason or a day was typed."""
    text = "-" if action in NEED_REASON else ""
    if action is BulkAction.ASK_RECONSIDERATION:  # possible after the cycle's end too
        return Given(text, latest_day(assessment, local_day(now)))
    return Given(text, assessment.cycle.ends_on if action in NEED_DAY else None)


def _phase_due(session: Session, assessment: Assessment, now: datetime) -> PhaseKind | None:
    """The step that is owed on the person's records today."""
    plan = plan_of(session, assessment)
    record = assessment if plan is None else plan
    days = days_of_records(session, [assessment])[assessment.id]
    has_second_level = record.second_level_person_id is not None
    step = next_step(record.state, has_second_level, days, local_day(now))
    return None if step is None else step.phase


def _approve(session: Session, actor: Actor, on: Subject, given: Given, now: datetime) -> dict[str, Any]:
    plan = approve_plan(session, actor, on.id, now, given.text, on.version)
    return {"plan_state": plan.state.value}


def _return(session: Session, actor: Actor, on: Subject, given: Given, now: datetime) -> dict[str, Any]:
    plan = return_plan(session, actor, on.id, given.text, now, on.version)
    return {"plan_state": plan.state.value}


def _submit(session: Session, actor: Actor, on: Subject, _given: Given, now: datetime) -> dict[str, Any]:
    return {"assessment_state": submit_rating(session, actor, on.id, now, on.version).state.value}


def _agree(session: Session, actor: Actor, on: Subject, _given: Given, now: datetime) -> dict[str, Any]:
    done = give_second_opinion(session, actor, on.id, SecondOpinion.AGREES, "", now, on.version)
    return {"assessment_state": done.state.value}


def _ask(session: Session, actor: Actor, on: Subject, given: Given, now: datetime) -> dict[str, Any]:
    asked = ask_reconsideration(session, actor, on.id, given.text, given.until_on, now, on.version)
    return {"assessment_state": asked.assessment.state.value}


def _moderate(session: Session, actor: Actor, on: Subject, _given: Given, now: datetime) -> dict[str, Any]:
    return {"assessment_state": moderate(session, actor, on.id, now, on.version).state.value}


def _release(session: Session, actor: Actor, on: Subject, _given: Given, now: datetime) -> dict[str, Any]:
    return {"assessment_state": release_assessment(session, actor, on.id, now, on.version).state.value}


def _remind(session: Session, actor: Actor, on: Subject, given: Given, now: datetime) -> dict[str, Any]:
    done = remind_by_hand(session, actor, on.id, given.text, now, on.version)
    return {"relation": done.relation.value, "phase": done.phase.value}


def _extend(session: Session, actor: Actor, on: Subject, given: Given, now: datetime) -> dict[str, Any]:
    phase = PhaseKind(on.effect.get("phase", PhaseKind.RELEASE))
    assert given.until_on is not None
    grant_time(session, actor, on.id, phase, given.until_on, given.text, now, on.version)
    return {}


STEPS: dict[BulkAction, Step] = {
    BulkAction.APPROVE_PLANS: _approve,
    BulkAction.RETURN_PLANS: _return,
    BulkAction.SUBMIT_RATINGS: _submit,
    BulkAction.AGREE: _agree,
    BulkAction.ASK_RECONSIDERATION: _ask,
    BulkAction.MODERATE: _moderate,
    BulkAction.RELEASE: _release,
    BulkAction.REMIND: _remind,
    BulkAction.EXTEND: _extend,
}
