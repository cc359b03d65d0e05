"""Plan the reminders of one day: rows, written by sets, that say who is told today what they owe."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, Delegation, Reminder, RoleGrant
from idp.models.insert_select import insert_missing
from idp.queries.acting import order_covers
from idp.queries.deadlines import Deadlines, deadlines
from idp.queries.duties import PLANNED_CYCLES, holder_of, owing, record_of
from idp.queries.relations import delegation_holds, role_holds
from idp.rules.calendar import reminder_step
from idp.rules.obligations import DUTIES, Duty
from idp.rules.relations import DELEGABLE
from idp.rules.settings import OrganisationRules
from idp.rules.terms import PhaseKind, ReminderStep, Role, SubjectType
from idp.services.handover_reminders import plan_statement_reminders
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

    The step (due soon, due today, overdue) follows from the last day of each record's step
    (`idp.queries.deadlines`) and the cycle's frozen settings; one statement per duty serves all its records,
    also those that were given more time. Planning a day again adds only what has become due in the meantime.
    """
    cycles = _running_cycles(session)
    orders = set(session.scalars(select(Delegation.organisation_id).where(delegation_holds(day)).distinct()))
    return sum(
        _plan_cycle(session, cycle, day, now, is_holiday, has_orders=cycle.organisation_id in orders)
        for cycle in cycles
    )


def _running_cycles(session: Session) -> Iterable[Cycle]:
    statement = select(Cycle).where(Cycle.state.in_(PLANNED_CYCLES)).order_by(Cycle.id)
    return session.scalars(statement).all()


def _plan_cycle(
    session: Session,
    cycle: Cycle,
    day: date,
    now: datetime,
    is_holiday: Callable[[date], bool],
    *,
    has_orders: bool,
) -> int:
    """`has_orders`: somebody in the organisation acts for somebody on that day."""
    rules = rules_of_cycle(cycle)
    last_days = deadlines(session, cycle_id=cycle.id, is_holiday=is_holiday)
    planned = 0
    for duty in DUTIES:
        steps = _steps(last_days.days.get((cycle.id, duty.phase), ()), rules, day, is_holiday)
        if steps:
            planned += _plan_duty(session, cycle, duty, last_days, steps, day, now, has_orders=has_orders)
    return planned + plan_statement_reminders(session, cycle, day, now, is_holiday)


def _steps(
    days: Iterable[date], rules: OrganisationRules, day: date, is_holiday: Callable[[date], bool]
) -> dict[ReminderStep, list[date]]:
    """Which of the last days that occur (the phase's, and those of more time granted) call for which step
    on `day`."""
    steps: dict[ReminderStep, list[date]] = {}
    for due_on in sorted(days):
        due = reminder_step(
            due_on,
            day,
            soon_days=rules.remind_days_before,
            overdue_every=rules.remind_every_days_overdue,
            is_holiday=is_holiday,
            count_working_days=rules.count_working_days,
        )
        if due is not None:
            steps.setdefault(due.step, []).append(due_on)
    return steps


def _plan_duty(
    session: Session,
    cycle: Cycle,
    duty: Duty,
    last_days: Deadlines,
    steps: Mapping[ReminderStep, list[date]],
    day: date,
    now: datetime,
    *,
    has_orders: bool,
) -> int:
    due_on = last_days.due_on
    step: ColumnElement[ReminderStep] = case(
        *((due_on.in_(days), literal(step, Reminder.step.type)) for step, days in steps.items())
    )
    is_today = due_on.in_([each for days in steps.values() for each in days])
    phase = literal(duty.phase, Reminder.phase.type)
    when = (literal(day, Reminder.local_day.type), literal(now, Reminder.created_at.type))
    if duty.is_gathered:
        return insert_missing(
            session, Reminder, COLUMNS, _told_to_hr(cycle, duty, last_days, step, is_today, phase, day, when)
        )
    record, holder = record_of(duty), holder_of(duty)
    single = literal(duty.subject_type, Reminder.subject_type.type)
    who = (record.organisation_id, Assessment.cycle_id, single, record.id, holder)
    rows = owing(duty, day, last_days, *who, phase, step, due_on, *when).where(
        Assessment.cycle_id == cycle.id, holder.is_not(None), is_today
    )
    planned = insert_missing(session, Reminder, COLUMNS, rows)
    if has_orders and duty.relation in DELEGABLE:
        # Beside the represented person, not in their stead: see `services.telling`.
        who = (*who[:-1], Delegation.to_person_id)
        rows = (
            owing(duty, day, last_days, *who, phase, step, due_on, *when)
            .join(Delegation, order_covers(record, holder, day))
            .where(Assessment.cycle_id == cycle.id, is_today)
            .distinct()
        )
        planned += insert_missing(session, Reminder, COLUMNS, rows)
    return planned


def _told_to_hr(
    cycle: Cycle,
    duty: Duty,
    last_days: Deadlines,
    step: ColumnElement[ReminderStep],
    is_today: ColumnElement[bool],
    phase: ColumnElement[PhaseKind],
    day: date,
    when: Collection[ColumnElement[Any]],
) -> Select[Any]:
    """One row for each officer and step, with the first of the last days, however many records wait."""
    owed = (
        owing(
            duty,
            day,
            last_days,
            RoleGrant.person_id.label("person_id"),
            step.label("step"),
            last_days.due_on.label("due_on"),
        )
        .join(RoleGrant, RoleGrant.organisation_id == Cycle.organisation_id)
        .where(Cycle.id == cycle.id, RoleGrant.role == Role.HR_OFFICER, role_holds(day), is_today)
        .subquery()
    )
    subject = (literal(SubjectType.CYCLE, Reminder.subject_type.type), literal(cycle.id))
    who = (literal(cycle.organisation_id), literal(cycle.id), *subject, owed.c.person_id)
    first = func.min(owed.c.due_on, type_=Reminder.due_on.type)
    return (
        select(*who, phase, owed.c.step, first, *when)
        .where(owed.c.person_id.is_not(None))
        .group_by(owed.c.person_id, owed.c.step)
    )
