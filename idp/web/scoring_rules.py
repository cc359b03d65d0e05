"""How scores are made, by personnel type and from a day on: what holds, what is coming, setting it, and a
trial calculation with rules that are not set yet."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from idp.database import db
from idp.queries.scoring_rules import (
    changes_of_scoring,
    cycles_that_keep,
    posts_without_whole_weights,
    scoring_page,
)
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.scoring import METHODS, band_ranges, method_of
from idp.rules.scoring_settings import problems_of
from idp.rules.settings import ScoringRule
from idp.rules.terms import PassRuleKind, Permission, PersonnelType
from idp.services.scoring_rules import change_pass_rule, change_scoring
from idp.services.scoring_trial import try_scoring
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of
from idp.web.formats import show_date
from idp.web.forms import scoring_rules as forms
from idp.web.forms.cycles import written_date
from idp.web.forms.days import typed_day
from idp.web.guards import current_actor, current_user, guarded
from idp.web.labels import label
from idp.web.names.scoring import in_words

blueprint = Blueprint("scoring_rules", __name__, url_prefix="/organisation/scoring")

SCORING, PASS_RULE = "scoring", "pass_rule"
"""The two forms."""


@blueprint.get("/")
@guarded(Permission.CYCLE_RUN)
def index() -> Response:
    """Every personnel type's scoring and the pass rule, with what is coming and who changed what."""
    return _index(NOTHING_SENT)


@blueprint.post("/pass-rule")
@guarded(Permission.CYCLE_RUN)
def save_pass_rule() -> Response:
    """Set when a level is passed, from the day typed."""
    problems: list[InvalidInput] = []
    from_on = _day(problems)
    try:
        kind = _kind(request.form.get("pass_rule", ""))
        percentage = forms.percentage(request.form)
        _refuse(problems)
        change_pass_rule(db.session(), current_actor(), kind, percentage, from_on, clock.now())
    except REFUSED as refusal:
        db.session.rollback()
        return _index(attempt_of(refusal, PASS_RULE))
    db.session.commit()
    flash(_("บันทึกเกณฑ์การผ่านแต่ละระดับ ตั้งแต่ %(day)s แล้ว", day=show_date(from_on)), "success")
    return redirect(url_for("scoring_rules.index"))  # type: ignore[return-value]


@blueprint.get("/<personnel_type>")
@guarded(Permission.CYCLE_RUN)
def edit(personnel_type: str) -> Response:
    """The form of one personnel type, with a trial calculation of an example."""
    return _edit(_type(personnel_type), NOTHING_SENT)


@blueprint.post("/<personnel_type>")
@guarded(Permission.CYCLE_RUN)
def save(personnel_type: str) -> Response:
    """Set it from the day typed."""
    kind = _type(personnel_type)
    values, problems = forms.read_scoring(request.form)
    from_on = _day(problems)
    try:
        _refuse([*problems, *_further(problems, problems_of(values))])
        change_scoring(db.session(), current_actor(), kind, values, from_on, clock.now())
    except REFUSED as refusal:
        db.session.rollback()
        return _edit(kind, attempt_of(refusal, SCORING))
    db.session.commit()
    text = _("บันทึกวิธีคิดคะแนนของ%(kind)s ตั้งแต่ %(day)s แล้ว", kind=label(kind), day=show_date(from_on))
    flash(text, "success")
    return redirect(url_for("scoring_rules.index"))  # type: ignore[return-value]


@blueprint.post("/<personnel_type>/trial")
@guarded(Permission.CYCLE_RUN)
def try_out(personnel_type: str) -> Response:
    """What an example person would get by what is typed; nothing is written."""
    return _edit(_type(personnel_type), Attempt(event=SCORING, form=request.form), is_trial=True)


def _type(text: str) -> PersonnelType:
    if text not in set(PersonnelType):
        raise NotFound
    return PersonnelType(text)


def _kind(text: str) -> PassRuleKind | None:
    if text and text not in set(PassRuleKind):
        raise InvalidInput("pass_rule", "unknown_choice")
    return PassRuleKind(text) if text else None


def _day(problems: list[InvalidInput]) -> date | None:
    try:
        return typed_day(request.form, "from_on")
    except InvalidInput as error:
        problems.append(error)
        return None


def _refuse(problems: list[InvalidInput]) -> None:
    if problems:
        raise InvalidInputs(problems)


def _further(found: list[InvalidInput], more: Any) -> list[InvalidInput]:
    """Of `more` what is about other fields: a number that cannot be read is not missing besides."""
    named = {each.field for each in found}
    return [each for each in more if each.field not in named]


