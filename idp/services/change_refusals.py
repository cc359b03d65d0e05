"""What the personnel office may not change, whatever it types: who rates oneself, the organisation's last
officer, anything while the workers open or close a cycle."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Cycle, Employee, RoleGrant, UserAccount
from idp.queries.relations import role_holds
from idp.rules.errors import InvalidInput
from idp.rules.relations import Actor
from idp.rules.terms import CycleState, Role
from idp.services.log_ins import refuse_to_lose_the_last_officer

MOVING = frozenset({CycleState.OPENING, CycleState.CLOSING})


def refuse_to_choose_ones_own(
    session: Session, actor: Actor, employee: Employee, field: str, day: date
) -> None:
    """Raises InvalidInput `by_another_officer` at `field` when an officer would name who rates themself.

    Where no other officer can log in, somebody has to enter it: then it stands in the history under their
    name (this product's default).
    """
    if employee.person_id != actor.person_id:
        return
    others = select(RoleGrant.id).where(
        RoleGrant.organisation_id == employee.organisation_id,
        RoleGrant.role == Role.HR_OFFICER,
        RoleGrant.person_id != actor.person_id,
        role_holds(day),
        RoleGrant.person_id.in_(select(UserAccount.person_id).where(UserAccount.is_active)),
    )
    if session.scalar(select(others.exists())):
        raise InvalidInput(field, "by_another_officer")


def refuse_while_a_cycle_moves(session: Session, organisation_id: int, field: str) -> None:
    """Raises InvalidInput `cycle_is_moving` at `field` while the workers make or close a cycle's records:
    half of them would know of the change. No cycle begins to, until the transaction ends."""
    states = session.scalars(
        select(Cycle.state).where(Cycle.organisation_id == organisation_id).with_for_update(read=True)
    ).all()
    if MOVING.intersection(states):
        raise InvalidInput(field, "cycle_is_moving")


def refuse_to_end_the_last_officer(
    session: Session, employee: Employee, role_ids: Collection[int], field: str, day: date
) -> None:
    """Raises InvalidInput `last_officer` at `field` when with these roles of the person nobody who can log in
    would be left as personnel officer."""
    ended = session.scalar(
        select(RoleGrant.id).where(
            RoleGrant.id.in_(role_ids),
            RoleGrant.person_id == employee.person_id,
            RoleGrant.organisation_id == employee.organisation_id,
            RoleGrant.role == Role.HR_OFFICER,
        )
    )
    if ended is not None:
        refuse_to_lose_the_last_officer(
            session, employee.organisation_id, day, field, without_person=employee.person_id
        )
