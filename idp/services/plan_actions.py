"""Make a line of a plan from an action of the catalogue, without a suggestion having been made of it."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    AssessmentItem,
    DevelopmentAction,
    DevelopmentActionIndicator,
    DevelopmentPlan,
    PlanItem,
    Suggestion,
)
from idp.queries.catalogue.visible import visible_action
from idp.queries.corrections import current_levels
from idp.queries.development_actions import is_proposed_by
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible, TransitionNotAllowed
from idp.rules.plan_workflow import EDITABLE_STATES
from idp.rules.relations import Actor
from idp.rules.terms import Permission, PlanItemState, Relation, SubjectType, VersionState
from idp.services.access import check_version, load_plan
from idp.services.history import record_history
from idp.services.plan_fields import values_of
from idp.services.plan_items import accept_suggestion
from idp.services.plan_lines import line_days, new_line
from idp.services.saving import count_as_changed, save


def add_from_action(
    session: Session,
    actor: Actor,
    plan_id: int,
    action_id: int,
    now: datetime,
    expected_version: int | None = None,
) -> PlanItem:
    """Make a line of it, from today for the action's weeks, within the fiscal year while that lasts.

    The line that the plan has of it already is the answer; a suggestion of it is accepted. The line is for
    the action's competency, whether or not the person was rated on it. Raises InvalidInput at `action_id`
    (`not_proposed`) for what was retired or excluded, NotVisible, NotPermitted, StaleVersion,
    TransitionNotAllowed.
    """
    plan, standing = load_plan(session, actor, plan_id, Permission.PLAN_EDIT, local_day(now))
    if Relation.OWNER not in standing.relations:
        raise NotPermitted(Permission.PLAN_EDIT)
    if plan.state not in EDITABLE_STATES:
        raise TransitionNotAllowed("plan", plan.state, "add_from_action")
    check_version(plan, expected_version)
    action = _proposed(session, plan.organisation_id, action_id)
    there = (item for item in plan.items if item.action_id == action_id)
    standing_line = next((item for item in there if item.state is not PlanItemState.CANCELLED), None)
    if standing_line is not None:
        return standing_line
    suggestion_id = _suggestion_of(session, plan, action_id)
    if suggestion_id is not None:
        return accept_suggestion(session, actor, plan_id, suggestion_id, now)
    item = _line(session, plan, action, local_day(now))
    session.add(item)
    count_as_changed(plan)
    save(session)
    record_history(
        session,
        actor,
        (SubjectType.PLAN, plan.id),
        "add_item",
        now,
        organisation_id=plan.organisation_id,
        states=(plan.state, plan.state),
        detail={"item_id": item.id, "title": item.title, "action_id": action_id, "after": values_of(item)},
    )
    return item


def _proposed(session: Session, organisation_id: int, action_id: int) -> DevelopmentAction:
    """An action that the organisation proposes. Raises NotVisible, and InvalidInput for one that it proposed
    once."""
    action = visible_action(session, organisation_id, action_id)
    if action.state is VersionState.DRAFT:
        raise NotVisible(action_id)
    is_proposed = select(DevelopmentAction.id).where(
        DevelopmentAction.id == action_id, is_proposed_by(organisation_id)
    )
    if session.scalar(is_proposed) is None:
        raise InvalidInput("action_id", "not_proposed")
    return action


def _suggestion_of(session: Session, plan: DevelopmentPlan, action_id: int) -> int | None:
    """The suggestion of this very action from the plan's assessment that no line was made of."""
    if plan.assessment.state not in RELEASED_STATES:
        return None
    taken = select(PlanItem.id).where(PlanItem.suggestion_id == Suggestion.id)
    return session.scalar(
        select(Suggestion.id)
        .join(AssessmentItem, AssessmentItem.id == Suggestion.assessment_item_id)
        .where(
            AssessmentItem.assessment_id == plan.assessment_id,
            Suggestion.action_id == action_id,
            ~taken.exists(),
        )
        .limit(1)
    )


def _line(session: Session, plan: DevelopmentPlan, action: DevelopmentAction, day: date) -> PlanItem:
    rated = session.scalar(
        select(AssessmentItem.id).where(
            AssessmentItem.assessment_id == plan.assessment_id,
            AssessmentItem.competency_id == action.level.competency_id,
        )
    )
    attained = None if rated is None else current_levels(session, plan.assessment_id).get(rated)
    develops = session.scalars(
        select(DevelopmentActionIndicator.indicator_id)
        .where(DevelopmentActionIndicator.action_id == action.id)
        .order_by(DevelopmentActionIndicator.indicator_id)
    )
    starts_on, ends_on = line_days(plan.fiscal_year, action.weeks, day)
    return new_line(
        plan,
        action_id=action.id,
        competency_id=action.level.competency_id,
        from_level=None if attained is None else int(attained),  # a line starts from a whole level
        target_level=action.level.number,
        indicator_ids=list(develops),
        method=action.method,
        title=action.title_th,
        detail=action.detail_th,
        starts_on=starts_on,
        ends_on=ends_on,
        hours=action.hours,
        cost_baht=action.cost_baht,
        measure=action.measure_th,
        evidence_expected=action.evidence_th,
    )
