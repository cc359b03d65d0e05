"""What the plans of a year ask for: courses by seats, baht and quarter, and who asks for them."""

from collections.abc import Iterator
from decimal import Decimal

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.adapters.spreadsheets import Cell
from idp.database import db
from idp.queries.training.courses import course_page
from idp.queries.training.demand import (
    OF_COURSE,
    OF_TITLE,
    DemandRow,
    PersonAsking,
    demand,
    demand_in_all,
    everybody_asking,
    people_asking,
)
from idp.rules.errors import NotVisible
from idp.rules.terms import Permission
from idp.rules.training import Quarter
from idp.web.formats import show_date
from idp.web.guards import current_user, guarded
from idp.web.labels import label
from idp.web.numbers import asked_number, record_number
from idp.web.training_view import COUNTED, FORMATS, QUARTERS, chosen, table_file

blueprint = Blueprint("training_demand", __name__, url_prefix="/training/demand")

LONGEST_KEY = 600


@blueprint.get("/")
@guarded(Permission.TRAINING_VIEW)
def index() -> str:
    """What most people ask for first, fifty a page."""
    found, after = chosen(), _after()
    page = demand(db.session(), found.asked, after)
    following = page.next_after and url_for(
        "training_demand.index", **found.address, seats=page.next_after[0], after=page.next_after[1]
    )
    return render_template(
        "training/demand.html",
        found=found,
        page=page,
        whole=demand_in_all(db.session(), found.asked),
        quarters=QUARTERS,
        counted=COUNTED,
        formats=FORMATS,
        next_address=following,
        first_address=url_for("training_demand.index", **found.address) if after else None,
    )


@blueprint.get("/file")
@guarded(Permission.TRAINING_VIEW)
def file() -> Response:
    """The whole table, to work with."""
    found = chosen()
    header = [_("รหัส"), _("หลักสูตรหรือหัวข้อ"), _("ที่นั่งที่ต้องการ"), _("ที่นั่งที่จัด"), _("งบประมาณ (บาท)")]
    for name in QUARTERS.values():
        header += [_("%(quarter)s: ที่นั่ง", quarter=name), _("%(quarter)s: บาท", quarter=name)]
    rows = demand(db.session(), found.asked, limit=None).rows
    return table_file(
        f"training-demand-{found.asked.fiscal_year}", _("ความต้องการฝึกอบรม"), header, _lines(rows)
    )


@blueprint.get("/people")
@guarded(Permission.TRAINING_VIEW)
def people() -> str | Response:
    """Who asks for one course or title, fifty a page. Without either, the table leads there."""
    found, key = chosen(), _key()
    if not key:
        return _to_table()
    page = people_asking(db.session(), found.asked, key, asked_number(request.args, "after") or 0)
    following = page.next_after and url_for(
        "training_demand.people", **found.address, key=key, after=page.next_after
    )
    return render_template(
        "training/demand_people.html",
        found=found,
        key=key,
        title=_title(key, page.rows),
        page=page,
        counted=COUNTED,
        formats=FORMATS,
        next_address=following,
        first_address=url_for("training_demand.people", **found.address, key=key)
        if "after" in request.args
        else None,
    )


@blueprint.get("/people/file")
@guarded(Permission.TRAINING_VIEW)
def people_file() -> Response:
    """All of them, to work with."""
    found, key = chosen(), _key()
    if not key:
        return _to_table()
    header = [
        _("เลขประจำตัว"),
        _("ชื่อ"),
        _("หน่วยงาน"),
        _("หัวข้อในแผน"),
        _("วันแรก"),
        _("วันสุดท้าย"),
        _("ชั่วโมง"),
        _("งบประมาณ (บาท)"),
        _("สถานะแผน"),
    ]
    rows = everybody_asking(db.session(), found.asked, key)
    name = f"training-demand-people-{found.asked.fiscal_year}"
    return table_file(name, _("รายชื่อผู้ต้องการฝึกอบรม"), header, map(_person_line, rows))


def _lines(rows: tuple[DemandRow, ...]) -> Iterator[list[Cell]]:
    for row in rows:
        line: list[Cell] = [
            row.code,
            row.title_th,
            Decimal(row.whole.seats),
            "" if row.offered is None else Decimal(row.offered),
            row.whole.baht,
        ]
        for quarter in Quarter:
            line += [Decimal(row.quarters[quarter].seats), row.quarters[quarter].baht]
        yield line


def _person_line(row: PersonAsking) -> list[Cell]:
    return [
        row.number,
        row.name,
        row.unit_th,
        row.title,
        show_date(row.starts_on) if row.starts_on else "",
        show_date(row.ends_on) if row.ends_on else "",
        Decimal(row.hours),
        row.cost_baht,
        label(row.plan_state),
    ]


def _after() -> tuple[int, str] | None:
    seats = asked_number(request.args, "seats")
    return None if seats is None else (seats, request.args.get("after", "")[:LONGEST_KEY])


def _to_table() -> Response:
    return redirect(url_for("training_demand.index"))  # type: ignore[return-value]


def _key() -> str:
    """Of the row asked for, "" for none. Raises NotVisible for what no row is called."""
    key = request.args.get("key", "")[:LONGEST_KEY]
    if key and not (key.startswith(OF_TITLE) or record_number(key.removeprefix(OF_COURSE))):
        raise NotVisible
    return key


def _title(key: str, rows: tuple[PersonAsking, ...]) -> str:
    """The course's, or as the first of them wrote it. Raises NotVisible for a course that is not the
    organisation's."""
    if key.startswith(OF_TITLE):
        return rows[0].title if rows else key.removeprefix(OF_TITLE)
    number = record_number(key.removeprefix(OF_COURSE)) or 0
    course = course_page(db.session(), current_user().organisation_id or 0, number)
    if course is None:
        raise NotVisible
    return course.title_th
