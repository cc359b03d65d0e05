"""The employee's answers to what was not finished in the plans before: go on with it, or say why not."""

from datetime import datetime

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.database import db
from idp.models import Assessment, DevelopmentPlan
from idp.queries.carry_over import CARRY_OVER, DECLINE, carry_over_panel
from idp.queries.carry_over_lines import CarryOverPanel
from idp.queries.history import history_of_plan
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.errors import NotVisible
from idp.rules.relations import Actor
from idp.rules.terms import Permission
from idp.services import carry_over as service
from idp.services.access import load_assessment
from idp.services.plans import draft_plan
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.guards import current_actor, guarded
from idp.web.timeline import timeline

blueprint = Blueprint("carry_over", __name__, url_prefix="/assessments/<int:assessment_id>/carry-over")

PLAN, SUGGESTIONS = "plan", "suggestions"
"""Where the panel stands, and where an answer leads back to."""


def panel_on_page(assessment_id: int, *, may_answer: bool) -> CarryOverPanel | None:
    """For the pages of the suggestions and of the plan: nothing for whoever may not answer."""
    if not may_answer:
        return None
    return carry_over_panel(db.session(), current_actor(), assessment_id, clock.today())


@blueprint.get("")
@guarded(Permission.SUGGESTION_ANSWER)
def index(assessment_id: int) -> Response:
    """All that was not finished, with what became of it."""
    return _response(assessment_id)


@blueprint.post("")
@guarded(Permission.SUGGESTION_ANSWER)
def carry_all(assessment_id: int) -> Response:
    """Go on with every line that waits for an answer."""
    session, actor, now = db.session(), current_actor(), clock.now()
    try:
        plan, drawn = _plan(session, actor, assessment_id, now)
        made = service.carry_over_all(session, actor, plan.id, now, drawn)
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return _response(assessment_id, attempt_of(refusal, CARRY_OVER))
    flash(_("ยกมาแผนปีนี้แล้ว %(count)s รายการ", count=len(made)), "success")
    return _back(assessment_id, plan.id)


@blueprint.post("/<int:item_id>")
@guarded(Permission.SUGGESTION_ANSWER)
def carry(assessment_id: int, item_id: int) -> Response:
    """Go on with one line; the first one begins the plan."""
    session, actor, now = db.session(), current_actor(), clock.now()
    try:
        plan, drawn = _plan(session, actor, assessment_id, now)
        service.carry_over(session, actor, plan.id, item_id, now, drawn)
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return _response(assessment_id, attempt_of(refusal, CARRY_OVER, item_id=item_id))
    flash(_("ยกรายการมาแผนปีนี้แล้ว ท่านปรับวันที่และรายละเอียดได้ในแผน"), "success")
    return _back(assessment_id, plan.id)


@blueprint.post("/<int:item_id>/decline")
@guarded(Permission.SUGGESTION_ANSWER)
def refuse(assessment_id: int, item_id: int) -> Response:
    """Not this one; with a reason where it is of this organisation."""
    session, actor, now = db.session(), current_actor(), clock.now()
    try:
        plan, drawn = _plan(session, actor, assessment_id, now)
        reason = request.form.get("reason", "")
        service.decline(session, actor, plan.id, item_id, reason, now, drawn)
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return _response(assessment_id, attempt_of(refusal, DECLINE, item_id=item_id))
    flash(_("บันทึกแล้วว่าไม่ยกรายการนี้มา"), "success")
    return _back(assessment_id, plan.id)


def _plan(
    session: Session, actor: Actor, assessment_id: int, now: datetime
) -> tuple[DevelopmentPlan, int | None]:
    """The plan, begun by the first answer, and the version that the form was drawn from: none before it was
    begun."""
    begun = _begun(session, assessment_id)
    plan = draft_plan(session, actor, assessment_id, now)
    return plan, sent_version() if begun is not None else None


def _begun(session: Session, assessment_id: int) -> int | None:
    """The plan of the assessment's year, whichever of its results it was drawn from."""
    assessment = session.get(Assessment, assessment_id)
    if assessment is None:
        return None
    return session.scalar(
        select(DevelopmentPlan.id).where(
            DevelopmentPlan.employee_id == assessment.employee_id,
            DevelopmentPlan.fiscal_year == assessment.cycle.fiscal_year,
        )
    )


def _back(assessment_id: int, plan_id: int) -> Response:
    if request.form.get("then") == PLAN:
        address = url_for("plans.show", plan_id=plan_id, _anchor="carry-over")
    else:
        address = url_for("suggestions.index", assessment_id=assessment_id, _anchor="carry-over")
    return redirect(address)  # type: ignore[return-value]


def _response(assessment_id: int, attempt: Attempt = NOTHING_SENT) -> Response:
    session, actor = db.session(), current_actor()
    assessment, _standing = load_assessment(
        session, actor, assessment_id, Permission.SUGGESTION_ANSWER, clock.today()
    )
    if assessment.state not in RELEASED_STATES:
        raise NotVisible
    panel = carry_over_panel(session, actor, assessment_id, clock.today())
    then = request.form.get("then") or SUGGESTIONS
    is_of_plan = then == PLAN and panel.plan_id is not None
    body = render_template(
        "carry_over/index.html",
        carry_over=panel,
        fiscal_year=assessment.cycle.fiscal_year,
        then=then,
        back=(url_for("plans.show", plan_id=panel.plan_id), _("แผนพัฒนารายบุคคล"))
        if is_of_plan
        else (url_for("suggestions.index", assessment_id=assessment_id), _("ข้อเสนอแนะการพัฒนา")),
        attempt=attempt,
        anchors={"reason": f"carry-over-{attempt.item_id}"},
        history=timeline(history_of_plan(session, panel.plan_id))
        if attempt.is_stale and panel.plan_id
        else [],
    )
    return make_response(body, attempt.status)
