"""What is written about one line of an approved plan: load it for its owner, how far it is, its history.

What reports, evidence and the evaluation share. The functions raise NotVisible, NotPermitted, StaleVersion,
TransitionNotAllowed.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan, PlanItem
from idp.rules.calendar import local_day
from idp.rules.errors import NotPermitted, TransitionNotAllowed
from idp.rules.plan_results import RESULTS
from idp.rules.relations import Actor, Standing
from idp.rules.terms import Permission, PlanEvent, PlanState, Relation, SubjectType
from idp.services.access import check_version, load_plan
from idp.services.history import record_history
from idp.services.plan_lines import line_of
from idp.services.saving import count_as_changed, save
from idp.services.transitions import move_plan

REPORTING_STATES = (PlanState.APPROVED, PlanState.IN_PROGRESS, PlanState.IN_EVALUATION)
"""Where reports, evidence and follow-ups are taken: an approved version holds, not evaluated yet. A plan
that is being amended waits until the amendment is approved or given up (this product's default)."""


def load_own_line(
    session: Session, actor: Actor, item_id: int, now: datetime, event: str, expected_version: int | None
) -> tuple[PlanItem, DevelopmentPlan, Standing]:
    """A line that the actor carries out, or enters the owner's signed paper for, while it can still change:
    the plan is approved and not evaluated, the line has no result yet."""
    item = line_of(session, item_id)
    plan, standing = load_plan(session, actor, item.plan_id, Permission.PLAN_PROGRESS, local_day(now))
    if actor.speaks_for is None or Relation.OWNER not in standing.relations:
        raise NotPermitted(Permission.PLAN_PROGRESS)
    if plan.state not in REPORTING_STATES:
        raise TransitionNotAllowed("plan", plan.state, event)
    check_version(plan, expected_version)
    if item.state in RESULTS:
        raise TransitionNotAllowed("plan_item", item.state, event)
    return item, plan, standing


def start_if_approved(
    session: Session, actor: Actor, standing: Standing, plan: DevelopmentPlan, now: datetime
) -> None:
    """Whoever reports has begun."""
    if plan.state is PlanState.APPROVED:
        move_plan(session, actor, standing, plan, PlanEvent.START, now)


def how_far(item: PlanItem) -> dict[str, Any]:
    """Hours and baht only where something was said of them."""
    far: dict[str, Any] = {"state": item.state.value, "percent": item.percent}
    if item.hours_done is not None:
        far["hours_done"] = item.hours_done
    if item.spent_baht is not None:
        far["spent_baht"] = str(item.spent_baht)
    return far


def record_line(
    session: Session,
    actor: Actor,
    standing: Standing,
    item: PlanItem,
    event: str,
    now: datetime,
    detail: dict[str, Any],
    reason: str = "",
) -> None:
    """Write the history of one line, and count its plan as changed."""
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
