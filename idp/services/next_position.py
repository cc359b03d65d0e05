"""Plan for another position: a line from the catalogue for what is missing there."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, PlanItem
from idp.queries.next_position import ExpectedThere, Post, post_choices, way_to_post
from idp.rules.calendar import local_day
from idp.rules.errors import NotVisible
from idp.rules.relations import Actor
from idp.services.plan_actions import add_from_action
from idp.services.plans import draft_plan
from idp.services.settings import rules_of_cycle


def add_for_position(
    session: Session,
    actor: Actor,
    assessment_id: int,
    post: Post,
    action_id: int,
    now: datetime,
    expected_version: int | None = None,
) -> PlanItem:
    """Make a line of the employee's plan from an action that is offered on the way to `post`; the first one
    begins the plan. The line starts from the level attained in this assessment, also where it was attained
    in an equivalent competency. Raises NotVisible for another action or a post that there is not, and as
    `draft_plan` and `add_from_action` do.
    """
    plan = draft_plan(session, actor, assessment_id, now)
    competency = _offered(session, session.get_one(Assessment, assessment_id), post, action_id, now)
    is_there = session.scalar(
        select(PlanItem.id).where(PlanItem.plan_id == plan.id, PlanItem.action_id == action_id).limit(1)
    )
    item = add_from_action(session, actor, plan.id, action_id, now, expected_version)
    if is_there is None and competency.attained is not None:
        item.from_level = int(competency.attained)  # a line starts from a whole level
        session.flush()
    return item


def _offered(
    session: Session, assessment: Assessment, post: Post, action_id: int, now: datetime
) -> ExpectedThere:
    day = local_day(now)
    if not post_choices(session, assessment.organisation_id, assessment.employee_id, day).has(post):
        raise NotVisible
    limit = rules_of_cycle(assessment.cycle).suggestions_per_gap
    for each in way_to_post(session, assessment, post, day, limit):
        if any(action.id == action_id for action in each.actions):
            return each
    raise NotVisible
