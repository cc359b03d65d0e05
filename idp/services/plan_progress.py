"""Carry a plan out: report progress, evaluate each line, close the plan with the supervisor's word.

The functions raise NotVisible, NotPermitted, StaleVersion, TransitionNotAllowed, RequirementNotMet,
InvalidInput.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan, Notice, PlanItem, ProgressEntry
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotPermitted, TransitionNotAllowed
from idp.rules.plan_results import NEED_REASON, RESULTS, check_percent, percent_of_result
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
from idp.services.plan_fields import MOST_COST_BAHT, MOST_HOURS
from idp.services.plan_lines import line_of
from idp.services.plan_reporting import how_far, load_own_line, record_line, start_if_approved
from idp.services.reopenings import end_used
from idp.services.saving import save
from idp.services.transitions import NOTHING_SPECIAL, Circumstances, move_plan, tell_of_plan

EVIDENCE_SUBMITTED = "plan:submit_evidence"
"""The notice to the supervisor."""

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Used:
    """What a line has taken so far: hours that were really spent learning, baht that were really paid; None:
    not said."""

    hours_done: int | None
    spent_baht: Decimal | None


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
    used: Used | None = None,
) -> ProgressEntry:
    """The employee says how far a line is, in percent, in their words; the first report starts an approved
    plan. `expected_version` is the plan's; without `used` what was said of hours and baht stays.

    Raises InvalidInputs with every field that is wrong.
    """
    item, plan, standing = load_own_line(session, actor, item_id, now, "report_progress", expected_version)
    note = _checked_report(percent, note, used)
    person_id = actor.speaks_for
    assert person_id is not None  # the owner is a person
    entry = ProgressEntry(item=item, percent=percent, note=note, by_person_id=person_id, at=now)
    session.add(entry)
    before, was_submitted = how_far(item), item.state is PlanItemState.EVIDENCE_SUBMITTED
    start_if_approved(session, actor, standing, plan, now)
    item.percent = percent
    if used is not None:
        item.hours_done, item.spent_baht = used.hours_done, used.spent_baht
    item.state = _state_after_report(item.state, percent, evidence_submitted)
    detail = {"percent": percent, "before": before, "after": {**how_far(item), "note": entry.note}}
    record_line(session, actor, standing, item, "report_progress", now, detail)
    if evidence_submitted and not was_submitted:
        _tell_of_evidence(session, actor, plan, now)
    return entry


def submit_evidence(
    session: Session, actor: Actor, item_id: int, now: datetime, expected_version: int | None = None
) -> PlanItem:
    """The employee says that what they handed in for a line is all: the supervisor is told, once. Raises
    InvalidInput `no_evidence` at `evidence` for a line to which nothing was added."""
    item, plan, standing = load_own_line(session, actor, item_id, now, "submit_evidence", expected_version)
    if item.state is PlanItemState.EVIDENCE_SUBMITTED:
        return item
    if not any(each.withdrawn_at is None for each in item.evidence):
        raise InvalidInput("evidence", "no_evidence")
    before = how_far(item)
    start_if_approved(session, actor, standing, plan, now)
    item.state = PlanItemState.EVIDENCE_SUBMITTED
    detail = {"before": before, "after": how_far(item)}
    record_line(session, actor, standing, item, "submit_evidence", now, detail)
    _tell_of_evidence(session, actor, plan, now)
    return item


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
    percent: int | None,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> PlanItem:
    """The supervisor says what became of a line, and how much of it (`percent_of_result`); what was not
    achieved, dropped or carried over needs a reason. Raises InvalidInputs with every field that is wrong."""
    item = line_of(session, item_id)
    plan, standing = _load_for_evaluation(session, actor, item.plan_id, now, expected_version)
    if plan.state is not PlanState.IN_EVALUATION:
        raise TransitionNotAllowed("plan", plan.state, "evaluate_item")
    if state not in RESULTS:
        raise InvalidInput("state", "unknown")
    problems, before = [], _result(item)
    try:
        item_percent = percent_of_result(state, percent, item.percent)
    except InvalidInput as problem:
        problems.append(problem)
    try:
        reason = (required_text if state in NEED_REASON else checked_text)("reason", reason)
    except InvalidInput as problem:
        problems.append(problem)
    if problems:
        raise InvalidInputs(problems)
    item.result_reason, item.state, item.percent = reason, state, item_percent
    after = _result(item)
    if after == before:
        return item
    detail = {"state": state.value, "percent": item_percent, "before": before, "after": after}
    record_line(session, actor, standing, item, "evaluate_item", now, detail, item.result_reason)
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


def _tell_of_evidence(session: Session, actor: Actor, plan: DevelopmentPlan, now: datetime) -> None:
    """Of several lines on one form, one notice."""
    told_already = select(Notice.id).where(
        Notice.subject_type == SubjectType.PLAN,
        Notice.subject_id == plan.id,
        Notice.event == EVIDENCE_SUBMITTED,
        Notice.created_at == now,
    )
    if session.scalar(told_already.limit(1)) is None:
        tell_of_plan(session, actor, plan, EVIDENCE_SUBMITTED, frozenset({Relation.SUPERVISOR}), now)


def _checked_report(percent: int, note: str, used: Used | None) -> str:
    problems = []
    try:
        check_percent(percent)
    except InvalidInput as problem:
        problems.append(problem)
    try:
        note = checked_text("note", note)
    except InvalidInput as problem:
        problems.append(problem)
    hours, baht = (None, None) if used is None else (used.hours_done, used.spent_baht)
    if hours is not None and not 0 <= hours <= MOST_HOURS:
        problems.append(InvalidInput("hours_done", "out_of_range", minimum=0, maximum=MOST_HOURS))
    if baht is not None and not 0 <= baht <= MOST_COST_BAHT:
        problems.append(InvalidInput("spent_baht", "out_of_range", minimum=0, maximum=int(MOST_COST_BAHT)))
    elif baht is not None and baht != baht.quantize(CENT):
        problems.append(InvalidInput("spent_baht", "too_many_places"))
    if problems:
        raise InvalidInputs(problems)
    return note


def _result(item: PlanItem) -> dict[str, Any]:
    return {"state": item.state.value, "percent": item.percent, "result_reason": item.result_reason}


def _state_after_report(state: PlanItemState, percent: int, evidence_submitted: bool) -> PlanItemState:
    if evidence_submitted or state is PlanItemState.EVIDENCE_SUBMITTED:
        return PlanItemState.EVIDENCE_SUBMITTED
    return PlanItemState.IN_PROGRESS if percent > 0 else state
