"""The list of objections, and those that keep a cycle from closing."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, Objection
from idp.queries.visibility import visible_to
from idp.rules.objections import ObjectionState
from idp.rules.relations import Actor
from idp.rules.terms import Permission
from idp.rules.thai import full_name


@dataclass(frozen=True)
class ListedObjection:
    """One line of the list. `days_waiting`: calendar days since it was lodged, None once it is over."""

    id: int
    state: ObjectionState
    assessment_id: int
    employee_number: str
    owner_name: str
    unit_path_name: str
    cycle_name_th: str
    lodged_on: date
    decided_on: date | None
    days_waiting: int | None


MOST_LISTED = 200


def objection_list(session: Session, actor: Actor, day: date) -> tuple[ListedObjection, ...]:
    """Those that the reader may see in the organisation signed in to: under way first, the longest waiting on
    top, then the decided ones, the latest first; at most MOST_LISTED. One statement."""
    rows = session.execute(
        select(Objection, Assessment, Cycle.name_th)
        .join(Assessment, Assessment.id == Objection.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(
            Objection.organisation_id == actor.organisation_id,
            visible_to(actor, Assessment, Permission.OBJECTION_VIEW, day),
        )
        .order_by(Objection.state != ObjectionState.LODGED, Objection.lodged_on, Objection.id)
        .limit(MOST_LISTED)
    )
    listed = [
        ListedObjection(
            objection.id,
            objection.state,
            assessment.id,
            assessment.employee_number,
            full_name(assessment.title_th, assessment.first_name, assessment.last_name),
            assessment.unit_path_name,
            cycle_name,
            objection.lodged_on,
            objection.decided_on,
            (day - objection.lodged_on).days if objection.state is ObjectionState.LODGED else None,
        )
        for objection, assessment, cycle_name in rows
    ]
    waiting = [each for each in listed if each.days_waiting is not None]
    over = [each for each in listed if each.days_waiting is None]
    return (*waiting, *reversed(over))


@dataclass(frozen=True)
class ListedName:
    """Somebody whose objection is under way."""

    objection_id: int
    number: str
    name: str


def under_way_in_cycle(session: Session, cycle_id: int, limit: int) -> tuple[ListedName, ...]:
    """The first people, by number, whose objection keeps the cycle from closing."""
    rows = session.execute(
        select(Objection.id, Assessment)
        .join(Assessment, Assessment.id == Objection.assessment_id)
        .where(Assessment.cycle_id == cycle_id, Objection.state == ObjectionState.LODGED)
        .order_by(Assessment.employee_number)
        .limit(limit)
    )
    return tuple(
        ListedName(
            objection_id,
            assessment.employee_number,
            full_name(assessment.title_th, assessment.first_name, assessment.last_name),
        )
        for objection_id, assessment in rows
    )
