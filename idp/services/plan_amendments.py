"""Change an approved plan: an amendment, handed in and checked like a first plan.

The version approved before stays readable and printable meanwhile, and is what holds; abandoning the
amendment brings it back line by line. What was reported on the lines is never touched.

The functions raise NotVisible, NotPermitted, StaleVersion, TransitionNotAllowed, RequirementNotMet,
InvalidInput.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan, PlanItem
from idp.rules.calendar import local_day
from idp.rules.relations import Actor, Standing
from idp.rules.terms import (
    DevelopmentMethod,
    Permission,
    PlanEvent,
    PlanItemState,
)
from idp.rules.texts import checked_text
from idp.services.access import check_version, load_plan
from idp.services.plan_lines import state_before_amendment, take_out
from idp.services.plan_versions import keep_version, latest_version
from idp.services.plans import approval_of, go_on_with_work
from idp.services.saving import save
from idp.services.transitions import Circumstances, move_plan

AS_THEY_ARE = (
    "competency_id",
    "from_level",
    "target_level",
    "title",
    "detail",
    "hours",
    "measure",
    "evidence_expected",
    "responsible",
)
"""Columns whose values a snapshot keeps in JSON's own types."""

NOT_IN_EARLIER_SNAPSHOTS = (
    "indicator_ids",
    "sort_order",
    "other_methods",
    "mentor_person_id",
    "course_id",
    "course_run_id",
    "action_id",
)
"""Columns that earlier snapshots may lack: the line then keeps what it has."""

NOT_BROUGHT_BACK = {
    "id": "the line's own",
    "plan_id": "the line's own",
    "suggestion_id": "where the line came from does not change",
    "carried_from_item_id": "where the line came from does not change",
    "state": "how far it is: brought back alone where the amendment struck the line out",
    "percent": "how far it is",
    "hours_done": "how far it is",
    "spent_baht": "how far it is",
    "result_reason": "how far it is",
    "return_note": "what was to change in an amendment that is given up",
}
"""Columns that abandoning an amendment leaves alone, and why."""


def amend_plan(
    session: Session,
    actor: Actor,
    plan_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> DevelopmentPlan:
    """The employee or the supervisor asks to change the approved plan, and says why: its lines can be edited
    until it is handed in again. How far the lines were is kept as a version."""
    plan, standing = _load(session, actor, plan_id, now, expected_version)
    given = Circumstances(reason=checked_text("reason", reason))
    _move(session, actor, standing, plan, PlanEvent.AMEND, now, given)
    save(session)
    keep_version(session, plan, PlanEvent.AMEND, now)
    save(session)
    return plan


def withdraw_amendment(
    session: Session, actor: Actor, plan_id: int, now: datetime, expected_version: int | None = None
) -> DevelopmentPlan:
    """The employee takes the amended plan back before the supervisor has acted on it."""
    plan, standing = _load(session, actor, plan_id, now, expected_version)
    given = Circumstances(approval_of(plan))
    _move(session, actor, standing, plan, PlanEvent.WITHDRAW_AMENDMENT, now, given)
    plan.submitted_at = None
    save(session)
    return plan


def abandon_amendment(
    session: Session, actor: Actor, plan_id: int, now: datetime, expected_version: int | None = None
) -> DevelopmentPlan:
    """The employee gives the amendment up: every line is again as it was approved, and those added since are
    gone, or struck out where they go on in another plan; reported progress stays."""
    plan, standing = _load(session, actor, plan_id, now, expected_version)
    given = Circumstances(approval_of(plan))
    _move(session, actor, standing, plan, PlanEvent.ABANDON_AMENDMENT, now, given)
    version = latest_version(session, plan.id, {PlanEvent.APPROVE})
    assert version is not None  # what the workflow just asked for
    lines = {line["id"]: line for line in version.content["items"]}
    with session.no_autoflush:
        for item in list(plan.items):
            if item.id in lines:
                _bring_back(session, item, lines[item.id])
            else:
                take_out(session, item)
    for name in ("employee_note", "supervisor_comment", "second_level_comment"):
        setattr(plan, name, version.content[name])
    save(session)
    session.expire(plan, ["items"])
    go_on_with_work(session, plan, now)
    save(session)
    return plan


def _bring_back(session: Session, item: PlanItem, line: dict[str, Any]) -> None:
    for name in AS_THEY_ARE:
        setattr(item, name, line[name])
    item.method = DevelopmentMethod(line["method"])
    item.starts_on, item.ends_on = _day(line["starts_on"]), _day(line["ends_on"])
    item.cost_baht = Decimal(line["cost_baht"])
    for name in NOT_IN_EARLIER_SNAPSHOTS:
        if name in line:
            setattr(item, name, line[name])
    item.return_note = ""
    if item.state is PlanItemState.CANCELLED and line["state"] != PlanItemState.CANCELLED:
        item.state = state_before_amendment(session, item)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _load(
    session: Session, actor: Actor, plan_id: int, now: datetime, expected_version: int | None
) -> tuple[DevelopmentPlan, Standing]:
    """Who may is said by the workflow's rows: the owner edits, the supervisor reviews."""
    plan, standing = load_plan(session, actor, plan_id, Permission.PLAN_VIEW, local_day(now))
    check_version(plan, expected_version)
    return plan, standing


def _move(
    session: Session,
    actor: Actor,
    standing: Standing,
    plan: DevelopmentPlan,
    event: PlanEvent,
    now: datetime,
    given: Circumstances,
) -> None:
    with session.no_autoflush:  # that somebody was quicker is for `save` to notice, and to name
        move_plan(session, actor, standing, plan, event, now, given)
