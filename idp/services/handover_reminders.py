"""Remind former supervisors of the statements that they still owe: due with the ratings of the cycle."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, Handover, Phase, Reminder
from idp.models.insert_select import insert_missing
from idp.queries.departures import has_left
from idp.queries.handovers import NO_LONGER_OWED
from idp.rules.calendar import reminder_step
from idp.rules.staff_changes import HandoverState
from idp.rules.terms import CycleState, PhaseKind, SubjectType
from idp.services.settings import rules_of_cycle

COLUMNS = [
    Reminder.organisation_id,
    Reminder.cycle_id,
    Reminder.subject_type,
    Reminder.subject_id,
    Reminder.recipient_person_id,
    Reminder.phase,
    Reminder.step,
    Reminder.due_on,
    Reminder.local_day,
    Reminder.created_at,
]


def plan_statement_reminders(
    session: Session, cycle: Cycle, day: date, now: datetime, is_holiday: Callable[[date], bool]
) -> int:
    """Write those that fall on `day`, on the days that the cycle's settings name; returns how many were new.

    Who has left the organisation is not written to: there HR enters the statement.
    """
    if cycle.state is not CycleState.OPEN:
        return 0
    due_on = session.scalar(
        select(Phase.due_on).where(Phase.cycle_id == cycle.id, Phase.kind == PhaseKind.RATING)
    )
    if due_on is None:
        return 0
    rules = rules_of_cycle(cycle)
    due = reminder_step(
        due_on,
        day,
        soon_days=rules.remind_days_before,
        overdue_every=rules.remind_every_days_overdue,
        is_holiday=is_holiday,
        count_working_days=rules.count_working_days,
    )
    if due is None:
        return 0
    columns: tuple[Any, ...] = (
        Handover.organisation_id,
        Assessment.cycle_id,
        literal(SubjectType.HANDOVER, Reminder.subject_type.type),
        Handover.id,
        Handover.from_person_id,
        literal(PhaseKind.RATING, Reminder.phase.type),
        literal(due.step, Reminder.step.type),
        literal(due_on, Reminder.due_on.type),
        literal(day, Reminder.local_day.type),
        literal(now, Reminder.created_at.type),
    )
    rows: Select[Any] = (
        select(*columns)
        .join(Assessment, Assessment.id == Handover.assessment_id)
        .where(
            Assessment.cycle_id == cycle.id,
            Assessment.state.not_in(NO_LONGER_OWED),
            Handover.state == HandoverState.AWAITING_STATEMENT,
            Handover.from_person_id.is_not(None),
            ~has_left(Handover.from_person_id, Handover.organisation_id, day),
        )
    )
    return insert_missing(session, Reminder, COLUMNS, rows)
