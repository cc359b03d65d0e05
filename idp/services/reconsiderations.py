"""The moderation committee asks a rater to look at a rating again, and the rater answers by handing it in.

The request has a reason and a last day. Where the day for rating would end earlier, the rater gets the time
until then, so that the step's own deadline never refuses the answer; after it the cycle's rule on late
entries holds. Results are looked at when a cycle is nearly over, or over already: a week to answer may be
given all the same. The rater stays free to keep every level. Source: the duties of the committee in the
civil-service performance rules; the last day, and that the committee asks and never rates itself, are this
product's defaults.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, AssessmentItem, Extension, Rating, Reconsideration
from idp.queries.deadlines import day_of_record
from idp.queries.moderation_people import IS_OPEN
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotPermitted
from idp.rules.extensions import ExtensionKind, ExtensionState
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentEvent, Permission, PhaseKind, RaterKind, Relation
from idp.rules.texts import required_text
from idp.services.access import check_version, load_assessment
from idp.services.extension_days import problems_with_day, working
from idp.services.extension_record import record_extension
from idp.services.saving import save
from idp.services.transitions import Circumstances, move_assessment

DAYS_TO_ANSWER = 7
"""Proposed as the last day (this product's default)."""


def proposed_day(assessment: Assessment, today: date) -> date:
    """The last day that the form proposes: a week ahead, a working day, within the cycle while it lasts."""
    week, ends_on = _in_a_week(assessment, today), assessment.cycle.ends_on
    return min(week, ends_on) if today <= ends_on else week


def latest_day(assessment: Assessment, today: date) -> date:
    """No later day may be given: the cycle's end, or a week ahead where that is later."""
    return max(assessment.cycle.ends_on, _in_a_week(assessment, today))


def _in_a_week(assessment: Assessment, today: date) -> date:
    return working(assessment.cycle, today + timedelta(days=DAYS_TO_ANSWER))


def ask_reconsideration(
    session: Session,
    actor: Actor,
    assessment_id: int,
    reason: str,
    until_on: date | None,
    now: datetime,
    expected_version: int | None = None,
) -> Reconsideration:
    """A member of the committee, or the personnel office, asks the rater to think again; nobody asks for
    their own result, nor themself as the rater.

    A second opinion already given spoke of the old rating: it is taken off and kept in the history. Raises
    NotVisible, NotPermitted, StaleVersion, TransitionNotAllowed, and InvalidInputs at `reason` and
    `until_on`.
    """
    assessment, standing = load_assessment(
        session, actor, assessment_id, Permission.MODERATION_ASK, local_day(now)
    )
    check_version(assessment, expected_version)
    if Relation.SUPERVISOR in standing.relations:
        raise NotPermitted("nobody asks themself to reconsider")
    reason, until_on = _checked(assessment, reason, until_on, now)
    opinion = assessment.second_opinion
    detail = {"until_on": until_on.isoformat()}
    if opinion is not None:
        detail |= {"second_opinion": opinion.value, "second_opinion_text": assessment.second_opinion_text}
    levels = _levels(session, assessment)
    event = AssessmentEvent.ASK_RECONSIDERATION
    move_assessment(
        session, actor, standing, assessment, event, now, Circumstances(reason=reason, detail=detail)
    )
    take_back_rating(assessment)
    asked = Reconsideration(
        organisation_id=assessment.organisation_id,
        assessment_id=assessment.id,
        asked_by_person_id=actor.person_id,
        asked_at=now,
        reason=reason,
        until_on=until_on,
        levels_before=levels,
    )
    session.add(asked)
    _give_time(session, actor, assessment, until_on, reason, now)
    save(session)
    return asked


def take_back_rating(assessment: Assessment) -> None:
    """The rating counts as handed in no longer, nor does an opinion on it. The history keeps both."""
    assessment.rated_at = None
    assessment.second_opinion = None
    assessment.second_opinion_text = ""
    assessment.second_opinion_at = None


def answer_reconsideration(session: Session, assessment: Assessment, now: datetime) -> None:
    """The rating was handed in again: if the committee had asked for it, that is the answer. The flush is the
    caller's.

    Until the release a rating that was taken back, returned or reopened and is handed in once more is the
    answer anew: what the committee reads is what holds.
    """
    asked = session.scalar(
        select(Reconsideration)
        .where(Reconsideration.assessment_id == assessment.id)
        .order_by(Reconsideration.id.desc())
        .limit(1)
    )
    if asked is not None and asked.ended_at is None:
        asked.answered_at = now
        asked.levels_after = _levels(session, assessment)


def end_request(session: Session, assessment: Assessment, now: datetime) -> None:
    """The person leaves the round: a request that waits for an answer ends without one. What is handed in
    should they come back answers nothing. The flush is the caller's."""
    asked = session.scalar(
        select(Reconsideration).where(Reconsideration.assessment_id == assessment.id, IS_OPEN)
    )
    if asked is not None:
        asked.ended_at = now


def _checked(assessment: Assessment, reason: str, until_on: date | None, now: datetime) -> tuple[str, date]:
    problems: list[InvalidInput] = []
    try:
        reason = required_text("reason", reason)
    except InvalidInput as error:
        problems.append(error)
    if until_on is None:
        problems.append(InvalidInput("until_on", "required"))
    else:
        today = local_day(now)
        problems += problems_with_day(
            assessment.cycle, None, until_on, today, latest=latest_day(assessment, today)
        )
    if problems or until_on is None:
        raise InvalidInputs(problems)
    return reason, working(assessment.cycle, until_on)


def _levels(session: Session, assessment: Assessment) -> dict[str, str | None]:
    """What the rater gave, by item."""
    rows = session.execute(
        select(AssessmentItem.id, Rating.attained_level)
        .outerjoin(
            Rating, (Rating.item_id == AssessmentItem.id) & (Rating.rater_kind == RaterKind.SUPERVISOR)
        )
        .where(AssessmentItem.assessment_id == assessment.id)
        .order_by(AssessmentItem.sort_order, AssessmentItem.id)
    )
    return {str(item_id): None if level is None else str(level) for item_id, level in rows}


def _give_time(
    session: Session, actor: Actor, assessment: Assessment, until_on: date, reason: str, now: datetime
) -> None:
    """The day for rating moves to the last day of the request, where it lies earlier."""
    due_on = day_of_record(session, assessment, PhaseKind.RATING)
    if due_on is None or until_on <= due_on:
        return
    extension = Extension(
        organisation_id=assessment.organisation_id,
        cycle_id=assessment.cycle_id,
        phase=PhaseKind.RATING,
        kind=ExtensionKind.EXTEND,
        assessment_id=assessment.id,
        until_on=until_on,
        reason=reason,
        state=ExtensionState.GRANTED,
        asked_at=now,
        decided_by_person_id=actor.person_id,
        decided_at=now,
        decision_reason="",
    )
    session.add(extension)
    save(session)
    record_extension(session, actor, extension, "grant_extension", now, reason)
