"""Letters to those without an e-mail address: shown as they are printed, and ticked off when handed over."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import ngettext

from idp.database import db
from idp.queries.letters import count_letters, letters
from idp.rules.errors import InvalidInput
from idp.rules.terms import Permission
from idp.services.letters import hand_over_letters
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, Attempt, attempt_of
from idp.web.forms.paper import read_day
from idp.web.forms.plan_items import typed_date
from idp.web.guards import current_actor, current_user, guarded
from idp.web.numbers import asked_number, record_number

blueprint = Blueprint("letters", __name__, url_prefix="/letters")


@blueprint.get("/")
@guarded(Permission.MAIL_HAND_OVER)
def index() -> Response:
    """The letters that wait, thirty a page; the browser prints each on a sheet of its own."""
    return _page()


@blueprint.post("/handed-over")
@guarded(Permission.MAIL_HAND_OVER)
def hand_over() -> Response:
    """Tick off the letters chosen."""
    try:
        day = read_day(request.form, "handed_over_on")
        count = hand_over_letters(db.session(), current_actor(), _chosen(), day, clock.now())
    except InvalidInput as refused:
        db.session.rollback()
        return _page(attempt_of(refused, "hand_over"))
    db.session.commit()
    flash(
        ngettext("บันทึกการส่งมอบหนังสือแจ้ง %(num)s รายแล้ว", "บันทึกการส่งมอบหนังสือแจ้ง %(num)s รายแล้ว", count),
        "success",
    )
    return redirect(url_for("letters.index"))  # type: ignore[return-value]


def _chosen() -> dict[int, int]:
    """By person, the last mail that the letter showed; what cannot be read is left out."""
    chosen = {}
    for text in request.form.getlist("letter"):
        person, _dash, mail = text.partition("-")
        person_id, mail_id = record_number(person), record_number(mail)
        if person_id is not None and mail_id is not None:
            chosen[person_id] = mail_id
    return chosen


def _page(attempt: Attempt = NOTHING_SENT) -> Response:
    organisation_id = current_user().organisation_id or 0
    after = asked_number(request.args, "after") or 0
    rows, following = letters(db.session(), organisation_id, clock.today(), after)
    body = render_template(
        "letters/index.html",
        rows=rows,
        following=following,
        count=count_letters(db.session(), organisation_id),
        attempt=attempt,
        chosen=set(request.form.getlist("letter")) if attempt.is_refused else None,
        today_typed=typed_date(clock.today()),
    )
    return make_response(body, attempt.status)
