"""Objections against results: lodged by the employee or entered from paper, answered, decided, and listed for
the office."""

from datetime import date

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from idp.adapters.queue import nudge
from idp.database import db
from idp.queries.assessments import assessment_page
from idp.queries.objection_lists import objection_list
from idp.queries.objections import objection_page, objections_of_result
from idp.rules.errors import InvalidInput, NotPermitted, TransitionNotAllowed
from idp.rules.terms import Permission, Relation, SubjectType
from idp.rules.thai import full_name, parse_thai_date
from idp.services.objections import (
    enter_objection,
    lodge_objection,
    state_on_objection,
    withdraw_objection,
)
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.guards import current_actor, guarded, may
from idp.web.looking import note_look
from idp.web.names.bands import band_name
from idp.web.timeline import timeline

blueprint = Blueprint("objections", __name__, url_prefix="/objections")


@blueprint.get("/")
@guarded(Permission.OBJECTION_VIEW)
def index() -> str:
    """The office's list, the longest waiting first; others find an objection from its result."""
    if not may(Permission.OBJECTION_VIEW):
        raise NotPermitted(Permission.OBJECTION_VIEW)
    rows = objection_list(db.session(), current_actor(), clock.today())
    return render_template("objections/index.html", rows=rows)


@blueprint.get("/of/<int:assessment_id>")
@guarded(Permission.OBJECTION_VIEW)
def new(assessment_id: int) -> Response:
    """The form: the employee's own, or, for HR, of one that came on paper."""
    return _form(assessment_id)


@blueprint.post("/of/<int:assessment_id>")
@guarded(Permission.OBJECTION_VIEW)
def lodge(assessment_id: int) -> Response:
    """Lodge it, or enter one from paper; what was typed comes back when it is refused."""
    session, actor, now = db.session(), current_actor(), clock.now()
    page = assessment_page(session, actor, assessment_id, clock.today())
    grounds = request.form.get("grounds", "")
    try:
        if Relation.OWNER in page.relations:
            objection = lodge_objection(session, actor, assessment_id, grounds, now, sent_version())
        else:
            arrived_on = read_day("arrived_on")
            objection = enter_objection(
                session, actor, assessment_id, grounds, arrived_on, now, sent_version()
            )
        objection_id, job_id = objection.id, objection.export_job_id
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return _form(assessment_id, attempt_of(refusal, "lodge"))
    if job_id is not None:
        nudge("reports.run", job_id, settings=current_app.extensions["settings"])
    flash(_("บันทึกคำร้องทุกข์แล้ว ข้อมูลการประเมินนี้จะแก้ไขไม่ได้จนกว่าจะมีคำวินิจฉัย"), "success")
    return to_objection(objection_id)


@blueprint.get("/<int:objection_id>")
@guarded(Permission.OBJECTION_VIEW)
def show(objection_id: int) -> Response:
    """One objection, its record of the day, what was said to it, and its outcome."""
    return objection_response(objection_id)


@blueprint.post("/<int:objection_id>/withdraw")
@guarded(Permission.OBJECTION_LODGE)
def withdraw(objection_id: int) -> Response:
    """The employee takes it back."""
    session = db.session()
    try:
        withdraw_objection(session, current_actor(), objection_id, clock.now(), sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return objection_response(objection_id, attempt_of(refusal, "withdraw"))
    flash(_("ถอนคำร้องทุกข์แล้ว"), "success")
    return to_objection(objection_id)


@blueprint.post("/<int:objection_id>/statement")
@guarded(Permission.OBJECTION_VIEW)
def state(objection_id: int) -> Response:
    """Add a written statement."""
    session = db.session()
    try:
        text = request.form.get("statement", "")
        state_on_objection(session, current_actor(), objection_id, text, clock.now())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return objection_response(objection_id, attempt_of(refusal, "statement"))
    flash(_("บันทึกคำชี้แจงแล้ว"), "success")
    return to_objection(objection_id)


def objection_response(objection_id: int, attempt: Attempt = NOTHING_SENT) -> Response:
    """The page; with an attempt that was refused, what was typed and why."""
    page = objection_page(db.session(), current_actor(), objection_id, clock.today())
    note_look(SubjectType.ASSESSMENT, page.assessment_id)
    body = render_template(
        "objections/show.html",
        page=page,
        attempt=attempt,
        history=timeline(page.history),
        band_name_of=band_name,
    )
    return make_response(body, attempt.status)


def to_objection(objection_id: int) -> Response:
    return redirect(url_for("objections.show", objection_id=objection_id))  # type: ignore[return-value]


def read_day(name: str) -> date:
    """A day as people write it. Raises InvalidInput `missing` or `not_a_date`."""
    text = request.form.get(name, "").strip()
    if not text:
        raise InvalidInput(name, "missing")
    try:
        return parse_thai_date(text)
    except ValueError as error:
        raise InvalidInput(name, "not_a_date") from error


def _form(assessment_id: int, attempt: Attempt = NOTHING_SENT) -> Response:
    session = db.session()
    page = assessment_page(session, current_actor(), assessment_id, clock.today())
    right = objections_of_result(session, assessment_id, page.relations, clock.today())
    if Relation.OWNER not in page.relations and Relation.HR_OFFICER not in page.relations:
        raise NotPermitted(Permission.OBJECTION_LODGE)
    if right is None:
        raise TransitionNotAllowed("assessment", page.header.state, "lodge_objection")
    body = render_template(
        "objections/new.html",
        page=page,
        header=page.header,
        right=right,
        is_owner=Relation.OWNER in page.relations,
        attempt=attempt,
        full_name=full_name,
    )
    return make_response(body, attempt.status)
