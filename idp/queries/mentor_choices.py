"""Colleagues who offered to be a mentor, for the form of a plan's line."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Employee, MentorOffer, Person
from idp.rules.thai import full_name


@dataclass(frozen=True)
class MentorChoice:
    """`level`: up to which they offer to accompany somebody."""

    person_id: int
    name: str
    level: int


def mentor_choices(
    session: Session,
    organisation_id: int,
    owner_person_id: int,
    competency_id: int | None,
    target_level: int | None,
) -> tuple[MentorChoice, ...]:
    """Of the organisation, up to the level at least, the highest first; none for a free line and never the
    employee. One statement."""
    if competency_id is None:
        return ()
    rows = session.execute(
        select(Person, MentorOffer.level)
        .join(Employee, Employee.person_id == Person.id)
        .join(MentorOffer, MentorOffer.employee_id == Employee.id)
        .where(
            MentorOffer.organisation_id == organisation_id,
            MentorOffer.competency_id == competency_id,
            MentorOffer.withdrawn_at.is_(None),
            MentorOffer.level >= (target_level or 0),
            Person.id != owner_person_id,
        )
        .order_by(MentorOffer.level.desc(), Person.first_name, Person.last_name, Person.id)
    )
    return tuple(
        MentorChoice(person.id, full_name(person.title_th, person.first_name, person.last_name), level)
        for person, level in rows
    )
