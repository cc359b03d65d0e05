"""Carry a plan out: report progress, evaluate each line, close the plan with the supervisor's word.

The functions raise NotVisible, NotPermitted, StaleVersion, TransitionNotAllowed, RequirementNotMet,
InvalidInput.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan, PlanItem, ProgressEntry
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible, TransitionNotAllowed
from idp.rules.relations import Actor, Standing
from idp.rules.terms import (
    Permission,
    PhaseKind,
    PlanEvent,
    PlanItemState,
    PlanState,
    Relation,
    Requirement,
    SubjectType,
)
from idp.rules.texts import checked_text, required_text
from idp.services.access import check_version, load_plan
from idp.services.history import record_history
from idp.services.reopenings import end_used
from idp.services.saving import count_as_changed, save
from idp.services.transitions import NOTHING_SPECIAL, Circumstances, move_plan

REPORTING_STATES = (PlanState.APPROVED, PlanState.IN_PROGRESS, PlanState.IN_EVALUATION)
RESULTS = (
    PlanItemState.ACHIEVED,
    PlanItemState.NEARLY_ACHIEVED,
    PlanItemState.NOT_ACHIEVED,
    PlanItemState.CANCELLED,
    PlanItemState.CARRIED_OVER,
)
"""What a line can come to; the evaluation of a plan needs one of them for each."""

NEED_REASON = (PlanItemState.NOT_ACHIEVED, PlanItemState.CANCELLED, PlanItemState.CARRIED_OVER)
WHOLE = 100


def start_plan(
    session: Session, actor: Actor, plan_id: int, now: datetime, expected_version: int | None = None
) -> DevelopmentPlan:
    """The employee begins to carry the approved plan out."""
    return _move(session, actor, plan_id, PlanEvent.START, now, expected_version)


def report_progress(
    session: Session,
    actor: Actor,
    item_id: int,
    percent: int,
    note: str,
    now: datetime,
    evidence_submitted: bool = False,
    expected_version: int | None = None,
) -> ProgressEntry:
    """The employee says how far a line is, in percent, in their words; the first report starts an approved
    plan. `expected_version` is the plan's."""
    item = _item(session, item_id)
    plan, standing = _load(session, actor, item.plan_id, Permission.PLAN_PROGRESS, now)
    if actor.speaks_for is None or Relation.OWNER not in standing.relations:
        raise NotPermitted(Permission.PLAN_PROGRESS)
    if plan.state not in REPORTING_STATES:
        raise TransitionNotAllowed("plan", plan.state, "report_progress")
    check_version(plan, expected_version)
    if item.state in RESULTS:
        raise TransitionNotAllowed("plan_item", item.state, "report_progress")
    _check_percent(percent)
    entry = ProgressEntry(
        item=item, percent=percent, note=checked_text("note", note), by_person_id=actor.speaks_for, at=now
    )
    session.add(entry)
    if plan.state is PlanState.APPROVED:
        move_plan(session, actor, standing, plan, PlanEvent.START, now)
    before = _how_far(item)
    item.percent = percent
    item.state = _state_after_report(item.state, percent, evidence_submitted)
    detail = {"percent": percent, "before": before, "after": {**_how_far(item), "note": entry.note}}
    _record(session, actor, standing, item, "report_progress", now, detail)
    return entry


def begin_plan_evaluation(
    session: Session,
    actor: Actor,
    plan_id: int,
    reflection: str,
    now: datetime,
    expected_version: int | None = None,
) -> DevelopmentPlan:
    """The employee (or the clock, at the year's end) hands the plan in for evaluation, with what was
    learnt."""
    reflection = checked_text("reflection", reflection)
    given = Circumstances(detail={"text": reflection})
    plan = _move(session, actor, plan_id, PlanEvent.BEGIN_EVALUATION, now, expected_version, given)
    plan.reflection = reflection
    save(session)
    return plan


