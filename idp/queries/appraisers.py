"""Appraisers from outside as the personnel office sees them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from idp.models import Assignment, ExternalAppraiser, Person, UserAccount
from idp.queries.relations import assignment_holds


@dataclass(frozen=True)
class AppraiserRow:
    """`appraises`: of how many present assignments they are the appraiser or a level above; `has_ended`: the
    term is over."""

    id: int
    person_id: int
    name: str
    position_name: str
    email: str
    login: str
    until_on: date | None
    appraises: int
    has_ended: bool


def appraiser_list(
    session: Session, organisation_id: int, day: date, appraiser_id: int | None = None
) -> tuple[AppraiserRow, ...]:
    """Everybody ever named there, those still in office first; or the one. One statement."""
    below = (
        select(func.count())
        .select_from(Assignment)
        .where(
            Assignment.organisation_id == organisation_id,
            or_(
                Assignment.supervisor_person_id == ExternalAppraiser.person_id,
                Assignment.second_level_person_id == ExternalAppraiser.person_id,
            ),
            assignment_holds(day),
        )
        .correlate(ExternalAppraiser)
        .scalar_subquery()
    )
    statement = (
        select(ExternalAppraiser, Person.display_name, Person.email, UserAccount.login, below)
        .join(Person, Person.id == ExternalAppraiser.person_id)
        .outerjoin(UserAccount, UserAccount.person_id == Person.id)
        .where(ExternalAppraiser.organisation_id == organisation_id)
        .order_by(Person.display_name, ExternalAppraiser.id)
    )
    if appraiser_id is not None:
        statement = statement.where(ExternalAppraiser.id == appraiser_id)
    rows = [
        AppraiserRow(
            appraiser.id,
            appraiser.person_id,
            name,
            appraiser.position_name,
            email or "",
            login or "",
            appraiser.until_on,
            appraises,
            appraiser.until_on is not None and appraiser.until_on < day,
        )
        for appraiser, name, email, login, appraises in session.execute(statement)
    ]
    return tuple(sorted(rows, key=lambda row: row.has_ended))
