"""Signed paper forms: what may be entered for one person now, and the forms to enter it."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from idp.database import db
from idp.queries.paper import RATER, paper_page
from idp.rules.errors import InvalidInput, InvalidInputs, NotPermitted, NotVisible, TransitionNotAllowed
from idp.rules.evidence import MOST_FILES
from idp.rules.paper import STEP_OF_KEY
from idp.rules.terms import EmployeeOpinion, Permission, SecondOpinion
from idp.services import paper
from idp.services.paper import Bringing, Sheet
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.forms.paper import read_day, read_plan, read_progress
from idp.web.forms.ratings import read_ratings, read_score
from idp.web.guards import current_actor, guarded
from idp.web.names.paper import DONE
from idp.web.paper_view import form_context, index_context, items_of, note_what_is_seen
from idp.web.uploads import sent_file, sent_files, takes_files, upload_desk

blueprint = Blueprint("paper", __name__, url_prefix="/paper")

Choice = TypeVar("Choice", bound=StrEnum)


@blueprint.get("/assessments/<int:assessment_id>")
@guarded(Permission.PAPER_ENTER)
def index(assessment_id: int) -> Response:
    """What may be entered for this person now, and what has been."""
    return _index(assessment_id)


@blueprint.get("/assessments/<int:assessment_id>/<paper_step>")
@guarded(Permission.PAPER_ENTER)
def show(assessment_id: int, paper_step: str) -> Response:
    """The form of one paper."""
    _check_key(paper_step)
    return _form(assessment_id, paper_step)


@blueprint.post("/assessments/<int:assessment_id>/<paper_step>")
@guarded(Permission.PAPER_ENTER)
@takes_files
def enter(assessment_id: int, paper_step: str) -> Response:
    """Enter one paper with its scan; a refused one comes back with all that was typed."""
    _check_key(paper_step)
    session = db.session()
    # Who may not is told so whatever they sent.
    paper_page(session, current_actor(), assessment_id, clock.today())
    if paper_step == "plan" and request.form.get("then") == "more":
        return _form(assessment_id, paper_step, Attempt(event="plan", form=request.form), more=True)
    bringing = Bringing(session, upload_desk(), current_actor(), assessment_id, clock.now())
    entries = read_ratings(request.form) if paper_step in RATER else {}
    try:
        problems: list[InvalidInput] = []
        sheet = _sheet(problems)
        act = ENTER[paper_step](bringing, sheet, paper_step, problems)
        if problems:
            raise InvalidInputs(problems)
        act()
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        event = "ratings" if paper_step in RATER else paper_step
        return _form(assessment_id, paper_step, attempt_of(refusal, event, entries=entries))
    flash(str(DONE[paper_step]), "success")
    return redirect(url_for("paper.index", assessment_id=assessment_id))  # type: ignore[return-value]


Act = Callable[[], object]
Problems = list[InvalidInput]


def _ratings(bringing: Bringing, sheet: Sheet, key: str, problems: Problems) -> Act:
    entries = read_ratings(request.form)
    text = request.form.get("results_score", "")
    score = _gather(problems, lambda: read_score(text) if key == "rating" else None)
    return lambda: paper.enter_ratings(bringing, key, sheet, entries, score)


def _second_opinion(bringing: Bringing, sheet: Sheet, _key: str, problems: Problems) -> Act:
    opinion = _gather(problems, lambda: _choice("opinion", SecondOpinion))
    text = request.form.get("second_opinion_text", "")
    if opinion is SecondOpinion.DIFFERS and not text.strip():
        problems.append(InvalidInput("second_opinion_text", "required"))
    return lambda: opinion and paper.enter_second_opinion(bringing, sheet, opinion, text)


def _receipt(bringing: Bringing, sheet: Sheet, _key: str, problems: Problems) -> Act:
    opinion = _gather(problems, lambda: _choice("opinion", EmployeeOpinion))
    text = request.form.get("employee_opinion_text", "")
    return lambda: opinion and paper.enter_receipt(bringing, sheet, opinion, text)


def _plan(bringing: Bringing, sheet: Sheet, _key: str, problems: Problems) -> Act:
    written = _gather(problems, lambda: read_plan(request.form))
    if written is None:
        return lambda: None
    known = {item.id for item in items_of(bringing.assessment_id, bringing.actor)}
    if not {line.item_id for line in written.lines} | set(written.removed) <= known | {None}:
        raise NotVisible
    note = request.form.get("note", "")
    return lambda: paper.enter_plan(bringing, sheet, written.lines, written.removed, note)


def _approval(bringing: Bringing, sheet: Sheet, key: str, _problems: Problems) -> Act:
    return lambda: paper.enter_approval(bringing, key, sheet, request.form.get("comment", ""))


def _progress(bringing: Bringing, sheet: Sheet, _key: str, problems: Problems) -> Act:
    items = items_of(bringing.assessment_id, bringing.actor)
    lines = _gather(problems, lambda: read_progress(request.form, items))
    files = {item.id: sent_files(f"item-{item.id}-files", MOST_FILES + 1) for item in items}
    evidence = {item_id: sent for item_id, sent in files.items() if sent}
    return lambda: paper.enter_progress(bringing, sheet, lines or [], evidence)


def _plan_results(bringing: Bringing, sheet: Sheet, _key: str, _problems: Problems) -> Act:
    return lambda: paper.enter_plan_results(bringing, sheet, request.form.get("reflection", ""))


ENTER: dict[str, Callable[[Bringing, Sheet, str, Problems], Act]] = {
    "self": _ratings,
    "rating": _ratings,
    "second-opinion": _second_opinion,
    "receipt": _receipt,
    "plan": _plan,
    "plan-approval": _approval,
    "plan-check": _approval,
    "progress": _progress,
    "plan-results": _plan_results,
}

T = TypeVar("T")


def _gather(problems: Problems, read: Callable[[], T]) -> T | None:
    """What was read; what is wrong joins the problems, so that all of them are told at once."""
    try:
        return read()
    except InvalidInput as refused:
        problems += getattr(refused, "problems", (refused,))
        return None


def _sheet(problems: Problems) -> Sheet:
    day: date | None = _gather(problems, lambda: read_day(request.form))
    return Sheet(day, sent_file("scan"), sent_version())


def _choice(name: str, kind: type[Choice]) -> Choice:
    try:
        return kind(request.form.get(name, ""))
    except ValueError as error:
        raise InvalidInput(name, "required") from error


def _check_key(key: str) -> None:
    if key not in STEP_OF_KEY:
        raise NotFound


def _index(assessment_id: int, attempt: Attempt = NOTHING_SENT) -> Response:
    page = paper_page(db.session(), current_actor(), assessment_id, clock.today())
    body = render_template("paper/index.html", **index_context(page, attempt))
    return make_response(body, attempt.status)


def _form(assessment_id: int, key: str, attempt: Attempt = NOTHING_SENT, *, more: bool = False) -> Response:
    """The form; where it is no longer the time for it, the page that says what is."""
    page = paper_page(db.session(), current_actor(), assessment_id, clock.today())
    offered = page.offer(key)
    if offered is None:
        if attempt.is_stale:
            return _index(assessment_id, attempt)
        raise TransitionNotAllowed("paper", page.assessment.state, key)
    if offered.begun_by_signer:
        raise NotPermitted(Permission.PAPER_ENTER)
    note_what_is_seen(page, key)
    body = render_template("paper/form.html", **form_context(page, offered, attempt, more=more))
    return make_response(body, attempt.status)
