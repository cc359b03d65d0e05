"""The personnel office's own actions: written, adapted, a next version begun, changed, discarded.

Publishing, retiring and leaving out stand in the module `catalogue_steps`.
"""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from idp.database import db
from idp.queries.catalogue.action_page import ActionPage
from idp.queries.catalogue.places import LevelPlace, competency_choices, framework_choices, level_place
from idp.rules.errors import InvalidInput, NotPermitted
from idp.rules.terms import Permission, VersionState
from idp.services.catalogue.drafts import (
    adapt_action,
    begin_next_version,
    create_action,
    discard_draft,
    update_draft,
)
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.catalogue_view import (
    action_response,
    asked_version,
    history_on,
    method_choices,
    organisation_id,
    read_page,
)
from idp.web.forms.catalogue import form_of_action, read_action
from idp.web.guards import current_actor, guarded
from idp.web.names.catalogue import FIELDS
from idp.web.numbers import asked_number, record_number

blueprint = Blueprint("catalogue_actions", __name__, url_prefix="/catalogue")

Form = MultiDict[str, str]


@blueprint.get("/new")
@guarded(Permission.CATALOGUE_EDIT)
def new() -> Response:
    """The form of a new action for `?level=`; without it, the levels to choose from."""
    place = _place(asked_number(request.args, "level"))
    if place is None:
        return _levels_page(None, NOTHING_SENT)
    return _form_page(None, place, MultiDict(), NOTHING_SENT)


@blueprint.post("/new")
@guarded(Permission.CATALOGUE_EDIT)
def create() -> Response:
    """Keep a draft of it."""
    level_id = record_number(request.form.get("level_id", ""))
    place = _place(level_id)
    try:
        fields = read_action(request.form, _ids(place))
        action = create_action(db.session(), current_actor(), level_id, fields, clock.now())
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        attempt = attempt_of(refusal, "action")
        if place is None:
            return _levels_page(None, attempt)
        return _form_page(None, place, request.form, attempt)
    flash(_("บันทึกร่างแล้ว ยังไม่เสนอแก่บุคลากรจนกว่าจะเผยแพร่"), "success")
    return to_action(action.id)


@blueprint.get("/<int:action_id>/adapt")
@guarded(Permission.CATALOGUE_EDIT)
def choose_level(action_id: int) -> Response:
    """For which level a copy of the action is to be."""
    return _levels_page(read_page(action_id), NOTHING_SENT)


@blueprint.post("/<int:action_id>/adapt")
@guarded(Permission.CATALOGUE_EDIT)
def adapt(action_id: int) -> Response:
    """Begin a draft of the organisation's own that says the same; at the action's own level without another
    one."""
    page = read_page(action_id)
    level_id = record_number(request.form["level_id"]) or 0 if "level_id" in request.form else None
    try:
        if page.is_own and level_id is None:
            raise InvalidInput("level_id", "missing")
        action = adapt_action(db.session(), current_actor(), action_id, clock.now(), level_id)
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        return _levels_page(page, attempt_of(refusal, "adapt"))
    flash(_("จัดทำร่างของหน่วยงานแล้ว โปรดปรับเนื้อหาแล้วเผยแพร่"), "success")
    return redirect(url_for("catalogue_actions.edit", draft_action_id=action.id))  # type: ignore[return-value]


@blueprint.post("/<int:action_id>/next")
@guarded(Permission.CATALOGUE_EDIT)
def begin_next(action_id: int) -> Response:
    """Begin the next version; the draft that is there already is the answer."""
    _own(action_id)
    try:
        action = begin_next_version(db.session(), current_actor(), action_id, clock.now(), sent_version())
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        return action_response(action_id, attempt_of(refusal, "next"))
    flash(_("ร่างฉบับแก้ไขพร้อมแล้ว ฉบับที่ใช้อยู่ไม่เปลี่ยนแปลงจนกว่าจะเผยแพร่ร่าง"), "success")
    return redirect(url_for("catalogue_actions.edit", draft_action_id=action.id))  # type: ignore[return-value]


