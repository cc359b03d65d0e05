"""The organisations that a person may work in."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from idp.models import Organisation, RoleGrant
from idp.queries.relations import role_holds, serving_in


@dataclass(frozen=True)
class OrganisationChoice:
    """An organisation as the person chooses it after log-in."""

    organisation_id: int
    code: str
    name_th: str
    name_en: str


def organisations_of(session: Session, person_id: int, day: date) -> tuple[OrganisationChoice, ...]:
    """Where the person is employed on that day, appraises from outside, or holds a role; by name."""
    serving = serving_in(person_id, day)
    holding = select(RoleGrant.organisation_id).where(
        RoleGrant.person_id == person_id, RoleGrant.organisation_id.is_not(None), role_holds(day)
    )
    rows = session.scalars(
        select(Organisation)
        .where(or_(Organisation.id.in_(serving), Organisation.id.in_(holding)))
        .order_by(Organisation.name_th, Organisation.id)
    )
    return tuple(OrganisationChoice(row.id, row.code, row.name_th, row.name_en) for row in rows)
