"""The register of staff: the list, one employee, and what HR mends there."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.queries.cycles import unit_choices
from idp.queries.staff import (
    StaffFilter,
    StaffPage,
    appraiser_choices,
    staff_list,
    staff_page,
)
from idp.rules.errors import InvalidInput, NotVisible, StaleVersion
from idp.rules.terms import Permission
from idp.rules.thai import parse_thai_date
from idp.services.staff_corrections import change_supervisors, correct_email
from idp.web import clock
from idp.web.attempts import sent_version
from idp.web.forms.cycles import written_date
from idp.web.guards import current_actor, current_user, guarded
from idp.web.messages import message_of
from idp.web.numbers import asked_number

blueprint = Blueprint("staff", __name__, url_prefix="/staff")

LINE_FIELDS = ("supervisor", "second_level", "from_on")


@blueprint.get("/")
@guarded(Permission.STAFF_VIEW)
def index() -> str:
    """Who serves today, fifty a page."""
    organisation_id = current_user().organisation_id or 0
    wanted = StaffFilter(
        unit_id=asked_number(request.args, "unit"),
        text=request.args.get("text", "").strip()[:100],
        without_supervisor=request.args.get("without") == "supervisor",
        without_email=request.args.get("without") == "email",
        without_access=request.args.get("without") == "access",
    )
    after = request.args.get("after", "")
    page = staff_list(db.session(), organisation_id, clock.today(), wanted, after)
    asked = {name: value for name, value in request.args.items() if name != "after" and value}
    return render_template(
        "staff/index.html",
        page=page,
        wanted=wanted,
        without=request.args.get("without", ""),
        units=unit_choices(db.session(), organisation_id),
        is_filtered=bool(asked),
        is_further=bool(after),
        first_address=url_for("staff.index", **asked),  # type: ignore[arg-type]
        next_address=page.next_after and url_for("staff.index", **asked, after=page.next_after),  # type: ignore[arg-type]
    )


@blueprint.get("/<int:employee_id>")
@guarded(Permission.STAFF_VIEW)
def show(employee_id: int) -> Response:
    """One employee: assignments, roles, and the forms that mend them."""
    return _page(employee_id, {}, {}, 200)


@blueprint.post("/<int:employee_id>/email")
@guarded(Permission.STAFF_EDIT)
def save_email(employee_id: int) -> Response:
    """Write or take away the e-mail address."""
    typed = {"email": request.form.get("email", "")}
    try:
        correct_email(db.session(), current_actor(), employee_id, typed["email"], clock.now(), sent_version())
    except (InvalidInput, StaleVersion) as error:
        return _refused(employee_id, typed, error)
    db.session.commit()
    flash(_("บันทึกที่อยู่อีเมลแล้ว"), "success")
    return redirect(url_for("staff.show", employee_id=employee_id))  # type: ignore[return-value]


@blueprint.post("/<int:employee_id>/supervisors")
@guarded(Permission.STAFF_EDIT)
def save_supervisors(employee_id: int) -> Response:
    """Change who appraises from a day on. Cycles already open keep whom they froze."""
    typed = {name: request.form.get(name, "") for name in LINE_FIELDS}
    try:
        try:
            from_on = parse_thai_date(typed["from_on"])
        except ValueError as error:
            code = "not_a_date" if typed["from_on"].strip() else "required"
            raise InvalidInput("from_on", code) from error
        change_supervisors(
            db.session(),
            current_actor(),
            employee_id,
            typed["supervisor"],
            typed["second_level"],
            from_on,
            clock.now(),
            sent_version(),
        )
    except (InvalidInput, StaleVersion) as error:
        return _refused(employee_id, typed, error)
    db.session.commit()
    flash(_("บันทึกผู้ประเมินแล้ว"), "success")
    return redirect(url_for("staff.show", employee_id=employee_id))  # type: ignore[return-value]


def _refused(employee_id: int, typed: dict[str, str], refusal: InvalidInput | StaleVersion) -> Response:
    """The page with all that was typed; where somebody else was first, with what they wrote beside it."""
    db.session.rollback()
    if isinstance(refusal, StaleVersion):
        return _page(employee_id, typed, {}, 409)
    return _page(employee_id, typed, {refusal.field: message_of(refusal)}, 422)


def _page(employee_id: int, typed: dict[str, str], errors: dict[str, str], status: int) -> Response:
    organisation_id = current_user().organisation_id or 0
    employee = staff_page(db.session(), organisation_id, employee_id)
    if employee is None:
        raise NotVisible
    stored = _stored(employee)
    page = render_template(
        "staff/show.html",
        employee=employee,
        # A form refused for what was typed keeps the version that its reader saw.
        version=sent_version() if status == 422 else employee.version,
        is_stale=status == 409,
        theirs={name: stored[name] for name in typed if status == 409 and stored[name] != typed[name]},
        errors=errors,
        typed=stored | typed,
        choices=[
            (choice.as_typed, choice.position)
            for choice in appraiser_choices(db.session(), organisation_id, clock.today())
            if choice.person_id != employee.person_id
        ],
    )
    return make_response(page, status)


def _stored(employee: StaffPage) -> dict[str, Any]:
    """What the fields hold before anything is typed."""
    current = next((each for each in employee.assignments if each.until_on is None), None)
    return {
        "email": employee.email,
        "supervisor": current.supervisor_name if current else "",
        "second_level": current.second_level_name if current else "",
        "from_on": written_date(clock.today()),
    }
