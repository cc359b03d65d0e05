"""Read one assessment for its page, and a person's own ones for their list."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, DevelopmentPlan, Organisation, ResultCorrection
from idp.queries.agreements import AgreementOnPage, agreement_on_page
from idp.queries.assessment_pages import (
    AssessmentHeader,
    AssessmentPage,
    EventOnPage,
    IndicatorOnPage,
    ItemOnPage,
    LevelOnPage,
    RatingOnPage,
)
from idp.queries.corrections import holding
from idp.queries.deadlines import days_of_records
from idp.queries.own_records import of_here_or_left
from idp.queries.phases import PhaseDates, met_by_dates
from idp.queries.rated_items import items_on_page
from idp.queries.relations import standing_on_record
from idp.queries.team import TeamRow, team_list
from idp.rules.assessment_workflow import ASSESSMENT_WORKFLOW, RELEASED_STATES
from idp.rules.errors import NotVisible
from idp.rules.levels import PassRule
from idp.rules.permissions import allowed
from idp.rules.relations import Actor
from idp.rules.settings import rules_from_json
from idp.rules.terms import (
    AssessmentEvent,
    AssessmentState,
    CycleState,
    Permission,
    PhaseKind,
    RaterKind,
    Relation,
    Requirement,
)

NEVER_ON_ONES_OWN = frozenset(
    {
        AssessmentEvent.MODERATE,
        AssessmentEvent.RETURN_RATING,
        AssessmentEvent.ASK_RECONSIDERATION,
        AssessmentEvent.EXEMPT,
        AssessmentEvent.REINSTATE,
    }
)
OF_COMMITTEE = frozenset({AssessmentEvent.ASK_RECONSIDERATION, AssessmentEvent.MODERATE})
PHASE_OF_EVENT = {
    AssessmentEvent.START_SELF: PhaseKind.SELF_ASSESSMENT,
    AssessmentEvent.START_RATING: PhaseKind.RATING,
}
BY_DATES = frozenset({Requirement.PHASE_OPEN, Requirement.SELF_PHASE_OVER, Requirement.AGREEMENT_SIGNED})
RESULT_FACTS: dict[str, object] = {
    "results_score": None,
    "competency_score": None,
    "total_score": None,
    "band": None,
    "score_explanation": None,
    "rated_at": None,
    "second_opinion": None,
    "second_opinion_text": "",
    "second_opinion_at": None,
}
"""What a reader without the result gets in its place."""


def assessment_page(session: Session, actor: Actor, assessment_id: int, day: date) -> AssessmentPage:
    """The whole page in a constant number of statements. Raises NotVisible."""
    assessment = session.get(Assessment, assessment_id)
    if assessment is None:
        raise NotVisible
    relations = standing_on_record(session, actor, assessment, day).relations
    # An office never opens a door on one's own record: HR waits for its own result like everybody.
    reading_as = frozenset({Relation.OWNER}) if Relation.OWNER in relations else relations
    if not allowed(Permission.ASSESSMENT_VIEW, reading_as, assessment.state):
        raise NotVisible
    shows_self = allowed(Permission.SELF_RATING_VIEW, reading_as, assessment.state)
    shows_result = allowed(Permission.RESULT_VIEW, reading_as, assessment.state)
    shown = [
        kind
        for kind, visible in ((RaterKind.SELF, shows_self), (RaterKind.SUPERVISOR, shows_result))
        if visible
    ]
    rules = rules_from_json(assessment.cycle.settings)
    phases = days_of_records(session, [assessment])[assessment.id]
    agreement = agreement_on_page(session, assessment.id, phases.get(PhaseKind.AGREEMENT))
    return AssessmentPage(
        header=_header(assessment, shows_result),
        items=items_on_page(session, assessment.id, PassRule(rules.pass_rule, rules.pass_percentage), shown),
        phases=phases,
        relations=relations,
        events=_events(assessment, relations, phases, day, agreement),
        agreement=agreement,
        shows_self_rating=shows_self,
        shows_result=shows_result,
        may_self_rate=Relation.OWNER in relations and assessment.state is AssessmentState.SELF_ASSESSING,
        may_rate=Relation.SUPERVISOR in relations and assessment.state is AssessmentState.RATING,
        plan_id=_plan_id(session, assessment),
    )


def _header(assessment: Assessment, shows_result: bool) -> AssessmentHeader:
    cycle = assessment.cycle
    values: dict[str, object] = {
        "cycle_code": cycle.code,
        "cycle_name_th": cycle.name_th,
        "cycle_name_en": cycle.name_en,
        "fiscal_year": cycle.fiscal_year,
        "half": cycle.half,
        "has_second_level": assessment.second_level_person_id is not None,
    }
    for each in fields(AssessmentHeader):
        if each.name not in values:
            values[each.name] = getattr(assessment, each.name)
    if not shows_result:
        values |= RESULT_FACTS
    return AssessmentHeader(**values)  # type: ignore[arg-type]


def _events(
    assessment: Assessment,
    relations: frozenset[Relation],
    phases: PhaseDates,
    day: date,
    agreement: AgreementOnPage | None,
) -> tuple[EventOnPage, ...]:
    events = []
    is_over = assessment.cycle.state is not CycleState.OPEN
    for row in ASSESSMENT_WORKFLOW.available(assessment.state, relations):
        if Relation.OWNER in relations and row.event in NEVER_ON_ONES_OWN:
            continue
        if row.event in OF_COMMITTEE and Relation.SUPERVISOR in relations:
            continue  # nobody asks themself, nor moderates a rating of their own
        if row.event is AssessmentEvent.REINSTATE and is_over:
            continue
        if Requirement.NO_SECOND_LEVEL in row.requires and assessment.second_level_person_id is not None:
            continue
        phase = PHASE_OF_EVENT.get(row.event)
        met = met_by_dates(assessment.cycle, phases, phase, day) if phase else frozenset()
        if agreement is None or agreement.is_settled:
            met |= {Requirement.AGREEMENT_SIGNED}
        events.append(EventOnPage(row.event, (row.requires & BY_DATES) - met))
    return tuple(events)


def _plan_id(session: Session, assessment: Assessment) -> int | None:
    """The plan drawn from it, or from the year's other half."""
    if assessment.state not in RELEASED_STATES:
        return None
    return session.scalar(
        select(DevelopmentPlan.id).where(
            DevelopmentPlan.employee_id == assessment.employee_id,
            DevelopmentPlan.fiscal_year == assessment.cycle.fiscal_year,
        )
    )


