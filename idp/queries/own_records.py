"""Which of a person's own records their lists show: nothing of one organisation while they work in another.

What is left over from an organisation that they have left belongs to their own history, and is shown wherever
they are signed in (this product's default: the law gives a person their data; the new organisation sees none
of it).
"""

from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from idp.models import Assessment, RoleGrant
from idp.queries.relations import role_holds, serving_in
from idp.rules.relations import Actor


def of_here_or_left(
    organisation_id: InstrumentedAttribute[int], actor: Actor, day: date
) -> ColumnElement[bool]:
    """The column names the organisation signed in to, or one in which the person serves no more."""
    assert actor.person_id is not None
    holding = select(RoleGrant.organisation_id).where(
        RoleGrant.person_id == actor.person_id, RoleGrant.organisation_id.is_not(None), role_holds(day)
    )
    serving = serving_in(actor.person_id, day).subquery()
    has_left = organisation_id.not_in(select(serving.c.organisation_id)) & organisation_id.not_in(holding)
    return or_(organisation_id == actor.organisation_id, has_left)


def has_own_records(session: Session, person_id: int) -> bool:
    """Whether the person was ever assessed anywhere; one statement."""
    return session.scalar(select(exists().where(Assessment.owner_person_id == person_id))) is True
