"""Offer one's strengths to colleagues, and ask a colleague to be the mentor for a line of one's plan."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import AssessmentItem, DevelopmentPlan, Employee, MentorOffer, Notice, PlanItem
from idp.queries.ladders import ladders_of
from idp.queries.mentoring import mentor_choices
from idp.queries.plan_snapshots import lines_as_kept
from idp.queries.strengths import Strength, strengths_of
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotPermitted, NotVisible, TransitionNotAllowed
from idp.rules.mentoring import MOST_MENTEES, USUAL_MENTEES
from idp.rules.relations import Actor
from idp.rules.terms import Permission, PlanItemState, SubjectType
from idp.rules.texts import checked_text
from idp.services.access import load_assessment
from idp.services.history import record_history
from idp.services.plan_lines import line_of, plan_to_edit, record_lines
from idp.services.saving import save

ASKED = "plan:ask_mentor"
"""The notice to the mentor."""

LONGEST_NOTE = 500


@dataclass(frozen=True)
class OfferFields:
    """`level`: up to which the employee would be a mentor; `most_mentees`: people at a time."""

    level: int | None
    most_mentees: int | None = USUAL_MENTEES
    note: str = ""


def strength_to_offer(
    session: Session, actor: Actor, assessment_item_id: int, day: date
) -> tuple[Strength, tuple[int, ...]]:
    """The actor's own strength of that line of their latest released result, and the levels that they may
    offer. Raises NotVisible where it is no strength of theirs, NotPermitted for who has left."""
    item = session.get(AssessmentItem, assessment_item_id)
    if item is None:
        raise NotVisible
    assessment, _standing = load_assessment(
        session, actor, item.assessment_id, Permission.SUGGESTION_ANSWER, day
    )
    found = [each for each in strengths_of(session, assessment.employee_id) if each.item_id == item.id]
    if not found:
        raise NotVisible
    left_on = assessment.employee.left_on
    if left_on is not None and left_on < day:
        raise NotPermitted(Permission.SUGGESTION_ANSWER)
    numbers = ladders_of(session, {item.competency_id})[item.competency_id].ladder.numbers
    return found[0], tuple(number for number in numbers if number <= found[0].attained)


def offer_mentoring(
    session: Session, actor: Actor, assessment_item_id: int, fields: OfferFields, now: datetime
) -> MentorOffer:
    """Let colleagues know of the strength. Raises InvalidInputs with every field that is wrong,
    TransitionNotAllowed where it is offered already."""
    strength, levels = strength_to_offer(session, actor, assessment_item_id, local_day(now))
    if _standing_offer(session, strength.employee_id, strength.competency_id) is not None:
        raise TransitionNotAllowed("mentor_offer", "offered", "offer_mentoring")
    note = _checked(fields, levels)
    employee = session.get_one(Employee, strength.employee_id)
    offer = MentorOffer(
        organisation_id=employee.organisation_id,
        employee_id=employee.id,
        competency_id=strength.competency_id,
        level=fields.level,
        most_mentees=fields.most_mentees,
        note=note,
        offered_at=now,
    )
    session.add(offer)
    save(session)
    detail = {
        "competency_id": offer.competency_id,
        "level": offer.level,
        "most_mentees": offer.most_mentees,
        "note": note,
    }
    _record(session, actor, offer, "offer_mentoring", now, detail)
    return offer


def withdraw_offer(session: Session, actor: Actor, offer_id: int, now: datetime) -> MentorOffer:
    """Offer it no more; lines that name the mentor already stay as they are. Raises NotVisible for
    somebody else's, TransitionNotAllowed for one that was withdrawn."""
    offer = session.get(MentorOffer, offer_id)
    if offer is None or offer.employee.person_id != actor.person_id:
        raise NotVisible
    if offer.organisation_id != actor.organisation_id:
        raise NotVisible
    if offer.withdrawn_at is not None:
        raise TransitionNotAllowed("mentor_offer", "withdrawn", "withdraw_offer")
    offer.withdrawn_at = now
    _record(session, actor, offer, "withdraw_offer", now, {"competency_id": offer.competency_id})
    save(session)
    return offer


