"""Courses, runs and plans with lines, for the tests of training and its budget."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    Course,
    CourseRun,
    DevelopmentPlan,
    OrganisationSetting,
    PlanItem,
    ProficiencyLevel,
    Unit,
)
from idp.rules.terms import AssessmentState, DevelopmentMethod, PlanItemState, PlanState
from idp.services.training.course_fields import CourseFields, RunFields
from idp.services.training.course_runs import add_run
from idp.services.training.courses import create_course
from tests.factories import steps
from tests.factories.sample import Sample, add_colleague, at, make_assessment

NOW = at(steps.PLAN_DAY)
TRAINING = DevelopmentMethod.TRAINING
COURSE = CourseFields("HR-01", "การบริหารทรัพยากรบุคคล", TRAINING, 18, Decimal("3500.50"), "สถาบันพัฒนา")
RUN = RunFields(date(2026, 2, 2), date(2026, 2, 4), 2, None, "ห้องประชุม 1")


def use_dictionary(session: Session, sample: Sample) -> None:
    """The organisation takes its competencies from the sample's dictionary."""
    value = [{"code": "sample-core", "category": each} for each in ("core", "functional")]
    session.add(
        OrganisationSetting(
            organisation_id=sample.organisation.id, key="frameworks", from_on=date(2020, 1, 1), value=value
        )
    )
    session.flush()


def level_id(session: Session, sample: Sample, code: str, number: int) -> int:
    competency = sample.dictionary.competencies[code]
    return session.scalars(
        select(ProficiencyLevel.id).where(
            ProficiencyLevel.competency_id == competency.id, ProficiencyLevel.number == number
        )
    ).one()


def make_course(session: Session, sample: Sample, **changes: Any) -> Course:
    return create_course(session, sample.cast.malee, CourseFields(**{**vars(COURSE), **changes}), NOW)


def make_run(session: Session, sample: Sample, course: Course, **changes: Any) -> CourseRun:
    typed = RunFields(**{**vars(RUN), **changes})
    return add_run(session, sample.cast.malee, course.id, typed, NOW)


def make_unit(session: Session, sample: Sample, code: str, above: Unit | None = None) -> Unit:
    """A unit of the sample organisation, below another."""
    unit = Unit(
        organisation_id=sample.organisation.id,
        code=code,
        name_th=f"ฝ่าย {code}",
        parent_id=above.id if above else None,
    )
    session.add(unit)
    session.flush()
    unit.path = f"{above.path if above else '/'}{unit.id}/"
    session.flush()
    return unit


def person_with_result(session: Session, sample: Sample, number: int, unit: Unit | None = None) -> Assessment:
    """One more employee whose result is released."""
    employee = add_colleague(session, sample, str(number))
    return make_assessment(
        session,
        sample.cycle,
        employee,
        unit or sample.unit,
        sample.dictionary,
        supervisor=None,
        second_level=None,
        state=AssessmentState.RELEASED,
    )


def plan_of(
    session: Session,
    assessment: Assessment,
    *lines: dict[str, Any],
    state: PlanState = PlanState.APPROVED,
    fiscal_year: int = 2569,
    **columns: Any,
) -> DevelopmentPlan:
    """The person's plan with lines, as it may stand after whatever steps."""
    plan = DevelopmentPlan(
        organisation_id=assessment.organisation_id,
        employee_id=assessment.employee_id,
        owner_person_id=assessment.owner_person_id,
        fiscal_year=fiscal_year,
        assessment_id=assessment.id,
        state=state,
        **columns,
    )
    session.add(plan)
    session.flush()
    for place, line in enumerate(lines, start=1):
        common = {"title": "อบรม", "method": TRAINING, "state": PlanItemState.PLANNED}
        session.add(PlanItem(plan_id=plan.id, sort_order=place, **(common | line)))
    session.flush()
    return plan
