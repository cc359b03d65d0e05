"""One's own notices."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from idp.database import db
from idp.queries.digests import Subject
from idp.queries.notices import my_notices
from idp.rules.terms import Permission, SubjectType
from idp.services.mentoring import ASKED
from idp.services.notices import mark_read
from idp.web import clock
from idp.web.guards import current_actor, current_user, guarded
from idp.web.numbers import asked_number

blueprint = Blueprint("notifications", __name__, url_prefix="/notifications")


@blueprint.get("/")
@guarded(Permission.NOTIFICATION_VIEW)
def index() -> str:
    """The latest notices; older ones page by page."""
    before = asked_number(request.args, "before")
    user = current_user()
    rows, following = my_notices(db.session(), user.person_id, user.organisation_id, before=before)
    return render_template(
        "notifications/index.html", rows=rows, following=following, address_of=notice_address
    )


@blueprint.post("/read")
@guarded(Permission.NOTIFICATION_VIEW)
def read_all() -> Response:
    """All of them have been read."""
    mark_read(db.session(), current_actor(), clock.now())
    db.session.commit()
    return redirect(url_for("notifications.index"), 303)


@blueprint.post("/<int:notice_id>/read")
@guarded(Permission.NOTIFICATION_VIEW)
def read_one(notice_id: int) -> Response:
    """This one has been read."""
    mark_read(db.session(), current_actor(), clock.now(), notice_id)
    db.session.commit()
    return redirect(url_for("notifications.index"), 303)


def notice_address(event: str, subject: Subject) -> str:
    """Where to look at what a notice speaks of."""
    if event in ("cycle:opened_for_rater", "cycle:extended_for_rater"):
        return url_for("team.index")
    if event == ASKED:
        return url_for("mentors.index")
    if subject.subject_type is SubjectType.ASSESSMENT:
        return url_for("assessments.show", assessment_id=subject.subject_id)
    if subject.subject_type is SubjectType.HANDOVER:
        return url_for("handovers.show", handover_id=subject.subject_id)
    if subject.subject_type is SubjectType.PLAN:
        return url_for("plans.show", plan_id=subject.subject_id)
    if subject.subject_type is SubjectType.DELEGATION:
        return url_for("home.index")  # which says who acts for whom
    return url_for("assessments.mine")
