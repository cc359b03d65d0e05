"""The development budget: what plans cost by unit, against the ceilings that the personnel office sets."""

from collections.abc import Iterator
from decimal import Decimal

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from idp.adapters.spreadsheets import Cell
from idp.database import db
from idp.queries.history import HistoryLine, history_of_ceilings
from idp.queries.training.budget import BudgetRow, Exceeded, budget, ceilings_exceeded
from idp.rules.errors import InvalidInput, NotVisible
from idp.rules.terms import Permission
from idp.services.training.budgets import copy_ceilings, set_ceiling
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.formats import NOTHING, baht, fiscal_year
from idp.web.forms.amounts import typed_baht, written_baht
from idp.web.guards import current_actor, guarded
from idp.web.language import name_of
from idp.web.timeline import TimelineEntry, older_than
from idp.web.timeline_changes import Change
from idp.web.training_view import FORMATS, Chosen, chosen, table_file, unit_name

blueprint = Blueprint("budgets", __name__, url_prefix="/training/budget")


@blueprint.get("/")
@guarded(Permission.TRAINING_VIEW)
def index() -> str:
    """The unit asked for with those right below it."""
    found = chosen()
    table = budget(db.session(), found.asked.organisation_id, found.asked.fiscal_year)
    return render_template(
        "training/budget.html",
        found=found,
        rows=table.rows(found.asked.unit_id),
        formats=FORMATS,
        unit_name=unit_name,
    )


@blueprint.get("/file")
@guarded(Permission.TRAINING_VIEW)
def file() -> Response:
    """Every unit, to work with."""
    found = chosen()
    table = budget(db.session(), found.asked.organisation_id, found.asked.fiscal_year)
    header = [
        _("หน่วยงาน"),
        _("วงเงิน (บาท)"),
        _("ตามแผนที่เสนอหรือเห็นชอบ (บาท)"),
        _("เห็นชอบแล้ว (บาท)"),
        _("ใช้จริง (บาท)"),
        _("คงเหลือ (บาท)"),
    ]
    name = f"development-budget-{found.asked.fiscal_year}"
    return table_file(name, _("งบประมาณพัฒนาบุคลากร"), header, _lines(table.every_unit()))


@blueprint.get("/ceilings")
@guarded(Permission.BUDGET_EDIT)
def ceilings() -> Response:
    """A row for the unit asked for and each right below it, saved one by one."""
    return _ceilings(chosen(), NOTHING_SENT)


@blueprint.post("/ceilings/<int:unit_id>")
@guarded(Permission.BUDGET_EDIT)
def save(unit_id: int) -> Response:
    """Set what one unit may spend in the year, or take it away."""
    found = chosen()
    field = f"baht-{unit_id}"
    try:
        amount = typed_baht("baht", request.form.get(field, ""))
        set_ceiling(
            db.session(),
            current_actor(),
            found.asked.fiscal_year,
            unit_id,
            amount,
            clock.now(),
            sent_version(),
        )
    except REFUSED as refusal:
        db.session.rollback()
        if isinstance(refusal, InvalidInput):
            refusal = InvalidInput(field, refusal.code, **refusal.values)
        return _ceilings(found, attempt_of(refusal, "ceiling", item_id=unit_id))
    db.session.commit()
    flash(_("บันทึกวงเงินแล้ว"), "success")
    return redirect(url_for("budgets.ceilings", **found.address, _anchor=f"unit-{unit_id}"))  # type: ignore[return-value]


@blueprint.post("/ceilings/copy")
@guarded(Permission.BUDGET_EDIT)
def copy() -> Response:
    """The ceilings of the year before, for the units that have none in this one."""
    found = chosen()
    try:
        count = copy_ceilings(db.session(), current_actor(), found.asked.fiscal_year, clock.now())
    except REFUSED as refusal:
        db.session.rollback()
        return _ceilings(found, attempt_of(refusal, "copy"))
    db.session.commit()
    if count:
        flash(
            ngettext(
                "คัดลอกวงเงินของปีก่อนแล้ว %(count)s หน่วยงาน",
                "คัดลอกวงเงินของปีก่อนแล้ว %(count)s หน่วยงาน",
                count,
                count=count,
            ),
            "success",
        )
    else:
        flash(_("ไม่มีวงเงินของปีก่อนให้คัดลอก หรือทุกหน่วยงานมีวงเงินของปีนี้แล้ว"), "info")
    return redirect(url_for("budgets.ceilings", **found.address))  # type: ignore[return-value]


@blueprint.app_template_global("ceilings_exceeded")
def exceeded_by(plan_id: int) -> tuple[Exceeded, ...]:
    """For the page of a plan, to be asked where the reader may approve it."""
    return ceilings_exceeded(db.session(), plan_id)


def _ceilings(found: Chosen, attempt: Attempt) -> Response:
    table = budget(db.session(), found.asked.organisation_id, found.asked.fiscal_year)
    rows = table.rows(found.asked.unit_id)
    if attempt.item_id is not None and attempt.item_id not in {row.unit.unit_id for row in rows}:
        if attempt.item_id not in table.sums:
            raise NotVisible
        rows = table.rows(attempt.item_id)
    history = history_of_ceilings(db.session(), found.asked.organisation_id, older_than())
    names = {unit.id: name_of(unit.name_th, unit.name_en) for unit in table.units}
    page = render_template(
        "training/ceilings.html",
        found=found,
        rows=[row for row in rows if row.unit.unit_id is not None],
        attempt=attempt,
        written=written_baht,
        unit_name=unit_name,
        names={f"baht-{unit_id}": name for unit_id, name in names.items()},
        history=[_entry(line, names) for line in history],
        history_page=history,
    )
    return make_response(page, attempt.status)


def _entry(line: HistoryLine, names: dict[int, str]) -> TimelineEntry:
    detail = line.detail
    shown = [baht(Decimal(each)) if each else NOTHING for each in (detail.get("from"), detail.get("to"))]
    text = _("คัดลอกวงเงินจากปีก่อน") if line.event == "copy_ceiling" else _("กำหนดวงเงิน")
    year = fiscal_year(detail["fiscal_year"])
    return TimelineEntry(
        text=text,
        who=line.actor_name,
        on_behalf_of=line.on_behalf_of,
        at=line.at,
        reason=line.reason,
        about=_("%(unit)s ปีงบประมาณ พ.ศ. %(year)s", unit=names.get(line.subject_id, NOTHING), year=year),
        changes=(Change((line.event, line.subject_id), _("วงเงิน"), shown[0], shown[1]),),
    )


def _lines(rows: list[BudgetRow]) -> Iterator[list[Cell]]:
    for row in rows:
        sums = row.unit.sums
        yield [
            unit_name(row.unit),
            "" if row.ceiling is None else row.ceiling,
            sums.planned,
            sums.approved,
            sums.spent,
            "" if row.left is None else row.left,
        ]
