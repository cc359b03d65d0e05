"""The table of obligations in SQL: which records somebody owes a step on.

Reminders and to-do lists share it.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from idp.models import Assessment, Cycle, DevelopmentPlan, Phase, PlanItem, ProgressEntry
from idp.queries.agreements import is_unsigned
from idp.queries.deadlines import Deadlines
from idp.rules.obligations import Condition, Duty
from idp.rules.terms import CycleState, PhaseKind, Relation, SubjectType

ASSESSED_CYCLES = (CycleState.OPEN,)
PLANNED_CYCLES = (CycleState.OPEN, CycleState.CLOSING, CycleState.CLOSED)
"""A plan lives until it is evaluated, also beyond its cycle's closing."""

Record = type[Assessment] | type[DevelopmentPlan]


def record_of(duty: Duty) -> Record:
    return Assessment if duty.subject_type is SubjectType.ASSESSMENT else DevelopmentPlan


def holder_of(duty: Duty) -> InstrumentedAttribute[int] | InstrumentedAttribute[int | None]:
    """The column that names who owes it. Raises KeyError for HR, whose officers are found by their role."""
    record = record_of(duty)
    return {
        Relation.OWNER: record.owner_person_id,
        Relation.SUPERVISOR: record.supervisor_person_id,
        Relation.SECOND_LEVEL: record.second_level_person_id,
    }[duty.relation]


def owing(duty: Duty, day: date, last_days: Deadlines, *columns: Any) -> Select[Any]:
    """SELECT `columns` of the records on which the duty is owed on `day`.

    The columns may be of the record, of Assessment, of Cycle, of the Phase that dates the duty, and
    `last_days.due_on`, the day by which it is owed.
    """
    statement = select(*columns).select_from(Assessment)
    if duty.subject_type is SubjectType.PLAN:
        statement = statement.join(DevelopmentPlan, DevelopmentPlan.assessment_id == Assessment.id)
    cycle_states = ASSESSED_CYCLES if duty.subject_type is SubjectType.ASSESSMENT else PLANNED_CYCLES
    statement = (
        statement.join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Phase, and_(Phase.cycle_id == Cycle.id, Phase.kind == duty.phase))
        .where(Cycle.state.in_(cycle_states), record_of(duty).state.in_(duty.states))
    )
    statement = last_days.joined(statement, duty.phase)
    condition = _condition(duty, day, last_days)
    return statement if condition is None else statement.where(condition)


def _condition(duty: Duty, day: date, last_days: Deadlines) -> ColumnElement[bool] | None:
    record = record_of(duty)
    match duty.condition:
        case Condition.ALWAYS:
            return None
        case Condition.HAS_SECOND_LEVEL:
            return record.second_level_person_id.is_not(None)
        case Condition.NO_SECOND_LEVEL:
            return record.second_level_person_id.is_(None)
        case Condition.PHASE_OPENED:
            return Phase.opens_on <= day
        case Condition.SELF_PHASE_OVER:
            return last_days.has_passed(PhaseKind.SELF_ASSESSMENT, day)
        case Condition.OWNER_UNSIGNED:
            return is_unsigned(Relation.OWNER)
        case Condition.SUPERVISOR_UNSIGNED:
            return is_unsigned(Relation.SUPERVISOR)
        case Condition.NO_PLAN:
            plan = aliased(DevelopmentPlan)
            return ~exists(select(plan.id).where(plan.assessment_id == Assessment.id))
        case Condition.NO_PROGRESS:
            # A time against a day: a few hours around the phase's first midnight may count either way.
            return ~exists(
                select(ProgressEntry.id)
                .join(PlanItem, PlanItem.id == ProgressEntry.plan_item_id)
                .where(PlanItem.plan_id == DevelopmentPlan.id, ProgressEntry.at >= Phase.opens_on)
            )
