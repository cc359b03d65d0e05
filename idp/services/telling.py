"""Who is told of a step on a record: those whom the workflow's table names, and those who act for them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Date, bindparam, select
from sqlalchemy.orm import Session

from idp.models import Assessment, Delegation, DevelopmentPlan, Person, RoleGrant
from idp.queries.acting import order_covers
from idp.queries.relations import delegation_holds, role_holds
from idp.rules.calendar import local_day
from idp.rules.relations import DELEGABLE, Actor
from idp.rules.terms import Relation, Role

REPRESENTED = select(Delegation.from_person_id).where(
    Delegation.from_person_id.in_(bindparam("holders", expanding=True)),
    delegation_holds(bindparam("day", type_=Date)),
)
COLUMNS = {Relation.SUPERVISOR: "supervisor_person_id", Relation.SECOND_LEVEL: "second_level_person_id"}


def told(
    session: Session,
    actor: Actor,
    record: Assessment | DevelopmentPlan,
    tells: frozenset[Relation],
    now: datetime,
) -> dict[int, str]:
    """The persons to tell of one record (`told_each`)."""
    return told_each(session, actor, [(record, tells)], now)[0]


def told_each(
    session: Session,
    actor: Actor,
    chosen: Sequence[tuple[Assessment | DevelopmentPlan, frozenset[Relation]]],
    now: datetime,
) -> list[dict[int, str]]:
    """For each record, all of one kind and one organisation, the persons to tell, each with the name of whom
    they represent in this ("" for their own part): as many statements for all as for one.

    Who acts for somebody is told beside them, not in their stead: the represented person stays answerable,
    and an order that nobody remembers silences nobody (this product's default). Nobody is told what they did
    themselves.
    """
    day = local_day(now)
    delegates = _delegates(session, chosen, day)
    officers: list[int] = []
    if any(Relation.HR_OFFICER in tells for _, tells in chosen):
        officers = _hr_officers(session, chosen[0][0].organisation_id, day)
    return [_told(actor, record, tells, delegates, officers) for record, tells in chosen]


def _told(
    actor: Actor,
    record: Assessment | DevelopmentPlan,
    tells: frozenset[Relation],
    delegates: Mapping[tuple[int, Relation], Mapping[int, str]],
    officers: Sequence[int],
) -> dict[int, str]:
    recipients: dict[int, str] = {}
    for relation in sorted(tells & DELEGABLE):
        recipients |= delegates.get((record.id, relation), {})
    holders = {relation: getattr(record, column) for relation, column in COLUMNS.items()}
    holders[Relation.OWNER] = record.owner_person_id
    recipients |= dict.fromkeys((holders[relation] for relation in tells if relation in holders), "")
    if Relation.HR_OFFICER in tells:
        recipients |= dict.fromkeys(officers, "")
    return {
        person_id: name
        for person_id, name in sorted(recipients.items(), key=lambda each: each[0] or 0)
        if person_id not in (None, actor.person_id)
    }


def _delegates(
    session: Session,
    chosen: Sequence[tuple[Assessment | DevelopmentPlan, frozenset[Relation]]],
    day: date,
) -> dict[tuple[int, Relation], dict[int, str]]:
    """By record and relation: who acts for the holder, with the holder's name."""
    places = [
        (record, relation, getattr(record, COLUMNS[relation]))
        for record, tells in chosen
        for relation in sorted(tells & DELEGABLE)
    ]
    holders = {holder for _, _, holder in places} - {None}
    if not holders:
        return {}
    # Asked first, because it is asked at every step and the answer is nearly always none.
    represented = set(session.scalars(REPRESENTED, {"holders": list(holders), "day": day}))
    found: dict[tuple[int, Relation], dict[int, str]] = {}
    for relation in sorted(DELEGABLE):
        ids = [record.id for record, each, holder in places if each is relation and holder in represented]
        if not ids:
            continue
        model = type(chosen[0][0])
        rows = session.execute(
            select(model.id, Delegation.to_person_id, Person.display_name)
            .select_from(model)
            .join(Delegation, order_covers(model, getattr(model, COLUMNS[relation]), day))
            .join(Person, Person.id == Delegation.from_person_id)
            .where(model.id.in_(ids))
            .order_by(Delegation.id)
        )
        for record_id, person_id, name in rows:
            found.setdefault((record_id, relation), {})[person_id] = name
    return found


def _hr_officers(session: Session, organisation_id: int, day: date) -> list[int]:
    return list(
        session.scalars(
            select(RoleGrant.person_id).where(
                RoleGrant.organisation_id == organisation_id,
                RoleGrant.role == Role.HR_OFFICER,
                role_holds(day),
            )
        )
    )
