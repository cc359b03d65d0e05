"""The lines of a plan: added, edited, taken out."""

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from idp.database import db
from idp.queries.plan_pages import PlanItemOnPage
from idp.queries.plans import PlanPage, plan_page
from idp.rules.errors import NotPermitted, NotVisible, TransitionNotAllowed
from idp.rules.terms import Permission, Relation
from idp.services.plan_items import add_item, move_item, remove_item, update_item
from idp.web import clock
from idp.web.attempts import REFUSED, Attempt, attempt_of, sent_version
from idp.web.forms.plan_items import form_of_item, read_plan_item
from idp.web.guards import current_actor, guarded
from idp.web.plan_item_form import SHOW, item_form, shown_again, taken
from idp.web.plans import plan_response

blueprint = Blueprint("plan_items", __name__, url_prefix="/plans/<int:plan_id>/items")


@blueprint.get("/new")
@guarded(Permission.PLAN_EDIT)
def new(plan_id: int) -> Response:
    """The empty form; `?competency=` chooses one beforehand."""
    page = _editable(plan_id)
    asked = request.args
    chosen = {"competency_id": asked.get("competency", ""), "target_level": asked.get("level", "")}
    return item_form(page, None, MultiDict(chosen))


@blueprint.post("/new")
@guarded(Permission.PLAN_EDIT)
def add(plan_id: int) -> Response:
    """Add a line of the employee's own; or draw its form again for the level that was chosen."""
    session = db.session()
    if SHOW in request.form:
        return shown_again(_editable(plan_id), None)
    try:
        fields = read_plan_item(request.form)
        add_item(session, current_actor(), plan_id, fields, clock.now(), sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return item_form(_editable(plan_id), None, request.form, attempt_of(refusal, "item"))
    flash(_("เพิ่มรายการพัฒนาแล้ว"), "success")
    return _to_plan(plan_id)


@blueprint.get("/<int:item_id>/edit")
@guarded(Permission.PLAN_EDIT)
def edit(plan_id: int, item_id: int) -> Response:
    """The form of one line."""
    page = _editable(plan_id)
    item = _item(page, item_id)
    return item_form(page, item, form_of_item(item))


@blueprint.post("/<int:item_id>/edit")
@guarded(Permission.PLAN_EDIT)
def update(plan_id: int, item_id: int) -> Response:
    """Change one line; or draw its form again, for the level that was chosen or with a field of theirs."""
    session = db.session()
    item = _item(plan_page(session, current_actor(), plan_id, clock.today()), item_id)
    if SHOW in request.form:
        return shown_again(_editable(plan_id), item)
    if "take" in request.form:
        choosing = Attempt("item", request.form, is_choosing=True)
        return item_form(_editable(plan_id), item, taken(item), choosing)
    try:
        fields = read_plan_item(request.form)
        update_item(session, current_actor(), item_id, fields, clock.now(), sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        page = _editable(plan_id)
        return item_form(page, _item(page, item_id), request.form, attempt_of(refusal, "item"))
    flash(_("แก้ไขรายการพัฒนาแล้ว"), "success")
    return _to_plan(plan_id, item_id)


@blueprint.post("/<int:item_id>/move")
@guarded(Permission.PLAN_EDIT)
def move(plan_id: int, item_id: int) -> Response:
    """One place up or down in the order of importance."""
    session = db.session()
    _item(plan_page(session, current_actor(), plan_id, clock.today()), item_id)
    places = -1 if request.form.get("direction") == "up" else 1
    try:
        move_item(session, current_actor(), item_id, places, clock.now(), sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return plan_response(plan_id, attempt_of(refusal, "move"))
    return _to_plan(plan_id, item_id)


@blueprint.post("/<int:item_id>/remove")
@guarded(Permission.PLAN_EDIT)
def remove(plan_id: int, item_id: int) -> Response:
    """Take one line out; a suggestion that it came from is open again."""
    session = db.session()
    _item(plan_page(session, current_actor(), plan_id, clock.today()), item_id)
    try:
        remove_item(session, current_actor(), item_id, clock.now(), sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return plan_response(plan_id, attempt_of(refusal, "remove"))
    flash(_("นำรายการออกจากแผนแล้ว"), "success")
    return _to_plan(plan_id)


def _editable(plan_id: int) -> PlanPage:
    """Raises NotVisible, NotPermitted, TransitionNotAllowed when nothing may be edited (any more)."""
    page = plan_page(db.session(), current_actor(), plan_id, clock.today())
    if Relation.OWNER not in page.relations:
        raise NotPermitted(Permission.PLAN_EDIT)
    if not page.may_edit:
        raise TransitionNotAllowed("plan", page.header.state, "edit")
    return page


def _item(page: PlanPage, item_id: int) -> PlanItemOnPage:
    found = next((item for item in page.items if item.id == item_id), None)
    if found is None:
        raise NotVisible
    return found


def _to_plan(plan_id: int, item_id: int | None = None) -> Response:
    anchor = f"item-{item_id}" if item_id else None
    return redirect(url_for("plans.show", plan_id=plan_id, _anchor=anchor))  # type: ignore[return-value]
