"""Lines of a plan, whatever they come from: where one is made, and how a plan is opened to change them.

A suggestion, the catalogue, a course, a mentor's offer or last year's plan: each service opens the plan with
`plan_to_edit`, makes its lines with `new_line`, and writes what it did with `record_lines`.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan, PlanItem, Suggestion
from idp.rules.calendar import FiscalYear, local_day
from idp.rules.errors import NotPermitted, NotVisible, TransitionNotAllowed
from idp.rules.plan_workflow import EDITABLE_STATES
from idp.rules.relations import Actor
from idp.rules.terms import Permission, PlanEvent, PlanItemState, Relation, SubjectType, SuggestionState
from idp.services.access import check_version, load_plan
from idp.services.history import record_history
from idp.services.plan_versions import latest_version
from idp.services.saving import count_as_changed, save


def plan_to_edit(
    session: Session,
    actor: Actor,
    plan_id: int,
    now: datetime,
    event: str,
    expected_version: int | None = None,
) -> DevelopmentPlan:
    """The plan, for its owner to change its lines. Raises NotVisible, NotPermitted, StaleVersion, and
    TransitionNotAllowed for `event` where the plan's state lets nobody change them."""
    plan, standing = load_plan(session, actor, plan_id, Permission.PLAN_EDIT, local_day(now))
    if Relation.OWNER not in standing.relations:
        raise NotPermitted(Permission.PLAN_EDIT)
    if plan.state not in EDITABLE_STATES:
        raise TransitionNotAllowed("plan", plan.state, event)
    check_version(plan, expected_version)
    return plan


def new_line(plan: DevelopmentPlan, **columns: Any) -> PlanItem:
    """A line at the end of the plan, with the plan in its session: the one place that makes one.

    `columns`: those of `PlanItem` that somebody fills in, checked by the caller; `title` and `method` at
    least. The caller flushes (`save`) before it uses the id.
    """
    place = max((item.sort_order for item in plan.items), default=0) + 1
    return PlanItem(plan=plan, sort_order=place, **columns)


def line_days(fiscal_year: int, weeks: int, day: date) -> tuple[date, date]:
    """First and last day of something that takes so many weeks from `day` on: it begins no earlier than the
    plan's year, and ends with that while it lasts."""
    year = FiscalYear(fiscal_year)
    start = max(day, year.start)
    end = max(start + timedelta(weeks=weeks, days=-1), start)
    return start, min(end, year.end) if start <= year.end else end


def line_of(session: Session, item_id: int) -> PlanItem:
    """Raises NotVisible; who may read it is asked of its plan."""
    item = session.get(PlanItem, item_id)
    if item is None:
        raise NotVisible
    return item


def record_lines(
    session: Session, actor: Actor, plan: DevelopmentPlan, event: str, now: datetime, detail: dict[str, Any]
) -> None:
    """Write into the plan's history what was done to its lines; the plan gets its next version. A change of
    one line names it: `item_id`, `title`, and its values `before` and `after` (`plan_fields.values_of`)."""
    count_as_changed(plan)
    record_history(
        session,
        actor,
        (SubjectType.PLAN, plan.id),
        event,
        now,
        organisation_id=plan.organisation_id,
        states=(plan.state, plan.state),
        detail=detail,
    )
    save(session)


def approved_lines(session: Session, plan: DevelopmentPlan) -> dict[int, dict[str, Any]]:
    """The lines of the version that holds, by their ids; none before the first approval."""
    version = latest_version(session, plan.id, {PlanEvent.APPROVE}) if plan.approved_at else None
    return {} if version is None else {line["id"]: line for line in version.content["items"]}


def state_before_amendment(session: Session, item: PlanItem) -> PlanItemState:
    """How far the line was when the amendment began; of a line struck out earlier, what its percent says."""
    version = latest_version(session, item.plan_id, {PlanEvent.APPROVE, PlanEvent.AMEND})
    lines = {} if version is None else {line["id"]: line for line in version.content["items"]}
    state = PlanItemState(lines[item.id]["state"]) if item.id in lines else PlanItemState.CANCELLED
    if state is not PlanItemState.CANCELLED:
        return state
    return PlanItemState.IN_PROGRESS if item.percent else PlanItemState.PLANNED


def take_out(session: Session, item: PlanItem) -> None:
    """Delete a line that was never approved, and leave the suggestion that it came from to be answered anew.
    One that goes on in another plan is struck out instead: that plan names it as where its line comes
    from."""
    goes_on = select(PlanItem.id).where(PlanItem.carried_from_item_id == item.id)
    if session.scalar(goes_on) is not None:
        item.state = PlanItemState.CANCELLED
        return
    _open_suggestion_again(session, item)
    session.delete(item)


def _open_suggestion_again(session: Session, item: PlanItem) -> None:
    if item.suggestion_id is not None:
        suggestion = session.get_one(Suggestion, item.suggestion_id)
        suggestion.state = SuggestionState.PROPOSED
        suggestion.answered_at = None
