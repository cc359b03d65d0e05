"""One step for many records: tick, look at what would come of it, confirm, read what came of each.

Selection and confirmation are sent by POST and lead on to the run's own page, which can be reloaded: a second
click finds the run begun. The page without scripts is the same.
"""

from datetime import date
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from idp.adapters.queue import nudge
from idp.database import db
from idp.models import BulkRun
from idp.queries.bulk import BulkRowShown, rows_of_run
from idp.queries.cycle_people import everybody_of_cycle
from idp.rules.bulk import MOST_ROWS, NEED_DAY, NEED_REASON, ON_PLANS, TAKE_TEXT, BulkAction
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.terms import AssessmentState, Permission, PhaseKind, PlanState, Relation, Requirement
from idp.rules.thai import parse_thai_date
from idp.services.access import load_cycle
from idp.services.bulk import (
    RESUMED_AFTER,
    begin_run,
    carry_out,
    keep_run,
    leave_to_workers,
    load_run,
    previews,
)
from idp.web import clock
from idp.web.bulk_choice import EVERYBODY, LONGEST_WAY_BACK, READ, TICKED, choose_again, read_fields
from idp.web.guards import current_actor, guarded
from idp.web.labels import label
from idp.web.messages import message_of
from idp.web.names.bulk import OBSTACLES, TEXT_LABELS
from idp.web.numbers import asked_number, record_number
from idp.web.people_filter import people_filter
from idp.web.targets import local_target

blueprint = Blueprint("bulk", __name__, url_prefix="/bulk")

ROWS_AT_ONCE = 20
"""So many are tried before others may write again."""

ROWS_IN_REQUEST = 200
CARRY_ON = "bulk.carry_on"


@blueprint.post("/")
@guarded(Permission.TEAM_VIEW)
def choose() -> Response:
    """Try the step on what was ticked, or on all that match the list's filter, and show what would come of
    it."""
    try:
        return _try(_action(), _chosen())
    except InvalidInput as error:
        db.session.rollback()
        return choose_again(error)


def _try(action: BulkAction, chosen: list[int]) -> Response:
    session, actor, now = db.session(), current_actor(), clock.now()
    session.rollback()
    shown = []
    for number, preview in enumerate(previews(session, actor, action, chosen, now, _read()), start=1):
        shown.append(preview)
        if number % ROWS_AT_ONCE == 0:
            session.rollback()
    session.rollback()
    way_back = local_target(request.form.get("back"))[:LONGEST_WAY_BACK]
    run = keep_run(session, actor, action, shown, now, way_back)
    session.commit()
    return _to_run(run.id)


@blueprint.get("/<int:run_id>")
@guarded(Permission.TEAM_VIEW)
def show(run_id: int) -> Response:
    """The preview; after the confirmation, what came of each row."""
    return _page(load_run(db.session(), current_actor(), run_id))


@blueprint.post("/<int:run_id>/carry-out")
@guarded(Permission.TEAM_VIEW)
def confirm(run_id: int) -> Response:
    """Do what was shown, one record after the other."""
    session, actor, now = db.session(), current_actor(), clock.now()
    run = load_run(session, actor, run_id)
    try:
        until_on = _day() if run.action in NEED_DAY else None
        begins = begin_run(session, actor, run_id, request.form.get("reason", ""), until_on, now)
    except InvalidInput as error:
        session.rollback()
        problems = getattr(error, "problems", (error,))
        return _page(
            load_run(session, actor, run_id), {each.field: message_of(each) for each in problems}, 422
        )
    session.commit()
    if begins:
        _carry_out(run_id)
    return _to_run(run_id)


def _carry_out(run_id: int) -> None:
    """As many rows as a request has time for; workers do the rest."""
    session, now = db.session(), clock.now()
    for number, _done in enumerate(carry_out(session, current_actor(), run_id, now), start=1):
        session.commit()
        if number == ROWS_IN_REQUEST:
            leave_to_workers(session, run_id, now)
            session.commit()
            nudge(CARRY_ON, settings=current_app.extensions["settings"])
            return
    session.commit()


