"""Read one plan for its page, a person's own plans, and those that wait for a person's word."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, joinedload

from idp.models import Assessment, Cycle, DevelopmentPlan, Organisation
from idp.queries.acting import acts_for
from idp.queries.deadlines import days_of_records
from idp.queries.gaps import GapOnPage, suggestions_for
from idp.queries.own_records import of_here_or_left
from idp.queries.plan_lines_on_page import lines_of_page, versions_of
from idp.queries.plan_pages import PlanHeader, PlanLimits, PlanPage
from idp.queries.relations import roles_of, standing_on_record
from idp.queries.suggestion_cards import SuggestionCard
from idp.rules.errors import NotVisible
from idp.rules.permissions import allowed
from idp.rules.plan_workflow import EDITABLE_STATES, PLAN_WORKFLOW, is_the_owners_alone
from idp.rules.relations import Actor
from idp.rules.settings import rules_from_json
from idp.rules.terms import (
    MethodGroup,
    Permission,
    PhaseKind,
    PlanEvent,
    PlanItemState,
    PlanState,
    Relation,
    Requirement,
    Role,
)

PASSING_ON = frozenset({PlanEvent.PASS_TO_SECOND_LEVEL, PlanEvent.PASS_TO_HR})
DECISIONS = frozenset({PlanEvent.APPROVE, PlanEvent.RETURN, PlanEvent.EVALUATE})
REVIEWS = DECISIONS | PASSING_ON | {PlanEvent.CANCEL, PlanEvent.REINSTATE}
"""Never on one's own plan, whatever the office."""

REPORTING = frozenset({PlanState.APPROVED, PlanState.IN_PROGRESS, PlanState.IN_EVALUATION})


def plan_page(session: Session, actor: Actor, plan_id: int, day: date) -> PlanPage:
    """The whole page in a constant number of statements. Raises NotVisible."""
    plan = session.scalar(
        select(DevelopmentPlan)
        .where(DevelopmentPlan.id == plan_id)
        .options(
            joinedload(DevelopmentPlan.assessment, innerjoin=True).joinedload(
                Assessment.cycle, innerjoin=True
            )
        )
    )
    if plan is None:
        raise NotVisible
    relations = standing_on_record(session, actor, plan, day).relations
    if not allowed(Permission.PLAN_VIEW, relations, plan.state):
        raise NotVisible
    is_owner = Relation.OWNER in relations
    was_handed_in = plan.submitted_at is not None or plan.approved_at is not None
    hides_content = not is_owner and is_the_owners_alone(plan.state, was_handed_in=was_handed_in)
    items = () if hides_content else lines_of_page(session, plan)
    counted = [item for item in items if item.state is not PlanItemState.CANCELLED]
    return PlanPage(
        header=_header(plan),
        hides_content=hides_content,
        items=items,
        versions=versions_of(session, plan.id),
        phases=days_of_records(session, [plan.assessment])[plan.assessment_id],
        relations=relations,
        events=_events(plan, relations),
        may_edit=is_owner and plan.state in EDITABLE_STATES,
        may_report=is_owner and plan.state in REPORTING,
        may_evaluate=not is_owner
        and Relation.SUPERVISOR in relations
        and plan.state is PlanState.IN_EVALUATION,
        limits=_limits(plan),
        total_hours=sum(item.hours for item in counted),
        total_cost_baht=sum((item.cost_baht for item in counted), Decimal(0)),
        hours_by_group={
            group: sum(item.hours for item in counted if item.group is group) for group in MethodGroup
        },
    )


def _limits(plan: DevelopmentPlan) -> PlanLimits:
    rules = rules_from_json(plan.assessment.cycle.settings)
    return PlanLimits(rules.plan_priorities, rules.plan_hours, rules.plan_baht)


def _header(plan: DevelopmentPlan) -> PlanHeader:
    cycle = plan.assessment.cycle
    values: dict[str, object] = {
        "cycle_id": cycle.id,
        "cycle_code": cycle.code,
        "cycle_name_th": cycle.name_th,
        "cycle_name_en": cycle.name_en,
    }
    for each in fields(PlanHeader):
        if each.name not in values:
            source = plan if hasattr(plan, each.name) else plan.assessment
            values[each.name] = getattr(source, each.name)
    return PlanHeader(**values)  # type: ignore[arg-type]


def _events(plan: DevelopmentPlan, relations: frozenset[Relation]) -> tuple[PlanEvent, ...]:
    events: dict[PlanEvent, None] = {}
    lacking = Requirement.NEVER_APPROVED if plan.approved_at else Requirement.EARLIER_APPROVAL
    for row in PLAN_WORKFLOW.available(plan.state, relations):
        if (Relation.OWNER in relations and row.event in REVIEWS) or lacking in row.requires:
            continue
        events[PlanEvent.APPROVE if row.event in PASSING_ON else row.event] = None
    return tuple(events)


