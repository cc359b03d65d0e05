"""Close a cycle: every result is released, every record becomes read-only."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, Person
from idp.queries.objection_lists import under_way_in_cycle
from idp.rules.assessment_workflow import RELEASED_STATES, SETTLED_STATES
from idp.rules.audit_chain import SetEvent
from idp.rules.calendar import local_day
from idp.rules.relations import SYSTEM, Actor, Standing
from idp.rules.terms import (
    AssessmentEvent,
    AssessmentState,
    CycleEvent,
    CycleState,
    Permission,
    Relation,
    Requirement,
)
from idp.services.access import check_version, load_cycle
from idp.services.transitions import Circumstances, move_assessments, move_cycle

CHUNK = 10_000
NAMES_SHOWN = 10


def begin_closing(
    session: Session, actor: Actor, cycle_id: int, now: datetime, expected_version: int | None = None
) -> Cycle:
    """Let the workers close the cycle's records.

    Raises RequirementNotMet with names of those whose result is not released or whose objection is under way,
    NotPermitted, TransitionNotAllowed.
    """
    cycle, standing = load_cycle(session, actor, cycle_id, Permission.CYCLE_RUN, local_day(now))
    session.refresh(cycle, with_for_update=True)  # nobody objects at the same moment
    check_version(cycle, expected_version)
    unreleased = session.scalars(
        select(Person.display_name)
        .join(Assessment, Assessment.owner_person_id == Person.id)
        .where(Assessment.cycle_id == cycle_id, Assessment.state.not_in(SETTLED_STATES))
        .order_by(Assessment.employee_number)
        .limit(NAMES_SHOWN)
    ).all()
    objecting = [each.name for each in under_way_in_cycle(session, cycle_id, NAMES_SHOWN)]
    met = set()
    if not unreleased:
        met.add(Requirement.EVERY_RESULT_RELEASED)
    if not objecting:
        met.add(Requirement.NO_OPEN_OBJECTION)
    given = Circumstances(met, tuple(dict.fromkeys([*unreleased, *objecting])))
    move_cycle(session, actor, standing, cycle, CycleEvent.BEGIN_CLOSING, now, given)
    session.flush()
    return cycle


def continue_closing(session: Session, cycle_id: int, now: datetime, chunk: int = CHUNK) -> bool:
    """Close the next `chunk` assessments of a cycle in the state closing; True when the cycle is closed.

    A call for a cycle that is not closing changes nothing.
    """
    cycle = session.get_one(Cycle, cycle_id)
    if cycle.state is not CycleState.CLOSING:
        return True
    still_open = (
        select(Assessment.id)
        .where(
            Assessment.cycle_id == cycle_id, Assessment.state.in_(RELEASED_STATES - {AssessmentState.CLOSED})
        )
        .order_by(Assessment.id)
        .limit(chunk)
    )
    ids = session.scalars(still_open).all()
    if ids:
        chosen = Assessment.id.between(ids[0], ids[-1])
        move_assessments(session, cycle, chosen, AssessmentEvent.CLOSE, SetEvent.CLOSE_ASSESSMENTS, now)
        return False
    standing = Standing(frozenset({Relation.SYSTEM}))
    move_cycle(session, SYSTEM, standing, cycle, CycleEvent.FINISH_CLOSING, now)
    cycle.closed_at = now
    session.flush()
    return True
