"""Carry the position profiles over to another version of a framework: what it would do, and doing it."""

from contextlib import suppress

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.queries.profile_carry_over import carry_over_preview, successors
from idp.queries.profile_index import frozen_by_cycles
from idp.rules.errors import InvalidInput, NotVisible
from idp.rules.terms import Permission
from idp.services.profile_carry_over import carry_over_profiles
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.formats import show_date
from idp.web.forms.cycles import written_date
from idp.web.forms.days import typed_day
from idp.web.guards import current_actor, current_user, guarded
from idp.web.numbers import asked_number, record_number

blueprint = Blueprint("profiles_carry_over", __name__, url_prefix="/profile-carry-over")

EVENT = "carry_over"


@blueprint.get("/")
@guarded(Permission.PROFILE_EDIT)
def preview() -> Response:
    """`?from=` and `?to=`: the ids of the versions. Without them: what could be carried over."""
    if "from" not in request.args and "to" not in request.args:
        found = successors(db.session(), _organisation_id(), clock.today())
        return make_response(render_template("profiles/carry_over_choice.html", successors=found))
    return _page(asked_number(request.args, "from"), asked_number(request.args, "to"), NOTHING_SENT)


@blueprint.post("/")
@guarded(Permission.PROFILE_EDIT)
def apply() -> Response:
    """Carry them over from the day typed."""
    old, new = (record_number(request.form.get(name, "")) for name in ("from_version", "to_version"))
    if old is None or new is None:
        raise NotVisible
    try:
        from_on = typed_day(request.form, "from_on")
        done = carry_over_profiles(
            db.session(), current_actor(), old, new, from_on, clock.now(), sent_version()
        )
    except REFUSED as refusal:
        db.session.rollback()
        return _page(old, new, attempt_of(refusal, EVENT))
    db.session.commit()
    flash(
        _(
            "เปลี่ยนมาตรฐาน %(profiles)s รายการ และระดับที่คาดหวังเฉพาะตำแหน่ง %(overrides)s รายการ "
            "ไปใช้พจนานุกรมฉบับใหม่ตั้งแต่ %(day)s แล้ว",
            profiles=done.profiles,
            overrides=done.overrides,
            day=show_date(from_on),
        ),
        "success",
    )
    return redirect(url_for("profiles.index"))  # type: ignore[return-value]


def _page(old: int | None, new: int | None, attempt: Attempt) -> Response:
    if old is None or new is None:
        raise NotVisible
    day = clock.today()
    if attempt.event:
        with suppress(InvalidInput):
            day = max(typed_day(attempt.form, "from_on"), day)
    session, organisation_id = db.session(), _organisation_id()
    body = render_template(
        "profiles/carry_over.html",
        preview=carry_over_preview(session, organisation_id, old, new, day),
        day=day,
        attempt=attempt,
        event=EVENT,
        today_written=written_date(clock.today()),
        cycles=frozen_by_cycles(session, organisation_id),
    )
    return make_response(body, attempt.status)


def _organisation_id() -> int:
    return current_user().organisation_id or 0
