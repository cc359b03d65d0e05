"""The kept versions of a plan, and the lines that an amendment struck out."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.queries.plan_amendments import kept_version
from idp.queries.plans import plan_page
from idp.rules.errors import NotVisible
from idp.rules.terms import Permission, SubjectType
from idp.rules.thai import full_name
from idp.services.plan_items import restore_item
from idp.web import clock
from idp.web.assessment_view import report_address
from idp.web.attempts import REFUSED, attempt_of, sent_version
from idp.web.guards import current_actor, guarded
from idp.web.looking import note_look
from idp.web.names.plan_lines import FIELD_NAMES
from idp.web.plan_lines import shown
from idp.web.plans import plan_response

blueprint = Blueprint("plan_amendments", __name__, url_prefix="/plans/<int:plan_id>")


@blueprint.get("/versions/<int:number>")
@guarded(Permission.PLAN_VIEW)
def version(plan_id: int, number: int) -> str:
    """The plan as it was handed in or approved."""
    session = db.session()
    page = plan_page(session, current_actor(), plan_id, clock.today())
    kept = kept_version(session, plan_id, number)
    note_look(SubjectType.PLAN, plan_id)
    lines = [
        (line["title"], [(str(FIELD_NAMES[name]), shown(name, line[name])) for name in FIELD_NAMES])
        for line in kept.content["items"]
        if line["state"] != "cancelled"
    ]
    person = kept.content["person"]
    return render_template(
        "plans/version.html",
        page=page,
        kept=kept,
        lines=lines,
        name=full_name(person["title_th"], person["first_name"], person["last_name"]),
        person=person,
        report_address=report_address(),
    )


@blueprint.post("/items/<int:item_id>/restore")
@guarded(Permission.PLAN_EDIT)
def restore(plan_id: int, item_id: int) -> Response:
    """Put a line back that the amendment struck out."""
    session = db.session()
    page = plan_page(session, current_actor(), plan_id, clock.today())
    if all(item.id != item_id for item in page.items):
        raise NotVisible
    try:
        restore_item(session, current_actor(), item_id, clock.now(), sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return plan_response(plan_id, attempt_of(refusal, "restore"))
    flash(_("นำรายการกลับเข้าแผนแล้ว"), "success")
    return redirect(url_for("plans.show", plan_id=plan_id, _anchor=f"item-{item_id}"))  # type: ignore[return-value]
