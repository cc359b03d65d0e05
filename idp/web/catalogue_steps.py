"""The steps of an action: publish a draft, retire one of the organisation's own, leave one of the library out
and take it in again."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from idp.database import db
from idp.queries.catalogue.action_page import ActionPage
from idp.queries.catalogue.exclusions import decisions_about
from idp.rules.catalogue import ActionStanding
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible
from idp.rules.relations import Actor
from idp.rules.terms import Permission, VersionState
from idp.services.catalogue.action_fields import columns_of, lacking
from idp.services.catalogue.exclusions import exclude_action, include_action
from idp.services.catalogue.publishing import publish_action, replaces, retire_action
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.catalogue_view import action_response, history_on, organisation_id, read_page
from idp.web.guards import current_actor, guarded
from idp.web.messages import message_of
from idp.web.names.catalogue import FIELDS

blueprint = Blueprint("catalogue_steps", __name__, url_prefix="/catalogue")


@blueprint.get("/<int:draft_action_id>/publish")
@guarded(Permission.CATALOGUE_EDIT)
def confirm_publishing(draft_action_id: int) -> Response:
    """What publishing will do, what is still lacking, and the button."""
    if _own(draft_action_id).action.state is not VersionState.DRAFT:
        return _to(draft_action_id)
    return _publish_page(draft_action_id, NOTHING_SENT)


@blueprint.post("/<int:draft_action_id>/publish")
@guarded(Permission.CATALOGUE_EDIT)
def publish(draft_action_id: int) -> Response:
    """Propose it from now on."""
    _own(draft_action_id)
    try:
        publish_action(
            db.session(),
            current_actor(),
            draft_action_id,
            clock.now(),
            sent_version(),
            keeps_both=request.form.get("keeps_both") == "1",
        )
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        attempt = attempt_of(refusal, "publish")
        if _own(draft_action_id).action.state is not VersionState.DRAFT:
            return action_response(draft_action_id, attempt)
        return _publish_page(draft_action_id, attempt)
    flash(_("เผยแพร่แล้ว ระบบจะเสนอกิจกรรมนี้แก่บุคลากรตั้งแต่บัดนี้"), "success")
    return _to(draft_action_id)


@blueprint.get("/<int:action_id>/retire")
@guarded(Permission.CATALOGUE_EDIT)
def confirm_retiring(action_id: int) -> Response:
    """The form that takes the reason."""
    return _reason_page(_own(action_id), "retire", NOTHING_SENT)


@blueprint.post("/<int:action_id>/retire")
@guarded(Permission.CATALOGUE_EDIT)
def retire(action_id: int) -> Response:
    """Propose it no more."""
    _own(action_id)
    return _act(action_id, "retire", retire_action, _("เลิกใช้แล้ว แผนและข้อเสนอแนะเดิมยังคงอยู่"))


@blueprint.get("/<int:library_action_id>/exclude")
@guarded(Permission.CATALOGUE_EDIT)
def confirm_exclusion(library_action_id: int) -> Response:
    """The form that takes the reason."""
    return _reason_page(_of_library(library_action_id), "exclude", NOTHING_SENT)


@blueprint.post("/<int:library_action_id>/exclude")
@guarded(Permission.CATALOGUE_EDIT)
def exclude(library_action_id: int) -> Response:
    """Propose the library's action no more in this organisation."""
    _of_library(library_action_id)
    done = _("หน่วยงานจะไม่เสนอกิจกรรมนี้อีก แผนและข้อเสนอแนะเดิมยังคงอยู่")
    return _act(library_action_id, "exclude", exclude_action, done)


@blueprint.get("/<int:library_action_id>/include")
@guarded(Permission.CATALOGUE_EDIT)
def confirm_inclusion(library_action_id: int) -> Response:
    """The form that takes the reason."""
    return _reason_page(_of_library(library_action_id), "include", NOTHING_SENT)


@blueprint.post("/<int:library_action_id>/include")
@guarded(Permission.CATALOGUE_EDIT)
def include(library_action_id: int) -> Response:
    """Propose it again."""
    _of_library(library_action_id)
    return _act(library_action_id, "include", include_action, _("หน่วยงานเสนอกิจกรรมนี้อีกครั้ง"))


Deed = Callable[[Session, Actor, int, str, datetime, int | None], object]

OPEN_TO = {
    "retire": frozenset({ActionStanding.OWN, ActionStanding.ADAPTED}),
    "exclude": frozenset({ActionStanding.LIBRARY}),
    "include": frozenset({ActionStanding.EXCLUDED}),
}
"""What may be done with an action as it stands."""


def _act(action_id: int, event: str, deed: Deed, done: str) -> Response:
    try:
        reason = request.form.get("reason", "")
        deed(db.session(), current_actor(), action_id, reason, clock.now(), sent_version())
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        return _reason_page(read_page(action_id), event, attempt_of(refusal, event))
    flash(done, "success")
    return _to(action_id)


def _to(action_id: int) -> Response:
    return redirect(url_for("catalogue.show", action_id=action_id))  # type: ignore[return-value]


def _own(action_id: int) -> ActionPage:
    page = read_page(action_id)
    if not page.is_own:
        raise NotPermitted(Permission.CATALOGUE_EDIT)
    return page


def _of_library(action_id: int) -> ActionPage:
    """Raises NotVisible also for the organisation's own: they are retired, not left out."""
    page = read_page(action_id)
    if page.is_own:
        raise NotVisible(action_id)
    return page


def _publish_page(action_id: int, attempt: Attempt) -> Response:
    page = read_page(action_id)
    missing: list[InvalidInput] = lacking(columns_of(page.action))
    body = render_template(
        "catalogue/publish.html",
        page=page,
        attempt=attempt,
        missing=[(str(FIELDS[each.field]), message_of(each)) for each in missing],
        replaces=replaces(db.session(), page.action),
        former=next((each for each in page.versions if each.state is VersionState.PUBLISHED), None),
        labels={name: str(text) for name, text in FIELDS.items()},
        history=history_on(page) if attempt.is_stale else [],
    )
    return make_response(body, attempt.status)


def _reason_page(page: ActionPage, event: str, attempt: Attempt) -> Response:
    """The form for the reason; where it cannot be done as things stand, why not."""
    version = page.action.version
    if event != "retire":
        version = decisions_about(db.session(), organisation_id(), page.action.key)
    body = render_template(
        "catalogue/reason.html",
        page=page,
        event=event,
        version=version,
        is_open=page.standing in OPEN_TO[event],
        attempt=attempt,
        labels={"reason": str(FIELDS["reason"])},
        history=history_on(page) if attempt.is_stale else [],
    )
    return make_response(body, attempt.status)
