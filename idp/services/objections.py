"""Lodge an objection against a result, take it back, say something to it; the decision is in
`services.objection_decisions`.

The functions raise NotVisible, NotPermitted, StaleVersion, TransitionNotAllowed, InvalidInput.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, Objection
from idp.queries.objections import acknowledged_on
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible, StaleVersion, TransitionNotAllowed
from idp.rules.objections import OBJECTIONABLE_STATES, ObjectionState, may_object_until
from idp.rules.relations import Actor, Standing
from idp.rules.terms import CycleState, Permission, Relation, ReportKind, SubjectType
from idp.rules.texts import required_text
from idp.services.access import check_version, load_assessment
from idp.services.freezing import is_frozen
from idp.services.history import record_history
from idp.services.reports import request_report
from idp.services.saving import count_as_changed, save
from idp.services.transitions import tell

CONCERNED = frozenset({Relation.SUPERVISOR, Relation.SECOND_LEVEL, Relation.HR_OFFICER})
EVERYBODY = CONCERNED | {Relation.OWNER}


def lodge_objection(
    session: Session,
    actor: Actor,
    assessment_id: int,
    grounds: str,
    now: datetime,
    expected_version: int | None = None,
) -> Objection:
    """The employee objects to the result, with grounds, until 30 days after the acknowledgement.

    The record is frozen from now on, and a job makes the whole of it as it is today. Raises InvalidInput at
    `grounds`: `missing`, or `objection_too_late` with the last day.
    """
    assessment, standing = load_assessment(
        session, actor, assessment_id, Permission.OBJECTION_LODGE, local_day(now)
    )
    check_version(assessment, expected_version)
    return _lodge(session, actor, standing, assessment, grounds, local_day(now), now, "grounds")


def enter_objection(
    session: Session,
    actor: Actor,
    assessment_id: int,
    grounds: str,
    arrived_on: date,
    now: datetime,
    expected_version: int | None = None,
) -> Objection:
    """HR enters an objection that came on paper; the day of its arrival counts. Never their own.

    Raises InvalidInput at `arrived_on`: `in_the_future`, `before_acknowledgement`, `objection_too_late`.
    """
    assessment, standing = load_assessment(
        session, actor, assessment_id, Permission.OBJECTION_DECIDE, local_day(now)
    )
    check_version(assessment, expected_version)
    if arrived_on > local_day(now):
        raise InvalidInput("arrived_on", "in_the_future")
    return _lodge(session, actor, standing, assessment, grounds, arrived_on, now, "arrived_on")


def withdraw_objection(
    session: Session,
    actor: Actor,
    objection_id: int,
    now: datetime,
    expected_version: int | None = None,
) -> Objection:
    """The employee takes the objection back; within the 30 days another may follow."""
    objection, assessment, standing = load_objection(
        session, actor, objection_id, Permission.OBJECTION_LODGE, now, expected_version
    )
    end(objection, ObjectionState.WITHDRAWN, "withdraw_objection")
    record(session, actor, standing, assessment, objection, "withdraw_objection", now)
    count_as_changed(assessment)
    save(session)
    tell(session, actor, assessment, "objection:withdraw", CONCERNED, now)
    return objection


def state_on_objection(
    session: Session, actor: Actor, objection_id: int, text: str, now: datetime
) -> Objection:
    """The supervisor, the second level, HR or the employee adds a statement while it is under way; it stays
    in the record's history. Raises InvalidInput at `statement`."""
    objection, assessment, standing = load_objection(
        session, actor, objection_id, Permission.OBJECTION_VIEW, now, None
    )
    if standing.relations.isdisjoint(EVERYBODY):
        raise NotPermitted(Permission.OBJECTION_VIEW)
    if objection.state is not ObjectionState.LODGED:
        raise TransitionNotAllowed("objection", objection.state, "state_on_objection")
    text = required_text("statement", text)
    record(session, actor, standing, assessment, objection, "state_on_objection", now, text)
    save(session)
    tell(session, actor, assessment, "objection:state", frozenset({Relation.HR_OFFICER}), now)
    return objection


def load_objection(
    session: Session,
    actor: Actor,
    objection_id: int,
    permission: Permission,
    now: datetime,
    expected_version: int | None,
) -> tuple[Objection, Assessment, Standing]:
    """The objection, its assessment, and what the actor is to that. Raises NotVisible, NotPermitted,
    StaleVersion."""
    objection = session.get(Objection, objection_id)
    if objection is None:
        raise NotVisible
    assessment, standing = load_assessment(
        session, actor, objection.assessment_id, permission, local_day(now)
    )
    if expected_version is not None and objection.version != expected_version:
        raise StaleVersion
    return objection, assessment, standing


def end(objection: Objection, state: ObjectionState, event: str) -> None:
    """Take it out of the state lodged. Raises TransitionNotAllowed when it is decided or withdrawn."""
    if objection.state is not ObjectionState.LODGED:
        raise TransitionNotAllowed("objection", objection.state, event)
    objection.state = state


def record(
    session: Session,
    actor: Actor,
    standing: Standing,
    assessment: Assessment,
    objection: Objection,
    event: str,
    now: datetime,
    text: str = "",
    **detail: object,
) -> None:
    """A line in the assessment's history, about this objection."""
    record_history(
        session,
        actor,
        (SubjectType.ASSESSMENT, assessment.id),
        event,
        now,
        organisation_id=assessment.organisation_id,
        on_behalf_of=standing.represented_by(frozenset({Relation.SUPERVISOR, Relation.SECOND_LEVEL})),
        reason=text,
        detail={"objection_id": objection.id, **detail},
    )


def _lodge(
    session: Session,
    actor: Actor,
    standing: Standing,
    assessment: Assessment,
    grounds: str,
    lodged_on: date,
    now: datetime,
    day_field: str,
) -> Objection:
    if assessment.state not in OBJECTIONABLE_STATES:
        raise TransitionNotAllowed("assessment", assessment.state, "lodge_objection")
    # Held until the end, so that the cycle does not begin to close at the same moment.
    cycle = session.scalars(
        select(Cycle).where(Cycle.id == assessment.cycle_id).with_for_update(read=True)
    ).one()
    if cycle.state is CycleState.CLOSING:
        raise TransitionNotAllowed("cycle", cycle.state, "lodge_objection")
    if is_frozen(session, assessment.id):
        raise TransitionNotAllowed("objection", ObjectionState.LODGED, "lodge_objection")
    grounds = required_text("grounds", grounds)
    known_on = acknowledged_on(assessment)
    if known_on is not None and lodged_on < known_on:
        raise InvalidInput(day_field, "before_acknowledgement", day=known_on)
    if known_on is not None and lodged_on > may_object_until(known_on):
        raise InvalidInput(day_field, "objection_too_late", day=may_object_until(known_on))
    objection = Objection(
        organisation_id=assessment.organisation_id,
        assessment_id=assessment.id,
        state=ObjectionState.LODGED,
        grounds=grounds,
        lodged_by_person_id=actor.person_id,
        lodged_on=lodged_on,
        lodged_at=now,
    )
    session.add(objection)
    count_as_changed(assessment)
    save(session)  # StaleVersion for the second of two sent at once
    record(
        session,
        actor,
        standing,
        assessment,
        objection,
        "lodge_objection",
        now,
        grounds,
        lodged_on=lodged_on.isoformat(),
    )
    job = request_report(session, actor, ReportKind.WHOLE_RECORD, SubjectType.ASSESSMENT, assessment.id, now)
    objection.export_job_id = job.id
    save(session)
    tell(session, actor, assessment, "objection:lodge", EVERYBODY, now)
    return objection
