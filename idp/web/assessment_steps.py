"""The steps of an assessment beside the rating form: one button or small form for each event of the table."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from idp.database import db
from idp.queries.assessments import assessment_page
from idp.rules.errors import InvalidInput
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentEvent, EmployeeOpinion, Permission, SecondOpinion
from idp.rules.thai import parse_thai_date
from idp.services import assessments, exemptions, results
from idp.services.employee_opinions import give_opinion
from idp.web import clock
from idp.web.assessment_view import LATER, confirm_context
from idp.web.assessments import assessment_response
from idp.web.attempts import REFUSED, attempt_of, sent_version
from idp.web.guards import current_actor, guarded

Step = Callable[[Session, Actor, int, datetime, int | None], object]
Choice = TypeVar("Choice", bound=StrEnum)

blueprint = Blueprint("assessment_steps", __name__, url_prefix="/assessments")


def _return_self(
    session: Session, actor: Actor, assessment_id: int, now: datetime, version: int | None
) -> object:
    return assessments.return_self(session, actor, assessment_id, _text("reason"), now, version)


def _return_rating(
    session: Session, actor: Actor, assessment_id: int, now: datetime, version: int | None
) -> object:
    return assessments.return_rating(session, actor, assessment_id, _text("reason"), now, version)


def _exempt(session: Session, actor: Actor, assessment_id: int, now: datetime, version: int | None) -> object:
    cancels_plan = _text("cancels_plan") == "yes"
    return exemptions.exempt(
        session, actor, assessment_id, _text("reason"), now, version, cancels_plan=cancels_plan
    )


def _reinstate(
    session: Session, actor: Actor, assessment_id: int, now: datetime, version: int | None
) -> object:
    return exemptions.reinstate(session, actor, assessment_id, _text("reason"), now, version)


def _give_second_opinion(
    session: Session, actor: Actor, assessment_id: int, now: datetime, version: int | None
) -> object:
    opinion = _choice("opinion", SecondOpinion)
    text = _text("second_opinion_text")
    if opinion is SecondOpinion.DIFFERS and not text.strip():
        raise InvalidInput("second_opinion_text", "required")
    return assessments.give_second_opinion(session, actor, assessment_id, opinion, text, now, version)


def _receive(
    session: Session, actor: Actor, assessment_id: int, now: datetime, version: int | None
) -> object:
    opinion = None if _text("opinion") == LATER else _choice("opinion", EmployeeOpinion)
    text = _text("employee_opinion_text")
    return results.receive(session, actor, assessment_id, now, opinion, text, version)


def _record_refusal(
    session: Session, actor: Actor, assessment_id: int, now: datetime, version: int | None
) -> object:
    for name in ("refused_on", "witness_name", "witness_position"):
        if not _text(name).strip():
            raise InvalidInput(name, "required")
    try:
        refused_on = parse_thai_date(_text("refused_on"))
    except ValueError as error:
        raise InvalidInput("refused_on", "not_a_date") from error
    name, position = _text("witness_name"), _text("witness_position")
    return results.record_refusal(session, actor, assessment_id, now, refused_on, name, position, version)


STEPS: dict[AssessmentEvent, Step] = {
    AssessmentEvent.START_SELF: assessments.start_self,
    AssessmentEvent.WITHDRAW_SELF: assessments.withdraw_self,
    AssessmentEvent.RETURN_SELF: _return_self,
    AssessmentEvent.START_RATING: assessments.start_rating,
    AssessmentEvent.WITHDRAW_RATING: assessments.withdraw_rating,
    AssessmentEvent.RETURN_RATING: _return_rating,
    AssessmentEvent.GIVE_SECOND_OPINION: _give_second_opinion,
    AssessmentEvent.MODERATE: assessments.moderate,
    AssessmentEvent.RELEASE: results.release_assessment,
    AssessmentEvent.RECEIVE: _receive,
    AssessmentEvent.RECORD_REFUSAL: _record_refusal,
    AssessmentEvent.EXEMPT: _exempt,
    AssessmentEvent.REINSTATE: _reinstate,
}
"""Handing in belongs to the rating form, closing to the cycle."""

FOR_GOOD = frozenset({AssessmentEvent.RELEASE, AssessmentEvent.RECEIVE, AssessmentEvent.RECORD_REFUSAL})
"""What cannot be taken back: asked for twice."""

DONE: dict[AssessmentEvent, LazyString] = {
    AssessmentEvent.START_SELF: _("เริ่มประเมินตนเองได้แล้ว เลือกพฤติกรรมที่ท่านแสดงออกในแต่ละสมรรถนะ"),
    AssessmentEvent.WITHDRAW_SELF: _("ดึงผลประเมินตนเองกลับมาแก้ไขแล้ว"),
    AssessmentEvent.RETURN_SELF: _("ส่งคืนให้ผู้รับการประเมินแก้ไขแล้ว"),
    AssessmentEvent.START_RATING: _("เริ่มประเมินได้แล้ว ผลประเมินตนเองแสดงไว้เคียงกันในแต่ละสมรรถนะ"),
    AssessmentEvent.WITHDRAW_RATING: _("ดึงผลการประเมินกลับมาแก้ไขแล้ว"),
    AssessmentEvent.RETURN_RATING: _("ส่งคืนให้ผู้ประเมินทบทวนแล้ว"),
    AssessmentEvent.GIVE_SECOND_OPINION: _("บันทึกความเห็นแล้ว"),
    AssessmentEvent.MODERATE: _("บันทึกผลการกลั่นกรองแล้ว"),
    AssessmentEvent.RELEASE: _("แจ้งผลการประเมินแก่ผู้รับการประเมินแล้ว"),
    AssessmentEvent.RECEIVE: _("รับทราบผลการประเมินแล้ว ขั้นต่อไปคือเลือกกิจกรรมพัฒนาและจัดทำแผน"),
    AssessmentEvent.RECORD_REFUSAL: _("บันทึกการไม่ลงนามรับทราบแล้ว"),
    AssessmentEvent.EXEMPT: _("ยกเว้นการประเมินในรอบนี้แล้ว ข้อมูลที่กรอกไว้ยังอยู่ครบ"),
    AssessmentEvent.REINSTATE: _("นำกลับเข้ารับการประเมินแล้ว ข้อมูลที่กรอกไว้เดิมยังอยู่ครบ"),
}


@blueprint.post("/<int:assessment_id>/steps/<event>")
@guarded(Permission.ASSESSMENT_VIEW)
def take(assessment_id: int, event: str) -> Response:
    """Take the assessment through `event`; the workflow's table says who may. What cannot be taken back is
    tried, undone and shown once more before it is done."""
    step = STEPS.get(AssessmentEvent(event)) if event in set(AssessmentEvent) else None
    if step is None:
        raise NotFound
    chosen = AssessmentEvent(event)
    session = db.session()
    try:
        step(session, current_actor(), assessment_id, clock.now(), sent_version())
    except REFUSED as refusal:
        session.rollback()
        return assessment_response(assessment_id, attempt_of(refusal, event))
    if chosen in FOR_GOOD and request.form.get("confirmed") != "yes":
        session.rollback()
        return _ask_again(assessment_id, chosen)
    session.commit()
    flash(str(DONE[chosen]), "success")
    return redirect(url_for("assessments.show", assessment_id=assessment_id))  # type: ignore[return-value]


def _ask_again(assessment_id: int, event: AssessmentEvent) -> Response:
    page = assessment_page(db.session(), current_actor(), assessment_id, clock.today())
    sent = [(name, text) for name, text in request.form.items() if name not in ("csrf_token", "confirmed")]
    body = render_template("assessments/confirm.html", **confirm_context(page, event, sent))
    return make_response(body)


@blueprint.post("/<int:assessment_id>/opinion")
@guarded(Permission.ASSESSMENT_RECEIVE)
def opinion(assessment_id: int) -> Response:
    """The employee says what they think of the result, at the receipt or afterwards."""
    session, actor, now = db.session(), current_actor(), clock.now()
    try:
        said = _choice("opinion", EmployeeOpinion)
        give_opinion(session, actor, assessment_id, said, _text("employee_opinion_text"), now, sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return assessment_response(assessment_id, attempt_of(refusal, "opinion"))
    flash(str(_("บันทึกความเห็นของท่านแล้ว")), "success")
    return redirect(url_for("assessments.show", assessment_id=assessment_id, _anchor="opinions"))  # type: ignore[return-value]


def _text(name: str) -> str:
    return request.form.get(name, "")


def _choice(name: str, kind: type[Choice]) -> Choice:
    try:
        return kind(_text(name))
    except ValueError as error:
        raise InvalidInput(name, "required") from error
