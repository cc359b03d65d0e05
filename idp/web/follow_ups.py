"""The half-year follow-up of plans: written on the plan's page, listed for the supervisor."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from idp.database import db
from idp.queries.follow_ups import team_follow_ups
from idp.rules.terms import Half, Permission
from idp.services.follow_ups import write_follow_up
from idp.web import clock
from idp.web.attempts import REFUSED, attempt_of, sent_version
from idp.web.guards import current_actor, guarded
from idp.web.plans import plan_response

blueprint = Blueprint("follow_ups", __name__)


@blueprint.get("/follow-ups")
@guarded(Permission.TEAM_VIEW)
def index() -> str:
    """Who of the plans that the reader supervises has written about each half, and who has not."""
    rows = team_follow_ups(db.session(), current_actor(), clock.today())
    halves = [(half, [row for row in rows if row.half is half]) for half in reversed(Half)]
    return render_template("follow_ups/index.html", halves=[each for each in halves if each[1]])


@blueprint.post("/plans/<int:plan_id>/follow-ups/<half>")
@guarded(Permission.PLAN_FOLLOW_UP)
def write(plan_id: int, half: str) -> Response:
    """Write or change one's own part about a half."""
    if half not in set(Half):
        raise NotFound
    session = db.session()
    try:
        text = request.form.get("text", "")
        write_follow_up(session, current_actor(), plan_id, Half(half), text, clock.now(), sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return plan_response(plan_id, attempt_of(refusal, f"follow-up-{half}"))
    flash(_("บันทึกการติดตามแผนครึ่งปีแล้ว"), "success")
    return redirect(url_for("plans.show", plan_id=plan_id, _anchor="follow-ups"))  # type: ignore[return-value]
