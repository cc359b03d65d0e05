"""Orders to act for somebody, as the personnel office and those concerned read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from idp.models import Assignment, Delegation, Employee, ExternalAppraiser, Person, Unit
from idp.queries.acting import Record, order_covers
from idp.queries.relations import appraiser_holds, assignment_holds, delegation_holds
from idp.queries.staff import AppraiserChoice
from idp.rules.delegations import (
    DelegationKind,
    DelegationScope,
    OrderStanding,
    standing_on,
)

PAGE = 50


@dataclass(frozen=True)
class OrderRow:
    """One order, `standing` as on the day asked for. The unit's names are empty when it is bound to none."""

    id: int
    order_number: str
    kind: DelegationKind
    scope: DelegationScope
    unit_name_th: str
    unit_name_en: str
    from_person_id: int
    from_name: str
    to_person_id: int
    to_name: str
    from_on: date
    until_on: date
    ended_at: datetime | None
    end_reason: str
    version: int
    standing: OrderStanding


@dataclass(frozen=True)
class OrderList:
    """`next_before`: the id to ask the following page with, None on the last one."""

    rows: tuple[OrderRow, ...]
    next_before: int | None


@dataclass(frozen=True)
class OwnOrders:
    """What concerns one person: for whom they act or will, and who acts or will act for them."""

    acting_for: tuple[OrderRow, ...]
    represented_by: tuple[OrderRow, ...]


def order_list(
    session: Session,
    organisation_id: int,
    day: date,
    wanted: OrderStanding | None = None,
    text: str = "",
    before: int | None = None,
    limit: int = PAGE,
) -> OrderList:
    """The organisation's orders, the latest entered first; `text` is part of a number or a name. One
    statement."""
    statement = _orders(organisation_id)
    if wanted is not None:
        statement = statement.where(_stands(wanted, day))
    for word in text.split():
        statement = statement.where(
            or_(
                Delegation.order_number.icontains(word, autoescape=True),
                REPRESENTED.display_name.icontains(word, autoescape=True),
                DELEGATE.display_name.icontains(word, autoescape=True),
            )
        )
    if before is not None:
        statement = statement.where(Delegation.id < before)
    rows = _rows(session.execute(statement.order_by(Delegation.id.desc()).limit(limit + 1)), day)
    return OrderList(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)


def order_page(session: Session, organisation_id: int, delegation_id: int, day: date) -> OrderRow | None:
    """One order of that organisation, None when there is none; one statement."""
    rows = _rows(session.execute(_orders(organisation_id).where(Delegation.id == delegation_id)), day)
    return rows[0] if rows else None


def own_orders(session: Session, person_id: int, organisation_id: int, day: date) -> OwnOrders:
    """Those in force and those to come, the first to begin first; one statement."""
    rows = _rows(
        session.execute(
            _orders(organisation_id)
            .where(
                or_(Delegation.from_person_id == person_id, Delegation.to_person_id == person_id),
                Delegation.is_revoked.is_(False),
                Delegation.until_on >= day,
            )
            .order_by(Delegation.from_on, Delegation.id)
        ),
        day,
    )
    return OwnOrders(
        tuple(row for row in rows if row.to_person_id == person_id),
        tuple(row for row in rows if row.from_person_id == person_id),
    )


def orders_reaching(
    session: Session, person_id: int, record: Record, record_id: int, day: date
) -> tuple[OrderRow, ...]:
    """The orders by which the person stands above one record on that day; one statement."""
    above = or_(
        order_covers(record, record.supervisor_person_id, day),
        order_covers(record, record.second_level_person_id, day),
    )
    statement = _orders().join(record, above)
    found = session.execute(statement.where(record.id == record_id, Delegation.to_person_id == person_id))
    return _rows(found, day)


