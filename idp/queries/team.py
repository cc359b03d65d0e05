"""The list of those whom a person rates or has above them, with what has to happen next and by when."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, DevelopmentPlan
from idp.queries.phases import PhaseDates, phases_of
from idp.queries.relations import represented_persons
from idp.rules.obligations import Condition, obligations_of
from idp.rules.plan_workflow import SHARED_STATES
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentState, CycleState, PhaseKind, PlanState, Relation

LIVE = (CycleState.OPEN, CycleState.CLOSING)


@dataclass(frozen=True)
class NextStep:
    """Who owes the next step, in which phase, by which day (None: the cycle has no such phase)."""

    relation: Relation
    phase: PhaseKind
    due_on: date | None


@dataclass(frozen=True)
class TeamRow:
    """`relation`: what the reader is to this person; `on_behalf_of`: whom the reader represents, None for
    themself. A plan still being drafted is named by its state alone. The step is the plan's once there is
    one, and None when nothing is left to do."""

    assessment_id: int
    state: AssessmentState
    version: int
    title_th: str
    first_name: str
    last_name: str
    employee_number: str
    position_name: str
    position_level_name: str
    unit_path_name: str
    cycle_id: int
    cycle_name_th: str
    relation: Relation
    on_behalf_of: int | None
    plan_id: int | None
    plan_state: PlanState | None
    next_step: NextStep | None
    day: date

    @property
    def is_mine(self) -> bool:
        """The reader owes the next step."""
        return self.next_step is not None and self.next_step.relation is self.relation

    @property
    def is_overdue(self) -> bool:
        step = self.next_step
        return step is not None and step.due_on is not None and step.due_on < self.day


def has_team(session: Session, actor: Actor, day: date) -> bool:
    """Whether anybody is rated by the reader, or stands a level further down, in any cycle. Two
    statements."""
    if actor.person_id is None or actor.organisation_id is None:
        return False
    found = exists(select(Assessment.id).where(_is_below(actor, _holders(session, actor, day))))
    return session.scalar(select(found)) is True


def _holders(session: Session, actor: Actor, day: date) -> tuple[int, ...]:
    """The reader and those for whom they act."""
    assert actor.person_id is not None and actor.organisation_id is not None
    return (actor.person_id, *represented_persons(session, actor.person_id, actor.organisation_id, day))


def _is_below(actor: Actor, holders: tuple[int, ...]) -> ColumnElement[bool]:
    return and_(
        Assessment.organisation_id == actor.organisation_id,
        Assessment.owner_person_id != actor.person_id,
        or_(Assessment.supervisor_person_id.in_(holders), Assessment.second_level_person_id.in_(holders)),
    )


def team_list(session: Session, actor: Actor, day: date, cycle_id: int | None = None) -> tuple[TeamRow, ...]:
    """The team in the organisation signed in to: of one cycle, or of all that are open.

    Those rated by the reader (or by whom they represent) come before those a level further down; a person
    is listed once. Three statements.
    """
    if actor.person_id is None or actor.organisation_id is None:
        return ()
    holders = _holders(session, actor, day)
    rows = session.execute(
        select(Assessment, Cycle.name_th, DevelopmentPlan.id, DevelopmentPlan.state)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .outerjoin(
            DevelopmentPlan,
            and_(
                DevelopmentPlan.employee_id == Assessment.employee_id,
                DevelopmentPlan.fiscal_year == Cycle.fiscal_year,
            ),
        )
        .where(
            _is_below(actor, holders),
            Cycle.id == cycle_id if cycle_id is not None else Cycle.state.in_(LIVE),
        )
        .order_by(Cycle.starts_on.desc(), Assessment.employee_number, Assessment.id)
    ).all()
    phases = phases_of(session, {row[0].cycle_id for row in rows})
    listed = [
        _row(assessment, cycle_name, plan_id, plan_state, holders, phases[assessment.cycle_id], day)
        for assessment, cycle_name, plan_id, plan_state in rows
    ]
    return tuple(sorted(listed, key=lambda row: row.relation is not Relation.SUPERVISOR))


def next_step(
    state: AssessmentState | PlanState, has_second_level: bool, phases: PhaseDates, day: date
) -> NextStep | None:
    """The first obligation of the table that holds for a record in this state."""
    own_due = phases.get(PhaseKind.SELF_ASSESSMENT, (None, None))[1]
    holds = {
        Condition.HAS_SECOND_LEVEL: has_second_level,
        Condition.NO_SECOND_LEVEL: not has_second_level,
        Condition.SELF_PHASE_OVER: own_due is None or own_due < day,
    }
    rows = [row for row in obligations_of(state) if holds.get(row.condition, True)]
    # Once the self-assessment is overdue its owner may still hand it in, but the supervisor need not wait.
    chosen = next((row for row in rows if row.condition is Condition.SELF_PHASE_OVER), None) or next(
        iter(rows), None
    )
    if chosen is None:
        return None
    return NextStep(chosen.relation, chosen.phase, phases.get(chosen.phase, (None, None))[1])


def _row(
    assessment: Assessment,
    cycle_name: str,
    plan_id: int | None,
    plan_state: PlanState | None,
    holders: tuple[int, ...],
    phases: PhaseDates,
    day: date,
) -> TeamRow:
    rates = assessment.supervisor_person_id in holders
    holder = assessment.supervisor_person_id if rates else assessment.second_level_person_id
    has_second_level = assessment.second_level_person_id is not None
    return TeamRow(
        assessment_id=assessment.id,
        state=assessment.state,
        version=assessment.version,
        title_th=assessment.title_th,
        first_name=assessment.first_name,
        last_name=assessment.last_name,
        employee_number=assessment.employee_number,
        position_name=assessment.position_name,
        position_level_name=assessment.position_level_name,
        unit_path_name=assessment.unit_path_name,
        cycle_id=assessment.cycle_id,
        cycle_name_th=cycle_name,
        relation=Relation.SUPERVISOR if rates else Relation.SECOND_LEVEL,
        on_behalf_of=None if holder == holders[0] else holder,
        plan_id=plan_id if plan_state in SHARED_STATES else None,
        plan_state=plan_state,
        next_step=next_step(plan_state or assessment.state, has_second_level, phases, day),
        day=day,
    )
