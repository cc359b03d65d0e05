"""Plan the reminders of one day: rows, written by sets, that say who is told today what they owe."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from sqlalchemy import literal, select
from sqlalchemy.orm import Session, selectinload

from idp.models import Assessment, Cycle, Phase, Reminder, RoleGrant
from idp.models.insert_select import insert_missing
from idp.queries.duties import PLANNED_CYCLES, holder_of, owing, record_of
from idp.queries.relations import role_holds
from idp.rules.calendar import reminder_step
from idp.rules.obligations import DUTIES, Duty
from idp.rules.settings import OrganisationRules
from idp.rules.terms import ReminderStep, Role, SubjectType
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


def plan_reminders(session: Session, day: date, now: datetime, is_holiday: Callable[[date], bool]) -> int:
    """Write the reminders that fall on `day` for every running cycle; returns how many were new.

    The step (due soon, due today, overdue) follows from each phase's date and the cycle's frozen settings, so
    that one statement per duty serves all its records. Planning a day again adds only what has become due in
    the meantime.
    """
    return sum(_plan_cycle(session, cycle, day, now, is_holiday) for cycle in _running_cycles(session))


def _running_cycles(session: Session) -> Iterable[Cycle]:
    statement = select(Cycle).where(Cycle.state.in_(PLANNED_CYCLES)).order_by(Cycle.id)
    return session.scalars(statement.options(selectinload(Cycle.phases))).all()


def _plan_cycle(
    session: Session, cycle: Cycle, day: date, now: datetime, is_holiday: Callable[[date], bool]
) -> int:
    rules = rules_of_cycle(cycle)
    phases = {phase.kind: phase for phase in cycle.phases}
    planned = 0
    for duty in DUTIES:
        phase = phases.get(duty.phase)
        step = None if phase is None else _step(phase, rules, day, is_holiday)
        if phase is not None and step is not None:
            planned += _plan_duty(session, cycle, phase, duty, step, day, now)
    return planned


def _step(
    phase: Phase, rules: OrganisationRules, day: date, is_holiday: Callable[[date], bool]
) -> ReminderStep | None:
    due = reminder_step(
        phase.due_on,
        day,
        soon_days=rules.remind_days_before,
        overdue_every=rules.remind_every_days_overdue,
        is_holiday=is_holiday,
        count_working_days=rules.count_working_days,
    )
    return None if due is None else due.step


def _plan_duty(
    session: Session, cycle: Cycle, phase: Phase, duty: Duty, step: ReminderStep, day: date, now: datetime
) -> int:
    said = (
        literal(duty.phase, Reminder.phase.type),
        literal(step, Reminder.step.type),
        literal(phase.due_on, Reminder.due_on.type),
        literal(day, Reminder.local_day.type),
        literal(now, Reminder.created_at.type),
    )
    if duty.is_gathered:
        gathered = literal(SubjectType.CYCLE, Reminder.subject_type.type)
        rows = (
            owing(duty, day, Cycle.organisation_id, Cycle.id, gathered, Cycle.id, RoleGrant.person_id, *said)
            .join(RoleGrant, RoleGrant.organisation_id == Cycle.organisation_id)
            .where(Cycle.id == cycle.id, RoleGrant.role == Role.HR_OFFICER, role_holds(day))
            .distinct()
        )
        return insert_missing(session, Reminder, COLUMNS, rows)
    record, holder = record_of(duty), holder_of(duty)
    single = literal(duty.subject_type, Reminder.subject_type.type)
    rows = owing(
        duty, day, record.organisation_id, Assessment.cycle_id, single, record.id, holder, *said
    ).where(Assessment.cycle_id == cycle.id, holder.is_not(None))
    return insert_missing(session, Reminder, COLUMNS, rows)
