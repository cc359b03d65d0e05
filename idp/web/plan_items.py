"""The lines of a plan: added, edited, taken out."""

from collections.abc import Iterable

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from idp.database import db
from idp.queries.history import history_of_plan
from idp.queries.plan_choices import CompetencyChoice, competency_choices
from idp.queries.plan_pages import PlanItemOnPage
from idp.queries.plans import PlanPage, plan_page
from idp.rules.errors import NotPermitted, NotVisible, TransitionNotAllowed
from idp.rules.suggestions import METHOD_GROUPS
from idp.rules.terms import DevelopmentMethod, MethodGroup, Permission, Relation
from idp.services.plan_items import add_item, remove_item, update_item
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.formats import digits, number
from idp.web.forms.plan_items import form_of_item, read_plan_item
from idp.web.guards import current_actor, guarded
from idp.web.labels import label
from idp.web.language import name_of
from idp.web.plans import plan_response
from idp.web.timeline import timeline

blueprint = Blueprint("plan_items", __name__, url_prefix="/plans/<int:plan_id>/items")


@blueprint.get("/new")
@guarded(Permission.PLAN_EDIT)
def new(plan_id: int) -> Response:
    """The empty form; `?competency=` chooses one beforehand."""
    page = _editable(plan_id)
    asked = request.args
    chosen = {"competency_id": asked.get("competency", ""), "target_level": asked.get("level", "")}
    return _form(page, None, MultiDict(chosen))


@blueprint.post("/new")
@guarded(Permission.PLAN_EDIT)
def add(plan_id: int) -> Response:
    """Add a line of the employee's own."""
    session = db.session()
    try:
        fields = read_plan_item(request.form)
        add_item(session, current_actor(), plan_id, fields, clock.now(), sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return _form(_editable(plan_id), None, request.form, attempt_of(refusal, "item"))
    flash(_("เพิ่มรายการพัฒนาแล้ว"), "success")
    return _to_plan(plan_id)


@blueprint.get("/<int:item_id>/edit")
@guarded(Permission.PLAN_EDIT)
def edit(plan_id: int, item_id: int) -> Response:
    """The form of one line."""
    page = _editable(plan_id)
    item = _item(page, item_id)
    return _form(page, item, form_of_item(item))


@blueprint.post("/<int:item_id>/edit")
@guarded(Permission.PLAN_EDIT)
def update(plan_id: int, item_id: int) -> Response:
    """Change one line."""
    session = db.session()
    item = _item(plan_page(session, current_actor(), plan_id, clock.today()), item_id)
    if "take" in request.form:
        return _form(_editable(plan_id), item, _taken(item), Attempt("item", request.form, is_choosing=True))
    try:
        fields = read_plan_item(request.form)
        update_item(session, current_actor(), item_id, fields, clock.now(), sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        page = _editable(plan_id)
        return _form(page, _item(page, item_id), request.form, attempt_of(refusal, "item"))
    flash(_("แก้ไขรายการพัฒนาแล้ว"), "success")
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


def _form(
    page: PlanPage,
    item: PlanItemOnPage | None,
    form: MultiDict[str, str],
    attempt: Attempt = NOTHING_SENT,
) -> Response:
    choices = competency_choices(db.session(), page.header.assessment_id)
    body = render_template(
        "plans/item.html",
        page=page,
        header=page.header,
        item=item,
        form=form,
        attempt=attempt,
        competencies=_competencies(choices),
        levels=[(level, digits(level)) for level in sorted({each for one in choices for each in one.levels})],
        methods=_methods(),
        theirs=_theirs(item, form) if item is not None and attempt.compares else {},
        history=timeline(history_of_plan(db.session(), page.header.id)) if attempt.is_stale else [],
    )
    return make_response(body, attempt.status)


def _theirs(item: PlanItemOnPage, form: MultiDict[str, str]) -> dict[str, str]:
    """What somebody else saved meanwhile, by field, where it differs from what was typed; choices by their
    names."""
    saved = form_of_item(item)
    shown = [name for name in saved if name not in ("indicators_of", "indicator_ids")]
    differing = {name: saved[name] for name in shown if _plain(form.get(name, "")) != _plain(saved[name])}
    if "method" in differing:
        differing["method"] = label(item.method)
    if "competency_id" in differing:
        differing["competency_id"] = name_of(item.competency_name_th or "", item.competency_name_en or "")
    return differing


def _taken(item: PlanItemOnPage) -> MultiDict[str, str]:
    """The form as it was typed, with one field as somebody else saved it."""
    form: MultiDict[str, str] = request.form.copy()
    saved, name = form_of_item(item), request.form["take"]
    names = ("competency_id", "indicators_of", "indicator_ids") if name == "competency_id" else (name,)
    for each in names:
        if each in saved or each == "indicator_ids":
            form.setlist(each, saved.getlist(each))
    return form


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _competencies(choices: Iterable[CompetencyChoice]) -> list[tuple[int, str]]:
    """Each with the attained and the expected level, so that a target can be chosen with them in sight."""
    return [
        (
            each.id,
            _(
                "%(name)s (ประเมินได้ %(attained)s คาดหวัง %(expected)s)",
                name=name_of(each.name_th, each.name_en),
                attained=number(each.attained),
                expected=digits(each.expected),
            ),
        )
        for each in choices
    ]


def _methods() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every method, under its 70:20:10 group."""
    return [
        (
            label(group),
            [(each.value, label(each)) for each in DevelopmentMethod if METHOD_GROUPS[each] is group],
        )
        for group in MethodGroup
    ]


def _to_plan(plan_id: int, item_id: int | None = None) -> Response:
    anchor = f"item-{item_id}" if item_id else None
    return redirect(url_for("plans.show", plan_id=plan_id, _anchor=anchor))  # type: ignore[return-value]
