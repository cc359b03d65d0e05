"""Gaps and strengths of units: for executives, the personnel office and auditors, as the figures are."""

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from idp.adapters.spreadsheets import Cell, Sheet, TableFormat, write_csv, write_workbook
from idp.charts import Shares, share_sample, stacked_bar
from idp.database import db
from idp.models import Cycle
from idp.queries.figures import cycles_begun
from idp.queries.gap_figures import CompetencyGaps, GapFigure, GapFigures, UnitColumn, gap_figures
from idp.rules.errors import NotVisible
from idp.rules.suppression import LEAST
from idp.rules.terms import Permission, Standing
from idp.services.settings import rules_of_cycle
from idp.web.figures import chosen_cycle, chosen_unit, units_in_sight
from idp.web.formats import number
from idp.web.guards import current_user, guarded
from idp.web.labels import label
from idp.web.language import name_of

blueprint = Blueprint("gap_figures", __name__, url_prefix="/figures/gaps")

FORMATS = (TableFormat.CSV.value, TableFormat.XLSX.value)
SHOWN = (Standing.GAP, Standing.MET, Standing.STRENGTH)


@blueprint.get("/")
@guarded(Permission.FIGURES_VIEW)
def index() -> str:
    """One unit in one cycle; without being asked for any, the latest cycle and the reader's largest unit."""
    cycles = cycles_begun(db.session(), current_user().organisation_id or 0)
    units = units_in_sight(current_user().organisation_id or 0)
    if not cycles or not units:
        return render_template("gaps/units.html", cycles=cycles, units=units, found=None)
    cycle, unit_id = chosen_cycle(cycles), chosen_unit(units)
    before = cycle_before(cycles, cycle)
    found = _found(cycle, before, unit_id)
    return render_template(
        "gaps/units.html",
        cycles=cycles,
        cycle=cycle,
        before=before if any(each.before for each in found.competencies) else None,
        units=units,
        unit_id=unit_id,
        found=found,
        bars={each.competency_id: _bar(each.whole) for each in found.competencies},
        legend=[(Markup(share_sample(each)), label(each)) for each in SHOWN],
        unit_names=[column_name(each) for each in found.units],
        formats=FORMATS,
        least=LEAST,
    )


@blueprint.get("/file")
@guarded(Permission.FIGURES_VIEW)
def file() -> Response:
    """The same figures as a table to work with; what the page does not show is not in it. Where there is
    nothing yet, the page says so."""
    asked = request.args.get("format", TableFormat.XLSX.value)
    if asked not in FORMATS:
        raise NotVisible
    cycles = cycles_begun(db.session(), current_user().organisation_id or 0)
    units = units_in_sight(current_user().organisation_id or 0)
    if not cycles or not units:
        return redirect(url_for("gap_figures.index"))  # type: ignore[return-value]
    form, cycle = TableFormat(asked), chosen_cycle(cycles)
    found = _found(cycle, cycle_before(cycles, cycle), chosen_unit(units))
    sheet = Sheet(_("ช่องว่างและจุดแข็ง"), _header(), list(_rows(found)))
    written = write_csv(sheet.header, sheet.rows) if form is TableFormat.CSV else write_workbook([sheet])
    name = f"gaps-{cycle.code}.{form.value}"
    return send_file(
        BytesIO(written), mimetype=form.media_type, as_attachment=True, download_name=name, max_age=0
    )


def cycle_before(cycles: list[Cycle], cycle: Cycle) -> Cycle | None:
    """The latest of the cycles that began before it; `cycles` has the latest first."""
    return next((each for each in cycles if each.starts_on < cycle.starts_on), None)


def column_name(column: UnitColumn) -> str:
    """The unit's name, or that of those serving in it directly."""
    name = name_of(column.name_th, column.name_en)
    return _("สังกัด %(unit)s โดยตรง", unit=name) if column.key[1] else name


def _found(cycle: Cycle, before: Cycle | None, unit_id: int) -> GapFigures:
    earlier = (before, rules_of_cycle(before)) if before else None
    return gap_figures(db.session(), (cycle, rules_of_cycle(cycle)), earlier, unit_id)


def _bar(figure: GapFigure) -> Markup:
    """Of those rated: many others hold positions that do not ask for the competency. Who exceeds what is
    expected is drawn with those who meet it where the two may not be told apart."""
    over = figure.exceeding or 0
    shares = Shares(figure.with_gap, figure.people - figure.with_gap - over, over)
    return Markup(stacked_bar(shares, number))


def _header() -> list[str]:
    return [
        _("สมรรถนะ"),
        _("กลุ่ม"),
        _("ผู้ได้รับการประเมิน"),
        _("ต่ำกว่าที่คาดหวัง"),
        _("ร้อยละ"),
        _("สูงกว่าที่คาดหวัง"),
        _("ช่องว่างเฉลี่ย (ระดับ)"),
    ]


def _rows(found: GapFigures) -> Iterator[list[Cell]]:
    """Competency by competency: the unit, the cycle before, the units below, the position levels."""
    whole = name_of(found.name_th, found.name_en) or _("ทั้งหน่วยงาน")
    for each in found.competencies:
        yield _row(each, whole, each.whole)
        if each.before:
            yield _row(each, _("%(unit)s รอบก่อน", unit=whole), each.before)
        for column in found.units:
            if column.key in each.by_unit:
                yield _row(each, column_name(column), each.by_unit[column.key])
        for place, names in enumerate(found.levels):
            if place in each.by_level:
                yield _row(each, " · ".join(names), each.by_level[place])


def _row(competency: CompetencyGaps, group: str, figure: GapFigure) -> list[Cell]:
    return [
        name_of(competency.name_th, competency.name_en),
        group,
        Decimal(figure.people),
        Decimal(figure.with_gap),
        Decimal(figure.percent),
        "" if figure.exceeding is None else Decimal(figure.exceeding),
        figure.mean_gap,
    ]