def _index(attempt: Attempt) -> Response:
    session, day, organisation_id = db.session(), clock.today(), current_user().organisation_id or 0
    page = scoring_page(session, organisation_id, day)
    uneven = posts_without_whole_weights(session, organisation_id, day)
    body = render_template(
        "scoring_rules/index.html",
        attempt=attempt,
        page=page,
        kept_by=cycles_that_keep(session, organisation_id, page),
        uneven={
            kind: posts
            for kind, posts in uneven.items()
            if method_of(page.scoring[kind].today.method).uses_weights
        },
        changes=changes_of_scoring(session, organisation_id),
        kinds=list(PassRuleKind),
        today_written=written_date(day),
        labels={
            "pass_rule": _("เกณฑ์การผ่านแต่ละระดับ"),
            "pass_percentage": _("ร้อยละ"),
            "from_on": _("มีผลตั้งแต่วันที่"),
        },
        **_WORDS,
    )
    return make_response(body, attempt.status)


def _edit(kind: PersonnelType, attempt: Attempt, *, is_trial: bool = False) -> Response:
    """`is_trial`: what was typed is tried; otherwise the example of the method that holds today."""
    session, day, organisation_id = db.session(), clock.today(), current_user().organisation_id or 0
    dated = scoring_page(session, organisation_id, day).scoring[kind]
    saved = forms.written(dated.today) | forms.written_example(dated.today)
    tried: Mapping[str, Any] | None = None
    if is_trial:
        try:
            tried = _try(request.form)
        except InvalidInput as refusal:
            attempt = attempt_of(refusal, SCORING)
    elif not attempt.is_refused:
        tried = _try(forms.as_form(saved))
    body = render_template(
        "scoring_rules/edit.html",
        attempt=attempt,
        kind=kind,
        dated=dated,
        saved=saved,
        tried=tried,
        is_trial=is_trial,
        methods=METHODS.values(),
        uneven=posts_without_whole_weights(session, organisation_id, day).get(kind, 0),
        rows=forms,
        today_written=written_date(day),
        labels=_field_names(),
        **_WORDS,
    )
    return make_response(body, attempt.status)


def _try(form: forms.Form) -> Mapping[str, Any]:
    """The kept calculation of the trial's rows by the rule typed. Raises InvalidInputs."""
    values, problems = forms.read_scoring(form)
    _refuse([*problems, *_further(problems, problems_of(values))])
    items, results = forms.read_trial(form)
    return try_scoring(values.rule(), items, results)


def _field_names() -> dict[str, str]:
    """Names of the fields for the summary of what is wrong."""
    names = {
        "method": _("วิธีคิดคะแนน"),
        "competency_part": _("น้ำหนักขององค์ประกอบสมรรถนะ"),
        "top_rating": _("คะแนนเต็ม"),
        "from_on": _("มีผลตั้งแต่วันที่"),
        "trial_results": _("ทดลองคำนวณ: คะแนนผลสัมฤทธิ์ของงาน"),
    }
    for place in range(1, forms.BAND_ROWS + 1):
        names[f"band_name-{place}"] = _("ชื่อระดับผลที่ %(place)s", place=place)
        names[f"band_least-{place}"] = _("คะแนนต่ำสุดของระดับผลที่ %(place)s", place=place)
    for place in range(1, forms.BAR_CELLS + 1):
        names[f"bar_points-{place}"] = _("คะแนนเมื่อต่ำกว่าที่คาดหวัง %(levels)s ระดับ", levels=place - 1)
    for expected in range(1, forms.TABLE_ROWS + 1):
        for attained in range(forms.TABLE_CELLS):
            names[f"table-{expected}-{attained}"] = _(
                "ตาราง คาดหวัง %(expected)s ได้ %(attained)s", expected=expected, attained=attained
            )
    for row in range(1, forms.TRIAL_ROWS + 1):
        for part, text in (
            ("expected", _("ระดับที่คาดหวัง")),
            ("attained", _("ระดับที่ประเมินได้")),
            ("weight", _("น้ำหนัก")),
        ):
            names[f"trial_{part}-{row}"] = _("ทดลองคำนวณ แถวที่ %(row)s %(part)s", row=row, part=text)
    return names


def _differs(rule: ScoringRule, other: ScoringRule) -> list[str]:
    """What of two rules differs, in words."""
    parts = (
        (rule.method != other.method, _("วิธีคิดคะแนน")),
        (rule.competency_part != other.competency_part, _("น้ำหนัก")),
        (rule.bands != other.bands, _("ระดับผล")),
        (rule.parameters != other.parameters, _("คะแนนหรือตารางของวิธี")),
    )
    return [text for is_other, text in parts if is_other]


_WORDS: dict[str, Any] = {
    "band_ranges": band_ranges,
    "method_of": method_of,
    "in_words": in_words,
    "differs": _differs,
}
