"""Training and its budget at a glance, and who has no plan, for the personnel office and auditors."""

from collections.abc import Iterator
from decimal import Decimal

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.adapters.spreadsheets import Cell
from idp.database import db
from idp.models import Cycle
from idp.queries.figures import cycles_begun
from idp.queries.training.budget import budget
from idp.queries.training.demand import demand_in_all
from idp.queries.training.hours import hours_by_unit
from idp.queries.training.units import UnitSums
from idp.queries.training.without_plan import (
    PersonStanding,
    Standings,
    completed_plans,
    everybody_standing,
    people_standing,
    standings_by_unit,
)
from idp.rules.errors import NotVisible
from idp.rules.terms import Permission
from idp.rules.training import NOT_APPROVED, PlanStanding
from idp.web import clock
from idp.web.guards import guarded
from idp.web.numbers import asked_number
from idp.web.training_hours import hours_asked, mean
from idp.web.training_view import COUNTED, FORMATS, STANDINGS, Chosen, chosen, table_file, unit_name

blueprint = Blueprint("training", __name__, url_prefix="/training")


@blueprint.get("/")
@guarded(Permission.TRAINING_VIEW)
def index() -> str:
    """The main numbers of one year and unit, each with the way to its page."""
    found, session = chosen(), db.session()
    cycle = next((each for each in _cycle(found)[1] if each.fiscal_year == found.asked.fiscal_year), None)
    standing = standings_by_unit(session, cycle).sums[found.asked.unit_id] if cycle else Standings()
    least = hours_asked(found)
    hours = hours_by_unit(session, found.asked, least).sums[found.asked.unit_id]
    money = budget(session, found.asked.organisation_id, found.asked.fiscal_year)
    return render_template(
        "training/index.html",
        found=found,
        cycle=cycle,
        standing=standing,
        completed=completed_plans(session, found.asked),
        hours=hours,
        planned_mean=mean(hours.planned, hours.people),
        done_mean=mean(hours.done, hours.people),
        least=least,
        money=money.rows(found.asked.unit_id)[0],
        wanted=demand_in_all(session, found.asked),
        percent=_percent,
        counted=COUNTED,
    )


@blueprint.get("/plans")
@guarded(Permission.TRAINING_VIEW)
def plans() -> str | Response:
    """Who has no plan, by unit: the unit asked for with those right below it."""
    found = chosen()
    cycle, cycles = _cycle(found)
    if cycle is None:
        return _to_overview()
    table = standings_by_unit(db.session(), cycle)
    return render_template(
        "training/plans.html",
        found=found,
        cycle=cycle,
        cycles=cycles,
        table_of_plans=table,
        rows=table.rows(found.asked.unit_id),
        is_over=table.due_on is not None and table.due_on < clock.today(),
        standings=STANDINGS,
        formats=FORMATS,
        unit_name=unit_name,
        percent=_percent,
    )


@blueprint.get("/plans/file")
@guarded(Permission.TRAINING_VIEW)
def plans_file() -> Response:
    """Every unit, to work with."""
    found = chosen()
    cycle, _cycles = _cycle(found)
    if cycle is None:
        return _to_overview()
    header = [_("หน่วยงาน"), _("แจ้งผลแล้ว (คน)"), *(str(name) for name in STANDINGS.values())]
    rows = standings_by_unit(db.session(), cycle).every_unit()
    return table_file(f"plans-{cycle.code}", _("ความก้าวหน้าการจัดทำแผน"), header, _lines(rows))


@blueprint.get("/plans/people")
@guarded(Permission.TRAINING_VIEW)
def people() -> str | Response:
    """The names of those who stand somewhere, fifty a page; without a word those without an approved plan."""
    found = chosen()
    cycle, _cycles = _cycle(found)
    if cycle is None:
        return _to_overview()
    wanted, after = _standing(), request.args.get("after", "")[:40]
    page = people_standing(
        db.session(), cycle, (wanted,) if wanted else NOT_APPROVED, found.asked.unit_id, after
    )
    address = found.address | {"cycle": cycle.id} | ({"standing": wanted.value} if wanted else {})
    return render_template(
        "training/plans_people.html",
        found=found,
        cycle=cycle,
        wanted=wanted,
        page=page,
        standings=STANDINGS,
        formats=FORMATS,
        address=address,
        next_address=page.next_after and url_for("training.people", **address, after=page.next_after),
        first_address=url_for("training.people", **address) if after else None,
    )


@blueprint.get("/plans/people/file")
@guarded(Permission.TRAINING_VIEW)
def people_file() -> Response:
    """All of them, to work with."""
    found = chosen()
    cycle, _cycles = _cycle(found)
    if cycle is None:
        return _to_overview()
    wanted = _standing()
    header = [_("เลขประจำตัว"), _("ชื่อ"), _("หน่วยงาน"), _("ผู้ประเมิน"), _("สถานะแผน")]
    rows = everybody_standing(db.session(), cycle, (wanted,) if wanted else NOT_APPROVED, found.asked.unit_id)
    return table_file(f"plans-people-{cycle.code}", _("รายชื่อตามสถานะแผน"), header, map(_person_line, rows))


def _to_overview() -> Response:
    """Where no round has begun there is nobody to count."""
    return redirect(url_for("training.index"))  # type: ignore[return-value]


def _cycle(found: Chosen) -> tuple[Cycle | None, list[Cycle]]:
    """The cycle asked for, else the latest of the year, else the latest, None where there is none at all; and
    all there are to choose from. Raises NotVisible for one that is not among them."""
    cycles = list(cycles_begun(db.session(), found.asked.organisation_id))
    if request.args.get("cycle"):
        wanted = asked_number(request.args, "cycle")
        cycle = next((each for each in cycles if each.id == wanted), None)
        if cycle is None:
            raise NotVisible
        return cycle, cycles
    of_year = [each for each in cycles if each.fiscal_year == found.asked.fiscal_year]
    return next(iter(of_year or cycles), None), cycles


def _standing() -> PlanStanding | None:
    word = request.args.get("standing", "")
    return PlanStanding(word) if word in set(PlanStanding) else None


def _percent(part: int, whole: int) -> int:
    """Rounded down; 0 of nobody."""
    return part * 100 // whole if whole else 0


def _lines(rows: list[UnitSums[Standings]]) -> Iterator[list[Cell]]:
    for row in rows:
        sums = row.sums
        yield [
            unit_name(row),
            Decimal(sums.people),
            *(Decimal(sums.of(each)) for each in STANDINGS),
        ]


def _person_line(row: PersonStanding) -> list[Cell]:
    return [row.number, row.name, row.unit_th, row.supervisor, str(STANDINGS[row.standing])]
