"""More time and reopenings: asked for on a record's page, decided on there or in the office's list."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from idp.database import db
from idp.models import Assessment, Extension
from idp.queries.cycles import cycle_list, unit_choices
from idp.queries.deadlines import RUNNING, day_of_record
from idp.queries.extensions import ExtensionStanding, extension_list
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible, RuleViolation, StaleVersion
from idp.rules.extensions import EXTENDABLE
from idp.rules.terms import Permission, PhaseKind, SubjectType
from idp.services import extensions, reopenings
from idp.services.access import load_assessment, load_plan
from idp.services.settings import rules_of_cycle
from idp.services.unit_extensions import grant_time_to_unit
from idp.web import clock
from idp.web.assessments import assessment_response
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.extension_view import check_plan_seen
from idp.web.formats import show_date
from idp.web.forms.cycles import written_date
from idp.web.forms.extensions import both, read_last_day, read_phase
from idp.web.guards import current_actor, current_user, guarded
from idp.web.messages import message_of
from idp.web.names.extensions import STANDINGS
from idp.web.numbers import asked_number, record_number
from idp.web.plans import plan_response

blueprint = Blueprint("extensions", __name__, url_prefix="/extensions")


@blueprint.get("/")
@guarded(Permission.EXTENSION_DECIDE)
def index() -> Response:
    """What waits for the office, what runs, what is over; by cycle."""
    return _index(NOTHING_SENT)


@blueprint.post("/for/<int:assessment_id>/ask")
@guarded(Permission.EXTENSION_ASK)
def ask(assessment_id: int) -> Response:
    """Ask for more time for one step."""
    return _on_record(assessment_id, "ask_extension", extensions.ask_for_time)


@blueprint.post("/for/<int:assessment_id>/grant")
@guarded(Permission.EXTENSION_DECIDE)
def grant(assessment_id: int) -> Response:
    """Give one person more time without being asked."""
    return _on_record(assessment_id, "grant_time", extensions.grant_time)


@blueprint.post("/for/<int:assessment_id>/reopen/<rater>")
@guarded(Permission.EXTENSION_DECIDE)
def reopen(assessment_id: int, rater: str) -> Response:
    """Let what was handed in be done again: the self-assessment, the supervisor's rating."""
    steps = {"self": reopenings.reopen_self, "supervisor": reopenings.reopen_rating}
    if rater not in steps:
        raise NotFound
    event = "reopen_self" if rater == "self" else "reopen_rating"
    _see_assessment(assessment_id)
    try:
        opened = steps[rater](
            db.session(),
            current_actor(),
            assessment_id,
            _last_day(),
            request.form.get("reason", ""),
            clock.now(),
            sent_version(),
        )
    except REFUSED as refusal:
        db.session.rollback()
        return assessment_response(assessment_id, attempt_of(refusal, event))
    return _opened(opened, url_for("assessments.show", assessment_id=assessment_id))


@blueprint.post("/plan/<int:plan_id>/reopen")
@guarded(Permission.EXTENSION_DECIDE)
def reopen_plan(plan_id: int) -> Response:
    """Let the evaluation of a plan be done again."""
    load_plan(db.session(), current_actor(), plan_id, Permission.PLAN_VIEW, clock.today())
    try:
        opened = reopenings.reopen_evaluation(
            db.session(),
            current_actor(),
            plan_id,
            _last_day(),
            request.form.get("reason", ""),
            clock.now(),
            sent_version(),
        )
    except REFUSED as refusal:
        db.session.rollback()
        return plan_response(plan_id, attempt_of(refusal, "reopen_evaluation"))
    return _opened(opened, url_for("plans.show", plan_id=plan_id))


@blueprint.post("/<int:extension_id>/withdraw")
@guarded(Permission.EXTENSION_ASK)
def withdraw(extension_id: int) -> Response:
    """Take one's own request back."""
    extension = extensions.withdraw_request(
        db.session(), current_actor(), extension_id, clock.now(), sent_version()
    )
    db.session.commit()
    flash(_("ถอนคำขอขยายเวลาแล้ว"), "success")
    return redirect(url_for("assessments.show", assessment_id=extension.assessment_id))  # type: ignore[return-value]


