"""Who somebody is when they supervise: their name, and the position they hold on a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from idp.models import Assignment, Employee, ExternalAppraiser, Person
from idp.queries.relations import assignment_holds


@dataclass(frozen=True)
class SupervisorName:
    """As a record freezes it. `position` as staff, or as an appraiser from outside; "" without any."""

    person_id: int
    name: str
    position: str


def supervisor_names(
    session: Session, organisation_id: int, person_ids: Collection[int], day: date
) -> dict[int, SupervisorName]:
    """By person id; one statement."""
    rows = session.execute(
        select(
            Person.id,
            Person.display_name,
            func.coalesce(Assignment.full_position, ExternalAppraiser.position_name, ""),
        )
        .outerjoin(
            Employee, and_(Employee.person_id == Person.id, Employee.organisation_id == organisation_id)
        )
        .outerjoin(Assignment, and_(Assignment.employee_id == Employee.id, assignment_holds(day)))
        .outerjoin(
            ExternalAppraiser,
            and_(
                ExternalAppraiser.person_id == Person.id,
                ExternalAppraiser.organisation_id == organisation_id,
            ),
        )
        .where(Person.id.in_(person_ids))
    )
    return {person_id: SupervisorName(person_id, name, position) for person_id, name, position in rows}
