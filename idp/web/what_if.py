"""What would come of other expectations before a cycle opens: how many gaps, whose, at which cost."""

from collections.abc import Iterable
from decimal import Decimal

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from idp.database import db
from idp.queries.what_if import NAMED, WhatIf, what_if
from idp.queries.what_if_rows import competencies_of, position_levels_of
from idp.rules.cycle_workflow import UNOPENED_STATES
from idp.rules.errors import InvalidInputs
from idp.rules.profiles import LEAST_LEVEL
from idp.rules.terms import PassRuleKind, Permission
from idp.rules.what_if import Scenario
from idp.services.access import load_cycle
from idp.services.settings import rules_on
from idp.web import clock
from idp.web.cycle_creation import messages_of
from idp.web.cycles import blueprint as cycles
from idp.web.formats import digits
from idp.web.forms.what_if import CHANGES, read_scenario
from idp.web.guards import current_actor, guarded
from idp.web.labels import label
from idp.web.language import name_of
from idp.web.looking import note_committee_look

HIGHEST_OFFERED = 6
"""The longest ladder known has so many levels."""


@cycles.get("/<int:cycle_id>/what-if")
@guarded(Permission.CYCLE_RUN)
def try_out(cycle_id: int) -> Response:
    """The form; with something chosen in the address, what would come of it. Nothing is written."""
    session, day = db.session(), clock.today()
    cycle, _standing = load_cycle(session, current_actor(), cycle_id, Permission.CYCLE_RUN, day)
    if cycle.state not in UNOPENED_STATES:
        return make_response(render_template("cycles/what_if.html", cycle=cycle, is_open=True))
    competencies = competencies_of(session, cycle)
    levels = position_levels_of(session, cycle, day)
    errors: dict[str, str] = {}
    scenario = Scenario()
    try:
        scenario = read_scenario(
            request.args, {each[0] for each in competencies}, {each[0] for each in levels}
        )
    except InvalidInputs as problems:
        errors = messages_of(problems)
    found = None
    if not errors and not scenario.is_empty:
        found = what_if(session, cycle, rules_on(session, cycle.organisation_id, day), scenario, day)
        note_committee_look({each.assessment_id for each in found.changed})
    body = render_template(
        "cycles/what_if.html",
        cycle=cycle,
        is_open=False,
        typed=request.args,
        errors=errors,
        labels=_labels(),
        found=found,
        scenario=scenario,
        sides=_sides(found) if found else (),
        competencies=competencies,
        levels=levels,
        choices_of=_choices,
        changes=CHANGES,
        steps=_steps(),
        pass_rules=[(kind.value, label(kind)) for kind in PassRuleKind],
        shown=NAMED,
    )
    return make_response(body, 422 if errors else 200)


def _choices(rows: Iterable[tuple[int, str, str | None]]) -> list[tuple[int, str]]:
    return [(number, name_of(name_th, name_en)) for number, name_th, name_en in rows]


def _steps() -> list[tuple[str, str]]:
    offered = range(LEAST_LEVEL, HIGHEST_OFFERED + 1)
    exact = [(str(level), _("ระดับ %(level)s", level=digits(level))) for level in offered]
    return [("up", _("สูงขึ้น 1 ระดับ")), ("down", _("ต่ำลง 1 ระดับ")), *exact]


def _labels() -> dict[str, str]:
    names = {
        "pass_rule": _("เกณฑ์การผ่านแต่ละระดับ"),
        "percentage": _("ร้อยละของพฤติกรรม"),
        "weight_of": _("สมรรถนะที่เปลี่ยนน้ำหนัก"),
        "weight": _("น้ำหนักใหม่ (ร้อยละ)"),
    }
    for number in CHANGES:
        names |= {
            f"competency{number}": _("สมรรถนะ"),
            f"level{number}": _("ระดับตำแหน่ง"),
            f"to{number}": _("ระดับที่คาดหวังใหม่"),
        }
    return names


def _sides(found: WhatIf) -> list[tuple[str, Decimal | int, Decimal | int]]:
    """The lines of the summary: what, before, after."""
    before, after = found.whole.before, found.whole.after
    return [
        (_("ช่องว่างสมรรถนะ (รายการ)"), before.gaps, after.gaps),
        (_("ผู้ที่มีช่องว่างอย่างน้อยหนึ่งสมรรถนะ (คน)"), before.people, after.people),
        (_("ระดับที่ยังขาดรวม"), before.levels, after.levels),
        (_("ชั่วโมงพัฒนาโดยประมาณ"), before.hours, after.hours),
        (_("งบประมาณโดยประมาณ (บาท)"), before.baht, after.baht),
        (_("ช่องว่างที่ยังไม่มีกิจกรรมการพัฒนาในคลัง (รายการ)"), before.without_action, after.without_action),
    ]
