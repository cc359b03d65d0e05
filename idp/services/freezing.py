"""While an objection against a result is under way, nothing of that assessment changes: asked here, by every
loading for a change (`services.access`) and every transition (`services.transitions`)."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from idp.models import Objection
from idp.rules.errors import RequirementNotMet
from idp.rules.objections import ObjectionState
from idp.rules.terms import Requirement


def is_frozen(session: Session, assessment_id: int) -> bool:
    """Whether an objection is under way; one statement."""
    under_way = exists().where(
        Objection.assessment_id == assessment_id, Objection.state == ObjectionState.LODGED
    )
    with session.no_autoflush:
        return session.scalar(select(under_way)) is True


def refuse_while_frozen(session: Session, assessment_id: int) -> None:
    """Raises RequirementNotMet while an objection is under way."""
    if is_frozen(session, assessment_id):
        raise RequirementNotMet({Requirement.NO_OPEN_OBJECTION})
