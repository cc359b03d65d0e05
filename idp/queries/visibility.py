"""The permission table in SQL: which assessments and plans an actor may see in a list.

Built from the very rows of `rules.permissions.GRANTS`; a test holds the two against each other.
"""

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from idp.models import RoleGrant
from idp.queries.acting import Record, acts_for
from idp.queries.relations import ROLE_RELATIONS, role_holds, serving_in
from idp.rules.permissions import GRANTS
from idp.rules.relations import DELEGABLE, Actor
from idp.rules.terms import Permission, Relation


def visible_to(actor: Actor, record: Record, permission: Permission, day: date) -> ColumnElement[bool]:
    """The condition under which `actor` has `permission` on a row of `record` (an assessment or a plan)."""
    if actor.person_id is None:
        return false()
    conditions = []
    for grant in GRANTS:
        if grant.permission is not permission:
            continue
        held = _holds(actor.person_id, record, grant.relation, day)
        if held is not None and grant.relation is not Relation.OWNER:
            # Nobody is more than the owner on their own record, nor anything to one of an organisation that
            # they are not signed in to: see `standing_on_record`.
            held = and_(
                record.organisation_id == actor.organisation_id,
                record.owner_person_id != actor.person_id,
                held,
            )
        if held is not None:
            conditions.append(held if grant.states is None else and_(held, record.state.in_(grant.states)))
    return or_(false(), *conditions)


def _holds(person_id: int, record: Record, relation: Relation, day: date) -> ColumnElement[bool] | None:
    columns: dict[Relation, InstrumentedAttribute[int] | InstrumentedAttribute[int | None]] = {
        Relation.OWNER: record.owner_person_id,
        Relation.SUPERVISOR: record.supervisor_person_id,
        Relation.SECOND_LEVEL: record.second_level_person_id,
    }
    column = columns.get(relation)
    if column is not None:
        if relation not in DELEGABLE:
            return column == person_id
        # Who has left the organisation is nobody's supervisor there any more: see `standing_on_record`.
        serves = record.organisation_id.in_(serving_in(person_id, day))
        return and_(serves, or_(column == person_id, acts_for(person_id, record, column, day)))
    roles = [role for role, given in ROLE_RELATIONS.items() if given is relation]
    if not roles:
        return None
    return exists(
        select(RoleGrant.id).where(
            RoleGrant.person_id == person_id,
            RoleGrant.organisation_id == record.organisation_id,
            RoleGrant.role == roles[0],
            role_holds(day),
        )
    )
