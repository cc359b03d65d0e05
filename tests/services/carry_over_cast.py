"""Somchai's plan of 2569, evaluated with lines left over, and his released result of a later year, in the
organisation where he was or in another one."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    DevelopmentPlan,
    Employee,
    Gap,
    Organisation,
    Person,
    PlanItem,
    Unit,
)
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.relations import Actor
from idp.rules.settings import OrganisationRules
from idp.rules.terms import AssessmentState, DevelopmentMethod, PlanItemState
from idp.services import plan_progress, plans
from idp.services.plan_fields import PlanItemFields
from idp.services.plan_items import add_item
from tests.factories import steps
from tests.factories.dictionary import Dictionary
from tests.factories.sample import Sample, at, make_assessment, make_cycle

NEXT_DAY = date(2026, 11, 20)
LEVELS = {"c1": 2, "c2": 1, "c3": 3}
FREE_LINE = PlanItemFields("ดูแลรถยนต์ส่วนกลาง", DevelopmentMethod.ON_THE_JOB, hours=10)


def evaluated(session: Session, sample: Sample) -> DevelopmentPlan:
    """c1 carried over at 60 percent with 4 hours done, c2 not achieved, a free line achieved."""
    plan = steps.drafted(session, sample)
    somchai, suda = sample.cast.somchai, sample.cast.suda
    free = add_item(session, somchai, plan.id, FREE_LINE, at(steps.PLAN_DAY))
    free.starts_on, free.ends_on, free.measure = date(2026, 1, 5), date(2026, 2, 5), "ตรวจสภาพ"
    plans.submit_plan(session, somchai, plan.id, at(steps.PLAN_DAY))
    plans.approve_plan(session, suda, plan.id, at(steps.REVIEW_DAY))
    for item in plan.items:
        plan_progress.report_progress(session, somchai, item.id, 60, "ทำแล้วบางส่วน", at(steps.PROGRESS_DAY))
    plan_progress.begin_plan_evaluation(session, somchai, plan.id, "ได้เรียนรู้", at(steps.EVALUATION_DAY))
    results = (PlanItemState.CARRIED_OVER, PlanItemState.NOT_ACHIEVED, PlanItemState.ACHIEVED)
    for item, state in zip(plan.items, results, strict=True):
        percent = 100 if state is PlanItemState.ACHIEVED else 60
        plan_progress.evaluate_item(
            session, suda, item.id, state, percent, "งานประจำมาก", at(steps.EVALUATION_DAY)
        )
    plan_progress.evaluate_plan(session, suda, plan.id, "", at(steps.EVALUATION_DAY))
    plan.items[0].hours_done = 4
    session.flush()
    return plan


def next_result(
    session: Session,
    sample: Sample,
    dictionary: Dictionary,
    year: int = 2570,
    levels: Mapping[str, int] = LEVELS,
    code: str | None = None,
) -> Assessment:
    """Somchai's released result of that year in the organisation of the sample, rated by Suda; `code` of the
    cycle: else the year's."""
    suda = session.get_one(Person, sample.cast.suda.person_id)
    somchai = sample.employees["somchai"]
    return _released(session, sample.organisation, somchai, sample.unit, dictionary, suda, year, levels, code)


def transferred(
    session: Session, sample: Sample, dictionary: Dictionary, year: int = 2570
) -> tuple[Actor, Assessment]:
    """He left on the last day of the fiscal year; his first result in the other organisation, rated by
    Olan."""
    before = sample.employees["somchai"]
    before.left_on = date(2026, 9, 30)
    other = sample.other_organisation
    unit = session.scalar(select(Unit).where(Unit.organisation_id == other.id))
    if unit is None:
        unit = Unit(organisation_id=other.id, code="O1", name_th="กองคลัง")
        session.add(unit)
        session.flush()
        unit.path = f"/{unit.id}/"
    employee = Employee(
        organisation_id=other.id,
        person=before.person,
        number="900",
        personnel_type=before.personnel_type,
        hired_on=date(2026, 10, 1),
    )
    session.add(employee)
    session.flush()
    olan = session.get_one(Person, sample.cast.olan.person_id)
    result = _released(session, other, employee, unit, dictionary, olan, year, LEVELS)
    return Actor(before.person_id, other.id), result


def _released(
    session: Session,
    organisation: Organisation,
    employee: Employee,
    unit: Unit,
    dictionary: Dictionary,
    supervisor: Person,
    year: int,
    levels: Mapping[str, int],
    code: str | None = None,
) -> Assessment:
    cycle = make_cycle(session, organisation, dictionary, OrganisationRules(), code=code or str(year))
    cycle.fiscal_year, cycle.name_th = year, f"รอบการประเมินประจำปีงบประมาณ พ.ศ. {year}"
    cycle.starts_on, cycle.ends_on = date(year - 544, 10, 1), date(year - 543, 9, 30)
    for phase in cycle.phases:
        phase.opens_on = phase.opens_on.replace(year=phase.opens_on.year + year - 2569)
        phase.due_on = phase.due_on.replace(year=phase.due_on.year + year - 2569)
    result = make_assessment(
        session, cycle, employee, unit, dictionary, supervisor=supervisor, second_level=None
    )
    result.state = AssessmentState.RELEASED
    assert result.state in RELEASED_STATES
    codes = {competency.id: code for code, competency in dictionary.competencies.items()}
    for item in result.items:
        level = levels.get(codes[item.competency_id])
        if level is not None:
            gap = Decimal(item.expected_level - level)
            session.add(
                Gap(
                    item_id=item.id,
                    expected_level=item.expected_level,
                    attained_level=Decimal(level),
                    gap=gap,
                )
            )
    result.released_at = at(date(year - 544, 11, 10))
    session.flush()
    return result


def lines(plan: DevelopmentPlan) -> dict[str, PlanItem]:
    """The lines of the plan by the code of their competency; "" for the free one."""
    return {item.competency.code if item.competency else "": item for item in plan.items}