@dataclass(frozen=True)
class MyAssessment:
    """One line of a person's own list; scores are None before release, and those that hold after a successful
    objection (`is_corrected`)."""

    id: int
    state: AssessmentState
    organisation_id: int
    organisation_name_th: str
    cycle_code: str
    cycle_name_th: str
    fiscal_year: int
    half: int | None
    competency_score: Decimal | None
    total_score: Decimal | None
    band: str | None
    is_corrected: bool


def my_assessments(session: Session, actor: Actor, day: date) -> tuple[MyAssessment, ...]:
    """The actor's own, the latest cycle first: in the organisation signed in to and in those they have left.
    One statement."""
    statement = (
        select(
            Assessment.id,
            Assessment.state,
            Assessment.organisation_id,
            Organisation.name_th.label("organisation_name_th"),
            Cycle.code.label("cycle_code"),
            Cycle.name_th.label("cycle_name_th"),
            Cycle.fiscal_year,
            Cycle.half,
            holding(Assessment.competency_score, ResultCorrection.competency_score),
            holding(Assessment.total_score, ResultCorrection.total_score),
            holding(Assessment.band, ResultCorrection.band),
            exists(select(ResultCorrection.id).where(ResultCorrection.assessment_id == Assessment.id)).label(
                "is_corrected"
            ),
        )
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Organisation, Organisation.id == Assessment.organisation_id)
        .where(
            Assessment.owner_person_id == actor.person_id,
            of_here_or_left(Assessment.organisation_id, actor, day),
        )
        .order_by(Cycle.starts_on.desc(), Assessment.id.desc())
    )
    return tuple(MyAssessment(*row) for row in session.execute(statement))


__all__ = [
    "AssessmentHeader",
    "AssessmentPage",
    "EventOnPage",
    "IndicatorOnPage",
    "ItemOnPage",
    "LevelOnPage",
    "MyAssessment",
    "RatingOnPage",
    "TeamRow",
    "assessment_page",
    "my_assessments",
    "team_list",
]
