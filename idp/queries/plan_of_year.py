"""The plan that an assessment belongs to: a person has one in a fiscal year, also where they are assessed
twice in it."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, DevelopmentPlan
from idp.queries.relations import standing_on_record
from idp.rules.permissions import allowed
from idp.rules.plan_workflow import is_the_owners_alone
from idp.rules.relations import Actor
from idp.rules.terms import Permission, Relation


def plan_of_year(session: Session, assessment_id: int) -> DevelopmentPlan | None:
    """The employee's plan of the assessment's fiscal year; None before it was begun. One statement."""
    return session.scalar(
        select(DevelopmentPlan)
        .join(Assessment, Assessment.employee_id == DevelopmentPlan.employee_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(Assessment.id == assessment_id, DevelopmentPlan.fiscal_year == Cycle.fiscal_year)
    )


def may_read_content(session: Session, actor: Actor, plan: DevelopmentPlan, day: date) -> bool:
    """Whether the actor reads the plan's lines, and so what was answered to proposals: the owner, and others
    who may see the plan once it is not its owner's alone any more."""
    relations = standing_on_record(session, actor, plan, day).relations
    if Relation.OWNER in relations:
        return True
    was_handed_in = plan.submitted_at is not None or plan.approved_at is not None
    is_hidden = is_the_owners_alone(plan.state, was_handed_in=was_handed_in)
    return not is_hidden and allowed(Permission.PLAN_VIEW, relations, plan.state)


__all__ = ["may_read_content", "plan_of_year"]