@dataclass(frozen=True)
class PlanRow:
    """One line of a list of plans. `due_on` dates the step that `phase` names; None where there is none."""

    id: int
    state: PlanState
    version: int
    fiscal_year: int
    organisation_id: int
    organisation_name_th: str
    cycle_name_th: str
    title_th: str
    first_name: str
    last_name: str
    employee_number: str
    position_name: str
    position_level_name: str
    unit_path_name: str
    submitted_at: datetime | None
    phase: PhaseKind | None
    due_on: date | None


PHASE_OF_STATE = {
    PlanState.DRAFT: PhaseKind.PLAN_DRAFTING,
    PlanState.RETURNED: PhaseKind.PLAN_DRAFTING,
    PlanState.SUBMITTED: PhaseKind.PLAN_REVIEW,
    PlanState.SECOND_LEVEL_CHECK: PhaseKind.PLAN_REVIEW,
    PlanState.HR_CHECK: PhaseKind.PLAN_REVIEW,
    PlanState.APPROVED: PhaseKind.PROGRESS,
    PlanState.IN_PROGRESS: PhaseKind.PLAN_EVALUATION,
    PlanState.IN_EVALUATION: PhaseKind.PLAN_EVALUATION,
    PlanState.AMENDING: PhaseKind.PROGRESS,
}


def my_plans(session: Session, actor: Actor, day: date) -> tuple[PlanRow, ...]:
    """The actor's own, the latest year first: in the organisation signed in to and in those they have left.
    Two statements."""
    is_own = DevelopmentPlan.owner_person_id == actor.person_id
    return _rows(session, is_own & of_here_or_left(DevelopmentPlan.organisation_id, actor, day))


def plans_to_review(session: Session, actor: Actor, day: date) -> tuple[PlanRow, ...]:
    """Those that wait for the reader's word in the organisation signed in to: as the supervisor, the second
    level (also for whom they represent) or HR; to be reviewed or to be evaluated. Three statements."""
    if actor.person_id is None or actor.organisation_id is None:
        return ()
    plan = DevelopmentPlan
    person_id = actor.person_id
    is_hr = Role.HR_OFFICER in roles_of(session, actor.person_id, actor.organisation_id, day)
    waits = or_(
        and_(
            plan.state.in_((PlanState.SUBMITTED, PlanState.IN_EVALUATION)),
            or_(
                plan.supervisor_person_id == person_id,
                acts_for(person_id, plan, plan.supervisor_person_id, day),
            ),
        ),
        and_(
            plan.state == PlanState.SECOND_LEVEL_CHECK,
            or_(
                plan.second_level_person_id == person_id,
                acts_for(person_id, plan, plan.second_level_person_id, day),
            ),
        ),
        plan.state == PlanState.HR_CHECK if is_hr else false(),
    )
    mine = (plan.organisation_id == actor.organisation_id) & (plan.owner_person_id != actor.person_id)
    return _rows(session, mine & waits)


def _rows(session: Session, condition: ColumnElement[bool]) -> tuple[PlanRow, ...]:
    rows = session.execute(
        select(DevelopmentPlan, Assessment, Cycle.name_th, Organisation.name_th)
        .join(Assessment, Assessment.id == DevelopmentPlan.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Organisation, Organisation.id == DevelopmentPlan.organisation_id)
        .where(condition)
        .order_by(DevelopmentPlan.fiscal_year.desc(), Assessment.employee_number, DevelopmentPlan.id)
    ).all()
    days = days_of_records(session, [assessment for _, assessment, _, _ in rows])
    listed = []
    for plan, assessment, cycle_name, organisation_name in rows:
        phase = PHASE_OF_STATE.get(plan.state)
        dates = days[assessment.id].get(phase) if phase else None
        listed.append(
            PlanRow(
                id=plan.id,
                state=plan.state,
                version=plan.version,
                fiscal_year=plan.fiscal_year,
                organisation_id=plan.organisation_id,
                organisation_name_th=organisation_name,
                cycle_name_th=cycle_name,
                title_th=assessment.title_th,
                first_name=assessment.first_name,
                last_name=assessment.last_name,
                employee_number=assessment.employee_number,
                position_name=assessment.position_name,
                position_level_name=assessment.position_level_name,
                unit_path_name=assessment.unit_path_name,
                submitted_at=plan.submitted_at,
                phase=phase,
                due_on=dates[1] if dates else None,
            )
        )
    return tuple(listed)


__all__ = [
    "GapOnPage",
    "PlanPage",
    "PlanRow",
    "SuggestionCard",
    "my_plans",
    "plan_page",
    "plans_to_review",
    "suggestions_for",
]
