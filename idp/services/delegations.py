"""Orders to act for somebody (รักษาราชการแทน / ปฏิบัติราชการแทน): entered, corrected, ended before their time.

An order holds from its first to its last day by itself; nothing has to run for it. While it holds, the
delegate stands where the represented person stands on the records it reaches (`queries.relations`), also on
tasks that were open before; the represented person keeps their powers, as the rules on acting have it for
powers handed over. What was done under an order stays done when it ends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Delegation, Employee, Notice, Person, Unit
from idp.queries.delegations import former_holders, orders_over
from idp.queries.staff import AppraiserChoice, find_appraisers
from idp.rules.calendar import local_day
from idp.rules.delegations import DelegationKind, DelegationScope, scopes_meet, units_meet
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible, StaleVersion
from idp.rules.relations import Actor
from idp.rules.terms import Permission, SubjectType
from idp.rules.texts import required_text
from idp.services.access import check_organisation
from idp.services.history import record_history
from idp.services.saving import save

LONGEST_NUMBER = 100
MOST_DAYS = 731
"""Two years: a longer order is a mistyped year (this product's default)."""


@dataclass(frozen=True)
class OrderFields:
    """An order as it is typed. `represented` and `delegate` are a number or a whole name."""

    represented: str
    delegate: str
    order_number: str
    kind: DelegationKind
    scope: DelegationScope
    unit_id: int | None
    from_on: date
    until_on: date


def create_delegation(session: Session, actor: Actor, typed: OrderFields, now: datetime) -> Delegation:
    """Enter an order; both persons are told.

    A second order for the same person, time and records is refused, whoever it names: of two who may both
    sign for one person neither knows what the other decided, and the form names one. Raises InvalidInputs
    naming every wrong field at once, NotPermitted.
    """
    day = local_day(now)
    check_organisation(session, actor, Permission.AUTHORITY_EDIT, day)
    assert actor.organisation_id is not None
    organisation_id = actor.organisation_id
    problems: list[InvalidInput] = []
    number = _noting(problems, lambda: required_text("order_number", typed.order_number, LONGEST_NUMBER))
    _check_days(problems, typed, day)
    begins = max(typed.from_on, day)
    from_id = _noting(
        problems, lambda: _represented(session, organisation_id, typed.represented, typed.kind, begins)
    )
    to_id = _noting(problems, lambda: _delegate(session, organisation_id, typed, begins))
    unit_path = _noting(problems, lambda: _unit_path(session, organisation_id, typed.unit_id))
    if from_id is not None and from_id == to_id:
        problems.append(InvalidInput("delegate", "to_oneself"))
    if problems:
        raise InvalidInputs(problems)
    assert number is not None and from_id is not None and to_id is not None
    session.get_one(Person, from_id, with_for_update=True)  # two officers at once: one after the other
    _refuse_another(session, organisation_id, from_id, typed, unit_path)
    order = Delegation(
        organisation_id=organisation_id,
        from_person_id=from_id,
        to_person_id=to_id,
        order_number=number,
        kind=typed.kind,
        scope=typed.scope,
        unit_id=typed.unit_id,
        from_on=typed.from_on,
        until_on=typed.until_on,
    )
    session.add(order)
    save(session)
    _record(session, actor, order, "enter", now, detail=_described(order))
    _tell(session, actor, order, "delegation:enter", now)
    return order


def end_delegation(
    session: Session,
    actor: Actor,
    delegation_id: int,
    last_on: date | None,
    reason: str,
    now: datetime,
    version: int | None = None,
) -> Delegation:
    """End an order before its time, its last day being `last_on` (yesterday: at once); both are told.

    One that has not begun by then is revoked and never in force, whatever day is named. Raises InvalidInput
    at `last_on` or `reason`, StaleVersion when it is over or was changed meanwhile, NotVisible, NotPermitted.
    """
    day = local_day(now)
    order = _load(session, actor, delegation_id, version, day)
    if order.is_revoked or order.until_on < day:
        raise StaleVersion
    reason = required_text("reason", reason)
    if order.from_on <= day:
        if last_on is None:
            raise InvalidInput("last_on", "required")
        if last_on < day - timedelta(days=1):
            raise InvalidInput("last_on", "acts_since_then")
        if last_on >= order.until_on:
            raise InvalidInput("last_on", "not_earlier")
    before = order.until_on
    if last_on is None or last_on < order.from_on:
        order.is_revoked = True
    else:
        order.until_on = last_on
    order.ended_at, order.end_reason = now, reason
    save(session)
    changed = {"until_on": [before.isoformat(), order.until_on.isoformat()], "is_revoked": order.is_revoked}
    event = "revoke" if order.is_revoked else "end"
    _record(session, actor, order, event, now, reason=reason, detail=changed)
    _tell(session, actor, order, "delegation:end", now, reason)
    return order


def correct_order_number(
    session: Session,
    actor: Actor,
    delegation_id: int,
    order_number: str,
    now: datetime,
    version: int | None = None,
) -> Delegation:
    """Mend a mistyped number. Whom it concerns, how far and how long is never changed in place: such an order
    is ended, and another one entered. Raises InvalidInput at `order_number`, StaleVersion, NotVisible,
    NotPermitted."""
    order = _load(session, actor, delegation_id, version, local_day(now))
    number = required_text("order_number", order_number, LONGEST_NUMBER)
    if number != order.order_number:
        before, order.order_number = order.order_number, number
        save(session)
        _record(session, actor, order, "correct", now, detail={"order_number": [before, number]})
    return order


T = TypeVar("T")


def _noting(problems: list[InvalidInput], read: Callable[[], T]) -> T | None:
    """What was read; a problem with it is noted, so that all fields are answered at once."""
    try:
        return read()
    except InvalidInput as problem:
        problems.append(problem)
        return None


def _check_days(problems: list[InvalidInput], typed: OrderFields, day: date) -> None:
    if typed.until_on < typed.from_on:
        problems.append(InvalidInput("until_on", "ends_before_start"))
    elif typed.until_on < day:
        problems.append(InvalidInput("until_on", "already_over"))
    elif (typed.until_on - typed.from_on).days >= MOST_DAYS:
        problems.append(InvalidInput("until_on", "too_long_a_time", maximum=MOST_DAYS))


def _represented(
    session: Session, organisation_id: int, text: str, kind: DelegationKind, begins: date
) -> int:
    """Somebody who serves; for รักษาราชการแทน also somebody whose post is vacant since they left: their open
    tasks are what the order is for. Powers can be handed over (ปฏิบัติราชการแทน) by their holder alone."""
    text = required_text("represented", text)
    found = find_appraisers(session, organisation_id, text, begins)
    if not found:
        former = former_holders(session, organisation_id, text, begins)
        if former and kind is DelegationKind.PERFORMING:
            raise InvalidInput("represented", "has_left")
        found = former
    return _only(found, "represented")


def _delegate(session: Session, organisation_id: int, typed: OrderFields, begins: date) -> int:
    """Somebody who serves as long as the order lasts."""
    text = required_text("delegate", typed.delegate)
    found = find_appraisers(session, organisation_id, text, begins)
    if not found and former_holders(session, organisation_id, text, begins):
        raise InvalidInput("delegate", "has_left")
    person_id = _only(found, "delegate")
    leaves = session.scalar(
        select(Employee.left_on).where(
            Employee.person_id == person_id, Employee.organisation_id == organisation_id
        )
    )
    if leaves is not None and leaves < typed.until_on:
        raise InvalidInput("until_on", "leaves_before")
    return person_id


def _only(found: tuple[AppraiserChoice, ...], field: str) -> int:
    if not found:
        raise InvalidInput(field, "no_such_person")
    if len(found) > 1:
        raise InvalidInput(field, "several_persons")
    return found[0].person_id


def _unit_path(session: Session, organisation_id: int, unit_id: int | None) -> str | None:
    if unit_id is None:
        return None
    unit = session.get(Unit, unit_id)
    if unit is None or unit.organisation_id != organisation_id:
        raise InvalidInput("unit_id", "unknown_choice")
    return unit.path


def _refuse_another(
    session: Session, organisation_id: int, from_id: int, typed: OrderFields, unit_path: str | None
) -> None:
    for order, path, name in orders_over(session, organisation_id, from_id, (typed.from_on, typed.until_on)):
        if scopes_meet(order.scope, typed.scope) and units_meet(path, unit_path):
            raise InvalidInput("delegate", "another_order", number=order.order_number, name=name)


def _load(session: Session, actor: Actor, delegation_id: int, version: int | None, day: date) -> Delegation:
    check_organisation(session, actor, Permission.AUTHORITY_EDIT, day)
    order = session.get(Delegation, delegation_id)
    if order is None or order.organisation_id != actor.organisation_id:
        raise NotVisible
    if version is not None and order.version != version:
        raise StaleVersion
    return order


def _described(order: Delegation) -> dict[str, Any]:
    return {
        "order_number": order.order_number,
        "kind": order.kind.value,
        "scope": order.scope.value,
        "unit_id": order.unit_id,
        "from_person_id": order.from_person_id,
        "to_person_id": order.to_person_id,
        "from_on": order.from_on.isoformat(),
        "until_on": order.until_on.isoformat(),
    }


def _record(
    session: Session,
    actor: Actor,
    order: Delegation,
    event: str,
    now: datetime,
    *,
    reason: str = "",
    detail: dict[str, Any],
) -> None:
    record_history(
        session,
        actor,
        (SubjectType.DELEGATION, order.id),
        event,
        now,
        organisation_id=order.organisation_id,
        reason=reason,
        detail=detail,
    )


def _tell(
    session: Session, actor: Actor, order: Delegation, event: str, now: datetime, reason: str = ""
) -> None:
    """Both persons; nobody is told what they did themselves."""
    for person_id, other_id in (
        (order.from_person_id, order.to_person_id),
        (order.to_person_id, order.from_person_id),
    ):
        if person_id == actor.person_id:
            continue
        named = {"represented": session.get_one(Person, other_id).display_name}
        session.add(
            Notice(
                organisation_id=order.organisation_id,
                subject_type=SubjectType.DELEGATION,
                subject_id=order.id,
                event=event,
                recipient_person_id=person_id,
                detail=named | ({"reason": reason} if reason else {}),
                created_at=now,
            )
        )
    session.flush()
