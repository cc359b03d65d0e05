"""What is proposed for the gaps of a released result, and the employee's answers."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.models import DevelopmentPlan, Suggestion
from idp.queries.assessments import AssessmentPage, assessment_page
from idp.queries.plan_of_year import may_read_content, plan_of_year
from idp.queries.plans import suggestions_for
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.errors import NotVisible
from idp.rules.looks import LookKind
from idp.rules.permissions import allowed
from idp.rules.plan_workflow import EDITABLE_STATES
from idp.rules.terms import Permission, Relation, SubjectType
from idp.rules.thai import full_name
from idp.services.plan_items import accept_suggestion
from idp.services.plans import draft_plan
from idp.services.suggestions import propose_full_path, reject_suggestion, restore_suggestion
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.carry_over import panel_on_page
from idp.web.guards import current_actor, guarded
from idp.web.looking import note_look
from idp.web.mentors import MentorsOnGaps
from idp.web.numbers import record_number

blueprint = Blueprint("suggestions", __name__, url_prefix="/assessments/<int:assessment_id>/suggestions")


@blueprint.get("")
@guarded(Permission.RESULT_VIEW)
def index(assessment_id: int) -> Response:
    """A card for each proposal, gap by gap, with its why."""
    return _response(assessment_id)


@blueprint.post("/<int:suggestion_id>/accept")
@guarded(Permission.SUGGESTION_ANSWER)
def accept(assessment_id: int, suggestion_id: int) -> Response:
    """Make a line of the plan of it, to be adapted at once where that was asked for; the first one begins the
    plan."""
    session, actor, now = db.session(), current_actor(), clock.now()
    try:
        begun = plan_of_year(session, assessment_id)
        plan = draft_plan(session, actor, assessment_id, now)
        drawn = sent_version() if begun else None  # the first line of a plan has no version to carry
        item = accept_suggestion(session, actor, plan.id, suggestion_id, now, expected_version=drawn)
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return _response(assessment_id, attempt_of(refusal, "accept", item_id=suggestion_id))
    flash(_("เพิ่มกิจกรรมเข้าแผนพัฒนาแล้ว ท่านปรับวันที่และรายละเอียดได้ในแผน"), "success")
    if request.form.get("then") == "edit":
        return redirect(url_for("plan_items.edit", plan_id=item.plan_id, item_id=item.id))  # type: ignore[return-value]
    return _back(assessment_id, suggestion_id)


@blueprint.post("/<int:suggestion_id>/reject")
@guarded(Permission.SUGGESTION_ANSWER)
def reject(assessment_id: int, suggestion_id: int) -> Response:
    """Turn it down, with a reason."""
    session = db.session()
    try:
        reason = request.form.get("reason", "")
        reject_suggestion(session, current_actor(), suggestion_id, reason, clock.now())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return _response(assessment_id, attempt_of(refusal, "reject", item_id=suggestion_id))
    flash(_("บันทึกเหตุผลที่ไม่เลือกกิจกรรมนี้แล้ว"), "success")
    return _back(assessment_id, suggestion_id)


@blueprint.post("/<int:suggestion_id>/restore")
@guarded(Permission.SUGGESTION_ANSWER)
def restore(assessment_id: int, suggestion_id: int) -> Response:
    """Think again of what was turned down."""
    session = db.session()
    restore_suggestion(session, current_actor(), suggestion_id, clock.now())
    session.commit()
    flash(_("นำกิจกรรมกลับมาพิจารณาแล้ว"), "success")
    return _back(assessment_id, suggestion_id)


@blueprint.post("/full-path")
@guarded(Permission.SUGGESTION_ANSWER)
def full_path(assessment_id: int) -> Response:
    """Propose for every level up to the expected one, of the gap that was chosen or of all."""
    session = db.session()
    item_id = record_number(request.form.get("item", ""))
    new = propose_full_path(session, current_actor(), assessment_id, clock.now(), item_id)
    session.commit()
    if new:
        flash(_("แสดงกิจกรรมจนถึงระดับที่คาดหวังแล้ว"), "success")
    else:
        flash(_("คลังกิจกรรมยังไม่มีกิจกรรมอื่นสำหรับระดับที่เหลือ"), "info")
    place = f"gap-{item_id}" if item_id else None
    address = url_for("suggestions.index", assessment_id=assessment_id, _anchor=place)
    return redirect(address)  # type: ignore[return-value]


def _back(assessment_id: int, suggestion_id: int) -> Response:
    """To the gap: what was answered is folded away there."""
    suggestion = db.session().get_one(Suggestion, suggestion_id)
    place = f"gap-{suggestion.assessment_item_id}"
    address = url_for("suggestions.index", assessment_id=assessment_id, _anchor=place)
    return redirect(address)  # type: ignore[return-value]


def _response(assessment_id: int, attempt: Attempt = NOTHING_SENT) -> Response:
    session = db.session()
    page = assessment_page(session, current_actor(), assessment_id, clock.today())
    if page.header.state not in RELEASED_STATES or not page.shows_result:
        raise NotVisible
    note_look(SubjectType.ASSESSMENT, assessment_id, LookKind.PAGE)
    plan = session.get(DevelopmentPlan, page.plan_id) if page.plan_id else None
    is_owner = Relation.OWNER in page.relations
    shows = is_owner or (plan and may_read_content(session, current_actor(), plan, clock.today()))
    gaps = suggestions_for(session, assessment_id, with_answers=bool(shows))
    body = render_template(
        "suggestions/index.html",
        page=page,
        header=page.header,
        gaps=gaps,
        plan=plan if plan and allowed(Permission.PLAN_VIEW, page.relations, plan.state) else None,
        may_answer=_may_answer(page, plan),
        carry_over=panel_on_page(assessment_id, may_answer=_may_answer(page, plan)),
        then="suggestions",
        mentors=MentorsOnGaps(assessment_id, gaps, plan, page.relations),
        attempt=attempt,
        full_name=full_name,
    )
    return make_response(body, attempt.status)


def _may_answer(page: AssessmentPage, plan: DevelopmentPlan | None) -> bool:
    """The employee, while there is no plan yet or it may still be edited."""
    return Relation.OWNER in page.relations and (plan is None or plan.state in EDITABLE_STATES)