def former_holders(
    session: Session, organisation_id: int, text: str, day: date
) -> tuple[AppraiserChoice, ...]:
    """Whom a typed number or name means among those who have left the organisation by that day, staff and
    appraisers from outside; the text as in `queries.staff.find_appraisers`."""
    words = text.split()
    if not words:
        return ()
    name = Person.display_name == " ".join(words)
    left = (
        select(Employee.person_id, Employee.number, Person.display_name)
        .join(Person)
        .where(Employee.organisation_id == organisation_id, Employee.left_on < day)
    )
    found = (
        session.execute(left.where(Employee.number == words[0])).all()
        or session.execute(left.where(name)).all()
    )
    outside = session.execute(
        select(ExternalAppraiser.person_id, Person.display_name, ExternalAppraiser.position_name)
        .join(Person)
        .where(ExternalAppraiser.organisation_id == organisation_id, name, ~appraiser_holds(day))
    ).all()
    return (
        *(AppraiserChoice(person_id, number, name_then, "") for person_id, number, name_then in found),
        *(AppraiserChoice(person_id, "", name_then, position) for person_id, name_then, position in outside),
    )


def orders_over(session: Session, organisation_id: int, from_person_id: int, span: tuple[date, date]) -> Any:
    """(order, path of its unit or None, name of the delegate) of every order of the person that holds on a
    day of the span, both ends included; one statement."""
    return session.execute(
        select(Delegation, Unit.path, Person.display_name)
        .join(Person, Person.id == Delegation.to_person_id)
        .outerjoin(Unit, Unit.id == Delegation.unit_id)
        .where(
            Delegation.organisation_id == organisation_id,
            Delegation.from_person_id == from_person_id,
            Delegation.is_revoked.is_(False),
            Delegation.from_on <= span[1],
            Delegation.until_on >= span[0],
        )
        .order_by(Delegation.id)
    ).all()


def position_of(session: Session, person_id: int, organisation_id: int, day: date) -> str:
    """What the person is in the organisation on that day: an employee's position with its level, else an
    appraiser's from outside; "" for neither."""
    as_staff = session.scalar(
        select(Assignment.full_position)
        .join(Employee, Employee.id == Assignment.employee_id)
        .where(
            Employee.person_id == person_id,
            Employee.organisation_id == organisation_id,
            assignment_holds(day),
        )
        .limit(1)
    )
    if as_staff is not None:
        return as_staff
    outside = select(ExternalAppraiser.position_name).where(
        ExternalAppraiser.person_id == person_id, ExternalAppraiser.organisation_id == organisation_id
    )
    return session.scalar(outside) or ""


REPRESENTED, DELEGATE = aliased(Person), aliased(Person)


def _orders(organisation_id: int | None = None) -> Any:
    """Of the organisation; of all where the record itself names it."""
    statement: Any = (
        select(Delegation, REPRESENTED.display_name, DELEGATE.display_name, Unit.name_th, Unit.name_en)
        .join(REPRESENTED, REPRESENTED.id == Delegation.from_person_id)
        .join(DELEGATE, DELEGATE.id == Delegation.to_person_id)
        .outerjoin(Unit, Unit.id == Delegation.unit_id)
    )
    if organisation_id is None:
        return statement
    return statement.where(Delegation.organisation_id == organisation_id)


def _stands(wanted: OrderStanding, day: date) -> ColumnElement[bool]:
    match wanted:
        case OrderStanding.IN_FORCE:
            return delegation_holds(day)
        case OrderStanding.COMING:
            return and_(Delegation.from_on > day, Delegation.is_revoked.is_(False))
        case OrderStanding.PAST:
            return and_(Delegation.until_on < day, Delegation.is_revoked.is_(False))
        case OrderStanding.REVOKED:
            return Delegation.is_revoked.is_(True)


def _rows(found: Iterable[Any], day: date) -> tuple[OrderRow, ...]:
    return tuple(
        OrderRow(
            order.id,
            order.order_number,
            order.kind,
            order.scope,
            unit_name_th or "",
            unit_name_en or "",
            order.from_person_id,
            from_name,
            order.to_person_id,
            to_name,
            order.from_on,
            order.until_on,
            order.ended_at,
            order.end_reason,
            order.version,
            standing_on(order.from_on, order.until_on, order.is_revoked, day),
        )
        for order, from_name, to_name, unit_name_th, unit_name_en in found
    )
