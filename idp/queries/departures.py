"""Who has left an organisation: they owe nothing there any more, and are not written to."""

from datetime import date

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, select

from idp.models import Employee, ExternalAppraiser
from idp.queries.relations import appraiser_holds


def has_left(
    person_id: SQLColumnExpression[int | None] | SQLColumnExpression[int],
    organisation_id: SQLColumnExpression[int | None] | SQLColumnExpression[int],
    day: date,
) -> ColumnElement[bool]:
    """Was employed there and is no longer on that day, nor appraises there from outside."""
    departed = exists(
        select(Employee.id).where(
            Employee.person_id == person_id,
            Employee.organisation_id == organisation_id,
            Employee.left_on < day,
        )
    )
    appraises = exists(
        select(ExternalAppraiser.id).where(
            ExternalAppraiser.person_id == person_id,
            ExternalAppraiser.organisation_id == organisation_id,
            appraiser_holds(day),
        )
    )
    return departed & ~appraises
