"""Orders to act for somebody: a head is away in each of the two years, and hands over plans in the winter."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from idp.demo.clockwork import Story, at, working_day_from
from idp.demo.population import Member, Office
from idp.rules.delegations import DelegationKind, DelegationScope
from idp.services.delegations import OrderFields, create_delegation

NOTICE = timedelta(days=6)
"""An order is entered so long before it begins, or on the next working day."""


@dataclass(frozen=True)
class DemoOrder:
    number: str
    kind: DelegationKind
    scope: DelegationScope
    from_on: date
    until_on: date
    entered_on: date


def _order(
    number: str,
    kind: DelegationKind,
    scope: DelegationScope,
    from_on: date,
    until_on: date,
    notice: timedelta,
) -> DemoOrder:
    return DemoOrder(number, kind, scope, from_on, until_on, working_day_from(from_on - notice))


ORDERS = (
    _order(
        "12/2568",
        DelegationKind.ACTING,
        DelegationScope.EVERYTHING,
        date(2025, 11, 3),
        date(2025, 11, 14),
        NOTICE,
    ),
    _order(
        "9/2569",
        DelegationKind.ACTING,
        DelegationScope.EVERYTHING,
        date(2026, 11, 9),
        date(2026, 12, 4),
        NOTICE,
    ),
    _order(
        "21/2569",
        DelegationKind.PERFORMING,
        DelegationScope.PLANS,
        date(2026, 12, 14),
        date(2027, 3, 31),
        timedelta(days=28),
    ),
)
"""One past, one in force and one coming on the day of the demonstration."""


def order_story(session: Session, office: Office) -> Story:
    """HR enters each order before it begins; while it holds, the head beside acts for the one away.

    `Office.acting` knows it from the beginning.
    """
    pair = _absent_and_substitute(office)
    if pair is None:
        return
    absent, substitute = pair
    office.acting += [
        (absent.person_id, substitute.person_id, order.from_on, order.until_on)
        for order in ORDERS
        if order.scope is DelegationScope.EVERYTHING
    ]
    for order in ORDERS:
        now = at(order.entered_on, time(10, 0))
        yield now
        typed = OrderFields(
            represented=absent.number,
            delegate=substitute.number,
            order_number=order.number,
            kind=order.kind,
            scope=order.scope,
            unit_id=None,
            from_on=order.from_on,
            until_on=order.until_on,
        )
        create_delegation(session, office.actor(office.hr_other_than(absent.person_id)), typed, now)


def _absent_and_substitute(office: Office) -> tuple[Member, Member] | None:
    """A head, and a head beside them; None in an organisation without two."""
    heads = [each for each in office.members if each.post.is_head and each.post.boss is not None]
    beside = {each.post.boss: each for each in heads}
    absent = next((each for each in heads if beside[each.post.boss] is not each), None)
    return None if absent is None else (absent, beside[absent.post.boss])
