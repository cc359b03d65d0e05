"""The personnel office has development actions proposed to everybody with a released result."""

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, url_for

from idp.adapters.queue import nudge
from idp.database import db
from idp.queries.suggestion_runs import latest_runs, people_with_result
from idp.rules.terms import CycleState, Permission
from idp.services.access import load_cycle
from idp.services.suggestion_runs import begin_suggestions
from idp.web import clock
from idp.web.guards import current_actor, guarded

blueprint = Blueprint("suggestion_runs", __name__, url_prefix="/cycles/<int:cycle_id>/suggestions")

RUNS_SHOWN = 10
REFRESH_SECONDS = 5


@blueprint.get("")
@guarded(Permission.SUGGESTION_RUN)
def index(cycle_id: int) -> Response:
    """How far the request under way is, the requests before it, and the button for a new one."""
    session, actor = db.session(), current_actor()
    cycle, _standing = load_cycle(session, actor, cycle_id, Permission.SUGGESTION_RUN, clock.today())
    runs = latest_runs(session, cycle_id, RUNS_SHOWN)
    under_way = next((run for run in runs if run.is_under_way), None)
    body = render_template(
        "suggestions/run.html",
        cycle=cycle,
        runs=runs,
        under_way=under_way,
        people=people_with_result(session, cycle_id),
        may_begin=cycle.state is CycleState.OPEN and under_way is None,
    )
    response = make_response(body)
    if under_way is not None:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@blueprint.post("")
@guarded(Permission.SUGGESTION_RUN)
def begin(cycle_id: int) -> Response:
    """Let the workers propose; who asks while they do is shown how far they are."""
    session = db.session()
    begin_suggestions(session, current_actor(), cycle_id, clock.now())
    session.commit()
    nudge("suggestions.carry_on", settings=current_app.extensions["settings"])
    return redirect(url_for("suggestion_runs.index", cycle_id=cycle_id))  # type: ignore[return-value]
