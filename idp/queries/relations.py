"""What an actor is to a record: the one place where relations are computed."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, CompoundSelect, Date, Integer, bindparam, or_, select, union
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    Assignment,
    Delegation,
    DevelopmentPlan,
    Employee,
    ExternalAppraiser,
    RoleGrant,
    Unit,
)
from idp.rules.delegations import Order
from idp.rules.relations import DELEGABLE, Actor, Standing, relations_of_person
from idp.rules.terms import Relation, Role, SubjectType

ROLE_RELATIONS = {
    Role.HR_OFFICER: Relation.HR_OFFICER,
    Role.EXECUTIVE: Relation.EXECUTIVE,
    Role.AUDITOR: Relation.AUDITOR,
    Role.MODERATOR: Relation.MODERATOR,
    Role.DEPLOYMENT_ADMIN: Relation.DEPLOYMENT_ADMIN,
}


SupervisedRecord = Assessment | DevelopmentPlan
"""Owned by a person, supervised by one, with perhaps a second level above."""


Holders = tuple[int | None, int | None, int | None]
"""Of a record: its owner, their supervisor, the second level."""

Day = date | ColumnElement[date]
"""A day, or where it will be given: the statements asked at every step are written once."""


def role_holds(day: Day) -> ColumnElement[bool]:
    return (RoleGrant.from_on <= day) & or_(RoleGrant.until_on.is_(None), RoleGrant.until_on >= day)


def roles_of(session: Session, person_id: int, organisation_id: int | None, day: date) -> frozenset[Role]:
    """The roles that the person holds on that day in the organisation (None: in the deployment)."""
    given = {"person_id": person_id, "day": day}
    if organisation_id is None:
        return frozenset(session.scalars(_ROLES.where(RoleGrant.organisation_id.is_(None)), given))
    return frozenset(session.scalars(_ROLES_IN, given | {"organisation_id": organisation_id}))


def delegation_holds(day: Day) -> ColumnElement[bool]:
    """The order is in force on that day of Thailand: it begins and ends by itself."""
    return (Delegation.from_on <= day) & (Delegation.until_on >= day) & Delegation.is_revoked.is_(False)


def orders_of(session: Session, person_id: int, organisation_id: int, day: date) -> tuple[Order, ...]:
    """The organisation's orders by which the person acts for somebody on that day; one statement.

    An order is not passed on: who acts for a delegate does not act for those whom the delegate represents.
    """
    given = {"person_id": person_id, "organisation_id": organisation_id, "day": day}
    rows = session.execute(_ORDERS, given)
    return tuple(Order(*row) for row in rows)


_DAY, _PERSON = bindparam("day", type_=Date), bindparam("person_id", type_=Integer)
_ORGANISATION = bindparam("organisation_id", type_=Integer)
_ROLES = select(RoleGrant.role).where(RoleGrant.person_id == _PERSON, role_holds(_DAY))
_ROLES_IN = _ROLES.where(RoleGrant.organisation_id == _ORGANISATION)
_ORDERS = (
    select(
        Delegation.id,
        Delegation.order_number,
        Delegation.kind,
        Delegation.scope,
        Delegation.from_person_id,
        Unit.path,
    )
    .outerjoin(Unit, Unit.id == Delegation.unit_id)
    .where(
        Delegation.organisation_id == _ORGANISATION,
        Delegation.to_person_id == _PERSON,
        delegation_holds(_DAY),
    )
    .order_by(Delegation.id)
)


def represented_persons(session: Session, person_id: int, organisation_id: int, day: date) -> tuple[int, ...]:
    """Those for whom the person acts on that day, on some record at least."""
    orders = orders_of(session, person_id, organisation_id, day)
    return tuple(sorted({order.from_person_id for order in orders}))


def serving_in(person_id: int | ColumnElement[int], day: Day) -> CompoundSelect[tuple[int]]:
    """The organisations in which the person is employed on that day, or appraises from outside."""
    employed = select(Employee.organisation_id).where(
        Employee.person_id == person_id, or_(Employee.left_on.is_(None), Employee.left_on >= day)
    )
    appraising = select(ExternalAppraiser.organisation_id).where(
        ExternalAppraiser.person_id == person_id, appraiser_holds(day)
    )
    return union(employed, appraising)


def appraiser_holds(day: Day) -> ColumnElement[bool]:
    """The appraiser from outside is still one on that day."""
    return or_(ExternalAppraiser.until_on.is_(None), ExternalAppraiser.until_on >= day)


_SERVING = serving_in(_PERSON, _DAY).subquery()
_IS_MEMBER = select(
    select(_SERVING.c.organisation_id).where(_SERVING.c.organisation_id == _ORGANISATION).exists()
)


def is_member(session: Session, person_id: int, organisation_id: int, day: date) -> bool:
    """Whether the person is an employee of the organisation on that day, or appraises there from outside."""
    given = {"person_id": person_id, "organisation_id": organisation_id, "day": day}
    return session.scalar(_IS_MEMBER, given) is True


def standing_in_organisation(
    session: Session, actor: Actor, organisation_id: int | None, day: date
) -> Standing:
    """What the actor is to the organisation as a whole; `organisation_id` None asks about the deployment
    only."""
    if actor.person_id is None:
        return Standing(frozenset({Relation.SYSTEM}))
    relations = {Relation.SIGNED_IN}
    relations.update(ROLE_RELATIONS[role] for role in roles_of(session, actor.person_id, None, day))
    if organisation_id is not None:
        relations.update(
            ROLE_RELATIONS[role] for role in roles_of(session, actor.person_id, organisation_id, day)
        )
        if is_member(session, actor.person_id, organisation_id, day):
            relations.add(Relation.MEMBER)
    return Standing(frozenset(relations))


def standing_on_record(session: Session, actor: Actor, record: SupervisedRecord, day: date) -> Standing:
    """What the actor is to one assessment or plan: of themself, by their roles, and by an order.

    On their own record everybody is the owner and nothing else: no office shows a person their rating
    before its release, and no order lets them rate themself. Towards others, somebody is something in the
    organisation that they are signed in to alone, whatever they are elsewhere. Who has left the
    organisation is no longer anybody's supervisor there, nor acts for one. Somebody may hold both places
    above a record, one of them or both by orders: that is for the organisation to decide, and each step
    says on whose behalf it was done (this product's default).
    """
    if actor.person_id is None:
        return Standing(frozenset({Relation.SYSTEM}))
    if record.owner_person_id == actor.person_id:
        return Standing(frozenset({Relation.OWNER}))
    if record.organisation_id != actor.organisation_id:
        return Standing(frozenset())
    above = Standing(frozenset())
    holders = (record.owner_person_id, record.supervisor_person_id, record.second_level_person_id)
    held = relations_of_person(actor.person_id, *holders)
    orders = orders_of(session, actor.person_id, record.organisation_id, day)
    if (held or orders) and is_member(session, actor.person_id, record.organisation_id, day):
        reaching = [order for order in orders if _reaches(session, order, record)]
        above = _standing_above(actor.person_id, holders, reaching)
    own_roles = roles_of(session, actor.person_id, record.organisation_id, day)
    return replace(above, relations=above.relations | {ROLE_RELATIONS[role] for role in own_roles})


def _standing_above(person_id: int, holders: Holders, orders: Iterable[Order]) -> Standing:
    """By the record's own columns, and by the orders that reach it; one's own place needs no order."""
    relations = set(relations_of_person(person_id, *holders))
    by_order: dict[Relation, Order] = {}
    for order in orders:
        for relation in relations_of_person(order.from_person_id, *holders) & DELEGABLE:
            if relation not in relations:
                relations.add(relation)
                by_order[relation] = order
    return Standing(frozenset(relations), by_order)


def standings_above(
    session: Session, actor: Actor, assessment_ids: Collection[int], day: date
) -> dict[int, Standing]:
    """What the actor, who serves in the organisation, is to each of these assessments of it, by its own
    columns and by orders; what they are by an office is left out. Two statements."""
    if actor.person_id is None or actor.organisation_id is None:
        return {}
    orders = orders_of(session, actor.person_id, actor.organisation_id, day)
    rows = session.execute(
        select(
            Assessment.id,
            Assessment.owner_person_id,
            Assessment.supervisor_person_id,
            Assessment.second_level_person_id,
            Unit.path,
        )
        .join(Unit, Unit.id == Assessment.unit_id)
        .where(Assessment.id.in_(assessment_ids), Assessment.organisation_id == actor.organisation_id)
    )
    found = {}
    for number, *holders, path in rows:
        reaching = [order for order in orders if order.reaches(SubjectType.ASSESSMENT, path)]
        found[number] = _standing_above(actor.person_id, (holders[0], holders[1], holders[2]), reaching)
    return found


def _reaches(session: Session, order: Order, record: SupervisedRecord) -> bool:
    """Whether the order covers the record: its kind, and the unit frozen when the cycle opened."""
    if isinstance(record, DevelopmentPlan):
        subject_type, assessment = SubjectType.PLAN, record.assessment
    else:
        subject_type, assessment = SubjectType.ASSESSMENT, record
    bounded = order.unit_path is not None
    return order.reaches(subject_type, session.get_one(Unit, assessment.unit_id).path if bounded else "")


def executive_unit_paths(session: Session, actor: Actor, day: date) -> tuple[str, ...]:
    """The paths of the units whose figures the actor reads as an executive; "/" is the whole organisation."""
    rows = session.execute(
        select(RoleGrant.unit_id, Unit.path)
        .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
        .where(
            RoleGrant.person_id == actor.person_id,
            RoleGrant.organisation_id == actor.organisation_id,
            RoleGrant.role == Role.EXECUTIVE,
            role_holds(day),
        )
    )
    return tuple(sorted("/" if unit_id is None else path for unit_id, path in rows))


def assignment_holds(day: date) -> ColumnElement[bool]:
    """The assignment in force on that day."""
    return (Assignment.from_on <= day) & or_(Assignment.until_on.is_(None), Assignment.until_on >= day)
