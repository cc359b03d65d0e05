"""Who is told of a step on a record: those whom the workflow's table names, and those who act for them."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, Delegation, DevelopmentPlan, Person, RoleGrant
from idp.queries.acting import order_covers
from idp.queries.relations import delegation_holds, role_holds
from idp.rules.calendar import local_day
from idp.rules.relations import DELEGABLE, Actor
from idp.rules.terms import Relation, Role

COLUMNS = {Relation.SUPERVISOR: "supervisor_person_id", Relation.SECOND_LEVEL: "second_level_person_id"}


def told(
    session: Session,
    actor: Actor,
    record: Assessment | DevelopmentPlan,
    tells: frozenset[Relation],
    now: datetime,
) -> dict[int, str]:
    """The persons to tell, each with the name of whom they represent in this ("" for their own part).

    Who acts for somebody is told beside them, not in their stead: the represented person stays answerable,
    and an order that nobody remembers silences nobody (this product's default). Nobody is told what they did
    themselves.
    """
    day = local_day(now)
    recipients = _delegates(session, record, tells & DELEGABLE, day)
    holders = {relation: getattr(record, column) for relation, column in COLUMNS.items()}
    holders[Relation.OWNER] = record.owner_person_id
    recipients |= dict.fromkeys((holders[relation] for relation in tells if relation in holders), "")
    if Relation.HR_OFFICER in tells:
        recipients |= dict.fromkeys(_hr_officers(session, record.organisation_id, day), "")
    return {
        person_id: name
        for person_id, name in sorted(recipients.items(), key=lambda each: each[0] or 0)
        if person_id not in (None, actor.person_id)
    }


def _delegates(
    session: Session, record: Assessment | DevelopmentPlan, relations: frozenset[Relation], day: date
) -> dict[int, str]:
    found: dict[int, str] = {}
    holders = {getattr(record, COLUMNS[relation]) for relation in relations} - {None}
    # Asked first, because it is asked at every step and the answer is nearly always none.
    orders = select(Delegation.id).where(Delegation.from_person_id.in_(holders), delegation_holds(day))
    if not holders or session.scalar(orders.limit(1)) is None:
        return found
    model = type(record)
    for relation in sorted(relations):
        rows = session.execute(
            select(Delegation.to_person_id, Person.display_name)
            .select_from(model)
            .join(Delegation, order_covers(model, getattr(model, COLUMNS[relation]), day))
            .join(Person, Person.id == Delegation.from_person_id)
            .where(model.id == record.id)
            .order_by(Delegation.id)
        )
        found |= {row.to_person_id: row.display_name for row in rows}
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
