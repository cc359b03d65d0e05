"""Which dictionaries the organisation uses, from a day on; the latest versions for a cycle not yet open."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.queries.framework_library import list_frameworks
from idp.queries.organisation_rules import settings_page
from idp.rules.terms import CompetencyCategory, Permission
from idp.services.access import load_cycle
from idp.services.framework_choice import (
    choose_frameworks,
    framework_choices,
    take_latest_frameworks,
)
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.formats import show_date
from idp.web.forms.cycles import written_date
from idp.web.forms.days import typed_day
from idp.web.guards import current_actor, current_user, guarded
from idp.web.labels import label
from idp.web.language import name_of

blueprint = Blueprint("framework_choice", __name__)

KEY = "frameworks"


@blueprint.get("/organisation/frameworks")
@guarded(Permission.FRAMEWORK_EDIT)
def index() -> Response:
    """What holds today, what is coming, and the form."""
    return _page(NOTHING_SENT)


@blueprint.post("/organisation/frameworks")
@guarded(Permission.FRAMEWORK_EDIT)
def choose() -> Response:
    """Set the dictionaries from the day typed."""
    try:
        from_on = typed_day(request.form, "from_on")
        chosen = {category: request.form.getlist(category.value) for category in CompetencyCategory}
        choose_frameworks(db.session(), current_actor(), chosen, from_on, clock.now())
        db.session.commit()
    except REFUSED as refusal:
        db.session.rollback()
        return _page(attempt_of(refusal, "choose"))
    flash(_("กำหนดพจนานุกรมที่ใช้ตั้งแต่ %(day)s แล้ว", day=show_date(from_on)), "success")
    return redirect(url_for("framework_choice.index"))  # type: ignore[return-value]


@blueprint.post("/cycles/<int:cycle_id>/frameworks")
@guarded(Permission.CYCLE_RUN)
def take_latest(cycle_id: int) -> Response:
    """Give a cycle that is not open yet the versions that hold today."""
    session, actor = db.session(), current_actor()
    load_cycle(session, actor, cycle_id, Permission.CYCLE_RUN, clock.today())
    take_latest_frameworks(session, actor, cycle_id, clock.now(), sent_version())
    session.commit()
    flash(_("รอบการประเมินนี้ใช้พจนานุกรมฉบับล่าสุดแล้ว โปรดตรวจสอบความพร้อมอีกครั้งก่อนเปิดรอบ"), "success")
    return redirect(url_for("cycles.show", cycle_id=cycle_id))  # type: ignore[return-value]


def _page(attempt: Attempt) -> Response:
    session, organisation_id = db.session(), current_user().organisation_id or 0
    day = clock.today()
    setting = settings_page(session, organisation_id, [KEY], day)[0]
    known = {each.code: each for each in list_frameworks(session, organisation_id)}
    offered = framework_choices(session, organisation_id)

    def names(value: object, category: CompetencyCategory) -> list[str]:
        uses = value if isinstance(value, (list, tuple)) else []
        found = [use["code"] for use in uses if use["category"] == category.value]
        return [name_of(known[code].name_th, known[code].name_en) for code in found if code in known]

    today_codes = {(use["code"], use["category"]) for use in setting.value} if setting.value else set()
    body = render_template(
        "frameworks/choice.html",
        attempt=attempt,
        setting=setting,
        names=names,
        categories=list(CompetencyCategory),
        offered={each: [known[code] for code in codes] for each, codes in offered.items()},
        chosen=_chosen(attempt, today_codes),
        today_written=written_date(day),
        labels={each.value: label(each) for each in CompetencyCategory} | {"from_on": _("มีผลตั้งแต่วันที่")},
    )
    return make_response(body, attempt.status)


def _chosen(attempt: Attempt, today: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """(code, category): what was ticked in a form that came back, else what holds today."""
    if not attempt.form:
        return today
    return {(code, each.value) for each in CompetencyCategory for code in request.form.getlist(each.value)}
