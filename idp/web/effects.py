"""Which development activities and methods helped: for executives, the personnel office and auditors."""

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

from flask import Blueprint, Response, render_template, request, send_file
from flask_babel import gettext as _

from idp.adapters.spreadsheets import Cell, Sheet, TableFormat, write_csv, write_workbook
from idp.database import db
from idp.queries.effects import EffectsOnPage, effects_page
from idp.rules.effects import Helped
from idp.rules.errors import NotVisible
from idp.rules.suppression import LEAST
from idp.rules.terms import Permission
from idp.web.guards import current_user, guarded
from idp.web.labels import label
from idp.web.language import name_of

blueprint = Blueprint("effects", __name__, url_prefix="/figures/effects")

FORMATS = (TableFormat.CSV.value, TableFormat.XLSX.value)


@blueprint.get("/")
@guarded(Permission.FIGURES_VIEW)
def index() -> str:
    """Methods and actions of the whole organisation, the most helpful first; no names, no small groups."""
    found = _found()
    return render_template(
        "effects/index.html", found=found, formats=FORMATS, least=LEAST, percent=percent_helped
    )


@blueprint.get("/file")
@guarded(Permission.FIGURES_VIEW)
def file() -> Response:
    """The same as a table to work with; what the page does not show is not in it."""
    asked = request.args.get("format", TableFormat.XLSX.value)
    if asked not in FORMATS:
        raise NotVisible
    form = TableFormat(asked)
    sheet = Sheet(_("กิจกรรมใดได้ผล"), _header(), list(_rows(_found())))
    written = write_csv(sheet.header, sheet.rows) if form is TableFormat.CSV else write_workbook([sheet])
    name = f"effects.{form.value}"
    return send_file(
        BytesIO(written), mimetype=form.media_type, as_attachment=True, download_name=name, max_age=0
    )


def percent_helped(helped: Helped) -> int:
    """Rounded down."""
    return helped.helped * 100 // helped.tried


def _found() -> EffectsOnPage:
    return effects_page(db.session(), current_user().organisation_id or 0)


def _header() -> list[str]:
    return [
        _("วิธีการพัฒนา"),
        _("กิจกรรม"),
        _("สมรรถนะ"),
        _("สู่ระดับ"),
        _("ผู้ดำเนินการ (คน)"),
        _("ถึงระดับเป้าหมาย (คน)"),
        _("ร้อยละ"),
    ]


def _rows(found: EffectsOnPage) -> Iterator[list[Cell]]:
    """The methods, then the actions; both as on the page."""
    for method, helped in found.methods:
        yield [label(method), "", "", "", *_figures(helped)]
    for each in found.actions:
        competency = name_of(each.competency_name_th, each.competency_name_en)
        yield [label(each.method), each.title_th, competency, Decimal(each.level), *_figures(each.helped)]


def _figures(helped: Helped) -> list[Cell]:
    return [Decimal(helped.tried), Decimal(helped.helped), Decimal(percent_helped(helped))]
