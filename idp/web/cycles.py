"""Cycles: the list, the page of one, pre-flight, its people, and the steps of its workflow.

Creating, dating, releasing and closing stand in the modules `cycle_...`, which add their views to this
blueprint.
"""

from collections.abc import Callable

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from idp.adapters.queue import nudge
from idp.database import db
from idp.models import Cycle
from idp.queries.cycle_people import count_of_cycle, people_of_cycle
from idp.queries.cycles import (
    closing_progress,
    cycle_list,
    cycle_with_parts,
    opening_progress,
    progress_by_unit,
    releasable,
    unit_choices,
)
from idp.queries.phases import phases_of
from idp.queries.position_overrides import overrides_in_force
from idp.queries.preflight import Preflight, PreflightProblem, ProblemKind, preflight
from idp.rules.bulk import MOST_ROWS, OF_HR
from idp.rules.cycle_workflow import CYCLE_WORKFLOW
from idp.rules.errors import RequirementNotMet
from idp.rules.permissions import allowed
from idp.rules.relations import Standing
from idp.rules.settings import OrganisationRules
from idp.rules.stages import Stage, by_stage
from idp.rules.terms import AssessmentState, CycleEvent, CycleState, Permission
from idp.services.access import load_cycle
from idp.services.closing import begin_closing
from idp.services.cycles import DATED_STATES, archive_cycle, publish_cycle, unpublish_cycle
from idp.services.framework_choice import has_newer_frameworks
from idp.services.opening import begin_opening
from idp.services.settings import rules_of_cycle, rules_on
from idp.web import clock
from idp.web.attempts import sent_version
from idp.web.guards import current_actor, current_user, guarded
from idp.web.names.cycles import EVENT_DONE, NEXT_STEPS, PROBLEMS, STAGES
from idp.web.people_filter import people_filter

ACTED_IN = (CycleState.OPEN, CycleState.CLOSING, CycleState.CLOSED)
"""Plans live beyond the closing of their cycle."""

blueprint = Blueprint("cycles", __name__, url_prefix="/cycles")

NAMES_OF_A_PROBLEM = 100  # at most `preflight.NAMED`
"""A list longer than this is cut on the page of the pre-flight check, and says so."""

EVENTS: dict[CycleEvent, Callable[..., Cycle]] = {
    CycleEvent.PUBLISH: publish_cycle,
    CycleEvent.UNPUBLISH: unpublish_cycle,
    CycleEvent.BEGIN_OPENING: begin_opening,
    CycleEvent.BEGIN_CLOSING: begin_closing,
    CycleEvent.ARCHIVE: archive_cycle,
}

CARRIED_ON = frozenset({CycleEvent.BEGIN_OPENING, CycleEvent.BEGIN_CLOSING})
"""Steps that a worker carries on with. The nudge only hurries it: its schedule finds the cycle as well."""
CARRY_ON = "cycles.carry_on"


@blueprint.get("/")
@guarded(Permission.CYCLE_VIEW)
def index() -> str:
    """The organisation's cycles."""
    rows = cycle_list(db.session(), current_user().organisation_id or 0, clock.today())
    return render_template("cycles/index.html", rows=rows, next_steps=NEXT_STEPS)


@blueprint.get("/<int:cycle_id>")
@guarded(Permission.CYCLE_VIEW)
def show(cycle_id: int) -> str:
    """One cycle: its dates, its steps, and how far every unit has come."""
    cycle, standing = load(cycle_id)
    session, day = db.session(), clock.today()
    progress = progress_by_unit(session, cycle, day)
    parts = cycle_with_parts(session, cycle.id)
    may_run = allowed(Permission.CYCLE_RUN, standing.relations)
    working = None
    if cycle.state is CycleState.OPENING:
        working = opening_progress(session, cycle)
    elif cycle.state is CycleState.CLOSING:
        working = closing_progress(session, cycle.id)
    return render_template(
        "cycles/show.html",
        cycle=parts,
        progress=progress,
        by_stage=by_stage,
        stages=STAGES,
        Stage=Stage,
        working=working,
        days=phases_of(session, [cycle.id])[cycle.id],
        rules=rules_for(cycle),
        frameworks=[(use.category, use.framework_version) for use in parts.frameworks],
        has_newer_frameworks=may_run and has_newer_frameworks(session, parts, day),
        next_steps=NEXT_STEPS,
        rows=CYCLE_WORKFLOW.available(cycle.state, standing.relations),
        may_run=may_run,
        print_address=_print_address(may_run),
        may_move_dates=may_run and cycle.state in DATED_STATES,
        sees_people=allowed(Permission.ASSESSMENT_VIEW, standing.relations),
        releasable=len(releasable(session, cycle.id)) if may_run and cycle.state is CycleState.OPEN else 0,
    )


