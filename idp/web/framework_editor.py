"""The personnel office's own dictionaries: made from another or from nothing, their heads, their versions.

The competencies of a draft and the steps of a version stand in the modules `framework_competencies` and
`framework_steps`, which add their views to this blueprint.
"""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.models import FrameworkVersion
from idp.queries.framework_contents import content_of
from idp.queries.framework_library import FrameworkSummary, list_frameworks
from idp.queries.framework_versions import origin_of, visible_version
from idp.queries.history import history_of_framework
from idp.rules.errors import InvalidInput, NotPermitted, NotVisible
from idp.rules.framework_content import content_problems
from idp.rules.terms import Permission, VersionState
from idp.services.framework_drafts import (
    FrameworkFields,
    begin_next_version,
    create_framework,
    update_head,
)
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.frameworks import of_the_office
from idp.web.guards import current_actor, current_user, guarded
from idp.web.language import name_of
from idp.web.numbers import record_number
from idp.web.timeline import TimelineEntry, timeline

blueprint = Blueprint("framework_editor", __name__, url_prefix="/framework-versions")

HEAD = ("name_th", "name_en", "organisation_th", "source_note")
VERSION = "/<int:framework_version_id>"


@blueprint.get("/new")
@guarded(Permission.FRAMEWORK_EDIT)
def new() -> Response:
    """The form of a new dictionary; `?source=` proposes the version that it is made from."""
    typed = {"source": request.args.get("source", "")}
    source = next((each for each in _sources() if str(each.version_id) == typed["source"]), None)
    if source is not None:
        typed |= {"name_th": source.name_th, "name_en": source.name_en}
    return _new_page(typed, NOTHING_SENT)


@blueprint.post("/new")
@guarded(Permission.FRAMEWORK_EDIT)
def create() -> Response:
    """Make the draft, by copying or from nothing."""
    form = request.form
    try:
        source_id = _source_id(form.get("source", ""))
        fields = FrameworkFields(**{name: form.get(name, "") for name in HEAD})
        version = create_framework(
            db.session(), current_actor(), form.get("code", ""), fields, clock.now(), source_id
        )
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        return _new_page(form.to_dict(), attempt_of(refusal, "new"))
    flash(_("จัดทำฉบับร่างแล้ว แก้ไขได้จนกว่าจะประกาศใช้"), "success")
    return to_version(version.id)


@blueprint.get(VERSION)
@guarded(Permission.FRAMEWORK_VIEW)
def show(framework_version_id: int) -> Response:
    """One version of the organisation's own: its head, its competencies, its steps, its history."""
    return version_page(framework_version_id, NOTHING_SENT)


@blueprint.post(VERSION)
@guarded(Permission.FRAMEWORK_EDIT)
def save_head(framework_version_id: int) -> Response:
    """Write the draft's names."""
    editable(framework_version_id)
    try:
        fields = FrameworkFields(**{name: request.form.get(name, "") for name in HEAD})
        update_head(db.session(), current_actor(), framework_version_id, fields, clock.now(), sent_version())
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        return version_page(framework_version_id, attempt_of(refusal, "head"))
    flash(_("บันทึกแล้ว"), "success")
    return to_version(framework_version_id)


@blueprint.post(f"{VERSION}/next")
@guarded(Permission.FRAMEWORK_EDIT)
def begin_next(framework_version_id: int) -> Response:
    """Begin a next version; the draft that is there already is the answer."""
    try:
        version = begin_next_version(db.session(), current_actor(), framework_version_id, clock.now())
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        return version_page(framework_version_id, attempt_of(refusal, "next"))
    flash(_("ฉบับร่างพร้อมให้แก้ไขแล้ว ฉบับที่ประกาศใช้อยู่ไม่เปลี่ยนแปลง"), "success")
    return to_version(version.id)


def readable(version_id: int) -> FrameworkVersion:
    """A version that the office may read: of the library or its own. Raises NotVisible."""
    version = visible_version(db.session(), current_user().organisation_id, version_id)
    if not of_the_office():
        raise NotVisible
    return version


def editable(version_id: int) -> FrameworkVersion:
    """One of the organisation's own, in whatever state. Raises NotVisible, and NotPermitted for the
    library's."""
    version = readable(version_id)
    if version.framework.organisation_id is None:
        raise NotPermitted(Permission.FRAMEWORK_EDIT)
    return version


def draft(version_id: int) -> FrameworkVersion:
    """A draft, for the pages that change it. Raises NotVisible for what is not to be changed any more."""
    version = editable(version_id)
    if version.state is not VersionState.DRAFT:
        raise NotVisible
    return version


def version_page(version_id: int, attempt: Attempt) -> Response:
    """The page of one version, whatever was refused on it."""
    session, version = db.session(), readable(version_id)
    content = content_of(session, version.id)
    body = render_template(
        "frameworks/version.html",
        version=version,
        origin=origin_of(session, version),
        competencies=content,
        problems=content_problems([each.content for each in content]),
        attempt=attempt,
        history=history_on(version),
        is_draft=version.state is VersionState.DRAFT,
        is_own=version.framework.organisation_id is not None,
        labels=head_labels(),
    )
    return make_response(body, attempt.status)


def history_on(version: FrameworkVersion) -> list[TimelineEntry]:
    return timeline(history_of_framework(db.session(), version.id))


def head_labels() -> dict[str, str]:
    return {
        "name_th": _("ชื่อภาษาไทย"),
        "name_en": _("ชื่อภาษาอังกฤษ"),
        "organisation_th": _("หน่วยงานผู้จัดทำ"),
        "source_note": _("ที่มา"),
        "code": _("รหัส"),
        "source": _("จัดทำจาก"),
        "version": _("จัดทำฉบับใหม่"),
    }


def _sources() -> tuple[FrameworkSummary, ...]:
    return list_frameworks(db.session(), current_user().organisation_id)


def _source_id(text: str) -> int | None:
    if not text:
        return None
    number = record_number(text)
    if number is None:
        raise InvalidInput("source", "unknown_choice")
    return number


def _new_page(typed: dict[str, str], attempt: Attempt) -> Response:
    body = render_template(
        "frameworks/new.html",
        typed=typed,
        attempt=attempt,
        sources=[(each.version_id, name_of(each.name_th, each.name_en)) for each in _sources()],
        labels=head_labels(),
    )
    return make_response(body, attempt.status)


def to_version(version_id: int, competency_id: int | None = None) -> Response:
    anchor = f"competency-{competency_id}" if competency_id else None
    return redirect(  # type: ignore[return-value]
        url_for("framework_editor.show", framework_version_id=version_id, _anchor=anchor)
    )
