"""A round before that of the sample, closed and released: plain rows, so that no service is needed."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, Employee, Gap, Person
from idp.rules.settings import OrganisationRules
from idp.rules.terms import AssessmentState, CycleState
from tests.factories.sample import CYCLE_END, CYCLE_START, Sample, at, make_assessment, make_cycle

YEAR = timedelta(days=365)
RELEASED_AT: datetime = at(date(2024, 11, 10))


def earlier_round(
    session: Session, sample: Sample, levels: Mapping[str, int], employee: Employee | None = None
) -> Assessment:
    """The employee's (else Somchai's) result of the fiscal year 2568; competencies not named are unrated."""
    return released_result(session, sample, earlier_cycle(session, sample), levels, employee)


def earlier_cycle(session: Session, sample: Sample) -> Cycle:
    """The fiscal year 2568, closed."""
    rules = OrganisationRules()
    cycle = make_cycle(session, sample.organisation, sample.dictionary, rules, CycleState.CLOSED, code="2568")
    cycle.fiscal_year, cycle.name_th = 2568, "รอบการประเมินประจำปีงบประมาณ พ.ศ. 2568"
    cycle.starts_on, cycle.ends_on = CYCLE_START - YEAR, CYCLE_END - YEAR
    return cycle


def released_result(
    session: Session,
    sample: Sample,
    cycle: Cycle,
    levels: Mapping[str, int],
    employee: Employee | None = None,
    state: AssessmentState = AssessmentState.CLOSED,
) -> Assessment:
    """A released result of that cycle with its gaps, rated by Suda below Prasit."""
    cast = sample.cast
    assessment = make_assessment(
        session,
        cycle,
        employee or sample.employees["somchai"],
        sample.unit,
        sample.dictionary,
        supervisor=session.get_one(Person, cast.suda.person_id),
        second_level=session.get_one(Person, cast.prasit.person_id),
        state=state,
        released_at=RELEASED_AT,
    )
    codes = {competency.id: code for code, competency in sample.dictionary.competencies.items()}
    for item in assessment.items:
        level = levels.get(codes[item.competency_id])
        if level is not None:
            attained, expected = Decimal(level), item.expected_level
            session.add(
                Gap(
                    item_id=item.id, expected_level=expected, attained_level=attained, gap=expected - attained
                )
            )
    session.flush()
    return assessment
