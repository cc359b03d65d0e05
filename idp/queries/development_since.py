"""The lines of a person's approved plans: what was agreed for their development, and what came of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, Competency, Cycle, DevelopmentPlan, PlanItem
from idp.queries.competency_matches import CompetencyMatch
from idp.rules.plan_workflow import SHARED_STATES
from idp.rules.terms import CrosswalkRelation, DevelopmentMethod, PlanItemState, PlanState

NOT_AGREED = frozenset({PlanState.CANCELLED})


@dataclass(frozen=True)
class DevelopmentSince:
    """A line of an approved plan. `state` is the result once the plan was evaluated (`is_evaluated`), with
    its reason. `relation`: what the competency that it was for is, seen from that of now; None: the same."""

    plan_id: int
    plan_item_id: int
    title: str
    method: DevelopmentMethod
    hours: int
    state: PlanItemState
    percent: int
    result_reason: str
    is_evaluated: bool
    competency_name_th: str
    competency_name_en: str | None
    relation: CrosswalkRelation | None = None


@dataclass(frozen=True)
class PlanLine:
    item: PlanItem
    competency_id: int
    name_th: str
    name_en: str | None
    is_evaluated: bool
    fiscal_year: int
    starts_on: date  # of the cycle that the plan was drawn from

    def shown(self, match: CompetencyMatch) -> DevelopmentSince:
        item = self.item
        return DevelopmentSince(
            plan_id=item.plan_id,
            plan_item_id=item.id,
            title=item.title,
            method=item.method,
            hours=item.hours,
            state=item.state,
            percent=item.percent,
            result_reason=item.result_reason if self.is_evaluated else "",
            is_evaluated=self.is_evaluated,
            competency_name_th=self.name_th,
            competency_name_en=self.name_en,
            relation=match.relation,
        )


def plan_lines(session: Session, employee_ids: Collection[int]) -> dict[int, list[PlanLine]]:
    """By employee the lines of their plans that have been approved; one statement."""
    rows = session.execute(
        select(
            PlanItem,
            DevelopmentPlan.employee_id,
            DevelopmentPlan.state,
            DevelopmentPlan.fiscal_year,
            Cycle.starts_on,
            Competency.name_th,
            Competency.name_en,
        )
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanItem.plan_id)
        .join(Assessment, Assessment.id == DevelopmentPlan.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Competency, Competency.id == PlanItem.competency_id)
        .where(
            DevelopmentPlan.employee_id.in_(employee_ids),
            DevelopmentPlan.approved_at.is_not(None),
            DevelopmentPlan.state.in_(SHARED_STATES - NOT_AGREED),
            PlanItem.state != PlanItemState.CANCELLED,
        )
        .order_by(Cycle.starts_on, PlanItem.plan_id, PlanItem.sort_order, PlanItem.id)
    )
    found: dict[int, list[PlanLine]] = {}
    for item, employee_id, state, fiscal_year, starts_on, name_th, name_en in rows:
        assert item.competency_id is not None  # by the join
        evaluated = state is PlanState.EVALUATED
        line = PlanLine(item, item.competency_id, name_th, name_en, evaluated, fiscal_year, starts_on)
        found.setdefault(employee_id, []).append(line)
    return found
