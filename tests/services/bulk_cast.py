"""More people under Suda, with plans that wait for her word or ratings that wait for Prasit's."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from idp.models import Assessment, Competency, Cycle, DevelopmentPlan, Person, PlanItem, Unit
from idp.rules.terms import AssessmentState, DevelopmentMethod, PlanState
from tests.factories.sample import Sample, add_colleague, make_assessment


def add_assessment(
    session: Session, sample: Sample, number: int, state: AssessmentState = AssessmentState.RATED
) -> Assessment:
    cast = sample.cast
    competencies = {
        code: session.get_one(Competency, each.id) for code, each in sample.dictionary.competencies.items()
    }
    assessment = make_assessment(
        session,
        session.get_one(Cycle, sample.cycle.id),
        add_colleague(session, sample, f"{number}"),
        session.get_one(Unit, sample.unit.id),
        replace(sample.dictionary, competencies=competencies),
        supervisor=session.get_one(Person, cast.suda.person_id),
        second_level=session.get_one(Person, cast.prasit.person_id),
    )
    assessment.state = state
    session.flush()
    return assessment


def add_plan(
    session: Session, sample: Sample, number: int, state: PlanState = PlanState.SUBMITTED
) -> DevelopmentPlan:
    """One line, complete; drawn from an assessment that was received."""
    assessment = add_assessment(session, sample, number, AssessmentState.RECEIVED)
    plan = DevelopmentPlan(
        organisation_id=assessment.organisation_id,
        employee_id=assessment.employee_id,
        owner_person_id=assessment.owner_person_id,
        supervisor_person_id=assessment.supervisor_person_id,
        second_level_person_id=assessment.second_level_person_id,
        fiscal_year=2569,
        assessment_id=assessment.id,
        state=state,
    )
    plan.items = [
        PlanItem(
            title="สอนงาน",
            method=DevelopmentMethod.COACHING,
            starts_on=date(2025, 12, 1),
            ends_on=date(2026, 3, 1),
            hours=6,
            cost_baht=Decimal(0),
            measure="ผู้บังคับบัญชาตรวจงาน",
            sort_order=1,
        )
    ]
    session.add(plan)
    session.flush()
    return plan
