"""Hand a record over to another supervisor inside a round.

The new supervisor takes over at once and goes on with a copy of what was typed; the old one sees the record
no more, only the statement that they owe (`services.handover_statements`) and what they had rated.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, AssessmentItem, DevelopmentPlan, Handover, Notice, Rating, StaffChange
from idp.queries.relations import standing_on_record
from idp.queries.supervisors import SupervisorName
from idp.rules.assessment_workflow import BEFORE_COMMITTEE, UNRELEASED_STATES
from idp.rules.calendar import local_day
from idp.rules.relations import Actor
from idp.rules.staff_changes import ENDING, Consequence, HandoverState
from idp.rules.terms import (
    AssessmentEvent,
    AssessmentState,
    RaterKind,
    Requirement,
    SubjectType,
)
from idp.services.freezing import is_frozen
from idp.services.history import record_history
from idp.services.rating_entries import rating_as_json
from idp.services.reconsiderations import take_back_rating
from idp.services.saving import save
from idp.services.transitions import Circumstances, move_assessment

BEFORE_SECOND_OPINION = frozenset(UNRELEASED_STATES) - {
    AssessmentState.SECOND_OPINION,
    AssessmentState.MODERATED,
}


@dataclass(frozen=True)
class Successors:
    """Who stands above the record from now on. None: nobody; `changes_*`: else it stays as it is."""

    supervisor: SupervisorName | None = None
    second_level: SupervisorName | None = None
    changes_supervisor: bool = True
    changes_second_level: bool = True


def hand_over(
    session: Session,
    actor: Actor,
    change: StaffChange,
    assessment: Assessment,
    plan: DevelopmentPlan | None,
    consequence: Consequence,
    successors: Successors,
    days: tuple[int, ...],
    now: datetime,
) -> Handover | None:
    """Give the record, and its plan, to its successors; the old supervisor owes a statement.

    `days` of every supervisor of the round, needed to split it: then a rating handed in before is opened
    again for the new supervisor. None where the supervisor stays: a second level owes nothing. The caller has
    checked that the actor may.
    """
    old_supervisor = assessment.supervisor_person_id
    handover = None
    if successors.changes_supervisor:
        handover = _enter(session, actor, change, assessment, consequence, successors, days, now)
    before = _names(assessment)
    if not is_frozen(session, assessment.id):  # an objection is under way: the plan alone is handed over
        _change_columns(assessment, successors)
    if plan is not None:
        _change_plan(session, actor, plan, successors, change, now)
    event = "hand_over" if successors.changes_supervisor else "change_second_level"
    record_history(
        session,
        actor,
        (SubjectType.ASSESSMENT, assessment.id),
        event,
        now,
        organisation_id=assessment.organisation_id,
        reason=change.reason,
        detail={
            "change_id": change.id,
            "consequence": consequence.value,
            "before": before,
            "after": _names(assessment),
        },
    )
    if consequence is Consequence.SPLIT_BY_DAYS and assessment.state in BEFORE_COMMITTEE:
        _open_again(session, actor, assessment, change, now)
    _tell(session, actor, change, assessment, handover, old_supervisor, now)
    save(session)
    return handover


def _enter(
    session: Session,
    actor: Actor,
    change: StaffChange,
    assessment: Assessment,
    consequence: Consequence,
    successors: Successors,
    days: tuple[int, ...],
    now: datetime,
) -> Handover:
    kept = kept_rating(session, assessment)
    splits = consequence is Consequence.SPLIT_BY_DAYS
    owes = assessment.supervisor_person_id is not None and assessment.state is not AssessmentState.CLOSED
    handover = Handover(
        organisation_id=assessment.organisation_id,
        change_id=change.id,
        assessment_id=assessment.id,
        consequence=consequence,
        state=HandoverState.AWAITING_STATEMENT if owes else HandoverState.STATED,
        from_person_id=assessment.supervisor_person_id,
        to_person_id=successors.supervisor.person_id if successors.supervisor else None,
        days_before=days[-2] if splits else 0,
        days_after=days[-1] if splits else 0,
        kept_rating=kept,
    )
    session.add(handover)
    save(session)
    record_history(
        session,
        actor,
        (SubjectType.HANDOVER, handover.id),
        "enter",
        now,
        organisation_id=assessment.organisation_id,
        states=(None, handover.state),
        reason=change.reason,
        detail={"assessment_id": assessment.id, "consequence": consequence.value, "rating": kept},
    )
    return handover


def kept_rating(session: Session, assessment: Assessment) -> dict[str, Any]:
    """What the supervisor typed so far, by item id: level (None: not rated; a fraction as a text), how it was
    given, ticks with their notes, evidence."""
    rows = session.scalars(
        select(Rating)
        .join(AssessmentItem, AssessmentItem.id == Rating.item_id)
        .where(
            AssessmentItem.assessment_id == assessment.id,
            Rating.rater_kind == RaterKind.SUPERVISOR,
        )
        .order_by(Rating.item_id)
    )
    found = {}
    for rating in rows:
        kept = rating_as_json(rating)
        found[str(rating.item_id)] = {"level": kept.pop("attained"), **kept}
    return found


def _names(assessment: Assessment) -> dict[str, Any]:
    return {
        "supervisor_person_id": assessment.supervisor_person_id,
        "supervisor_name": assessment.supervisor_name,
        "supervisor_position": assessment.supervisor_position,
        "second_level_person_id": assessment.second_level_person_id,
        "second_level_name": assessment.second_level_name,
        "second_level_position": assessment.second_level_position,
    }


def _change_columns(assessment: Assessment, successors: Successors) -> None:
    """A released result keeps the names it was signed with; a closed one is not touched at all, and a second
    level who has given their opinion stays named with it."""
    if assessment.state is AssessmentState.CLOSED:
        return
    names_change = assessment.state in UNRELEASED_STATES
    supervisor, second = successors.supervisor, successors.second_level
    if successors.changes_supervisor:
        assessment.supervisor_person_id = supervisor.person_id if supervisor else None
        if names_change:
            assessment.supervisor_name = supervisor.name if supervisor else ""
            assessment.supervisor_position = supervisor.position if supervisor else ""
    if successors.changes_second_level and assessment.state in BEFORE_SECOND_OPINION:
        assessment.second_level_person_id = second.person_id if second else None
        assessment.second_level_name = second.name if second else ""
        assessment.second_level_position = second.position if second else ""


def _change_plan(
    session: Session,
    actor: Actor,
    plan: DevelopmentPlan,
    successors: Successors,
    change: StaffChange,
    now: datetime,
) -> None:
    before = [plan.supervisor_person_id, plan.second_level_person_id]
    if successors.changes_supervisor:
        plan.supervisor_person_id = successors.supervisor.person_id if successors.supervisor else None
    if successors.changes_second_level:
        plan.second_level_person_id = successors.second_level.person_id if successors.second_level else None
    after = [plan.supervisor_person_id, plan.second_level_person_id]
    if before == after:
        return
    record_history(
        session,
        actor,
        (SubjectType.PLAN, plan.id),
        "hand_over" if before[0] != after[0] else "change_second_level",
        now,
        organisation_id=plan.organisation_id,
        reason=change.reason,
        detail={"change_id": change.id, "before": before, "after": after},
    )


def _open_again(
    session: Session, actor: Actor, assessment: Assessment, change: StaffChange, now: datetime
) -> None:
    """The new supervisor rates their own days: a rating that was handed in is theirs to go on with."""
    standing = standing_on_record(session, actor, assessment, local_day(now))
    before = {
        "second_opinion": assessment.second_opinion.value if assessment.second_opinion else None,
        "second_opinion_text": assessment.second_opinion_text,
    }
    given = Circumstances(
        {Requirement.REASON_GIVEN, Requirement.REOPENING_GRANTED},
        reason=change.reason,
        detail=before | {"change_id": change.id},
    )
    with session.no_autoflush:
        move_assessment(session, actor, standing, assessment, AssessmentEvent.REOPEN_RATING, now, given)
    take_back_rating(assessment)


def _has_left(change: StaffChange, person_id: int) -> bool:
    """By this very change: then HR enters the statement."""
    return change.kind in ENDING and change.employee.person_id == person_id


def _tell(
    session: Session,
    actor: Actor,
    change: StaffChange,
    assessment: Assessment,
    handover: Handover | None,
    old_supervisor: int | None,
    now: datetime,
) -> None:
    """The person, whoever takes over, and the old supervisor who owes the statement; nobody is told what they
    did themselves."""
    subject = (SubjectType.ASSESSMENT, assessment.id)
    concerned = {assessment.owner_person_id, assessment.second_level_person_id}
    if handover is not None:
        concerned.add(assessment.supervisor_person_id)
        is_awaited = handover.state is HandoverState.AWAITING_STATEMENT
        if is_awaited and old_supervisor is not None and not _has_left(change, old_supervisor):
            owing = (SubjectType.HANDOVER, handover.id)
            tell(session, assessment.organisation_id, owing, "handover:statement_asked", old_supervisor, now)
    concerned -= {None, actor.person_id, old_supervisor}
    for person_id in sorted(each for each in concerned if each is not None):
        event = "assessment:hand_over" if handover is not None else "assessment:change_second_level"
        tell(session, assessment.organisation_id, subject, event, person_id, now)


def tell(
    session: Session,
    organisation_id: int,
    subject: tuple[SubjectType, int],
    event: str,
    recipient_id: int,
    now: datetime,
) -> None:
    """One notice to one person."""
    session.add(
        Notice(
            organisation_id=organisation_id,
            subject_type=subject[0],
            subject_id=subject[1],
            event=event,
            recipient_person_id=recipient_id,
            detail={},
            created_at=now,
        )
    )
