"""The organisation's dated settings: what holds today, what is coming, and setting one from a day on."""

from datetime import date

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from idp.database import db
from idp.queries.organisation_rules import frozen_cycles, settings_page
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.terms import Permission
from idp.rules.thai import to_arabic_digits
from idp.services.organisation_rules import NUMBERS, SWITCHES, change_rules
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of
from idp.web.formats import digits, show_date
from idp.web.forms.cycles import written_date
from idp.web.forms.days import typed_day
from idp.web.guards import current_actor, current_user, guarded
from idp.web.names.organisation_rules import DAYS, NO, SETTINGS, UNITS, YES

blueprint = Blueprint("organisation_rules", __name__, url_prefix="/organisation/rules")

KEYS = (*SWITCHES, *NUMBERS)
LONGEST = 6
"""Digits: whatever is longer is out of every range."""


@blueprint.get("/")
@guarded(Permission.CYCLE_RUN)
def index() -> Response:
    """Every setting that the office may change by itself."""
    return _page(NOTHING_SENT)


@blueprint.post("/<setting>")
@guarded(Permission.CYCLE_RUN)
def save(setting: str) -> Response:
    """Set one of them from the day typed. One at a time: what is set for a later day is not undone by it."""
    if setting not in KEYS:
        raise NotFound
    try:
        from_on, value = _read(setting)
        change_rules(db.session(), current_actor(), {setting: value}, from_on, clock.now())
    except REFUSED as refusal:
        db.session.rollback()
        return _page(attempt_of(refusal, setting))
    db.session.commit()
    name, day = SETTINGS[setting][0], show_date(from_on)
    flash(
        _("ตั้งค่า “%(name)s” เป็น “%(value)s” ตั้งแต่ %(day)s แล้ว", name=name, value=written(value), day=day),
        "success",
    )
    return redirect(url_for("organisation_rules.index"))  # type: ignore[return-value]


def _read(setting: str) -> tuple[date, bool | int]:
    """The day and the value, with the problem of each at its field."""
    problems: list[InvalidInput] = []
    from_on = value = None
    try:
        value = _value(setting, to_arabic_digits(request.form.get(setting, "")).strip())
    except InvalidInput as error:
        problems.append(error)
    try:
        from_on = typed_day(request.form, "from_on")
    except InvalidInput as error:
        problems.append(error)
    if from_on is None or value is None:
        raise InvalidInputs(problems)
    return from_on, value


def _value(setting: str, text: str) -> bool | int:
    if not text:
        raise InvalidInput(setting, "required")
    if setting in SWITCHES:
        if text not in ("yes", "no"):
            raise InvalidInput(setting, "unknown_choice")
        return text == "yes"
    text = text.replace(",", "")
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST):
        raise InvalidInput(setting, "not_a_number")
    return int(text)


def _page(attempt: Attempt) -> Response:
    session, day, organisation_id = db.session(), clock.today(), current_user().organisation_id or 0
    settings = settings_page(session, organisation_id, KEYS, day)
    body = render_template(
        "organisation_rules/index.html",
        attempt=attempt,
        settings=settings,
        frozen=frozen_cycles(session, organisation_id, settings),
        names=SETTINGS,
        numbers=NUMBERS,
        units={key: UNITS.get(key, DAYS) for key in NUMBERS},
        written=written,
        today_written=written_date(day),
        labels={key: text for key, (text, _help) in SETTINGS.items()} | {"from_on": _("มีผลตั้งแต่วันที่")},
    )
    return make_response(body, attempt.status)


def written(value: object) -> str:
    """A setting's value in words."""
    if isinstance(value, bool):
        return str(YES if value else NO)
    return digits(value)
