"""The competency dictionaries as published; what their sources lack is shown to the personnel office."""

from flask import Blueprint, render_template, request

from idp.database import db
from idp.queries.framework_library import framework_document, list_frameworks
from idp.rules.terms import Permission, Relation
from idp.web.guards import current_standing, guarded
from idp.web.numbers import asked_number

blueprint = Blueprint("frameworks", __name__, url_prefix="/frameworks")

SEES_SOURCE_MARKS = frozenset({Relation.HR_OFFICER, Relation.AUDITOR})


@blueprint.get("/")
@guarded(Permission.FRAMEWORK_VIEW)
def index() -> str:
    """Every framework of the library."""
    return render_template("frameworks/index.html", frameworks=list_frameworks(db.session()))


@blueprint.get("/<framework_code>")
@guarded(Permission.FRAMEWORK_VIEW)
def show(framework_code: str) -> str:
    """One framework with its competencies, levels and indicators; `?version=` for an earlier one."""
    document = framework_document(db.session(), framework_code, number=asked_number(request.args, "version"))
    sees_marks = bool(current_standing().relations & SEES_SOURCE_MARKS)
    return render_template("frameworks/show.html", document=document, sees_marks=sees_marks)
