"""What the catalogue lacks, and which of its actions people take up."""

from io import BytesIO

from flask import Blueprint, Response, render_template, request, send_file
from flask_babel import gettext as _

from idp.adapters.spreadsheets import TableFormat
from idp.database import db
from idp.queries.catalogue.coverage import FrameworkCoverage, coverage
from idp.queries.catalogue.places import framework_choices
from idp.queries.catalogue.use import catalogue_use
from idp.rules.terms import Permission
from idp.services.imports import tables
from idp.services.imports.kind import Scope
from idp.services.imports.kinds.development_actions import EverythingProposed
from idp.web import clock
from idp.web.catalogue_view import organisation_id
from idp.web.guards import current_actor, guarded, may
from idp.web.language import name_of

blueprint = Blueprint("catalogue_figures", __name__, url_prefix="/catalogue")


@blueprint.get("/coverage")
@guarded(Permission.CATALOGUE_VIEW)
def coverage_page() -> str:
    """For each framework in use: levels without an action, indicators that none develops, levels with one
    kind of method only."""
    found = coverage(db.session(), organisation_id(), clock.today())
    return render_template(
        "catalogue/coverage.html",
        frameworks=found,
        counts={each.version_id: _counts(each) for each in found},
        may_edit=may(Permission.CATALOGUE_EDIT),
    )


@blueprint.get("/export")
@guarded(Permission.TRAINING_VIEW)
def export() -> Response:
    """Everything that the organisation proposes for the frameworks in use, as a file."""
    wanted = request.args.get("format", "")
    form = TableFormat(wanted) if wanted in set(TableFormat) else TableFormat.XLSX
    scope = Scope(db.session(), current_actor(), organisation_id(), {}, clock.now())
    content = tables.export(EverythingProposed(), scope, form, name_of)
    response = send_file(
        BytesIO(content),
        mimetype=form.media_type,
        as_attachment=True,
        download_name=f"{_('คลังกิจกรรมพัฒนา')}.{form.value}",
        max_age=0,
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/use")
@guarded(Permission.TRAINING_VIEW)
def use_page() -> str:
    """What was planned most, rejected most, and never taken up, of the frameworks in use."""
    session = db.session()
    frameworks = framework_choices(session, organisation_id(), clock.today())
    asked = request.args.get("version", "")
    chosen = next((each for each in frameworks if str(each.version_id) == asked), None)
    used = [each.version_id for each in frameworks if each.is_in_use]
    return render_template(
        "catalogue/use.html",
        use=catalogue_use(session, organisation_id(), [chosen.version_id] if chosen else used),
        frameworks=frameworks,
        chosen=chosen,
    )


def _counts(found: FrameworkCoverage) -> list[tuple[str, int]]:
    levels = found.levels
    return [
        (_("ระดับทั้งหมด"), len(levels)),
        (_("ระดับที่ไม่มีกิจกรรม"), sum(each.coverage.has_none for each in levels)),
        (_("พฤติกรรมที่ไม่มีกิจกรรมพัฒนา"), sum(len(each.coverage.undeveloped) for each in levels)),
        (_("ระดับที่มีวิธีการกลุ่มเดียว"), sum(each.coverage.has_one_group for each in levels)),
    ]
