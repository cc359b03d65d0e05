"""The runs of a course, for the personnel office: added, changed, cancelled."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.queries.training.courses import RunRow
from idp.rules.errors import InvalidInputs, NotVisible
from idp.rules.terms import Permission
from idp.services.training.course_fields import RunFields
from idp.services.training.course_runs import add_run, cancel_run, change_run
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.course_view import FIELDS
from idp.web.courses import course_or_missing
from idp.web.forms.courses import form_of_run, read_run
from idp.web.guards import current_actor, guarded

blueprint = Blueprint("course_runs", __name__, url_prefix="/courses/<int:course_id>/runs")


@blueprint.get("/new")
@guarded(Permission.CATALOGUE_EDIT)
def new(course_id: int) -> Response:
    """The form of a new run."""
    return _form(course_id, None, NOTHING_SENT)


@blueprint.post("/new")
@guarded(Permission.CATALOGUE_EDIT)
def create(course_id: int) -> Response:
    """The course once more."""
    try:
        add_run(db.session(), current_actor(), course_id, _read(), clock.now(), sent_version())
    except REFUSED as refusal:
        db.session.rollback()
        return _form(course_id, None, attempt_of(refusal, "run"))
    return _saved(course_id, _("เพิ่มรุ่นแล้ว"))


@blueprint.get("/<int:course_run_id>")
@guarded(Permission.CATALOGUE_EDIT)
def edit(course_id: int, course_run_id: int) -> Response:
    """The forms of one run: to change it, to cancel it."""
    return _form(course_id, course_run_id, NOTHING_SENT)


@blueprint.post("/<int:course_run_id>")
@guarded(Permission.CATALOGUE_EDIT)
def save(course_id: int, course_run_id: int) -> Response:
    """Change the run; who planned for it is told where it moves."""
    try:
        change_run(
            db.session(), current_actor(), course_id, course_run_id, _read(), clock.now(), sent_version()
        )
    except REFUSED as refusal:
        db.session.rollback()
        return _form(course_id, course_run_id, attempt_of(refusal, "run"))
    return _saved(course_id, _("บันทึกรุ่นแล้ว"))


@blueprint.post("/<int:course_run_id>/cancel")
@guarded(Permission.CATALOGUE_EDIT)
def cancel(course_id: int, course_run_id: int) -> Response:
    """It will not take place; who planned for it is told."""
    reason = request.form.get("reason", "")
    try:
        cancel_run(
            db.session(), current_actor(), course_id, course_run_id, reason, clock.now(), sent_version()
        )
    except REFUSED as refusal:
        db.session.rollback()
        return _form(course_id, course_run_id, attempt_of(refusal, "cancel"))
    return _saved(course_id, _("ยกเลิกรุ่นแล้ว และแจ้งผู้ที่เลือกรุ่นนี้ในแผน"))


def _form(course_id: int, course_run_id: int | None, attempt: Attempt) -> Response:
    course = course_or_missing(course_id)
    run = None if course_run_id is None else _run(course.runs, course_run_id)
    page = render_template(
        "courses/run.html",
        course=course,
        run=run,
        attempt=attempt,
        stored=form_of_run(run),
        labels=FIELDS,
    )
    return make_response(page, attempt.status)


def _run(runs: tuple[RunRow, ...], course_run_id: int) -> RunRow:
    found = next((run for run in runs if run.id == course_run_id), None)
    if found is None:
        raise NotVisible
    return found


def _read() -> RunFields:
    typed, problems = read_run(request.form)
    if problems:
        raise InvalidInputs(problems)
    return typed


def _saved(course_id: int, told: str) -> Response:
    db.session.commit()
    flash(told, "success")
    return redirect(url_for("courses.show", course_id=course_id))  # type: ignore[return-value]
