"""Who offers to be a mentor, near whom, for what.

Near: who serves in the same unit, then who serves anywhere in or below the unit above it (this product's
default: a mentor whom one meets at work). Between whom the pair stands in the hierarchy does not matter.
An offer shows that its giver attained the level; no other rating is ever read here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from idp.models import (
    Assignment,
    Competency,
    DevelopmentPlan,
    Employee,
    MentorOffer,
    Person,
    Unit,
)
from idp.queries.competency_matches import CompetencyMatches, competency_matches
from idp.queries.mentees import mentees_by_mentor
from idp.queries.relations import assignment_holds

ON_A_PAGE = 100


@dataclass(frozen=True)
class Offer:
    """A standing offer with who gives it. `level`: up to which, of the competency offered; `mentees`: how
    many people have them as a mentor for it; `is_same_unit`: where the reader serves."""

    id: int
    person_id: int
    employee_id: int
    name: str
    position: str
    unit_id: int
    unit_name_th: str
    unit_name_en: str
    competency_id: int
    competency_name_th: str
    competency_name_en: str | None
    level: int
    most_mentees: int
    note: str
    mentees: int = 0
    is_same_unit: bool = False

    @property
    def is_full(self) -> bool:
        return self.mentees >= self.most_mentees


@dataclass(frozen=True)
class Place:
    """Where somebody serves on a day; `unit_path` as in `Unit.path`."""

    organisation_id: int
    person_id: int
    unit_id: int
    unit_path: str

    @property
    def near(self) -> str:
        """The path of the unit above; of a unit at the top its own."""
        above = self.unit_path.rstrip("/").rpartition("/")[0]
        return f"{above}/" if above else self.unit_path


def place_of(session: Session, organisation_id: int, person_id: int, day: date) -> Place | None:
    """None for who has no post there on that day."""
    row = session.execute(
        select(Unit.id, Unit.path)
        .join(Assignment, Assignment.unit_id == Unit.id)
        .join(Employee, Employee.id == Assignment.employee_id)
        .where(
            Employee.organisation_id == organisation_id,
            Employee.person_id == person_id,
            assignment_holds(day),
        )
    ).first()
    return None if row is None else Place(organisation_id, person_id, row.id, row.path)


def offers_near(session: Session, place: Place, day: date, most: int) -> tuple[tuple[Offer, ...], int]:
    """Those of colleagues, the same unit first, `most` of them; and how many more there are. Six statements
    at most."""
    statement = _near(place, day)
    count = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    order = (Unit.id != place.unit_id, Competency.name_th, Person.display_name, MentorOffer.id)
    found = _read(session, statement.order_by(*order).limit(most), place)
    return found, max(count - most, 0)


def mentors_for(
    session: Session, place: Place | None, wanted: Mapping[int, int], day: date
) -> dict[int, tuple[Offer, ...]]:
    """By competency those who could be a mentor to reach the level `wanted` of it: near, of that level or a
    higher one, with room for one more; the same unit first, then who has fewer. Nine statements at most."""
    if place is None or not wanted:
        return {}
    near = _near(place, day)
    offered = set(session.scalars(near.with_only_columns(MentorOffer.competency_id).distinct()))
    if not offered:
        return {}
    matches = competency_matches(session, {*wanted, *offered})
    fit = {each for each in offered if any(matches.match(one, each) is not None for one in wanted)}
    read = _read(session, near.where(MentorOffer.competency_id.in_(fit)), place)
    offers = [each for each in read if not each.is_full]
    found = {}
    for competency_id, target in wanted.items():
        fitting = [each for each in offers if _reaches(matches, competency_id, target, each)]
        fitting.sort(key=lambda each: (not each.is_same_unit, each.mentees, each.name, each.id))
        if fitting:
            found[competency_id] = tuple(fitting)
    return found


def mentor_choices(
    session: Session, plan: DevelopmentPlan, competency_id: int | None, target_level: int | None, day: date
) -> tuple[Offer, ...]:
    """Whom a line of the plan may name as its mentor; without a target level any level will do."""
    whose = (plan.organisation_id, plan.owner_person_id)
    return mentors_near(session, whose, competency_id, target_level, day)


def mentors_near(
    session: Session,
    whose: tuple[int, int],
    competency_id: int | None,
    target_level: int | None,
    day: date,
) -> tuple[Offer, ...]:
    """The same for the plan's owner: `whose` are the ids of the organisation and of the person."""
    if competency_id is None:
        return ()
    place = place_of(session, *whose, day)
    return mentors_for(session, place, {competency_id: target_level or 0}, day).get(competency_id, ())


