"""One's assessments, the page of one assessment, and its rating form."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.queries.assessments import assessment_page, my_assessments
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.looks import LookKind
from idp.rules.terms import Permission, RaterKind, SubjectType
from idp.services.assessments import submit_rating, submit_self
from idp.services.ratings import RatingEntry, save_ratings
from idp.services.results_part import enter_results_score
from idp.web import clock
from idp.web.assessment_view import assessment_context
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.forms.ratings import read_ratings, read_score
from idp.web.forms.results_score import FIELD, is_as_drawn
from idp.web.guards import current_actor, guarded
from idp.web.looking import note_look
from idp.web.numbers import asked_number
from idp.web.typed_drafts import note_saved

blueprint = Blueprint("assessments", __name__, url_prefix="/assessments")


@blueprint.get("/")
@guarded(Permission.HOME_VIEW)
def mine() -> str:
    """The assessments of the person signed in, in the organisation chosen and in those they have left."""
    rows = my_assessments(db.session(), current_actor(), clock.today())
    return render_template("assessments/mine.html", rows=rows, released_states=RELEASED_STATES)


@blueprint.get("/<int:assessment_id>")
@guarded(Permission.ASSESSMENT_VIEW)
def show(assessment_id: int) -> Response:
    """The page of one assessment, as its reader may see it."""
    return assessment_response(assessment_id)


@blueprint.post("/<int:assessment_id>/self-rating")
@guarded(Permission.ASSESSMENT_SELF_RATE)
def save_self_rating(assessment_id: int) -> Response:
    """Keep the self-assessment as a draft, and hand it in when asked to."""
    return _save(assessment_id, RaterKind.SELF)


@blueprint.post("/<int:assessment_id>/rating")
@guarded(Permission.ASSESSMENT_RATE)
def save_rating(assessment_id: int) -> Response:
    """Keep the supervisor's rating as a draft, and hand it in when asked to."""
    return _save(assessment_id, RaterKind.SUPERVISOR)


def _save(assessment_id: int, kind: RaterKind) -> Response:
    """The draft is committed on its own: what hinders the handing in must not cost the text."""
    entries, then = read_ratings(request.form), request.form.get("then", "save")
    if "take" in request.form:
        return _take_theirs(assessment_id, entries)
    session, actor, now = db.session(), current_actor(), clock.now()
    is_saved = False
    try:
        assessment = save_ratings(session, actor, assessment_id, kind, entries, now, sent_version())
        if kind is RaterKind.SUPERVISOR and FIELD in request.form and not is_as_drawn(request.form):
            enter_results_score(session, actor, assessment_id, read_score(request.form[FIELD]), now)
        session.commit()
        is_saved = True
        if then == "submit":
            submit = submit_self if kind is RaterKind.SELF else submit_rating
            submit(session, actor, assessment_id, now, assessment.version)
            session.commit()
    except REFUSED as refusal:
        session.rollback()
        if is_saved:
            note_saved()
        attempt = attempt_of(refusal, "ratings", entries=entries, is_saved=is_saved)
        return assessment_response(assessment_id, attempt)
    done = {
        ("submit", RaterKind.SELF): _("ส่งผลประเมินตนเองให้ผู้บังคับบัญชาแล้ว"),
        ("submit", RaterKind.SUPERVISOR): _("ส่งผลการประเมินแล้ว"),
    }
    flash(done.get((then, kind), _("บันทึกร่างแล้ว ท่านกลับมาแก้ไขต่อได้จนกว่าจะส่ง")), "success")
    return redirect(url_for("assessments.show", assessment_id=assessment_id))  # type: ignore[return-value]


def _take_theirs(assessment_id: int, entries: dict[int, RatingEntry]) -> Response:
    """The form again with what somebody else saved for one competency; nothing is saved yet."""
    taken = asked_number(request.form, "take")
    kept = {item_id: entry for item_id, entry in entries.items() if item_id != taken}
    attempt = Attempt(event="ratings", form=request.form, entries=kept, is_choosing=True)
    return assessment_response(assessment_id, attempt)


def assessment_response(assessment_id: int, attempt: Attempt = NOTHING_SENT) -> Response:
    """The page; with an attempt that was refused, what was typed and why."""
    page = assessment_page(db.session(), current_actor(), assessment_id, clock.today())
    note_look(SubjectType.ASSESSMENT, assessment_id, LookKind.PAGE)
    body = render_template("assessments/show.html", **assessment_context(page, attempt))
    return make_response(body, attempt.status)
