"""While an objection against a result is under way, nothing of that assessment changes: asked here, by every
loading for a change (`services.access`) and every transition (`services.transitions`). Nor does anything come
back into a cycle that closes."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from idp.models import Cycle, Objection
from idp.rules.errors import RequirementNotMet, TransitionNotAllowed
from idp.rules.objections import ObjectionState
from idp.rules.terms import CycleState, Requirement


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


def refuse_unless_open(session: Session, cycle_id: int, event: str) -> None:
    """Raises TransitionNotAllowed unless the cycle is open. Held until the transaction ends, so that it does
    not begin to close at the same moment."""
    with session.no_autoflush:
        state = session.scalars(
            select(Cycle.state).where(Cycle.id == cycle_id).with_for_update(read=True)
        ).one()
    if state is not CycleState.OPEN:
        raise TransitionNotAllowed("cycle", state, event)