def evaluate_item(
    session: Session,
    actor: Actor,
    item_id: int,
    state: PlanItemState,
    percent: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> PlanItem:
    """The supervisor says what became of a line; what was not achieved, dropped or carried over needs a
    reason."""
    item = _item(session, item_id)
    plan, standing = _load_for_evaluation(session, actor, item.plan_id, now, expected_version)
    if plan.state is not PlanState.IN_EVALUATION:
        raise TransitionNotAllowed("plan", plan.state, "evaluate_item")
    if state not in RESULTS:
        raise InvalidInput("state", "unknown")
    _check_percent(percent)
    check = required_text if state in NEED_REASON else checked_text
    reason, before = check("reason", reason), _result(item)
    item.result_reason = reason
    item.state = state
    item.percent = percent
    if _result(item) == before:
        return item
    detail = {"state": state.value, "percent": percent, "before": before, "after": _result(item)}
    _record(session, actor, standing, item, "evaluate_item", now, detail, item.result_reason)
    return item


def evaluate_plan(
    session: Session,
    actor: Actor,
    plan_id: int,
    comment: str,
    now: datetime,
    expected_version: int | None = None,
) -> DevelopmentPlan:
    """The supervisor closes the plan, once every line has its result."""
    plan, standing = _load_for_evaluation(session, actor, plan_id, now, expected_version)
    waiting = tuple(item.title for item in plan.items if item.state not in RESULTS)
    met = set() if waiting else {Requirement.EVERY_ITEM_EVALUATED}
    comment = checked_text("comment", comment)
    given = Circumstances(met, waiting, detail={"text": comment})
    move_plan(session, actor, standing, plan, PlanEvent.EVALUATE, now, given)
    plan.evaluation_comment = comment
    plan.evaluated_at = now
    end_used(session, actor, plan.assessment_id, PhaseKind.PLAN_EVALUATION, now)
    save(session)
    return plan


def _move(
    session: Session,
    actor: Actor,
    plan_id: int,
    event: PlanEvent,
    now: datetime,
    expected_version: int | None,
    given: Circumstances = NOTHING_SPECIAL,
) -> DevelopmentPlan:
    plan, standing = _load(session, actor, plan_id, Permission.PLAN_PROGRESS, now)
    check_version(plan, expected_version)
    move_plan(session, actor, standing, plan, event, now, given)
    save(session)
    return plan


def _item(session: Session, item_id: int) -> PlanItem:
    item = session.get(PlanItem, item_id)
    if item is None:
        raise NotVisible
    return item


def _load(
    session: Session, actor: Actor, plan_id: int, permission: Permission, now: datetime
) -> tuple[DevelopmentPlan, Standing]:
    return load_plan(session, actor, plan_id, permission, local_day(now))


def _load_for_evaluation(
    session: Session, actor: Actor, plan_id: int, now: datetime, expected_version: int | None = None
) -> tuple[DevelopmentPlan, Standing]:
    plan, standing = _load(session, actor, plan_id, Permission.PLAN_EVALUATE, now)
    if Relation.SUPERVISOR not in standing.relations or Relation.OWNER in standing.relations:
        raise NotPermitted(Permission.PLAN_EVALUATE)
    check_version(plan, expected_version)
    return plan, standing


def _how_far(item: PlanItem) -> dict[str, Any]:
    return {"state": item.state.value, "percent": item.percent}


def _result(item: PlanItem) -> dict[str, Any]:
    return {**_how_far(item), "result_reason": item.result_reason}


def _check_percent(percent: int) -> None:
    if not 0 <= percent <= WHOLE:
        raise InvalidInput("percent", "out_of_range", minimum=0, maximum=WHOLE)


def _state_after_report(state: PlanItemState, percent: int, evidence_submitted: bool) -> PlanItemState:
    if evidence_submitted or state is PlanItemState.EVIDENCE_SUBMITTED:
        return PlanItemState.EVIDENCE_SUBMITTED
    return PlanItemState.IN_PROGRESS if percent > 0 else state


def _record(
    session: Session,
    actor: Actor,
    standing: Standing,
    item: PlanItem,
    event: str,
    now: datetime,
    detail: dict[str, Any],
    reason: str = "",
) -> None:
    count_as_changed(item.plan)
    represented = standing.represented_by(frozenset({Relation.SUPERVISOR}))
    record_history(
        session,
        actor,
        (SubjectType.PLAN_ITEM, item.id),
        event,
        now,
        organisation_id=item.plan.organisation_id,
        on_behalf_of=represented,
        reason=reason,
        detail=detail,
    )
    save(session)
