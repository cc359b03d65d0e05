"""A seat in the sample organisation's moderation committee."""

from datetime import date

from sqlalchemy.orm import Session

from idp.models import RoleGrant
from idp.rules.relations import Actor
from idp.rules.terms import Role
from tests.factories.sample import Sample


def seat(session: Session, sample: Sample, name: str = "anong") -> Actor:
    """The person becomes a member; Anong has nothing else to do with Somchai's assessment."""
    actor: Actor = getattr(sample.cast, name)
    session.add(
        RoleGrant(
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            role=Role.MODERATOR,
            from_on=date(2025, 1, 1),
        )
    )
    session.flush()
    return actor
