"""The competency dictionaries as published; what their sources lack is shown to the personnel office, and so
are the drafts of the organisation's own."""

from flask import Blueprint, render_template, request

from idp.database import db
from idp.queries.catalogue.coverage import actions_by_level
from idp.queries.framework_library import framework_document, list_frameworks
from idp.queries.framework_versions import own_versions
from idp.rules.terms import Permission, Relation
from idp.web.guards import current_standing, current_user, guarded
from idp.web.numbers import asked_number

blueprint = Blueprint("frameworks", __name__, url_prefix="/frameworks")

OF_THE_OFFICE = frozenset({Relation.HR_OFFICER, Relation.AUDITOR})
"""Who sees source marks, and drafts."""


@blueprint.get("/")
@guarded(Permission.FRAMEWORK_VIEW)
def index() -> str:
    """Every framework of the library and of the organisation; to the office every version of its own."""
    organisation_id, sees_drafts = current_user().organisation_id, of_the_office()
    return render_template(
        "frameworks/index.html",
        frameworks=list_frameworks(db.session(), organisation_id),
        sees_drafts=sees_drafts,
        own=own_versions(db.session(), organisation_id) if sees_drafts and organisation_id else (),
    )


@blueprint.get("/<framework_code>")
@guarded(Permission.FRAMEWORK_VIEW)
def show(framework_code: str) -> str:
    """One framework with its competencies, levels and indicators; `?version=` for an earlier one, or for the
    preview of a draft."""
    document = framework_document(
        db.session(),
        framework_code,
        number=asked_number(request.args, "version"),
        organisation_id=current_user().organisation_id,
        with_drafts=of_the_office(),
    )
    return render_template(
        "frameworks/show.html",
        document=document,
        sees_marks=of_the_office(),
        action_counts=actions_by_level(
            db.session(), current_user().organisation_id or 0, document.version_id
        ),
    )


def of_the_office() -> bool:
    return bool(current_standing().relations & OF_THE_OFFICE)
