"""The organisations of the deployment, as its administrator sees them: no staff, no ratings."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from idp.models import Organisation, RoleGrant, UserAccount
from idp.queries.relations import role_holds
from idp.rules.terms import Role


@dataclass(frozen=True)
class OrganisationRow:
    """`has_officer`: a personnel officer can log in there today."""

    id: int
    code: str
    name_th: str
    name_en: str
    family: str
    created_at: datetime
    has_officer: bool


def organisation_list(
    session: Session, day: date, organisation_id: int | None = None
) -> tuple[OrganisationRow, ...]:
    """Every organisation by its code, or the one; one statement."""
    officer = exists(
        select(RoleGrant.id)
        .join(UserAccount, UserAccount.person_id == RoleGrant.person_id)
        .where(
            RoleGrant.organisation_id == Organisation.id,
            RoleGrant.role == Role.HR_OFFICER,
            role_holds(day),
            UserAccount.is_active,
        )
    )
    statement = select(
        Organisation.id,
        Organisation.code,
        Organisation.name_th,
        Organisation.name_en,
        Organisation.family,
        Organisation.created_at,
        officer,
    ).order_by(Organisation.code)
    if organisation_id is not None:
        statement = statement.where(Organisation.id == organisation_id)
    return tuple(OrganisationRow(*row) for row in session.execute(statement))
