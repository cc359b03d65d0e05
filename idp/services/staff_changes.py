"""The change desk: a transfer, a leave, a resignation entered with all that it means for rounds under way.

First `preview_change` shows what it would touch; nothing is written. `enter_change` writes it in one piece,
with what HR chose for every record, or not at all when anything shown has changed since. The snapshot of a
round (position, unit, expected levels) stays as it was when the round opened. The functions raise NotVisible,
NotPermitted, StaleVersion, InvalidInput.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assignment, Employee, LineOfWork, Organisation, PositionLevel, StaffChange, Unit
from idp.queries.change_pages import Preview
from idp.queries.staff_changes import preview
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible
from idp.rules.relations import Actor
from idp.rules.staff_changes import ENDING, WITH_A_NEW_POST, WITH_A_RETURN, ChangeKind
from idp.rules.terms import Permission
from idp.rules.texts import NAME_TEXT, checked_text, required_text
from idp.services.access import check_organisation
from idp.services.change_posts import Move, Post, current_assignment
from idp.services.change_refusals import (
    refuse_to_choose_ones_own,
    refuse_to_end_the_last_officer,
    refuse_while_a_cycle_moves,
)
from idp.services.staff_corrections import appraiser_meant

LONGEST_NUMBER = 100
LONGEST_POSITION_NUMBER = 40


@dataclass(frozen=True)
class ChangeFields:
    """A change as it is typed. `supervisor` and `second_level` are a number or a whole name; the post's
    fields count where the kind leads to another post."""

    kind: ChangeKind
    effective_on: date
    until_on: date | None = None
    order_number: str = ""
    reason: str = ""
    unit_id: int | None = None
    position_name: str = ""
    position_number: str = ""
    position_level_id: int | None = None
    line_of_work_id: int | None = None
    supervisor: str = ""
    second_level: str = ""


@dataclass
class _Checker:
    """Reads the fields of one form and notes every problem, so that all are answered at once."""

    session: Session
    employee: Employee
    typed: ChangeFields
    problems: list[InvalidInput] = field(default_factory=list)

    def note(self, name: str, code: str, **values: object) -> None:
        self.problems.append(InvalidInput(name, code, **values))

    def text(self, name: str, longest: int, *, required: bool = False) -> str:
        value = getattr(self.typed, name)
        try:
            return required_text(name, value, longest) if required else checked_text(name, value, longest)
        except InvalidInput as problem:
            self.problems.append(problem)
            return ""

    def appraiser(self, name: str, day: date) -> int | None:
        try:
            person_id = appraiser_meant(
                self.session, self.employee.organisation_id, name, getattr(self.typed, name), day
            )
        except InvalidInput as problem:
            self.problems.append(problem)
            return None
        if person_id is not None and person_id == self.employee.person_id:
            self.note(name, "self")
        return person_id


def load_employee(session: Session, actor: Actor, employee_id: int, day: date) -> Employee:
    """The employee whose change the actor may enter, in the organisation signed in to."""
    check_organisation(session, actor, Permission.CHANGE_EDIT, day)
    employee = session.get(Employee, employee_id)
    if employee is None or employee.organisation_id != actor.organisation_id:
        raise NotVisible
    return employee


def preview_change(
    session: Session, actor: Actor, employee_id: int, typed: ChangeFields, now: datetime
) -> tuple[Move, Preview]:
    """The change, checked, and everything that it would touch; nothing is written.

    Raises InvalidInputs naming every wrong field at once, and InvalidInput where `change_refusals` refuses
    it. A change is entered when its day has come: before that the records would change hands too early.
    """
    employee = load_employee(session, actor, employee_id, local_day(now))
    day = local_day(now)
    move = checked_change(session, employee, typed, day)
    refuse_while_a_cycle_moves(session, employee.organisation_id, "effective_on")
    if move.supervisor_id is not None:
        refuse_to_choose_ones_own(session, actor, employee, "supervisor", day)
    shown = preview(session, employee, move.kind, move.effective_on, move.supervisor_id, actor.person_id)
    if move.kind in ENDING:
        role_ids = [role.id for role in shown.roles]
        refuse_to_end_the_last_officer(session, employee, role_ids, "kind", day)
    return move, shown


def checked_change(session: Session, employee: Employee, typed: ChangeFields, today: date) -> Move:
    """The change as it can be written. Raises InvalidInputs."""
    check = _Checker(session, employee, typed)
    day = typed.effective_on
    current = current_assignment(session, employee.id, day)
    _check_days(check, current, today)
    order_number = check.text("order_number", LONGEST_NUMBER)
    reason = check.text("reason", 4000)
    post = _post(check) if typed.kind in WITH_A_NEW_POST else None
    supervisor_id = second_id = None
    if typed.kind in WITH_A_NEW_POST or typed.kind is ChangeKind.SUPERVISOR_CHANGE:
        if not typed.supervisor.strip():
            check.note("supervisor", "required")
        supervisor_id = check.appraiser("supervisor", day)
        second_id = check.appraiser("second_level", day)
        if second_id is not None and second_id == supervisor_id:
            check.note("second_level", "same_as_supervisor")
    if check.problems:
        raise InvalidInputs(check.problems)
    return Move(
        employee,
        typed.kind,
        day,
        typed.until_on if typed.kind in WITH_A_RETURN else None,
        order_number,
        reason,
        current,
        post,
        supervisor_id,
        second_id,
    )


def entered_already(session: Session, employee_id: int, kind: ChangeKind, day: date) -> int | None:
    """The id of the same change, entered before: a second click, or another officer."""
    return session.scalar(
        select(StaffChange.id).where(
            StaffChange.employee_id == employee_id,
            StaffChange.kind == kind,
            StaffChange.effective_on == day,
        )
    )


def _check_days(check: _Checker, current: Assignment | None, today: date) -> None:
    typed, employee = check.typed, check.employee
    day = typed.effective_on
    known = entered_already(check.session, employee.id, typed.kind, day)
    if known is not None:
        check.note("effective_on", "entered_already", change_id=known)
    elif day > today:
        check.note("effective_on", "change_in_the_future")
    elif employee.left_on is not None and employee.left_on < day:
        check.note("effective_on", "has_left_already")
    elif day <= employee.hired_on:
        check.note("effective_on", "before_hiring")
    elif current is None and typed.kind not in ENDING and typed.kind is not ChangeKind.LEAVE:
        check.note("effective_on", "no_assignment")
    elif current is not None and not _follows(current, day, typed.kind):
        check.note("effective_on", "before_current_assignment")
    if typed.kind in WITH_A_RETURN and typed.until_on is not None and typed.until_on < day:
        check.note("until_on", "ends_before_start")


def _follows(current: Assignment, day: date, kind: ChangeKind) -> bool:
    if kind is ChangeKind.LEAVE:
        return True
    return day >= current.from_on if kind is ChangeKind.SUPERVISOR_CHANGE else day > current.from_on


def _post(check: _Checker) -> Post:
    session, typed, organisation_id = check.session, check.typed, check.employee.organisation_id
    unit = session.get(Unit, typed.unit_id) if typed.unit_id else None
    if unit is None or unit.organisation_id != organisation_id:
        check.note("unit_id", "required" if typed.unit_id is None else "unknown_choice")
    level = session.get(PositionLevel, typed.position_level_id) if typed.position_level_id else None
    family = session.get_one(Organisation, organisation_id).family
    if level is None or family not in level.families.split():
        check.note("position_level_id", "required" if typed.position_level_id is None else "unknown_choice")
    if typed.line_of_work_id is not None and session.get(LineOfWork, typed.line_of_work_id) is None:
        check.note("line_of_work_id", "unknown_choice")
    return Post(
        typed.unit_id or 0,
        check.text("position_name", NAME_TEXT, required=True),
        check.text("position_number", LONGEST_POSITION_NUMBER),
        typed.position_level_id or 0,
        typed.line_of_work_id,
    )
