"""What the pages about training and its budget share: year, unit and plans chosen, files given out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Response, request, send_file
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.adapters.spreadsheets import Cell, Sheet, TableFormat, write_csv, write_workbook
from idp.database import db
from idp.queries.cycles import unit_choices
from idp.queries.training.demand import Asked
from idp.queries.training.units import UnitSums
from idp.queries.training.years import training_years, year_to_show
from idp.rules.errors import NotVisible
from idp.rules.training import PlansCounted, PlanStanding, Quarter
from idp.web import clock
from idp.web.guards import current_user
from idp.web.language import name_of
from idp.web.numbers import asked_number

FORMATS = (TableFormat.XLSX.value, TableFormat.CSV.value)
COUNTED: dict[PlansCounted, LazyString] = {
    PlansCounted.ALL: _("แผนที่เสนอหรือเห็นชอบแล้ว"),
    PlansCounted.APPROVED: _("เฉพาะแผนที่เห็นชอบแล้ว"),
}
QUARTERS: dict[Quarter, LazyString] = {
    Quarter.Q1: _("ไตรมาส 1 (ต.ค.-ธ.ค.)"),
    Quarter.Q2: _("ไตรมาส 2 (ม.ค.-มี.ค.)"),
    Quarter.Q3: _("ไตรมาส 3 (เม.ย.-มิ.ย.)"),
    Quarter.Q4: _("ไตรมาส 4 (ก.ค.-ก.ย.)"),
    Quarter.ELSEWHEN: _("นอกปีงบประมาณ"),
    Quarter.UNKNOWN: _("ยังไม่ระบุวัน"),
}
STANDINGS: dict[PlanStanding, LazyString] = {
    PlanStanding.NONE: _("ยังไม่มีแผน"),
    PlanStanding.DRAFT: _("กำลังจัดทำหรือแก้ไข"),
    PlanStanding.WAITING: _("รอความเห็นชอบ"),
    PlanStanding.LATE: _("เห็นชอบหลังกำหนด"),
    PlanStanding.IN_TIME: _("เห็นชอบทันกำหนด"),
}


@dataclass(frozen=True)
class Chosen:
    """What the reader asked for; `units`: (number, Thai name, English name, depth) of all to choose from."""

    asked: Asked
    years: tuple[int, ...]
    units: tuple[tuple[int, str, str, int], ...]

    @property
    def address(self) -> dict[str, Any]:
        """The same choice in an address."""
        found: dict[str, Any] = {"year": self.asked.fiscal_year}
        if self.asked.unit_id is not None:
            found["unit"] = self.asked.unit_id
        if self.asked.counted is not PlansCounted.ALL:
            found["counted"] = self.asked.counted.value
        return found


def chosen() -> Chosen:
    """By the address; without a year the one being planned for. Raises NotVisible for a year or unit that is
    not among the organisation's."""
    session, organisation_id, day = db.session(), current_user().organisation_id or 0, clock.today()
    years = training_years(session, organisation_id, day)
    year = (
        asked_number(request.args, "year")
        if request.args.get("year")
        else year_to_show(session, organisation_id, day)
    )
    units = unit_choices(session, organisation_id)
    unit_id = asked_number(request.args, "unit") if request.args.get("unit") else None
    if year not in years or (request.args.get("unit") and unit_id not in {each[0] for each in units}):
        raise NotVisible
    word = request.args.get("counted", "")
    counted = PlansCounted(word) if word in set(PlansCounted) else PlansCounted.ALL
    return Chosen(Asked(organisation_id, year, unit_id, counted), years, units)


def unit_name(row: UnitSums[Any]) -> str:
    """The unit's name; the whole organisation has none of its own."""
    return name_of(row.name_th, row.name_en) or str(_("ทั้งหน่วยงาน"))


def asked_format() -> TableFormat:
    """Of the file. Raises NotVisible for one that is not given out."""
    asked = request.args.get("format", TableFormat.XLSX.value)
    if asked not in FORMATS:
        raise NotVisible
    return TableFormat(asked)


def table_file(name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """The rows, which are written as they come, as a file of the format asked for; `name` in Latin letters,
    without its ending."""
    form = asked_format()
    if form is TableFormat.CSV:
        written = write_csv(header, rows)
    else:
        written = write_workbook([Sheet(title[:31], header, rows)])
    return send_file(
        BytesIO(written),
        mimetype=form.media_type,
        as_attachment=True,
        download_name=f"{name}.{form.value}",
        max_age=0,
    )
