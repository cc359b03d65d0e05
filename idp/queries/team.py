"""The list of those whom a person rates or has above them, with what has to happen next and by when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, DevelopmentPlan, Unit
from idp.queries.agreements import unsigned_by
from idp.queries.deadlines import days_of_records
from idp.queries.phases import PhaseDates
from idp.queries.relations import orders_of
from idp.rules.delegations import Order
from idp.rules.obligations import Condition, obligations_of
from idp.rules.plan_workflow import SHARED_STATES
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentState, CycleState, PhaseKind, PlanState, Relation, SubjectType

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
    themself; an order may reach the assessment alone (`sees_plan` is false) or the plan alone. A plan still
    being drafted is named by its state alone. The step is the plan's once there is one, and None when nothing
    is left to do."""

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
    sees_assessment: bool
    sees_plan: bool
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


@dataclass(frozen=True)
class Reader:
    """Whose team is listed: the person, and the orders by which they act for others on the day."""

    person_id: int
    organisation_id: int
    orders: tuple[Order, ...]

    @property
    def holders(self) -> tuple[int, ...]:
        """The reader and those for whom they act."""
        return (self.person_id, *sorted({order.from_person_id for order in self.orders}))

    def stands_above(
        self, assessment: Assessment, subject_type: SubjectType, unit_path: str
    ) -> tuple[Relation, int | None] | None:
        """The relation to the assessment, or to the plan drawn from it, and for whom (None: themself)."""
        places = (
            (Relation.SUPERVISOR, assessment.supervisor_person_id),
            (Relation.SECOND_LEVEL, assessment.second_level_person_id),
        )
        for relation, holder in places:
            if holder == self.person_id:
                return relation, None
            for order in self.orders:
                if order.from_person_id == holder and order.reaches(subject_type, unit_path):
                    return relation, holder
        return None


def has_team(session: Session, actor: Actor, day: date) -> bool:
    """Whether anybody is rated by the reader or by whom they represent, or stands a level further down, in
    any cycle. Two statements."""
    reader = _reader(session, actor, day)
    if reader is None:
        return False
    return session.scalar(select(exists(select(Assessment.id).where(_is_below(reader))))) is True


def _reader(session: Session, actor: Actor, day: date) -> Reader | None:
    if actor.person_id is None or actor.organisation_id is None:
        return None
    orders = orders_of(session, actor.person_id, actor.organisation_id, day)
    return Reader(actor.person_id, actor.organisation_id, orders)


def _is_below(reader: Reader) -> ColumnElement[bool]:
    return and_(
        Assessment.organisation_id == reader.organisation_id,
        Assessment.owner_person_id != reader.person_id,
        or_(
            Assessment.supervisor_person_id.in_(reader.holders),
            Assessment.second_level_person_id.in_(reader.holders),
        ),
    )


def team_list(session: Session, actor: Actor, day: date, cycle_id: int | None = None) -> tuple[TeamRow, ...]:
    """The team in the organisation signed in to: of one cycle, or of all that are open.

    Those rated by the reader (or by whom they represent) come before those a level further down; a person
    is listed once. Five statements.
    """
    reader = _reader(session, actor, day)
    if reader is None:
        return ()
    rows = session.execute(
        select(Assessment, Cycle.name_th, Unit.path, DevelopmentPlan.id, DevelopmentPlan.state)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Unit, Unit.id == Assessment.unit_id)
        .outerjoin(
            DevelopmentPlan,
            and_(
                DevelopmentPlan.employee_id == Assessment.employee_id,
                DevelopmentPlan.fiscal_year == Cycle.fiscal_year,
            ),
        )
        .where(
            _is_below(reader),
            Cycle.id == cycle_id if cycle_id is not None else Cycle.state.in_(LIVE),
        )
        .order_by(Cycle.starts_on.desc(), Assessment.employee_number, Assessment.id)
    ).all()
    days = days_of_records(session, [row[0] for row in rows])
    unsigned = unsigned_by(session, days)
    listed = [
        row
        for assessment, cycle_name, unit_path, plan_id, plan_state in rows
        if (
            row := _row(
                reader,
                assessment,
                cycle_name,
                unit_path,
                plan_id,
                plan_state,
                days[assessment.id],
                day,
                unsigned.get(assessment.id, frozenset()),
            )
        )
    ]
    return tuple(sorted(listed, key=lambda row: row.relation is not Relation.SUPERVISOR))


def next_step(
    state: AssessmentState | PlanState,
    has_second_level: bool,
    phases: PhaseDates,
    day: date,
    unsigned: Collection[Relation] = (),
) -> NextStep | None:
    """The first obligation of the table that holds for a record in this state. `unsigned`: whose signature
    the agreement at the start of the round still lacks."""
    own_due = phases.get(PhaseKind.SELF_ASSESSMENT, (None, None))[1]
    holds = {
        Condition.HAS_SECOND_LEVEL: has_second_level,
        Condition.NO_SECOND_LEVEL: not has_second_level,
        Condition.SELF_PHASE_OVER: own_due is None or own_due < day,
        Condition.OWNER_UNSIGNED: Relation.OWNER in unsigned,
        Condition.SUPERVISOR_UNSIGNED: Relation.SUPERVISOR in unsigned,
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
    reader: Reader,
    assessment: Assessment,
    cycle_name: str,
    unit_path: str,
    plan_id: int | None,
    plan_state: PlanState | None,
    phases: PhaseDates,
    day: date,
    unsigned: frozenset[Relation],
) -> TeamRow | None:
    """None where no order of those represented reaches the person's records."""
    of_assessment = reader.stands_above(assessment, SubjectType.ASSESSMENT, unit_path)
    of_plan = reader.stands_above(assessment, SubjectType.PLAN, unit_path)
    found = of_assessment or (of_plan if plan_state in SHARED_STATES else None)
    if found is None:
        return None
    if of_plan is None:
        plan_state = None
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
        relation=found[0],
        on_behalf_of=found[1],
        sees_assessment=of_assessment is not None,
        sees_plan=of_plan is not None,
        plan_id=plan_id if plan_state in SHARED_STATES else None,
        plan_state=plan_state,
        next_step=next_step(plan_state or assessment.state, has_second_level, phases, day, unsigned),
        day=day,
    )
