"""Rate one competency across a whole team: how far one is, the start for many, and the form itself."""

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext

from idp.database import db
from idp.queries.team_rating_rows import competency_of_team
from idp.queries.team_ratings import cycles_to_rate, team_matrix
from idp.rules.terms import Permission
from idp.services.team_ratings import check_rates_in, save_team_ratings, start_team_ratings
from idp.web import clock
from idp.web.formats import digits
from idp.web.forms.team_ratings import (
    NOTHING_SENT,
    TeamAttempt,
    read_compared,
    read_team_entries,
    read_versions,
)
from idp.web.guards import current_actor, guarded
from idp.web.looking import note_team_look
from idp.web.numbers import asked_number
from idp.web.team_rating_view import form_context, matrix_context, say_what_came_of_the_start

PEOPLE = "people"
"""Where the people begin on the page."""

blueprint = Blueprint("team_ratings", __name__, url_prefix="/team/ratings")


@blueprint.get("/")
@guarded(Permission.TEAM_VIEW)
def index() -> Response:
    """People x competencies of one cycle; the latest unless another is asked for."""
    session, actor, day = db.session(), current_actor(), clock.today()
    cycles = cycles_to_rate(session, actor, day)
    asked = asked_number(request.args, "cycle")
    chosen = next((each for each in cycles if each.id == asked), None)
    if chosen is None and "cycle" in request.args:
        abort(404)
    chosen = chosen or next(iter(cycles), None)
    matrix = team_matrix(session, actor, chosen.id, day) if chosen else None
    if matrix is not None:
        note_team_look([person.assessment_id for person in matrix.people])
    return make_response(
        render_template("team_ratings/index.html", cycles=cycles, cycle=chosen, **matrix_context(matrix))
    )


@blueprint.post("/<int:cycle_id>/start")
@guarded(Permission.ASSESSMENT_RATE)
def start(cycle_id: int) -> Response:
    """Start the rating of all who were shown as ready."""
    session = db.session()
    outcome = start_team_ratings(session, current_actor(), cycle_id, read_versions(request.form), clock.now())
    session.commit()
    say_what_came_of_the_start(outcome)
    return redirect(url_for("team_ratings.index", cycle=cycle_id), 303)  # type: ignore[return-value]


@blueprint.get("/<int:cycle_id>/<int:competency_id>")
@blueprint.get("/<int:cycle_id>/<int:competency_id>/<int:part>")
@guarded(Permission.ASSESSMENT_RATE)
def show(cycle_id: int, competency_id: int, part: int = 1) -> Response:
    """The competency's ladder and a row for each person; `part`: of a large team."""
    return _form(cycle_id, competency_id, part, NOTHING_SENT)


@blueprint.post("/<int:cycle_id>/<int:competency_id>/<int:part>")
@guarded(Permission.ASSESSMENT_RATE)
def save(cycle_id: int, competency_id: int, part: int) -> Response:
    """Keep every row that can be kept; those that cannot come back as they were typed."""
    session, entries = db.session(), read_team_entries(request.form)
    if "take" in request.form:
        taken = asked_number(request.form, "take")
        kept = {item_id: entry for item_id, entry in entries.items() if item_id != taken}
        compared = read_compared(request.form)
        return _form(
            cycle_id,
            competency_id,
            part,
            TeamAttempt(kept, compared=compared, is_choosing=True, form=request.form),
        )
    outcome = save_team_ratings(session, current_actor(), cycle_id, competency_id, entries, clock.now())
    session.commit()
    saved = len(outcome.done)
    if outcome.refused:
        typed = {item_id: entries[item_id] for item_id in outcome.refused}
        return _form(
            cycle_id, competency_id, part, TeamAttempt(typed, outcome.refused, saved, form=request.form)
        )
    if saved:
        said = ngettext("บันทึกแล้ว %(count)s คน", "บันทึกแล้ว %(count)s คน", saved, count=digits(str(saved)))
    else:
        said = _("ไม่มีข้อมูลที่เปลี่ยนแปลง")
    flash(said, "success")
    return redirect(_next(cycle_id, competency_id, part), 303)  # type: ignore[return-value]


def _next(cycle_id: int, competency_id: int, part: int) -> str:
    """The same page again; where asked, the next part of the team, then the next competency, at last the
    overview. A form is reached at its people, so that the next Tab is in the first row."""
    if request.form.get("then") == "next":
        page = competency_of_team(db.session(), current_actor(), cycle_id, competency_id, clock.today(), part)
        if page is not None and part < page.parts:
            part += 1
        elif page is not None and page.after is not None:
            competency_id, part = page.after, 1
        else:
            return url_for("team_ratings.index", cycle=cycle_id)
    return url_for(
        "team_ratings.show", cycle_id=cycle_id, competency_id=competency_id, part=part, _anchor=PEOPLE
    )


def _form(cycle_id: int, competency_id: int, part: int, attempt: TeamAttempt) -> Response:
    """The page; with an attempt that was refused, what was typed and why. Without anybody to rate any more it
    holds nothing but that."""
    page = competency_of_team(db.session(), current_actor(), cycle_id, competency_id, clock.today(), part)
    if page is None and not attempt.entries:
        abort(404)
    if page is None:
        check_rates_in(db.session(), current_actor(), cycle_id, clock.today())
        context = form_context(None, attempt, cycle_id)
        return make_response(render_template("team_ratings/left.html", **context), attempt.status)
    note_team_look([row.person.assessment_id for row in page.rows])
    context = form_context(page, attempt, cycle_id)
    return make_response(render_template("team_ratings/show.html", **context), attempt.status)
