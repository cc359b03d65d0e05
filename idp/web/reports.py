"""Ask for printed forms, and see how far they are."""

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from idp.adapters.queue import nudge
from idp.database import db
from idp.queries.reports import my_reports
from idp.rules.errors import NotVisible
from idp.rules.terms import Permission, ReportKind
from idp.services.documents import SUBJECTS, load_job
from idp.services.reports import request_report
from idp.web import clock
from idp.web.guards import current_actor, current_user, guarded
from idp.web.numbers import record_number

blueprint = Blueprint("reports", __name__, url_prefix="/reports")

REFRESH_SECONDS = 2
NUMBERS = ("unit_id", "version")


@blueprint.get("/")
@guarded(Permission.HOME_VIEW)
def index() -> str:
    """The reader's own jobs."""
    user = current_user()
    rows = my_reports(db.session(), user.person_id, user.organisation_id)
    return render_template("reports/index.html", rows=rows)


@blueprint.post("/")
@guarded(Permission.DOCUMENT_VIEW)
def create() -> Response:
    """Put a job into the queue; the page of the job follows."""
    kind, subject_id = _subject()
    job = request_report(
        db.session(),
        current_actor(),
        kind,
        SUBJECTS[kind],
        subject_id,
        clock.now(),
        {name: _number(request.form[name]) for name in NUMBERS if request.form.get(name)},
    )
    job_id = job.id
    db.session.commit()
    nudge("reports.run", job_id, settings=current_app.extensions["settings"])
    return redirect(url_for("reports.show", job_id=job_id), 303)


@blueprint.get("/<int:job_id>")
@guarded(Permission.HOME_VIEW)
def show(job_id: int) -> Response:
    """How far one job is; the page asks again by itself, with or without JavaScript, until it is done."""
    session, user = db.session(), current_user()
    load_job(session, current_actor(), job_id)
    (row,) = my_reports(session, user.person_id, user.organisation_id, job_id)
    response = make_response(render_template("reports/show.html", row=row))
    response.headers["Cache-Control"] = "no-store"
    if row.is_under_way:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def _subject() -> tuple[ReportKind, int]:
    """What the form names; nothing that could exist is as good as missing. Raises NotVisible."""
    kind, number = request.form.get("kind", ""), record_number(request.form.get("subject_id", ""))
    if kind not in set(ReportKind) or number is None:
        raise NotVisible
    return ReportKind(kind), number


def _number(text: str) -> int:
    """Of a unit or a version; what could be none of them is as good as missing. Raises NotVisible."""
    number = record_number(text)
    if number is None:
        raise NotVisible
    return number
