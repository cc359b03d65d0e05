"""Follow a plan up at half-year: employee and supervisor each write their own part.

Raises NotVisible, NotPermitted, StaleVersion, TransitionNotAllowed, InvalidInput.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan, PlanFollowUp
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, NotPermitted, TransitionNotAllowed
from idp.rules.follow_ups import WRITERS, span_of
from idp.rules.relations import Actor, Standing
from idp.rules.terms import Half, Permission, Relation, SubjectType
from idp.rules.texts import required_text
from idp.services.access import check_version, load_plan
from idp.services.history import record_history
from idp.services.plan_reporting import REPORTING_STATES
from idp.services.saving import count_as_changed, save
from idp.services.transitions import tell_of_plan

FOLLOW_UP = "plan:follow_up"
"""The notice to the other side, when a part is written for the first time."""


def write_follow_up(
    session: Session,
    actor: Actor,
    plan_id: int,
    half: Half,
    text: str,
    now: datetime,
    expected_version: int | None = None,
) -> PlanFollowUp:
    """Write or change one's own part, until the plan is evaluated; `expected_version` is the plan's. The same
    text once more writes nothing.

    Raises InvalidInput at `text` (`missing`, `too_long`, or `half_not_begun`).
    """
    plan, standing = load_plan(session, actor, plan_id, Permission.PLAN_FOLLOW_UP, local_day(now))
    side = _side(standing)
    if plan.state not in REPORTING_STATES:
        raise TransitionNotAllowed("plan", plan.state, "write_follow_up")
    check_version(plan, expected_version)
    if local_day(now) < (begins := span_of(plan.fiscal_year, half).start):
        raise InvalidInput("text", "half_not_begun", day=begins)
    text = required_text("text", text)
    follow_up = _follow_up(session, plan, half)
    before = _written(follow_up, side)
    if text == before:
        return follow_up
    if side is Relation.OWNER:
        follow_up.employee_text, follow_up.employee_at = text, now
    else:
        follow_up.supervisor_text, follow_up.supervisor_at = text, now
        follow_up.supervisor_person_id = actor.person_id
    save(session)
    detail = {"half": half.value, "by": side.value, "before": before, "after": text}
    _record(session, actor, standing, plan, detail, now)
    if not before:
        tell_of_plan(session, actor, plan, FOLLOW_UP, WRITERS - {side}, now)
    return follow_up


def _side(standing: Standing) -> Relation:
    """Whose part is the actor's to write: never both."""
    for side in (Relation.OWNER, Relation.SUPERVISOR):
        if side in standing.relations:
            return side
    raise NotPermitted(Permission.PLAN_FOLLOW_UP)


def _follow_up(session: Session, plan: DevelopmentPlan, half: Half) -> PlanFollowUp:
    there = session.scalar(
        select(PlanFollowUp).where(PlanFollowUp.plan_id == plan.id, PlanFollowUp.half == half)
    )
    if there is None:
        there = PlanFollowUp(plan_id=plan.id, half=half, employee_text="", supervisor_text="")
        session.add(there)
    return there


def _written(follow_up: PlanFollowUp, side: Relation) -> str:
    return follow_up.employee_text if side is Relation.OWNER else follow_up.supervisor_text


def _record(
    session: Session,
    actor: Actor,
    standing: Standing,
    plan: DevelopmentPlan,
    detail: dict[str, Any],
    now: datetime,
) -> None:
    count_as_changed(plan)
    record_history(
        session,
        actor,
        (SubjectType.PLAN, plan.id),
        "write_follow_up",
        now,
        organisation_id=plan.organisation_id,
        states=(plan.state, plan.state),
        on_behalf_of=standing.represented_by(frozenset({Relation.SUPERVISOR})),
        detail=detail,
    )
    save(session)
