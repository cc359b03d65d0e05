"""The changes of post that HR entered: the list of the desk, and one of them with what each record became."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from idp.models import (
    Assessment,
    Assignment,
    Cycle,
    Employee,
    Handover,
    Person,
    StaffChange,
    Unit,
    UserAccount,
)
from idp.queries.handovers import HANDING_OVER, NO_LONGER_OWED
from idp.rules.staff_changes import ChangeKind, Consequence, HandoverState
from idp.rules.terms import AssessmentState
from idp.rules.thai import full_name

PAGE = 50


@dataclass(frozen=True)
class ChangeRow:
    """One change. `awaited`: how many statements are still owed because of it."""

    id: int
    kind: ChangeKind
    effective_on: date
    until_on: date | None
    order_number: str
    employee_id: int
    number: str
    name: str
    awaited: int


@dataclass(frozen=True)
class RecordOfChange:
    """What a change meant for one record. `handover_id` is None where nobody handed anything over."""

    assessment_id: int
    owner_name: str
    cycle_name_th: str
    cycle_name_en: str
    state: AssessmentState
    consequence: Consequence
    from_name: str
    to_name: str
    handover_id: int | None
    is_awaited: bool


@dataclass(frozen=True)
class ChangePage:
    """One change, the post that it led to, and what it meant for each record."""

    row: ChangeRow
    person_id: int
    reason: str
    post: str
    unit_name_th: str
    unit_name_en: str
    entered_by: str
    entered_at: datetime
    has_account: bool
    records: tuple[RecordOfChange, ...]


def change_list(
    session: Session,
    organisation_id: int,
    text: str = "",
    *,
    only_awaited: bool = False,
    before: int | None = None,
    limit: int = PAGE,
) -> tuple[tuple[ChangeRow, ...], int | None]:
    """The changes of the organisation, the latest entered first, and where the next page begins: one
    statement. `text` is part of a number, a name or an order's number."""
    statement = _rows().where(StaffChange.organisation_id == organisation_id)
    for word in text.split():
        statement = statement.where(
            or_(
                Employee.number.icontains(word, autoescape=True),
                Person.display_name.icontains(word, autoescape=True),
                StaffChange.order_number.icontains(word, autoescape=True),
            )
        )
    if only_awaited:
        statement = statement.where(StaffChange.id.in_(select(_owed().subquery().c.change_id)))
    if before is not None:
        statement = statement.where(StaffChange.id < before)
    found = session.execute(statement.order_by(StaffChange.id.desc()).limit(limit + 1)).all()
    rows = tuple(ChangeRow(*row) for row in found[:limit])
    return rows, rows[-1].id if len(found) > limit else None


def change_page(session: Session, organisation_id: int, change_id: int) -> ChangePage | None:
    """One change of that organisation, None when there is none: three statements."""
    row = session.execute(
        _rows().where(StaffChange.organisation_id == organisation_id, StaffChange.id == change_id)
    ).one_or_none()
    if row is None:
        return None
    account = (
        select(UserAccount.id)
        .where(UserAccount.person_id == Employee.person_id, UserAccount.is_active.is_(True))
        .exists()
    )
    writer = aliased(Person)
    change, person_id, post, unit, writer_name, has_account = session.execute(
        select(StaffChange, Employee.person_id, Assignment, Unit, writer.display_name, account)
        .join(Employee, Employee.id == StaffChange.employee_id)
        .outerjoin(Assignment, Assignment.id == StaffChange.assignment_id)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(writer, writer.id == StaffChange.entered_by_person_id)
        .where(StaffChange.id == change_id)
    ).one()
    return ChangePage(
        ChangeRow(*row),
        person_id,
        change.reason,
        post.full_position if post else "",
        unit.name_th if unit else "",
        unit.name_en if unit else "",
        writer_name or "",
        change.entered_at,
        bool(has_account),
        _records(session, change_id),
    )


def _owed() -> Select[int, int]:
    """(change_id, how many) of the statements that are still awaited."""
    return (
        select(Handover.change_id, func.count().label("awaited"))
        .join(Assessment, Assessment.id == Handover.assessment_id)
        .where(
            Handover.state == HandoverState.AWAITING_STATEMENT,
            Assessment.state.not_in(NO_LONGER_OWED),
        )
        .group_by(Handover.change_id)
    )


def _rows() -> Select[int, ChangeKind, date, date | None, str, int, str, str, int]:
    owed = _owed().subquery()
    return (
        select(
            StaffChange.id,
            StaffChange.kind,
            StaffChange.effective_on,
            StaffChange.until_on,
            StaffChange.order_number,
            Employee.id,
            Employee.number,
            Person.display_name,
            func.coalesce(owed.c.awaited, 0),
        )
        .join(Employee, Employee.id == StaffChange.employee_id)
        .join(Person, Person.id == Employee.person_id)
        .outerjoin(owed, owed.c.change_id == StaffChange.id)
    )


def _records(session: Session, change_id: int) -> tuple[RecordOfChange, ...]:
    former, following = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Handover, Assessment, Cycle, former.display_name, following.display_name)
        .join(Assessment, Assessment.id == Handover.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .outerjoin(former, former.id == Handover.from_person_id)
        .outerjoin(following, following.id == Handover.to_person_id)
        .where(Handover.change_id == change_id)
        .order_by(Assessment.employee_number, Handover.id)
    )
    return tuple(
        RecordOfChange(
            assessment.id,
            full_name(assessment.title_th, assessment.first_name, assessment.last_name),
            cycle.name_th,
            cycle.name_en,
            assessment.state,
            handover.consequence,
            from_name or "",
            to_name or "",
            handover.id if handover.consequence in HANDING_OVER else None,
            handover.state is HandoverState.AWAITING_STATEMENT and assessment.state not in NO_LONGER_OWED,
        )
        for handover, assessment, cycle, from_name, to_name in rows
    )
