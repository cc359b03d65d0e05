"""The plan into which a person may put a course now."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    AssessmentItem,
    Competency,
    CourseLevel,
    DevelopmentPlan,
    PlanItem,
    ProficiencyLevel,
)
from idp.queries.corrections import current_levels
from idp.rules.plan_workflow import EDITABLE_STATES
from idp.rules.terms import PlanItemState


@dataclass(frozen=True)
class FittingLevel:
    """A level of the course, of a competency that the person is assessed in. `is_next`: the first one above
    what they attained."""

    level_id: int
    number: int
    competency_th: str
    competency_en: str
    is_next: bool


@dataclass(frozen=True)
class OpenPlan:
    """`levels`: those of the course that the line may be about; `item_id`: the course's line that is there
    already."""

    id: int
    version: int
    fiscal_year: int
    levels: tuple[FittingLevel, ...]
    item_id: int | None


def open_plan(
    session: Session, person_id: int, organisation_id: int | None, course_id: int
) -> OpenPlan | None:
    """The latest plan of the person's own that they may change, None where there is none; five
    statements."""
    plan = session.scalar(
        select(DevelopmentPlan)
        .where(
            DevelopmentPlan.owner_person_id == person_id,
            DevelopmentPlan.organisation_id == organisation_id,
            DevelopmentPlan.state.in_(EDITABLE_STATES),
        )
        .order_by(DevelopmentPlan.fiscal_year.desc(), DevelopmentPlan.id.desc())
        .limit(1)
    )
    if plan is None:
        return None
    levels = session.execute(
        select(
            ProficiencyLevel.id,
            ProficiencyLevel.number,
            Competency.name_th,
            Competency.name_en,
            AssessmentItem.id,
        )
        .join(CourseLevel, CourseLevel.level_id == ProficiencyLevel.id)
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .join(AssessmentItem, AssessmentItem.competency_id == Competency.id)
        .where(CourseLevel.course_id == course_id, AssessmentItem.assessment_id == plan.assessment_id)
        .order_by(AssessmentItem.sort_order, ProficiencyLevel.number)
    ).all()
    item_id = session.scalar(
        select(PlanItem.id)
        .where(
            PlanItem.plan_id == plan.id,
            PlanItem.course_id == course_id,
            PlanItem.state != PlanItemState.CANCELLED,
        )
        .order_by(PlanItem.id)
        .limit(1)
    )
    attained = current_levels(session, plan.assessment_id) if levels else {}
    above = [level_id for level_id, number, _th, _en, item in levels if number > attained.get(item, 0)]
    fitting = tuple(
        FittingLevel(level_id, number, th, en or "", level_id == (above[0] if above else None))
        for level_id, number, th, en, _item in levels
    )
    return OpenPlan(plan.id, plan.version, plan.fiscal_year, fitting, item_id)