@blueprint.post("/<int:extension_id>/decide")
@guarded(Permission.EXTENSION_DECIDE)
def decide(extension_id: int) -> Response:
    """Agree to a request, perhaps to another day, or refuse it with a reason."""
    _see_extension(extension_id)
    session, actor, now = db.session(), current_actor(), clock.now()
    reason, version = request.form.get("reason", ""), sent_version()
    try:
        if request.form.get("decision") == "refuse":
            extensions.refuse_request(session, actor, extension_id, reason, now, version)
            done = _("บันทึกว่าไม่อนุญาตแล้ว และแจ้งผู้เกี่ยวข้องทราบแล้ว")
        else:
            granted = extensions.grant_request(
                session, actor, extension_id, now, _last_day(), reason, version
            )
            done = _("อนุญาตให้ขยายเวลาถึง %(day)s แล้ว", day=show_date(granted.until_on))
    except REFUSED as refusal:
        session.rollback()
        return _index(attempt_of(refusal, f"decide-{extension_id}"))
    session.commit()
    flash(done, "success")
    return redirect(url_for("extensions.index"))  # type: ignore[return-value]


@blueprint.post("/unit")
@guarded(Permission.EXTENSION_DECIDE)
def for_unit() -> Response:
    """Give a whole unit more time, or reopen a step of everybody in it, each for themself."""
    session, actor, form = db.session(), current_actor(), request.form
    then = "reopen_unit" if form.get("then") == "reopen" else "grant_unit"
    try:
        cycle_id, unit_id = _chosen("cycle_id"), _chosen("unit_id")
        phase, until_on = _phase_and_day(lambda _phase: None)
        reason = form.get("reason", "")
        if then == "grant_unit":
            granted = grant_time_to_unit(
                session, actor, cycle_id, unit_id, phase, until_on, reason, clock.now()
            )
            session.commit()
            flash(_("ขยายเวลาให้ทั้งหน่วยงานถึง %(day)s แล้ว", day=show_date(granted.until_on)), "success")
            return redirect(url_for("extensions.index", show="running"))  # type: ignore[return-value]
        results = reopenings.reopen_unit(
            session, actor, cycle_id, unit_id, phase, until_on, reason, clock.now()
        )
    except REFUSED as refusal:
        session.rollback()
        return _index(attempt_of(refusal, then))
    session.commit()
    page = render_template(
        "extensions/reopened.html", results=results, phase=phase, until_on=until_on, why=_why
    )
    return make_response(page)


def _see_assessment(assessment_id: int) -> Assessment:
    """Before the form is read: what the reader may not see answers as what does not exist."""
    assessment, _standing = load_assessment(
        db.session(), current_actor(), assessment_id, Permission.EXTENSION_VIEW, clock.today()
    )
    return assessment


def _see_extension(extension_id: int) -> None:
    extension = db.session().get(Extension, extension_id)
    if extension is None or extension.assessment_id is None:
        raise NotVisible
    _see_assessment(extension.assessment_id)


def _why(refusal: RuleViolation) -> str:
    """Why one person of a unit was left out."""
    if isinstance(refusal, NotPermitted):
        return str(_("เป็นเรื่องของท่านเอง ต้องให้เจ้าหน้าที่ผู้อื่นดำเนินการ"))
    if isinstance(refusal, StaleVersion):
        return str(_("เปิดให้ดำเนินการใหม่อยู่แล้ว หรือมีผู้ดำเนินการก่อน"))
    if isinstance(refusal, InvalidInput):
        return message_of(refusal)
    return str(_("ขั้นตอนนี้ยังไม่ได้ส่ง หรือแจ้งผลการประเมินแล้ว"))


