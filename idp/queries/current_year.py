"""Where a person stands in the year at hand."""

from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, DevelopmentPlan
from idp.queries.deadlines import days_of_records
from idp.queries.phases import PhaseDates
from idp.rules.terms import AssessmentState, CycleState, PlanState

SHOWN_CYCLES = (CycleState.OPEN, CycleState.CLOSING, CycleState.CLOSED)


@dataclass(frozen=True)
class CurrentYear:
    """The person's assessment in the latest cycle, and the plan of its year if there is one."""

    assessment_id: int
    assessment_state: AssessmentState
    plan_id: int | None
    plan_state: PlanState | None
    cycle_name_th: str
    cycle_name_en: str
    phases: PhaseDates


def current_year(session: Session, person_id: int, organisation_id: int) -> CurrentYear | None:
    """None where the person was never assessed in the organisation; three statements."""
    row = session.execute(
        select(Assessment, DevelopmentPlan.id, DevelopmentPlan.state, Cycle)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .outerjoin(
            DevelopmentPlan,
            and_(
                DevelopmentPlan.employee_id == Assessment.employee_id,
                DevelopmentPlan.fiscal_year == Cycle.fiscal_year,
            ),
        )
        .where(
            Assessment.owner_person_id == person_id,
            Assessment.organisation_id == organisation_id,
            Cycle.state.in_(SHOWN_CYCLES),
        )
        .order_by(Cycle.starts_on.desc(), Assessment.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    assessment, plan_id, plan_state, cycle = row
    phases = days_of_records(session, [assessment])[assessment.id]
    return CurrentYear(
        assessment.id, assessment.state, plan_id, plan_state, cycle.name_th, cycle.name_en, phases
    )
