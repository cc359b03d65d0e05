"""The competencies of a draft, each on a page with its whole ladder; moved, added and taken out."""

from flask import Response, flash, g, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from idp.database import db
from idp.models import FrameworkVersion
from idp.queries.framework_contents import StoredCompetency, content_of
from idp.rules.errors import NotVisible
from idp.rules.terms import CompetencyCategory, Permission, VersionState
from idp.services.framework_competencies import (
    add_competency,
    move_competency,
    remove_competency,
    save_competency,
)
from idp.services.typed_drafts import draft_of
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.forms.framework_competency import (
    CompetencyForm,
    empty_form,
    read_competency,
    stored_form,
    typed_form,
    with_rows,
)
from idp.web.framework_editor import VERSION, blueprint, draft, editable, history_on, to_version, version_page
from idp.web.guards import current_actor, guarded
from idp.web.labels import label
from idp.web.numbers import asked_number

COMPETENCY = f"{VERSION}/competencies/<int:own_competency_id>"


@blueprint.get(f"{VERSION}/competencies/new")
@guarded(Permission.FRAMEWORK_EDIT)
def new_competency(framework_version_id: int) -> Response:
    """The empty form of a competency."""
    version = draft(framework_version_id)
    return _competency_page(version, None, _offered(empty_form()), NOTHING_SENT)


@blueprint.post(f"{VERSION}/competencies/new")
@guarded(Permission.FRAMEWORK_EDIT)
def add(framework_version_id: int) -> Response:
    """Add a competency; a button about the rows only draws the form again."""
    version = editable(framework_version_id)
    form = typed_form(request.form)
    if "rows" in request.form:
        return _competency_page(version, None, with_rows(form, request.form["rows"]), _row_attempt())
    try:
        fields = read_competency(form)
        competency = add_competency(
            db.session(), current_actor(), framework_version_id, fields, clock.now(), sent_version()
        )
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        version = editable(framework_version_id)
        return _competency_page(version, None, form, attempt_of(refusal, "competency"))
    flash(_("เพิ่มสมรรถนะแล้ว"), "success")
    return to_version(framework_version_id, competency.id)


@blueprint.get(COMPETENCY)
@guarded(Permission.FRAMEWORK_EDIT)
def edit_competency(framework_version_id: int, own_competency_id: int) -> Response:
    """One competency with its whole ladder."""
    version = draft(framework_version_id)
    stored = _stored(version, own_competency_id)
    return _competency_page(version, stored, _offered(stored_form(stored)), NOTHING_SENT)


@blueprint.post(COMPETENCY)
@guarded(Permission.FRAMEWORK_EDIT)
def save(framework_version_id: int, own_competency_id: int) -> Response:
    """Save the competency; a button about the rows only draws the form again."""
    version = editable(framework_version_id)
    stored, form = _stored(version, own_competency_id), typed_form(request.form)
    if "rows" in request.form:
        return _competency_page(version, stored, with_rows(form, request.form["rows"]), _row_attempt())
    try:
        fields = read_competency(form)
        save_competency(
            db.session(),
            current_actor(),
            framework_version_id,
            own_competency_id,
            fields,
            clock.now(),
            sent_version(),
        )
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        version = editable(framework_version_id)
        stored = _stored(version, own_competency_id)
        return _competency_page(version, stored, form, attempt_of(refusal, "competency"))
    flash(_("บันทึกแล้ว"), "success")
    return to_version(framework_version_id, own_competency_id)


@blueprint.post(f"{COMPETENCY}/remove")
@guarded(Permission.FRAMEWORK_EDIT)
def remove(framework_version_id: int, own_competency_id: int) -> Response:
    """Take a competency out of the draft."""
    _stored(editable(framework_version_id), own_competency_id)
    try:
        remove_competency(
            db.session(),
            current_actor(),
            framework_version_id,
            own_competency_id,
            clock.now(),
            sent_version(),
        )
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        return version_page(framework_version_id, attempt_of(refusal, "remove"))
    flash(_("นำสมรรถนะออกจากฉบับร่างแล้ว"), "success")
    return to_version(framework_version_id)


@blueprint.post(f"{COMPETENCY}/move")
@guarded(Permission.FRAMEWORK_EDIT)
def move(framework_version_id: int, own_competency_id: int) -> Response:
    """Move a competency one place up or down."""
    _stored(editable(framework_version_id), own_competency_id)
    by = -1 if request.form.get("by") == "up" else 1
    try:
        now, drawn = clock.now(), sent_version()
        move_competency(
            db.session(), current_actor(), framework_version_id, own_competency_id, by, now, drawn
        )
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        return version_page(framework_version_id, attempt_of(refusal, "move"))
    return to_version(framework_version_id, own_competency_id)


def _competency_page(
    version: FrameworkVersion, stored: StoredCompetency | None, form: CompetencyForm, attempt: Attempt
) -> Response:
    saved = stored_form(stored) if stored is not None and attempt.compares else None
    body = render_template(
        "frameworks/competency.html",
        version=version,
        stored=stored,
        form=form,
        saved=saved,
        attempt=attempt,
        history=history_on(version) if attempt.is_stale else [],
        is_draft=version.state is VersionState.DRAFT,
        categories=[(each.value, label(each)) for each in CompetencyCategory],
        labels=_labels(form),
    )
    return make_response(body, attempt.status)


def _labels(form: CompetencyForm) -> dict[str, str]:
    """Names of the fields, for the list of what is wrong."""
    names = {
        "code": _("รหัสสมรรถนะ"),
        "category": _("ประเภท"),
        "name_th": _("ชื่อภาษาไทย"),
        "name_en": _("ชื่อภาษาอังกฤษ"),
        "definition_th": _("คำจำกัดความ"),
    }
    for row, level in enumerate(form.levels):
        which = level.number.strip() or _("แถวที่ %(row)s", row=row + 1)
        names[f"level-{row}-number"] = _("เลขระดับ (%(which)s)", which=which)
        names[f"level-{row}-title"] = _("ชื่อระดับ (%(which)s)", which=which)
        for at in range(len(level.indicators)):
            names[f"level-{row}-indicator-{at}"] = _(
                "พฤติกรรมบ่งชี้ข้อ %(at)s ของระดับ %(which)s", at=at + 1, which=which
            )
    return names


def _row_attempt() -> Attempt:
    """A button about the rows: what was typed stays, and so does the version that its reader saw."""
    g.drawn_version = sent_version()
    return Attempt("rows", request.form)


def _offered(form: CompetencyForm) -> CompetencyForm:
    """With `?draft=`, as many rows as the text that was kept while typing has; the text itself is put back
    where all kept texts are."""
    asked = asked_number(request.args, "draft")
    if asked is None:
        return form
    try:
        kept = draft_of(db.session(), current_actor(), asked)
    except NotVisible:
        return form
    if kept.form_key != request.path:
        return form
    return typed_form(MultiDict([(name, text) for name, text in kept.content]))


def _stored(version: FrameworkVersion, competency_id: int) -> StoredCompetency:
    content = content_of(db.session(), version.id)
    found = next((each for each in content if each.id == competency_id), None)
    if found is None:
        raise NotVisible
    return found