def ask_mentor(
    session: Session,
    actor: Actor,
    item_id: int,
    person_id: int | None,
    now: datetime,
    expected_version: int | None = None,
) -> PlanItem:
    """Name a colleague who offers as the mentor of the line, and tell them; whoever else is responsible stays
    named. Raises as `plan_to_edit` does, InvalidInput for somebody who does not offer, is not near or has no
    room, TransitionNotAllowed for a line that was struck out."""
    item = line_of(session, item_id)
    plan = plan_to_edit(session, actor, item.plan_id, now, "ask_mentor", expected_version)
    if item.state is PlanItemState.CANCELLED:
        raise TransitionNotAllowed("plan_item", item.state, "ask_mentor")
    day = local_day(now)
    choices = mentor_choices(session, plan, item.competency_id, item.target_level, day)
    chosen = next((each for each in choices if each.person_id == person_id), None)
    if chosen is None:
        raise InvalidInput("mentor_person_id", "not_a_mentor")
    if item.mentor_person_id == chosen.person_id:
        return item
    before = _mentor(session, item)
    item.mentor_person_id = chosen.person_id
    detail = {
        "item_id": item.id,
        "title": item.title,
        "changed": ["mentor_person_id"],
        "before": before,
        "after": _mentor(session, item),
    }
    record_lines(session, actor, plan, "ask_mentor", now, detail)
    tell_mentor(session, plan, item, now)
    return item


def _mentor(session: Session, item: PlanItem) -> dict[str, Any]:
    """For the history, in words too."""
    (kept,) = lines_as_kept(session, [item])
    return {name: kept[name] for name in ("mentor_person_id", "mentor")}


def tell_mentor(session: Session, plan: DevelopmentPlan, item: PlanItem, now: datetime) -> None:
    """The mentor learns that a line names them; of several lines of one plan at once, once."""
    if item.mentor_person_id is None or item.mentor_person_id == plan.owner_person_id:
        return
    told = select(Notice.id).where(
        Notice.subject_type == SubjectType.PLAN,
        Notice.subject_id == plan.id,
        Notice.event == ASKED,
        Notice.recipient_person_id == item.mentor_person_id,
        Notice.created_at == now,
    )
    if session.scalar(told.limit(1)) is None:
        session.add(
            Notice(
                organisation_id=plan.organisation_id,
                subject_type=SubjectType.PLAN,
                subject_id=plan.id,
                event=ASKED,
                recipient_person_id=item.mentor_person_id,
                created_at=now,
            )
        )
        save(session)


def _standing_offer(session: Session, employee_id: int, competency_id: int) -> MentorOffer | None:
    return session.scalars(
        select(MentorOffer).where(
            MentorOffer.employee_id == employee_id,
            MentorOffer.competency_id == competency_id,
            MentorOffer.withdrawn_at.is_(None),
        )
    ).one_or_none()


def _checked(fields: OfferFields, levels: tuple[int, ...]) -> str:
    """The note; raises InvalidInputs."""
    problems, note = [], ""
    if fields.level not in levels:
        shown = ", ".join(str(number) for number in levels)
        problems.append(InvalidInput("level", "level_not_on_ladder", levels=shown))
    if fields.most_mentees is None or not 1 <= fields.most_mentees <= MOST_MENTEES:
        problems.append(InvalidInput("most_mentees", "out_of_range", minimum=1, maximum=MOST_MENTEES))
    try:
        note = checked_text("note", fields.note, LONGEST_NOTE)
    except InvalidInput as problem:
        problems.append(problem)
    if problems:
        raise InvalidInputs(problems)
    return note


def _record(
    session: Session, actor: Actor, offer: MentorOffer, event: str, now: datetime, detail: dict[str, object]
) -> None:
    record_history(
        session,
        actor,
        (SubjectType.MENTOR_OFFER, offer.id),
        event,
        now,
        organisation_id=offer.organisation_id,
        detail=detail,
    )
