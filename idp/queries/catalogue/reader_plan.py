"""The plan into which a reader of the catalogue may take an action."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan, PlanItem
from idp.rules.plan_workflow import EDITABLE_STATES
from idp.rules.terms import PlanItemState


@dataclass(frozen=True)
class OpenPlan:
    """`has_it`: a line of the action is in it already."""

    plan_id: int
    fiscal_year: int
    version: int
    has_it: bool


def open_plan(
    session: Session, organisation_id: int, person_id: int | None, action_id: int
) -> OpenPlan | None:
    """The person's own latest plan that they may still edit; one statement."""
    lines = (
        select(func.count())
        .where(
            PlanItem.plan_id == DevelopmentPlan.id,
            PlanItem.action_id == action_id,
            PlanItem.state != PlanItemState.CANCELLED,
        )
        .scalar_subquery()
    )
    row = session.execute(
        select(DevelopmentPlan.id, DevelopmentPlan.fiscal_year, DevelopmentPlan.version, lines)
        .where(
            DevelopmentPlan.owner_person_id == person_id,
            DevelopmentPlan.organisation_id == organisation_id,
            DevelopmentPlan.state.in_(EDITABLE_STATES),
        )
        .order_by(DevelopmentPlan.fiscal_year.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else OpenPlan(row[0], row[1], row[2], row[3] > 0)
