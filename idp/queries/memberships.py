"""The organisations that a person may work in."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from idp.models import Employee, ExternalAppraiser, Organisation, Person, RoleGrant
from idp.queries.relations import appraiser_holds, role_holds


@dataclass(frozen=True)
class OrganisationChoice:
    """An organisation as the person chooses it after log-in."""

    organisation_id: int
    code: str
    name_th: str
    name_en: str


def belongs(person_id: InstrumentedAttribute[int] | int, day: date) -> ColumnElement[bool]:
    """For rows of Organisation: the person is employed there on that day, appraises from outside, or holds a
    role."""
    employed = select(Employee.id).where(
        Employee.person_id == person_id,
        Employee.organisation_id == Organisation.id,
        or_(Employee.left_on.is_(None), Employee.left_on >= day),
    )
    appraising = select(ExternalAppraiser.id).where(
        ExternalAppraiser.person_id == person_id,
        ExternalAppraiser.organisation_id == Organisation.id,
        appraiser_holds(day),
    )
    holding = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id, RoleGrant.organisation_id == Organisation.id, role_holds(day)
    )
    return or_(exists(employed), exists(appraising), exists(holding))


def belongs_elsewhere(session: Session, person_id: int, organisation_id: int, day: date) -> bool:
    """Whether the person belongs to another organisation too, or looks after the deployment."""
    other = select(Organisation.id).where(belongs(person_id, day), Organisation.id != organisation_id)
    administers = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id, RoleGrant.organisation_id.is_(None), role_holds(day)
    )
    return session.scalar(select(or_(other.exists(), administers.exists()))) is True


def of_organisation(organisation_id: int) -> ColumnElement[bool]:
    """For rows of Person: is or was an employee, an appraiser from outside or in a role there."""
    belonging = (
        select(table.id).where(table.person_id == Person.id, table.organisation_id == organisation_id)
        for table in (Employee, ExternalAppraiser, RoleGrant)
    )
    return or_(*(exists(found.correlate(Person)) for found in belonging))


def organisations_of(session: Session, person_id: int, day: date) -> tuple[OrganisationChoice, ...]:
    """Where the person is employed on that day, appraises from outside, or holds a role; by name."""
    rows = session.scalars(
        select(Organisation).where(belongs(person_id, day)).order_by(Organisation.name_th, Organisation.id)
    )
    return tuple(OrganisationChoice(row.id, row.code, row.name_th, row.name_en) for row in rows)
