"""The change desk: the changes entered, and a new one in two steps: what changes, then what it means."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from sqlalchemy import select

from idp.database import db
from idp.models import Assignment, Employee, LineOfWork, Organisation, PositionLevel
from idp.queries.change_list import change_list, change_page
from idp.queries.cycles import unit_choices
from idp.queries.staff import appraiser_choices, find_appraisers, staff_page
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible, StaleVersion
from idp.rules.staff_changes import ENDING, WITH_A_NEW_POST, WITH_A_RETURN, ChangeKind
from idp.rules.terms import Permission
from idp.services.change_entry import enter_change
from idp.services.staff_changes import load_employee, preview_change
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, Attempt, attempt_of
from idp.web.change_view import preview_context
from idp.web.forms.changes import read_change, read_choices, typed_change
from idp.web.forms.cycles import written_date
from idp.web.guards import current_actor, current_user, guarded
from idp.web.labels import label
from idp.web.messages import message_of
from idp.web.numbers import asked_number

blueprint = Blueprint("changes", __name__, url_prefix="/changes")

EVENT = "change"


@blueprint.get("/")
@guarded(Permission.CHANGE_VIEW)
def index() -> Response:
    """The changes entered, and whose change to enter next."""
    session, organisation_id = db.session(), current_user().organisation_id or 0
    person, problem = request.args.get("person", "").strip(), ""
    if person:
        employee_id, problem = _employee_meant(organisation_id, person)
        if employee_id is not None:
            return redirect(url_for("changes.new", employee_id=employee_id))  # type: ignore[return-value]
    text, awaited = request.args.get("text", "").strip()[:100], request.args.get("awaited") == "1"
    before = asked_number(request.args, "before")
    rows, following = change_list(session, organisation_id, text, only_awaited=awaited, before=before)
    asked = {"text": text, "awaited": "1" if awaited else None}
    page = render_template(
        "changes/index.html",
        rows=rows,
        text=text,
        only_awaited=awaited,
        person=person,
        problem=problem,
        is_filtered=bool(text or awaited),
        is_further=before is not None,
        first_address=url_for("changes.index", **asked),  # type: ignore[arg-type]
        next_address=following and url_for("changes.index", **asked, before=following),  # type: ignore[arg-type]
        choices=[
            (f"{each.number} {each.name}".strip(), each.position)
            for each in appraiser_choices(session, organisation_id, clock.today())
            if each.number
        ],
    )
    return make_response(page, 422 if problem else 200)


@blueprint.get("/new/<int:employee_id>")
@guarded(Permission.CHANGE_EDIT)
def new(employee_id: int) -> Response:
    """Step 1: what changes, from which day, by which order."""
    return _fields_page(employee_id, NOTHING_SENT)


@blueprint.post("/new/<int:employee_id>/preview")
@guarded(Permission.CHANGE_EDIT)
def show_consequences(employee_id: int) -> Response:
    """Step 2: everything that the change would touch; nothing is written."""
    return _preview(employee_id, NOTHING_SENT)


@blueprint.post("/new/<int:employee_id>")
@guarded(Permission.CHANGE_EDIT)
def enter(employee_id: int) -> Response:
    """Write the change with what was chosen; refused, it comes back with every choice as it was made."""
    session, seen = db.session(), request.form.get("seen", "")
    try:
        typed, choices = read_change(request.form), read_choices(request.form)
        change = enter_change(session, current_actor(), employee_id, typed, choices, seen, clock.now())
        session.commit()
    except (InvalidInput, StaleVersion) as refusal:
        session.rollback()
        known = _entered_before(refusal)
        if known is not None:
            flash(_("มีการบันทึกการเปลี่ยนแปลงนี้ไว้แล้ว ระบบไม่ได้บันทึกซ้ำ"), "warning")
            return redirect(url_for("changes.show", change_id=known))  # type: ignore[return-value]
        return _preview(employee_id, attempt_of(refusal, EVENT))
    flash(_("บันทึกการเปลี่ยนแปลงแล้ว"), "success")
    return redirect(url_for("changes.show", change_id=change.id))  # type: ignore[return-value]


@blueprint.get("/<int:change_id>")
@guarded(Permission.CHANGE_VIEW)
def show(change_id: int) -> str:
    """One change with what became of each record, and what is still to do."""
    page = change_page(db.session(), current_user().organisation_id or 0, change_id)
    if page is None:
        raise NotVisible
    has_accounts = "accounts.show" in current_app.view_functions
    return render_template(
        "changes/show.html",
        page=page,
        is_ending=page.row.kind in ENDING,
        account_address=url_for("accounts.show", person_id=page.person_id) if has_accounts else None,
    )


def _preview(employee_id: int, attempt: Attempt) -> Response:
    """The second step; back to the first where the change itself cannot be."""
    session = db.session()
    try:
        typed = read_change(request.form)
        move, shown = preview_change(session, current_actor(), employee_id, typed, clock.now())
    except InvalidInput as refusal:
        return _fields_page(employee_id, attempt_of(refusal, EVENT))
    context = preview_context(move, shown, attempt, request.form)
    organisation_id = current_user().organisation_id or 0
    body = render_template(
        "changes/preview.html", **context, choices=_likely(organisation_id, move.employee.person_id)
    )
    return make_response(body, attempt.status)


def _entered_before(refusal: Exception) -> int | None:
    """The same change, entered a moment ago by a second click or by somebody else."""
    problems = refusal.problems if isinstance(refusal, InvalidInputs) else ()
    for problem in problems:
        if problem.code == "entered_already":
            return int(str(problem.values["change_id"]))
    return None


def _fields_page(employee_id: int, attempt: Attempt) -> Response:
    session, today = db.session(), clock.today()
    employee = load_employee(session, current_actor(), employee_id, today)
    organisation_id = employee.organisation_id
    page = staff_page(session, organisation_id, employee_id)
    family = session.get_one(Organisation, organisation_id).family
    levels = session.scalars(select(PositionLevel).order_by(PositionLevel.sort_order)).all()
    lines = session.scalars(select(LineOfWork).order_by(LineOfWork.name_th)).all()
    body = render_template(
        "changes/new.html",
        employee=page,
        attempt=attempt,
        typed=typed_change(request.form) if request.form else _stored(employee),
        kinds=[(each.value, label(each)) for each in ChangeKind],
        units=unit_choices(session, organisation_id),
        levels=[
            (each.id, f"{each.type_name_th} {each.name_th}".strip())
            for each in levels
            if family in each.families.split()
        ],
        lines=[(each.id, each.name_th) for each in lines],
        choices=_likely(organisation_id, employee.person_id),
        with_post=[label(each) for each in ChangeKind if each in WITH_A_NEW_POST],
        with_return=[label(each) for each in ChangeKind if each in WITH_A_RETURN],
    )
    return make_response(body, attempt.status)


def _stored(employee: Employee) -> dict[str, Any]:
    """What the fields hold before anything is typed: the post as it is."""
    session, today = db.session(), clock.today()
    current = session.scalar(
        select(Assignment).where(Assignment.employee_id == employee.id, Assignment.until_on.is_(None))
    )
    stored: dict[str, Any] = dict.fromkeys(typed_change({}), "")
    stored["effective_on"] = written_date(today)
    stored["kind"] = request.args.get("kind", "")
    if current is not None:
        stored |= {
            "unit_id": current.unit_id,
            "position_name": current.position_name,
            "position_number": current.position_number,
            "position_level_id": current.position_level_id,
            "line_of_work_id": current.line_of_work_id or "",
        }
        page = staff_page(session, employee.organisation_id, employee.id)
        row = next((each for each in page.assignments if each.id == current.id), None) if page else None
        stored["supervisor"] = row.supervisor_name if row else ""
        stored["second_level"] = row.second_level_name if row else ""
    return stored


def _likely(organisation_id: int, but: int) -> list[tuple[str, str]]:
    """Those who may supervise, as the field takes them: "number name", or the name of who is not staff."""
    found = appraiser_choices(db.session(), organisation_id, clock.today())
    return [(f"{each.number} {each.name}".strip(), each.position) for each in found if each.person_id != but]


def _employee_meant(organisation_id: int, text: str) -> tuple[int | None, str]:
    """The employee whom a number or whole name means, else what is wrong with it."""
    session = db.session()
    found = [each for each in find_appraisers(session, organisation_id, text, clock.today()) if each.number]
    if len(found) != 1:
        code = "several_persons" if found else "no_such_person"
        return None, message_of(InvalidInput("person", code))
    employee_id = session.scalar(
        select(Employee.id).where(
            Employee.organisation_id == organisation_id, Employee.number == found[0].number
        )
    )
    return employee_id, ""
