"""What an actor is to a record: the one place where relations are computed."""

from datetime import date
from typing import Protocol

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from idp.models import Assignment, Delegation, Employee, ExternalAppraiser, RoleGrant, Unit
from idp.rules.relations import DELEGABLE, Actor, Standing, relations_of_person
from idp.rules.terms import Relation, Role

ROLE_RELATIONS = {
    Role.HR_OFFICER: Relation.HR_OFFICER,
    Role.EXECUTIVE: Relation.EXECUTIVE,
    Role.AUDITOR: Relation.AUDITOR,
    Role.DEPLOYMENT_ADMIN: Relation.DEPLOYMENT_ADMIN,
}


class SupervisedRecord(Protocol):
    """An assessment or a plan: owned by a person, supervised by one, with perhaps a second level above."""

    organisation_id: int
    owner_person_id: int
    supervisor_person_id: int | None
    second_level_person_id: int | None


def role_holds(day: date) -> ColumnElement[bool]:
    return (RoleGrant.from_on <= day) & or_(RoleGrant.until_on.is_(None), RoleGrant.until_on >= day)


def roles_of(session: Session, person_id: int, organisation_id: int | None, day: date) -> frozenset[Role]:
    """The roles that the person holds on that day in the organisation (None: in the deployment)."""
    rows = session.scalars(
        select(RoleGrant.role).where(
            RoleGrant.person_id == person_id, RoleGrant.organisation_id == organisation_id, role_holds(day)
        )
    )
    return frozenset(rows)


def represented_persons(session: Session, person_id: int, organisation_id: int, day: date) -> tuple[int, ...]:
    """Those for whom the person acts on that day by an order of the organisation."""
    rows = session.scalars(
        select(Delegation.from_person_id)
        .where(
            Delegation.organisation_id == organisation_id,
            Delegation.to_person_id == person_id,
            Delegation.from_on <= day,
            Delegation.until_on >= day,
        )
        .order_by(Delegation.from_person_id)
    )
    return tuple(rows)


def is_member(session: Session, person_id: int, organisation_id: int, day: date) -> bool:
    """Whether the person is an employee of the organisation on that day, or appraises there from outside."""
    employed = select(Employee.id).where(
        Employee.person_id == person_id,
        Employee.organisation_id == organisation_id,
        or_(Employee.left_on.is_(None), Employee.left_on >= day),
    )
    appraising = select(ExternalAppraiser.id).where(
        ExternalAppraiser.person_id == person_id, ExternalAppraiser.organisation_id == organisation_id
    )
    return session.scalar(select(or_(employed.exists(), appraising.exists()))) is True


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
    """What the actor is to one assessment or plan: of themself, by their roles, and by delegation.

    On their own record everybody is the owner and nothing else: no office shows a person their rating
    before its release, and no order lets them rate themself.
    """
    if actor.person_id is None:
        return Standing(frozenset({Relation.SYSTEM}))
    if record.owner_person_id == actor.person_id:
        return Standing(frozenset({Relation.OWNER}))
    holders = (record.owner_person_id, record.supervisor_person_id, record.second_level_person_id)
    relations = set(relations_of_person(actor.person_id, *holders))
    own_roles = roles_of(session, actor.person_id, record.organisation_id, day)
    relations.update(ROLE_RELATIONS[role] for role in own_roles)
    on_behalf_of: dict[Relation, int] = {}
    for person_id in represented_persons(session, actor.person_id, record.organisation_id, day):
        for relation in relations_of_person(person_id, *holders) & DELEGABLE:
            if relation not in relations:
                relations.add(relation)
                on_behalf_of[relation] = person_id
    return Standing(frozenset(relations), on_behalf_of)


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
