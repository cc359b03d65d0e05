"""How proposals were answered, and why they were turned down: for the personnel office, without names."""

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from idp.adapters.spreadsheets import Cell, Sheet, TableFormat, write_csv, write_workbook
from idp.database import db
from idp.models import Cycle
from idp.queries.figures import cycles_begun
from idp.queries.suggestion_answers import Answers, AnswersOfCycle, answers_of_cycle
from idp.rules.errors import NotVisible
from idp.rules.terms import Permission
from idp.services.access import check_organisation
from idp.web import clock
from idp.web.figures import chosen_cycle
from idp.web.guards import current_actor, guarded
from idp.web.labels import label
from idp.web.language import name_of

blueprint = Blueprint("suggestion_answers", __name__, url_prefix="/suggestion-answers")

FORMATS = (TableFormat.CSV.value, TableFormat.XLSX.value)
ACTIONS_SHOWN = 100
REASONS_SHOWN = 5


@blueprint.get("/")
@guarded(Permission.SUGGESTION_RUN)
def index() -> str:
    """One round; without being asked for any, the latest one."""
    cycles = _cycles()
    cycle = chosen_cycle(cycles) if cycles else None
    return render_template(
        "suggestions/answers.html",
        cycles=cycles,
        cycle=cycle,
        found=answers_of_cycle(db.session(), cycle.id) if cycle else None,
        formats=FORMATS,
        actions_shown=ACTIONS_SHOWN,
        reasons_shown=REASONS_SHOWN,
    )


@blueprint.get("/file")
@guarded(Permission.SUGGESTION_RUN)
def file() -> Response:
    """Every action that was turned down with every reason, and the counts by competency and by method."""
    asked = request.args.get("format", TableFormat.XLSX.value)
    if asked not in FORMATS:
        raise NotVisible
    cycles = _cycles()
    if not cycles:
        return redirect(url_for("suggestion_answers.index"))  # type: ignore[return-value]
    form, cycle = TableFormat(asked), chosen_cycle(cycles)
    found = answers_of_cycle(db.session(), cycle.id)
    reasons = Sheet(_("เหตุผลที่ไม่เลือก"), _reason_header(), list(_reason_rows(found)))
    if form is TableFormat.CSV:
        written = write_csv(reasons.header, reasons.rows)
    else:
        counts = Sheet(_("จำนวนคำตอบ"), _count_header(), list(_count_rows(found)))
        written = write_workbook([reasons, counts])
    name = f"suggestion-answers-{cycle.code}.{form.value}"
    return send_file(
        BytesIO(written), mimetype=form.media_type, as_attachment=True, download_name=name, max_age=0
    )


def _cycles() -> list[Cycle]:
    actor = current_actor()
    check_organisation(db.session(), actor, Permission.SUGGESTION_RUN, clock.today())
    return cycles_begun(db.session(), actor.organisation_id or 0)


def _reason_header() -> list[str]:
    return [
        _("รหัสกิจกรรม"),
        _("กิจกรรม"),
        _("สมรรถนะ"),
        _("ระดับ"),
        _("วิธีการพัฒนา"),
        _("เหตุผลที่ไม่เลือก"),
        _("จำนวนครั้ง"),
    ]


def _reason_rows(found: AnswersOfCycle) -> Iterator[list[Cell]]:
    for action in found.actions:
        competency = name_of(action.competency_name_th, action.competency_name_en)
        about: list[Cell] = [
            action.key,
            action.title_th,
            competency,
            Decimal(action.level),
            label(action.method),
        ]
        for reason in action.reasons:
            yield [*about, reason.text, Decimal(reason.count)]


def _count_header() -> list[str]:
    return [_("นับตาม"), _("รายการ"), _("เลือก"), _("ไม่เลือก"), _("ยังไม่ตอบ"), _("ไม่เลือก (ร้อยละ)")]


def _count_rows(found: AnswersOfCycle) -> Iterator[list[Cell]]:
    yield [_("ทั้งหมด"), "", *_counts(found.whole)]
    for competency in found.competencies:
        name = name_of(competency.name_th, competency.name_en)
        yield [_("สมรรถนะ"), name, *_counts(competency.answers)]
    for method in found.methods:
        yield [_("วิธีการพัฒนา"), label(method.method), *_counts(method.answers)]


def _counts(answers: Answers) -> list[Cell]:
    figures = (answers.chosen, answers.rejected, answers.waiting, answers.rejected_percent)
    return [Decimal(each) for each in figures]