def _page(run: BulkRun, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    rows = rows_of_run(db.session(), current_actor(), run.id, clock.today())
    is_over = run.finished_at is not None
    is_resumable = not is_over and run.begun_at is not None and run.begun_at <= clock.now() - RESUMED_AFTER
    body = render_template(
        "bulk/show.html",
        run=run,
        rows=rows,
        possible=[row for row in rows if row.can_be_done],
        impossible=[row for row in rows if not row.can_be_done],
        done=[row for row in rows if row.is_done],
        left=[row for row in rows if row.can_be_done and row.is_done is False],
        waiting=[row for row in rows if row.can_be_done and row.is_done is None],
        errors=errors or {},
        typed=request.form,
        is_begun=run.begun_at is not None,
        is_over=is_over,
        is_resumable=is_resumable,
        takes_text=run.action in TAKE_TEXT,
        needs_text=run.action in NEED_REASON,
        needs_day=run.action in NEED_DAY,
        text_label=TEXT_LABELS.get(run.action, ""),
        state_of=_state_of(run),
        becomes=becomes,
        words=words_of,
    )
    return make_response(body, status)


def _state_of(run: BulkRun) -> Any:
    """The term of a row's state; a row without a plan shows the assessment's."""

    def state_of(row: BulkRowShown) -> AssessmentState | PlanState:
        if run.action in ON_PLANS and row.subject_id is not None:
            return PlanState(row.state)
        return AssessmentState(row.state)

    return state_of


def becomes(row: BulkRowShown) -> dict[str, Any]:
    """What would come of the row, as terms with names."""
    kinds: dict[str, Any] = {
        "plan_state": PlanState,
        "assessment_state": AssessmentState,
        "relation": Relation,
        "phase": PhaseKind,
    }
    return {name: kinds[name](value) for name, value in row.effect.items()}


def words_of(refusal: dict[str, Any]) -> str:
    """Why a row cannot be, or was not, done."""
    match refusal["kind"]:
        case "requirement":
            missing = [label(Requirement(each)) for each in refusal["missing"]]
            return ", ".join([*missing, *refusal["details"]])
        case "input":
            return message_of(InvalidInput(refusal["field"], refusal["code"], **refusal["values"]))
        case kind:
            return str(OBSTACLES[kind])


def _action() -> BulkAction:
    text = request.form.get("action", "")
    if text not in set(BulkAction):
        raise InvalidInput("action", "unknown_choice" if text else "required")
    return BulkAction(text)


def _chosen() -> list[int]:
    scope = request.form.get("scope", TICKED)
    if scope not in (TICKED, EVERYBODY):
        raise InvalidInput("scope", "unknown_choice")
    if scope == TICKED:
        named = (record_number(text) for text in request.form.getlist("assessment"))
        return [each for each in named if each is not None]
    cycle_id = asked_number(request.form, "cycle")
    if cycle_id is None:
        abort(404)
    session, actor, day = db.session(), current_actor(), clock.today()
    load_cycle(session, actor, cycle_id, Permission.CYCLE_VIEW, day)
    wanted = people_filter(request.form)
    return everybody_of_cycle(session, actor, cycle_id, wanted, day, MOST_ROWS + 1)


def _read() -> dict[int, int]:
    """By assessment the version that was read in full, where the list showed it so."""
    named = {record_number(name[len(READ) :]): record_number(text) for name, text in read_fields()}
    return {each: -1 if version is None else version for each, version in named.items() if each is not None}


def _day() -> date | None:
    text = request.form.get("until_on", "").strip()
    if not text:
        return None
    try:
        return parse_thai_date(text)
    except ValueError as error:
        raise InvalidInputs([InvalidInput("until_on", "not_a_date")]) from error


def _to_run(run_id: int) -> Response:
    return redirect(url_for("bulk.show", run_id=run_id), 303)  # type: ignore[return-value]
