"""Of the lines of one plan: where those that were carried over come from, and where unfinished ones go on."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from idp.models import DevelopmentPlan, PlanItem
from idp.rules.plan_workflow import is_the_owners_alone
from idp.rules.terms import PlanItemState, PlanState


@dataclass(frozen=True)
class OtherPlan:
    """The plan at the other end. `id` None: the reader is not led there; `is_elsewhere`: of another
    organisation."""

    id: int | None
    fiscal_year: int
    is_elsewhere: bool


@dataclass(frozen=True)
class CarriedLine:
    """One line; either end may be missing."""

    comes_from: OtherPlan | None
    goes_on_in: OtherPlan | None


def carried_lines(session: Session, plan_id: int, *, is_owner: bool) -> dict[int, CarriedLine]:
    """By the line's id; one statement.

    The owner reads both ends. Anybody else learns that a line goes on only within the organisation and once
    that plan was handed in: until then it is its owner's alone.
    """
    here, there = aliased(DevelopmentPlan), aliased(DevelopmentPlan)
    source, next_item = aliased(PlanItem), aliased(PlanItem)
    origin = aliased(DevelopmentPlan)
    rows = session.execute(
        select(PlanItem.id, here.organisation_id, origin, there)
        .join(here, here.id == PlanItem.plan_id)
        .outerjoin(source, source.id == PlanItem.carried_from_item_id)
        .outerjoin(origin, origin.id == source.plan_id)
        .outerjoin(
            next_item,
            (next_item.carried_from_item_id == PlanItem.id) & (next_item.state != PlanItemState.CANCELLED),
        )
        .outerjoin(there, (there.id == next_item.plan_id) & (there.state != PlanState.CANCELLED))
        .where(PlanItem.plan_id == plan_id)
    )
    found = {}
    for item_id, organisation_id, before, after in rows:
        tells = after is not None and (is_owner or _is_known(after, organisation_id))
        line = CarriedLine(
            _end(before, organisation_id, is_owner),
            _end(after if tells else None, organisation_id, is_owner),
        )
        if line != CarriedLine(None, None):
            found[item_id] = line
    return found


def _is_known(plan: DevelopmentPlan, organisation_id: int) -> bool:
    was_handed_in = plan.submitted_at is not None or plan.approved_at is not None
    return plan.organisation_id == organisation_id and not is_the_owners_alone(
        plan.state, was_handed_in=was_handed_in
    )


def _end(plan: DevelopmentPlan | None, organisation_id: int, is_owner: bool) -> OtherPlan | None:
    if plan is None:
        return None
    return OtherPlan(plan.id if is_owner else None, plan.fiscal_year, plan.organisation_id != organisation_id)