def own_offers(session: Session, organisation_id: int, person_id: int, day: date) -> tuple[Offer, ...]:
    """Those of the person that stand; five statements at most."""
    return _read(session, _offers(organisation_id, day).where(Employee.person_id == person_id))


def all_offers(
    session: Session, organisation_id: int, day: date, after: int = 0
) -> tuple[tuple[Offer, ...], int | None]:
    """For the personnel office: a page of the offers with ids above `after`, and where the next begins."""
    statement = _offers(organisation_id, day).where(MentorOffer.id > after)
    found = _read(session, statement.order_by(MentorOffer.id).limit(ON_A_PAGE + 1))
    shown = found[:ON_A_PAGE]
    return shown, shown[-1].id if len(found) > ON_A_PAGE else None


def offered_by(session: Session, employee_ids: Collection[int]) -> set[tuple[int, int]]:
    """(employee id, competency id) of the offers that stand."""
    rows = session.execute(
        select(MentorOffer.employee_id, MentorOffer.competency_id).where(
            MentorOffer.employee_id.in_(employee_ids), MentorOffer.withdrawn_at.is_(None)
        )
    )
    return {(row.employee_id, row.competency_id) for row in rows}


def _reaches(matches: CompetencyMatches, competency_id: int, target: int, offer: Offer) -> bool:
    match = matches.match(competency_id, offer.competency_id)
    level = match.aligned(Decimal(offer.level)) if match is not None else None
    return level is not None and level >= target


def _near(place: Place, day: date) -> Select[Any]:
    """Those of colleagues in the same unit, and in or below the unit above it."""
    is_near = Unit.path.startswith(place.near, autoescape=True)
    return _offers(place.organisation_id, day).where(is_near, Employee.person_id != place.person_id)


def _offers(organisation_id: int, day: date) -> Select[Any]:
    """The standing offers of those who serve there on that day."""
    return (
        select(  # type: ignore[return-value]
            MentorOffer.id,
            Employee.person_id,
            MentorOffer.employee_id,
            Person.display_name,
            Assignment.full_position,
            Unit.id,
            Unit.name_th,
            Unit.name_en,
            MentorOffer.competency_id,
            Competency.name_th,
            Competency.name_en,
            MentorOffer.level,
            MentorOffer.most_mentees,
            MentorOffer.note,
        )
        .select_from(MentorOffer)
        .join(Employee, Employee.id == MentorOffer.employee_id)
        .join(Person, Person.id == Employee.person_id)
        .join(Assignment, and_(Assignment.employee_id == Employee.id, assignment_holds(day)))
        .join(Unit, Unit.id == Assignment.unit_id)
        .join(Competency, Competency.id == MentorOffer.competency_id)
        .where(
            MentorOffer.organisation_id == organisation_id,
            MentorOffer.withdrawn_at.is_(None),
            or_(Employee.left_on.is_(None), Employee.left_on >= day),
        )
    )


def _read(session: Session, statement: Select[Any], place: Place | None = None) -> tuple[Offer, ...]:
    """The offers of `_offers`, with how many people have each as their mentor for that competency. `place`:
    of the reader, who does not count: who has them already takes no second place. Five statements."""
    offers = [Offer(*row) for row in session.execute(statement)]
    if not offers:
        return ()
    mentors = statement.with_only_columns(Employee.person_id)
    mentees = mentees_by_mentor(session, mentors, but_for=place.person_id if place else 0)
    known = {each.competency_id for each in offers}.union(*mentees.values())
    matches = competency_matches(session, known)
    return tuple(
        replace(
            each,
            mentees=_people(each, mentees.get(each.person_id, {}), matches),
            is_same_unit=place is not None and each.unit_id == place.unit_id,
        )
        for each in offers
    )


def _people(offer: Offer, mentees: Mapping[int, Collection[int]], matches: CompetencyMatches) -> int:
    fitting = (
        people
        for competency_id, people in mentees.items()
        if matches.match(offer.competency_id, competency_id) is not None
    )
    return len(set[int]().union(*fitting))