def _on_record(assessment_id: int, event: str, act: Callable[..., Extension]) -> Response:
    plan_id = record_number(request.form.get("plan_id", ""))
    _see_assessment(assessment_id)
    try:
        if plan_id:
            check_plan_seen(plan_id, assessment_id)
        phase, until_on = _phase_and_day(lambda phase: _day_held(assessment_id, phase))
        extension = act(
            db.session(),
            current_actor(),
            assessment_id,
            phase,
            until_on,
            request.form.get("reason", ""),
            clock.now(),
            None if plan_id else sent_version(),
        )
    except REFUSED as refusal:
        db.session.rollback()
        attempt = attempt_of(refusal, event)
        if plan_id:
            return plan_response(plan_id, attempt)
        return assessment_response(assessment_id, attempt)
    day = show_date(extension.until_on)
    db.session.commit()
    if event == "ask_extension":
        flash(_("ส่งคำขอขยายเวลาถึง %(day)s แล้ว โปรดรอผลการพิจารณา", day=day), "success")
    else:
        flash(_("ขยายเวลาถึง %(day)s แล้ว", day=day), "success")
    if plan_id:
        return redirect(url_for("plans.show", plan_id=plan_id))  # type: ignore[return-value]
    return redirect(url_for("assessments.show", assessment_id=assessment_id))  # type: ignore[return-value]


def _opened(opened: Extension, address: str) -> Response:
    day = show_date(opened.until_on)
    db.session.commit()
    flash(_("เปิดให้ดำเนินการใหม่ถึง %(day)s แล้ว", day=day), "success")
    return redirect(address)  # type: ignore[return-value]


def _phase_and_day(held: Callable[[PhaseKind], tuple[date, bool] | None]) -> tuple[PhaseKind, date]:
    """Both fields, with every problem of the two. `held`: the day that more days are counted from, and
    whether working days count."""
    phase, wrong_phase, wrong_day, until_on = None, None, None, None
    try:
        phase = read_phase(request.form)
    except InvalidInput as error:
        wrong_phase = error
    try:
        counted = held(phase) if phase else None
        until_on = read_last_day(
            request.form,
            counted[0] if counted else clock.today(),
            count_working_days=counted[1] if counted else True,
        )
    except InvalidInput as error:
        wrong_day = error
    both(wrong_phase, wrong_day, request.form.get("reason", ""))
    assert phase is not None and until_on is not None
    return phase, until_on


def _day_held(assessment_id: int, phase: PhaseKind) -> tuple[date, bool]:
    """More days are counted from the day that holds, or from today once it has passed."""
    today, assessment = clock.today(), _see_assessment(assessment_id)
    due_on = day_of_record(db.session(), assessment, phase)
    return max(today, due_on or today), rules_of_cycle(assessment.cycle).count_working_days


def _last_day() -> date:
    return read_last_day(request.form)


def _chosen(name: str) -> int:
    number = asked_number(request.form, name)
    if number is None:
        raise InvalidInput(name.removesuffix("_id"), "required")
    return number


def _index(attempt: Attempt) -> Response:
    session, day = db.session(), clock.today()
    organisation_id = current_user().organisation_id or 0
    asked = request.args.get("show", "")
    standing = ExtensionStanding(asked) if asked in set(ExtensionStanding) else ExtensionStanding.ASKED
    cycle_id = asked_number(request.args, "cycle")
    context: dict[str, Any] = {
        "attempt": attempt,
        "rows": extension_list(session, organisation_id, day, standing, cycle_id),
        "standing": standing,
        "standings": STANDINGS,
        "cycles": [row for row in cycle_list(session, organisation_id, day) if row.state in RUNNING],
        "cycle_id": cycle_id,
        "units": unit_choices(session, organisation_id),
        "phases": EXTENDABLE,
        "reopenable": reopenings.REOPENABLE,
        "written_date": written_date,
        "person_id": current_user().person_id,
        "SubjectType": SubjectType,
    }
    return make_response(render_template("extensions/index.html", **context), attempt.status)
