"""Positions of which something else is expected than their profile says: the list, a new one, its end."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.database import db
from idp.queries.history import HistoryLine, history_of_override
from idp.queries.position_overrides import OverrideStanding, override_list, override_page
from idp.queries.profile_index import frozen_by_cycles
from idp.queries.profile_versions import competencies_in_use
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible
from idp.rules.terms import Permission
from idp.rules.thai import to_arabic_digits
from idp.services.position_overrides import (
    OverrideChange,
    OverrideFields,
    change_override,
    end_override,
    override_position,
)
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.formats import digits, show_date
from idp.web.forms.cycles import written_date
from idp.web.forms.days import day_or_none, typed_day
from idp.web.forms.profiles import LONGEST, shown_weight, typed_weight
from idp.web.guards import current_actor, current_user, guarded
from idp.web.numbers import record_number
from idp.web.timeline import TimelineEntry

blueprint = Blueprint("position_overrides", __name__, url_prefix="/position-overrides")

EVENTS: dict[str, LazyString] = {
    "override_position": _("กำหนดระดับที่คาดหวังเฉพาะตำแหน่ง"),
    "change_override": _("แก้ไขระดับที่คาดหวังเฉพาะตำแหน่ง"),
    "end_override": _("สิ้นสุดการใช้ระดับที่คาดหวังเฉพาะตำแหน่ง"),
    "withdraw_override": _("ยกเลิกก่อนเริ่มมีผล"),
    "carry_over": _("เปลี่ยนไปใช้พจนานุกรมฉบับใหม่"),
}
STANDINGS: dict[OverrideStanding, LazyString] = {
    OverrideStanding.IN_FORCE: _("มีผลอยู่"),
    OverrideStanding.COMING: _("ยังไม่ถึงวันเริ่ม"),
    OverrideStanding.OVER: _("สิ้นสุดแล้ว"),
    OverrideStanding.WITHDRAWN: _("ยกเลิกแล้ว"),
}


@blueprint.get("/")
@guarded(Permission.PROFILE_VIEW)
def index() -> str:
    """All of them, with who serves in the position today."""
    return render_template(
        "profiles/overrides.html",
        rows=override_list(db.session(), _organisation_id(), clock.today()),
        standings=STANDINGS,
        weight=shown_weight,
    )


@blueprint.get("/new")
@guarded(Permission.PROFILE_EDIT)
def new() -> Response:
    """The form of one."""
    return _form(NOTHING_SENT)


@blueprint.post("/new")
@guarded(Permission.PROFILE_EDIT)
def create() -> Response:
    """Expect something else of the position from the day typed."""
    try:
        override = override_position(db.session(), current_actor(), _read(), clock.now())
    except REFUSED as refusal:
        db.session.rollback()
        values = getattr(refusal, "values", {})
        return _form(attempt_of(refusal, "create"), in_the_way=values.get("override_id"))
    db.session.commit()
    flash(str(_("บันทึกระดับที่คาดหวังเฉพาะตำแหน่งแล้ว")), "success")
    return redirect(url_for("position_overrides.show", override_id=override.id))  # type: ignore[return-value]


@blueprint.get("/<int:override_id>")
@guarded(Permission.PROFILE_VIEW)
def show(override_id: int) -> Response:
    """One of them, with its history."""
    return _page(override_id, NOTHING_SENT)


@blueprint.get("/<int:override_id>/change")
@guarded(Permission.PROFILE_EDIT)
def change(override_id: int) -> Response:
    """The form to correct one."""
    return _page(override_id, NOTHING_SENT, "profiles/override_change.html")


@blueprint.post("/<int:override_id>/change")
@guarded(Permission.PROFILE_EDIT)
def save_change(override_id: int) -> Response:
    """Correct one that has not held a day yet."""
    try:
        change_override(
            db.session(), current_actor(), override_id, _read_change(), clock.now(), sent_version()
        )
    except REFUSED as refusal:
        db.session.rollback()
        return _page(override_id, attempt_of(refusal, "change"), "profiles/override_change.html")
    db.session.commit()
    flash(str(_("บันทึกระดับที่คาดหวังเฉพาะตำแหน่งแล้ว")), "success")
    return redirect(url_for("position_overrides.show", override_id=override_id))  # type: ignore[return-value]


@blueprint.post("/<int:override_id>/end")
@guarded(Permission.PROFILE_EDIT)
def end(override_id: int) -> Response:
    """End it, or take it back before it begins."""
    try:
        end_override(
            db.session(),
            current_actor(),
            override_id,
            day_or_none(request.form, "until_on"),
            request.form.get("reason", ""),
            clock.now(),
            sent_version(),
        )
    except REFUSED as refusal:
        db.session.rollback()
        return _page(override_id, attempt_of(refusal, "end"))
    db.session.commit()
    flash(str(_("บันทึกการสิ้นสุดแล้ว")), "success")
    return redirect(url_for("position_overrides.show", override_id=override_id))  # type: ignore[return-value]


def _read() -> OverrideFields:
    """The form, with the problem of each field that cannot be read at it; the service checks the rest."""
    form, problems = request.form, list[InvalidInput]()
    read = _reader(problems)
    level = read(lambda: _level(form.get("level", "")))
    weight = read(lambda: typed_weight("weight", form.get("weight", "")))
    from_on = read(lambda: typed_day(form, "from_on"))
    until_on = read(lambda: day_or_none(form, "until_on"))
    for field in ("position_number", "reason"):
        if not form.get(field, "").strip():
            problems.append(InvalidInput(field, "missing"))
    competency_id = record_number(form.get("competency_id", ""))
    if competency_id is None:
        problems.append(InvalidInput("competency_id", "unknown_choice"))
    if problems:
        raise InvalidInputs(problems)
    return OverrideFields(
        form.get("position_number", ""),
        competency_id,
        level,
        weight,
        form.get("reason", ""),
        from_on,
        until_on,
    )


def _read_change() -> OverrideChange:
    form, problems = request.form, list[InvalidInput]()
    read = _reader(problems)
    level = read(lambda: _level(form.get("level", "")))
    weight = read(lambda: typed_weight("weight", form.get("weight", "")))
    until_on = read(lambda: day_or_none(form, "until_on"))
    if problems:
        raise InvalidInputs(problems)
    return OverrideChange(level, weight, form.get("reason", ""), until_on)


def _reader(problems: list[InvalidInput]) -> Callable[[Callable[[], Any]], Any]:
    """Takes a field; one that cannot be read is None, and named among `problems`."""

    def read(take: Callable[[], Any]) -> Any:
        try:
            return take()
        except InvalidInput as problem:
            problems.append(problem)
            return None

    return read


def _level(text: str) -> int:
    text = to_arabic_digits(text).strip()
    if not text:
        raise InvalidInput("level", "required")
    if len(text) > LONGEST or not (text.isascii() and text.isdigit()):
        raise InvalidInput("level", "not_a_whole_number")
    return int(text)


def _form(attempt: Attempt, in_the_way: int | None = None) -> Response:
    session, day = db.session(), clock.today()
    page = render_template(
        "profiles/override_new.html",
        attempt=attempt,
        in_the_way=in_the_way,
        competencies=competencies_in_use(session, _organisation_id(), day),
        asked_number=request.args.get("position", "")[:40],
        today_written=written_date(day),
        cycles=frozen_by_cycles(session, _organisation_id()),
    )
    return make_response(page, attempt.status)


def _page(override_id: int, attempt: Attempt, template: str = "profiles/override.html") -> Response:
    session, day = db.session(), clock.today()
    override = override_page(session, _organisation_id(), override_id, day)
    if override is None:
        raise NotVisible
    page = render_template(
        template,
        override=override,
        attempt=attempt,
        standing=STANDINGS[override.standing],
        is_open=override.standing in (OverrideStanding.IN_FORCE, OverrideStanding.COMING),
        has_begun=override.standing is OverrideStanding.IN_FORCE,
        may_change=override.from_on >= day,
        until_written=written_date(override.until_on) if override.until_on else "",
        today_written=written_date(day),
        weight=shown_weight,
        entries=[_entry(line) for line in history_of_override(session, override_id)],
        cycles=frozen_by_cycles(session, _organisation_id()),
    )
    return make_response(page, attempt.status)


def _entry(line: HistoryLine) -> TimelineEntry:
    to = line.detail.get("to") or {}
    about = ""
    if line.event in ("override_position", "change_override", "carry_over") and to:
        about = str(_("ระดับ %(level)s ตั้งแต่ %(day)s", level=digits(to["level"]), day=_day(to["from_on"])))
    elif line.event == "end_override" and line.detail.get("until_on"):
        about = str(_("วันสุดท้าย %(date)s", date=_day(line.detail["until_on"])))
    return TimelineEntry(
        text=str(EVENTS.get(line.event, line.event)),
        who=line.actor_name,
        on_behalf_of=line.on_behalf_of,
        at=line.at,
        reason=line.reason,
        about=about,
    )


def _day(text: str) -> str:
    return show_date(date.fromisoformat(text), "short")


def _organisation_id() -> int:
    return current_user().organisation_id or 0
