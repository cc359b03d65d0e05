"""Hours of development a person: by unit, and who is below what the organisation asks for."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from idp.adapters.spreadsheets import Cell
from idp.database import db
from idp.queries.training.hours import Hours, PersonHours, everybody_below, hours_by_unit, people_below
from idp.queries.training.units import UnitSums
from idp.rules.calendar import FiscalYear
from idp.rules.rounding import to_hundredths
from idp.rules.terms import Permission
from idp.services.settings import rules_on
from idp.web import clock
from idp.web.guards import guarded
from idp.web.training_view import COUNTED, FORMATS, Chosen, chosen, table_file, unit_name

blueprint = Blueprint("training_hours", __name__, url_prefix="/training/hours")


@blueprint.get("/")
@guarded(Permission.TRAINING_VIEW)
def index() -> str:
    """The unit asked for with those right below it."""
    found = chosen()
    least = hours_asked(found)
    table = hours_by_unit(db.session(), found.asked, least)
    return render_template(
        "training/hours.html",
        found=found,
        rows=table.rows(found.asked.unit_id),
        least=least,
        mean=mean,
        counted=COUNTED,
        formats=FORMATS,
        unit_name=unit_name,
    )


@blueprint.get("/file")
@guarded(Permission.TRAINING_VIEW)
def file() -> Response:
    """Every unit, to work with."""
    found = chosen()
    least = hours_asked(found)
    header = [
        _("หน่วยงาน"),
        _("จำนวนคน"),
        _("ชั่วโมงตามแผน"),
        _("ตามแผนเฉลี่ยต่อคน"),
        _("ชั่วโมงที่ทำแล้ว"),
        _("ทำแล้วเฉลี่ยต่อคน"),
        _("ไม่มีชั่วโมงตามแผน"),
        _("มีแต่ยังไม่ครบตามที่กำหนด"),
        _("ครบตามที่กำหนด"),
    ]
    rows = hours_by_unit(db.session(), found.asked, least).every_unit()
    name = f"training-hours-{found.asked.fiscal_year}"
    return table_file(name, _("ชั่วโมงการพัฒนา"), header, _lines(rows))


@blueprint.get("/people")
@guarded(Permission.TRAINING_VIEW)
def people() -> str:
    """Those for whom less is planned than is asked for, fifty a page."""
    found = chosen()
    least, after = hours_asked(found), request.args.get("after", "")[:40]
    page = people_below(db.session(), found.asked, least, after)
    following = page.next_after and url_for("training_hours.people", **found.address, after=page.next_after)
    return render_template(
        "training/hours_people.html",
        found=found,
        page=page,
        least=least,
        counted=COUNTED,
        formats=FORMATS,
        next_address=following,
        first_address=url_for("training_hours.people", **found.address) if after else None,
    )


@blueprint.get("/people/file")
@guarded(Permission.TRAINING_VIEW)
def people_file() -> Response:
    """All of them, to work with."""
    found = chosen()
    header = [_("เลขประจำตัว"), _("ชื่อ"), _("หน่วยงาน"), _("ชั่วโมงตามแผน"), _("ชั่วโมงที่ทำแล้ว")]
    rows = everybody_below(db.session(), found.asked, hours_asked(found))
    name = f"training-hours-people-{found.asked.fiscal_year}"
    return table_file(name, _("ผู้ที่ชั่วโมงไม่ครบ"), header, map(_person_line, rows))


def hours_asked(found: Chosen) -> int:
    """Of each person in the fiscal year, by the rules that held on its last day so far; 0: none are."""
    year = FiscalYear(found.asked.fiscal_year)
    day = min(max(clock.today(), year.start), year.end)
    return rules_on(db.session(), found.asked.organisation_id, day).hours_asked_a_year


def mean(hours: int, people: int) -> Decimal | None:
    """A person, two places, rounded once; None of nobody."""
    return to_hundredths(Fraction(hours, people)) if people else None


def _lines(rows: list[UnitSums[Hours]]) -> Iterator[list[Cell]]:
    for row in rows:
        sums = row.sums
        planned, done = mean(sums.planned, sums.people), mean(sums.done, sums.people)
        yield [
            unit_name(row),
            Decimal(sums.people),
            Decimal(sums.planned),
            "" if planned is None else planned,
            Decimal(sums.done),
            "" if done is None else done,
            Decimal(sums.without),
            Decimal(sums.some),
            Decimal(sums.reached),
        ]


def _person_line(row: PersonHours) -> list[Cell]:
    return [row.number, row.name, row.unit_th, Decimal(row.planned), Decimal(row.done)]