@blueprint.get("/<int:cycle_id>/people")
@guarded(Permission.CYCLE_VIEW)
def people(cycle_id: int) -> str:
    """Those of the cycle whom the reader may see, fifty a page."""
    cycle, standing = load(cycle_id)
    session, wanted = db.session(), people_filter(request.args)
    after = request.args.get("after", "")
    page = people_of_cycle(session, current_actor(), cycle_id, wanted, clock.today(), after)
    asked = {name: value for name, value in request.args.items() if name != "after" and value}
    may_act = cycle.state in ACTED_IN and allowed(Permission.CYCLE_RUN, standing.relations)
    return render_template(
        "cycles/people.html",
        cycle=cycle,
        page=page,
        wanted=wanted,
        units=unit_choices(session, cycle.organisation_id),
        states=[state for state in AssessmentState if state is not AssessmentState.CLOSED],
        is_filtered=bool(asked),
        is_further=bool(after),
        first_address=url_for("cycles.people", cycle_id=cycle_id, **asked),  # type: ignore[arg-type]
        next_address=page.next_after
        and url_for("cycles.people", cycle_id=cycle_id, **asked, after=page.next_after),  # type: ignore[arg-type]
        bulk_actions=OF_HR if may_act else (),
        matching=count_of_cycle(session, current_actor(), cycle_id, wanted, clock.today()) if may_act else 0,
        most_rows=MOST_ROWS,
        asked=asked,
    )


@blueprint.get("/<int:cycle_id>/preflight")
@guarded(Permission.CYCLE_RUN)
def check(cycle_id: int) -> str:
    """Who could not be assessed if the cycle opened now, and what else would surprise."""
    cycle, standing = load(cycle_id)
    return _check_page(cycle, standing)


@blueprint.post("/<int:cycle_id>/events")
@guarded(Permission.CYCLE_RUN)
def take_event(cycle_id: int) -> Response:
    """Take the cycle through one step of its workflow; workers carry on with opening and closing."""
    session, actor = db.session(), current_actor()
    cycle, standing = load(cycle_id)
    event = _event()
    service = EVENTS[event]
    try:
        service(session, actor, cycle_id, clock.now(), expected_version=sent_version())
    except RequirementNotMet:
        session.rollback()
        if service is begin_opening:
            return make_response(_check_page(cycle, standing), 422)
        if service is begin_closing:
            return redirect(url_for("cycles.closing", cycle_id=cycle_id))  # type: ignore[return-value]
        raise
    session.commit()
    if event in CARRIED_ON:
        nudge(CARRY_ON, settings=current_app.extensions["settings"])
    flash(str(EVENT_DONE[event]), "success")
    return redirect(url_for("cycles.show", cycle_id=cycle_id))  # type: ignore[return-value]


def load(cycle_id: int) -> tuple[Cycle, Standing]:
    """The cycle and what the reader is to it. Raises NotVisible for a cycle of another organisation."""
    return load_cycle(db.session(), current_actor(), cycle_id, Permission.CYCLE_VIEW, clock.today())


def rules_for(cycle: Cycle) -> OrganisationRules:
    """The rules frozen in the cycle; before it opens, those of today."""
    if cycle.opened_at is not None:
        return rules_of_cycle(cycle)
    return rules_on(db.session(), cycle.organisation_id, clock.today())


def read_unit(organisation_id: int) -> int | None:
    """The unit asked for in the address or the form; None for all. An unknown one is answered with 404."""
    text = request.values.get("unit", "")
    if not text:
        return None
    known = {str(unit[0]): unit[0] for unit in unit_choices(db.session(), organisation_id)}
    if text not in known:
        abort(404)
    return known[text]


def _print_address(may_run: bool) -> str | None:
    """Where print jobs are asked for; None for who may not, and where there is no such page."""
    offered = may_run and "reports.create" in current_app.view_functions
    return url_for("reports.create") if offered else None


def _event() -> CycleEvent:
    """The step asked for; one that no person takes is a wrong request."""
    text = request.form.get("event", "")
    if text not in set(EVENTS):
        abort(400)
    return CycleEvent(text)


def _check_page(cycle: Cycle, standing: Standing) -> str:
    found = preflight(db.session(), cycle, clock.today())
    return render_template(
        "cycles/preflight.html",
        overrides=overrides_in_force(db.session(), cycle.organisation_id, clock.today()),
        cycle=cycle,
        found=found,
        groups=_grouped(found),
        texts=PROBLEMS,
        shown=NAMES_OF_A_PROBLEM,
        rows=CYCLE_WORKFLOW.available(cycle.state, standing.relations),
        BEGIN_OPENING=CycleEvent.BEGIN_OPENING,
    )


def _grouped(found: Preflight) -> dict[ProblemKind, list[PreflightProblem]]:
    groups: dict[ProblemKind, list[PreflightProblem]] = {}
    for problem in found.problems:
        groups.setdefault(problem.kind, []).append(problem)
    return groups
