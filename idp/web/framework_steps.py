"""The steps of a version: what changed in it, publish it, retire it, discard it."""

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.models import FrameworkVersion
from idp.queries.framework_actions import carrying
from idp.queries.framework_contents import StoredCompetency, content_of, contents_of
from idp.queries.framework_effects import effects
from idp.queries.framework_uses import hindrances
from idp.queries.framework_versions import Origin, origin_of
from idp.rules.framework_content import content_problems
from idp.rules.framework_differences import FrameworkDifference, framework_difference
from idp.rules.terms import Permission, VersionState
from idp.services.framework_drafts import discard_draft_version
from idp.services.framework_publishing import publish_version, retire_version
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.framework_editor import (
    VERSION,
    blueprint,
    draft,
    editable,
    history_on,
    readable,
    to_version,
    version_page,
)
from idp.web.guards import current_actor, current_user, guarded, may
from idp.web.names.frameworks import FIELDS, PROBLEMS

CARRY_OVER = "profiles_carry_over.preview"
MOST_SHOWN = 100
"""Posts on the page of changes; a longer list is cut and says so."""


@blueprint.get(f"{VERSION}/changes")
@guarded(Permission.FRAMEWORK_VIEW)
def changes(framework_version_id: int) -> str:
    """What the version changed in the one before, and whom that touches."""
    version = readable(framework_version_id)
    session = db.session()
    origin = origin_of(session, version)
    return render_template(
        "frameworks/changes.html",
        version=version,
        origin=origin,
        difference=_difference(version, origin),
        field_names=FIELDS,
        most_shown=MOST_SHOWN,
        effects=origin
        and effects(
            session, current_user().organisation_id or 0, origin.version_id, version.id, clock.today()
        ),
        carry_over_address=_carry_over_address(version, origin),
        is_draft=version.state is VersionState.DRAFT,
        is_own=version.framework.organisation_id is not None,
    )


@blueprint.get(f"{VERSION}/publish")
@guarded(Permission.FRAMEWORK_EDIT)
def confirm_publishing(framework_version_id: int) -> Response:
    """What publishing will do, what is still lacking, and the button."""
    draft(framework_version_id)
    return _publish_page(framework_version_id, NOTHING_SENT)


@blueprint.post(f"{VERSION}/publish")
@guarded(Permission.FRAMEWORK_EDIT)
def publish(framework_version_id: int) -> Response:
    """Publish the draft for good."""
    editable(framework_version_id)
    try:
        carried = publish_version(
            db.session(), current_actor(), framework_version_id, clock.now(), sent_version()
        )
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        return _publish_page(framework_version_id, attempt_of(refusal, "publish"))
    flash(
        _("ประกาศใช้แล้ว กิจกรรมการพัฒนา %(count)s รายการใช้กับฉบับนี้ต่อได้", count=len(carried.actions)),
        "success",
    )
    return to_version(framework_version_id)


@blueprint.get(f"{VERSION}/retire")
@guarded(Permission.FRAMEWORK_EDIT)
def confirm_retiring(framework_version_id: int) -> Response:
    """What stands in the way of retiring it, else the form that takes the reason."""
    return _retire_page(framework_version_id, NOTHING_SENT)


@blueprint.post(f"{VERSION}/retire")
@guarded(Permission.FRAMEWORK_EDIT)
def retire(framework_version_id: int) -> Response:
    """Take the version out of use for whatever begins from now on."""
    editable(framework_version_id)
    try:
        reason = request.form.get("reason", "")
        retire_version(
            db.session(), current_actor(), framework_version_id, reason, clock.now(), sent_version()
        )
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        return _retire_page(framework_version_id, attempt_of(refusal, "retire"))
    flash(_("เลิกใช้ฉบับนี้แล้ว รอบการประเมินที่เปิดไว้ยังใช้ต่อจนเสร็จ"), "success")
    return to_version(framework_version_id)


@blueprint.post(f"{VERSION}/discard")
@guarded(Permission.FRAMEWORK_EDIT)
def discard(framework_version_id: int) -> Response:
    """Throw the draft away."""
    editable(framework_version_id)
    try:
        discard_draft_version(
            db.session(), current_actor(), framework_version_id, clock.now(), sent_version()
        )
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        return version_page(framework_version_id, attempt_of(refusal, "discard"))
    flash(_("ยกเลิกฉบับร่างแล้ว"), "success")
    return redirect(url_for("frameworks.index"))  # type: ignore[return-value]


def _difference(version: FrameworkVersion, origin: Origin | None) -> FrameworkDifference | None:
    if origin is None:
        return None
    contents = contents_of(db.session(), [origin.version_id, version.id])
    return framework_difference(
        *([each.content for each in contents[which]] for which in (origin.version_id, version.id))
    )


def _carry_over_address(version: FrameworkVersion, origin: Origin | None) -> str | None:
    """Where the profiles are carried over to a published version; None where there is no such page."""
    offered = CARRY_OVER in current_app.view_functions and may(Permission.PROFILE_EDIT)
    if origin is None or version.state is not VersionState.PUBLISHED or not offered:
        return None
    return url_for(CARRY_OVER, **{"from": origin.version_id, "to": version.id})  # type: ignore[arg-type]


def _publish_page(version_id: int, attempt: Attempt) -> Response:
    session, version = db.session(), editable(version_id)
    content = content_of(session, version.id)
    origin = origin_of(session, version)
    body = render_template(
        "frameworks/publish.html",
        version=version,
        origin=origin,
        problems=problems_on(content),
        difference=_difference(version, origin),
        carrying=carrying(session, version.based_on_version_id, version.id),
        attempt=attempt,
        history=history_on(version) if attempt.is_stale else [],
        is_draft=version.state is VersionState.DRAFT,
    )
    return make_response(body, attempt.status)


def problems_on(content: tuple[StoredCompetency, ...]) -> list[tuple[StoredCompetency | None, str]]:
    """What is lacking, in words, each with the competency that it is about."""
    return [
        (
            None if each.place is None else content[each.place],
            str(PROBLEMS[each.kind]) % {"level": each.level},
        )
        for each in content_problems([competency.content for competency in content])
    ]


def _retire_page(version_id: int, attempt: Attempt) -> Response:
    session, version = db.session(), editable(version_id)
    body = render_template(
        "frameworks/retire.html",
        version=version,
        hindrances=hindrances(session, version, clock.today()),
        attempt=attempt,
        history=history_on(version) if attempt.is_stale else [],
        is_published=version.state is VersionState.PUBLISHED,
    )
    return make_response(body, attempt.status)
