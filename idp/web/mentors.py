"""Mentors: strengths that are offered near the reader, one's own offers, and whom one is asked to help."""

from collections.abc import Collection, Sequence

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.models import Assessment, DevelopmentPlan, PlanItem
from idp.queries.gaps import GapOnPage
from idp.queries.mentees import mentees_of
from idp.queries.mentoring import (
    Offer,
    all_offers,
    mentors_for,
    offered_by,
    offers_near,
    own_offers,
    place_of,
)
from idp.queries.strengths import Strength, strengths_of_team, without_offer
from idp.rules.errors import NotVisible
from idp.rules.mentoring import MOST_MENTEES, USUAL_MENTEES
from idp.rules.plan_workflow import EDITABLE_STATES
from idp.rules.terms import Permission, PlanItemState, Relation
from idp.services.mentoring import (
    OfferFields,
    ask_mentor,
    offer_mentoring,
    strength_to_offer,
    withdraw_offer,
)
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.guards import current_actor, current_user, guarded, may
from idp.web.looking import note_team_look
from idp.web.numbers import asked_number, record_number

blueprint = Blueprint("mentors", __name__)

MOST_NEAR = 200
"""Offers that are listed; on the page of suggestions all count."""


@blueprint.get("/mentors/")
@guarded(Permission.CATALOGUE_VIEW)
def index() -> str:
    """The reader's offers, who asked them, and who offers near them; for those whom they rate the strengths
    besides; for the personnel office every offer."""
    session, day, user = db.session(), clock.today(), current_user()
    organisation_id = user.organisation_id or 0
    place = place_of(session, organisation_id, user.person_id, day)
    may_see_all = may(Permission.STAFF_VIEW)
    after = asked_number(request.args, "after") or 0
    near, left_out = offers_near(session, place, day, MOST_NEAR) if place else ((), 0)
    everybody, following = all_offers(session, organisation_id, day, after) if may_see_all else ((), None)
    return render_template(
        "mentors/index.html",
        mine=own_offers(session, organisation_id, user.person_id, day),
        mentees=mentees_of(session, organisation_id, user.person_id),
        near=near,
        near_left_out=left_out,
        team=strengths_to_ask(),
        may_see_all=may_see_all,
        everybody=everybody,
        following=following,
    )


@blueprint.get("/assessments/<int:assessment_id>/mentor-offers/<int:assessment_item_id>")
@guarded(Permission.SUGGESTION_ANSWER)
def new(assessment_id: int, assessment_item_id: int) -> Response:
    """The form to offer a strength of one's result."""
    return _offer_form(assessment_id, assessment_item_id)


@blueprint.post("/assessments/<int:assessment_id>/mentor-offers/<int:assessment_item_id>")
@guarded(Permission.SUGGESTION_ANSWER)
def offer(assessment_id: int, assessment_item_id: int) -> Response:
    """Offer it."""
    session = db.session()
    fields = OfferFields(
        record_number(request.form.get("level", "")),
        record_number(request.form.get("most_mentees", "")),
        request.form.get("note", ""),
    )
    try:
        offer_mentoring(session, current_actor(), assessment_item_id, fields, clock.now())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return _offer_form(assessment_id, assessment_item_id, attempt_of(refusal, "offer"))
    flash(_("เสนอตัวเป็นพี่เลี้ยงแล้ว เพื่อนร่วมงานในหน่วยงานใกล้เคียงเห็นข้อเสนอนี้ได้"), "success")
    return redirect(url_for("mentors.index"))  # type: ignore[return-value]


@blueprint.post("/mentors/<int:offer_id>/withdraw")
@guarded(Permission.CATALOGUE_VIEW)
def withdraw(offer_id: int) -> Response:
    """Offer it no more."""
    session = db.session()
    withdraw_offer(session, current_actor(), offer_id, clock.now())
    session.commit()
    flash(_("ถอนข้อเสนอแล้ว ผู้ที่ระบุท่านเป็นพี่เลี้ยงในแผนไว้ก่อนแล้วยังคงเดิม"), "success")
    return redirect(url_for("mentors.index"))  # type: ignore[return-value]


@blueprint.post("/plans/<int:plan_id>/mentors")
@guarded(Permission.PLAN_EDIT)
def ask(plan_id: int) -> Response:
    """Name a colleague as the mentor of one line."""
    session, now = db.session(), clock.now()
    line = session.get(PlanItem, record_number(request.form.get("line", "")) or 0)
    if line is None or line.plan_id != plan_id:
        raise NotVisible
    person_id = record_number(request.form.get("mentor", ""))
    ask_mentor(session, current_actor(), line.id, person_id, now, sent_version())
    session.commit()
    flash(_("ระบุพี่เลี้ยงในแผนและแจ้งให้ทราบแล้ว"), "success")
    return redirect(url_for("plans.show", plan_id=plan_id, _anchor=f"item-{line.id}"))  # type: ignore[return-value]


def strengths_to_ask() -> tuple[Strength, ...]:
    """Those of the people whom the reader rates, which nobody else is told of: not offered yet."""
    session = db.session()
    found = strengths_of_team(session, current_actor(), clock.today())
    if not found:
        return ()
    note_team_look(sorted({each.assessment_id for each in found}))
    return without_offer(found, offered_by(session, {each.employee_id for each in found}))


class MentorsOnGaps:
    """What the page of suggestions says of mentors for each gap: who offers, which lines may name one, and
    for the supervisor whom they might ask besides."""

    def __init__(
        self,
        assessment_id: int,
        gaps: Sequence[GapOnPage],
        plan: DevelopmentPlan | None,
        reader_is: Collection[Relation],
    ) -> None:
        session, day = db.session(), clock.today()
        self.gaps = {gap.competency_id: gap for gap in gaps if gap.levels}
        assessment = session.get_one(Assessment, assessment_id)
        place = place_of(session, assessment.organisation_id, assessment.owner_person_id, day)
        wanted = {each: gap.levels[0].number for each, gap in self.gaps.items()}
        self._offers = mentors_for(session, place, wanted, day)
        self.plan = plan if plan and Relation.OWNER in reader_is and plan.state in EDITABLE_STATES else None
        self._team = strengths_to_ask() if Relation.SUPERVISOR in reader_is else ()
        self._owner_id = assessment.owner_person_id

    def offers(self, competency_id: int) -> tuple[Offer, ...]:
        return self._offers.get(competency_id, ())

    def lines(self, competency_id: int) -> list[PlanItem]:
        """Of the plan that may be changed."""
        items = self.plan.items if self.plan else []
        return [
            item
            for item in items
            if item.competency_id == competency_id and item.state is not PlanItemState.CANCELLED
        ]

    def to_ask(self, competency_id: int) -> list[Strength]:
        """Of the same competency and the level to reach at least."""
        gap = self.gaps.get(competency_id)
        return [
            each
            for each in self._team
            if gap is not None
            and each.competency_id == competency_id
            and each.attained >= gap.levels[0].number
            and each.person_id != self._owner_id
        ]


def _offer_form(assessment_id: int, item_id: int, attempt: Attempt = NOTHING_SENT) -> Response:
    strength, levels = strength_to_offer(db.session(), current_actor(), item_id, clock.today())
    if strength.assessment_id != assessment_id:
        raise NotVisible
    body = render_template(
        "mentors/offer.html",
        strength=strength,
        levels=levels,
        is_offered=(strength.employee_id, strength.competency_id)
        in offered_by(db.session(), {strength.employee_id}),
        most=MOST_MENTEES,
        usual=USUAL_MENTEES,
        attempt=attempt,
    )
    return make_response(body, attempt.status)