@blueprint.get("/<int:draft_action_id>/edit")
@guarded(Permission.CATALOGUE_EDIT)
def edit(draft_action_id: int) -> Response:
    """The form of a draft; what is not to be changed any more is shown instead."""
    page = _own(draft_action_id)
    if page.action.state is not VersionState.DRAFT:
        return to_action(draft_action_id)
    return _form_page(page, page.place, _saved(page), NOTHING_SENT)


@blueprint.post("/<int:draft_action_id>/edit")
@guarded(Permission.CATALOGUE_EDIT)
def save(draft_action_id: int) -> Response:
    """Write what the draft says."""
    page = _own(draft_action_id)
    try:
        fields = read_action(request.form, _ids(page.place))
        update_draft(db.session(), current_actor(), draft_action_id, fields, clock.now(), sent_version())
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        attempt = attempt_of(refusal, "action")
        page = _own(draft_action_id)
        if page.action.state is not VersionState.DRAFT:
            return action_response(draft_action_id, attempt)
        return _form_page(page, page.place, request.form, attempt)
    if request.form.get("then") == "publish":
        return redirect(url_for("catalogue_steps.confirm_publishing", draft_action_id=draft_action_id))  # type: ignore[return-value]
    flash(_("บันทึกร่างแล้ว"), "success")
    return to_action(draft_action_id)


@blueprint.post("/<int:draft_action_id>/discard")
@guarded(Permission.CATALOGUE_EDIT)
def discard(draft_action_id: int) -> Response:
    """Throw the draft away."""
    _own(draft_action_id)
    try:
        discard_draft(db.session(), current_actor(), draft_action_id, clock.now(), sent_version())
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        return action_response(draft_action_id, attempt_of(refusal, "discard"))
    flash(_("ยกเลิกร่างแล้ว"), "success")
    return redirect(url_for("catalogue.index"))  # type: ignore[return-value]


def to_action(action_id: int) -> Response:
    return redirect(url_for("catalogue.show", action_id=action_id))  # type: ignore[return-value]


def _own(action_id: int) -> ActionPage:
    """One of the organisation's own. Raises NotVisible, and NotPermitted for the library's."""
    page = read_page(action_id)
    if not page.is_own:
        raise NotPermitted(Permission.CATALOGUE_EDIT)
    return page


def _place(level_id: int | None) -> LevelPlace | None:
    return None if level_id is None else level_place(db.session(), organisation_id(), level_id)


def _ids(place: LevelPlace | None) -> list[int] | None:
    return None if place is None else [each for each, _text in place.indicators]


def _saved(page: ActionPage) -> Form:
    return form_of_action(page.action, sorted(page.indicator_ids))


def _form_page(page: ActionPage | None, place: LevelPlace, form: Form, attempt: Attempt) -> Response:
    saved = _saved(page) if page is not None and attempt.is_stale else None
    body = render_template(
        "catalogue/form.html",
        page=page,
        place=place,
        form=form,
        ticked=set(form.getlist("indicator_ids")),
        saved=saved,
        saved_ticks=set(saved.getlist("indicator_ids")) if saved is not None else set(),
        attempt=attempt,
        methods=method_choices(),
        labels={name: str(text) for name, text in FIELDS.items()},
        history=history_on(page) if page is not None and attempt.is_stale else [],
    )
    return make_response(body, attempt.status)


def _levels_page(page: ActionPage | None, attempt: Attempt) -> Response:
    """The levels of the frameworks in use, or of `?version=`."""
    session = db.session()
    frameworks = framework_choices(session, organisation_id(), clock.today())
    asked = asked_version()
    used = tuple(each.version_id for each in frameworks if each.is_in_use)
    used += (page.place.version_id,) if page is not None and page.place.version_id not in used else ()
    body = render_template(
        "catalogue/level.html",
        page=page,
        frameworks=frameworks,
        version_id=asked,
        competencies=competency_choices(session, (asked,) if asked is not None else used),
        chosen=request.form.get("level_id")
        or (page.place.level_id if page is not None and not page.is_own else None),
        attempt=attempt,
        labels={name: str(text) for name, text in FIELDS.items()},
    )
    return make_response(body, attempt.status)
