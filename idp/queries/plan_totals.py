"""What the plans of a list come to: lines, hours and baht as planned and as used."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from idp.models import PlanItem
from idp.rules.terms import PlanItemState


@dataclass(frozen=True)
class PlanTotals:
    """Lines dropped do not count. `hours_done` and `spent_baht`: of what was reported; None: nothing was."""

    lines: int = 0
    achieved: int = 0
    hours: int = 0
    hours_done: int | None = None
    cost_baht: Decimal = Decimal(0)
    spent_baht: Decimal | None = None


def plan_totals(session: Session, plan_ids: Collection[int]) -> dict[int, PlanTotals]:
    """By plan; one without lines is missing. One statement."""
    rows = session.execute(
        select(
            PlanItem.plan_id,
            func.count(),
            func.sum(case((PlanItem.state == PlanItemState.ACHIEVED, 1), else_=0)),
            func.sum(PlanItem.hours),
            func.sum(PlanItem.hours_done),
            func.sum(PlanItem.cost_baht),
            func.sum(PlanItem.spent_baht),
        )
        .where(PlanItem.plan_id.in_(plan_ids), PlanItem.state != PlanItemState.CANCELLED)
        .group_by(PlanItem.plan_id)
    )
    return {row[0]: PlanTotals(*row[1:]) for row in rows}
