"""Appraisers from outside: the personnel office names them, corrects them, ends their term."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.queries.appraisers import appraiser_list
from idp.rules.errors import NotVisible
from idp.rules.terms import Permission
from idp.services.appraisers import AppraiserFields, correct_appraiser, end_appraiser, name_appraiser
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of
from idp.web.forms.cycles import written_date
from idp.web.forms.days import typed_day
from idp.web.guards import current_actor, current_user, guarded

blueprint = Blueprint("appraisers", __name__, url_prefix="/appraisers")


@blueprint.get("/")
@guarded(Permission.AUTHORITY_VIEW)
def index() -> Response:
    """Everybody named, and the form that names another."""
    return _list(NOTHING_SENT)


@blueprint.post("/")
@guarded(Permission.AUTHORITY_EDIT)
def create() -> Response:
    """Name somebody; a log-in is given on the page that follows."""
    form = request.form
    fields = ("title_th", "first_name", "last_name", "position_name", "email")
    typed = AppraiserFields(*(form.get(field, "") for field in fields))
    try:
        appraiser = name_appraiser(db.session(), current_actor(), typed, clock.now())
    except REFUSED as refusal:
        db.session.rollback()
        return _list(attempt_of(refusal, "create"))
    db.session.commit()
    flash(_("เพิ่มผู้ประเมินภายนอกแล้ว ขั้นต่อไปคือสร้างบัญชีผู้ใช้ และกำหนดเป็นผู้ประเมินในทะเบียนบุคลากร"), "success")
    return redirect(url_for("appraisers.show", appraiser_id=appraiser.id))  # type: ignore[return-value]


@blueprint.get("/<int:appraiser_id>")
@guarded(Permission.AUTHORITY_VIEW)
def show(appraiser_id: int) -> Response:
    """One of them, and the forms that correct and end."""
    return _page(appraiser_id, NOTHING_SENT)


@blueprint.post("/<int:appraiser_id>/correct")
@guarded(Permission.AUTHORITY_EDIT)
def correct(appraiser_id: int) -> Response:
    """Another position or e-mail address."""
    form = request.form
    try:
        correct_appraiser(
            db.session(),
            current_actor(),
            appraiser_id,
            form.get("position_name", ""),
            form.get("email", ""),
            clock.now(),
        )
    except REFUSED as refusal:
        db.session.rollback()
        return _page(appraiser_id, attempt_of(refusal, "correct"))
    db.session.commit()
    flash(_("บันทึกข้อมูลแล้ว"), "success")
    return redirect(url_for("appraisers.show", appraiser_id=appraiser_id))  # type: ignore[return-value]


@blueprint.post("/<int:appraiser_id>/end")
@guarded(Permission.AUTHORITY_EDIT)
def end(appraiser_id: int) -> Response:
    """The term ends on a day; from the day after on they see nothing any more."""
    try:
        last_on = typed_day(request.form, "last_on")
        end_appraiser(db.session(), current_actor(), appraiser_id, last_on, clock.now())
    except REFUSED as refusal:
        db.session.rollback()
        return _page(appraiser_id, attempt_of(refusal, "end"))
    db.session.commit()
    flash(_("บันทึกวันพ้นจากหน้าที่แล้ว"), "success")
    return redirect(url_for("appraisers.show", appraiser_id=appraiser_id))  # type: ignore[return-value]


def _list(attempt: Attempt) -> Response:
    rows = appraiser_list(db.session(), current_user().organisation_id or 0, clock.today())
    return make_response(render_template("appraisers/index.html", rows=rows, attempt=attempt), attempt.status)


def _page(appraiser_id: int, attempt: Attempt) -> Response:
    day = clock.today()
    rows = appraiser_list(db.session(), current_user().organisation_id or 0, day, appraiser_id)
    if not rows:
        raise NotVisible
    page = render_template(
        "appraisers/show.html", appraiser=rows[0], attempt=attempt, today_written=written_date(day)
    )
    return make_response(page, attempt.status)
