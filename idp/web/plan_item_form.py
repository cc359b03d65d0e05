"""The page with the form of one line of a plan: what it offers, what was typed, what somebody else saved."""

from collections.abc import Iterable, Sequence

from flask import Response, g, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from idp.database import db
from idp.queries.history import history_of_plan
from idp.queries.mentoring import Offer, mentors_near
from idp.queries.plan_choices import CompetencyChoice, competency_choices, indicator_choices
from idp.queries.plan_pages import PlanItemOnPage
from idp.queries.plans import PlanPage
from idp.queries.training.course_choices import CourseChoice, course_choices
from idp.rules.calendar import FiscalYear
from idp.rules.suggestions import METHOD_GROUPS
from idp.rules.terms import DevelopmentMethod, MethodGroup
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, Attempt, sent_version
from idp.web.formats import baht, digits, number, show_period
from idp.web.forms.plan_items import course_value, form_of_item
from idp.web.labels import label
from idp.web.language import name_of
from idp.web.numbers import record_number
from idp.web.timeline import timeline

SHOW = "show"
"""The button that draws the form again, with what belongs to the competency and level that were chosen."""

TAKEN_WITH = {
    "competency_id": ("competency_id", "indicators_of", "indicator_ids"),
    "indicator_ids": ("indicators_of", "indicator_ids"),
}
"""Taking one field over from what somebody else saved takes these."""

Form = MultiDict[str, str]


def item_form(
    page: PlanPage, item: PlanItemOnPage | None, form: Form, attempt: Attempt = NOTHING_SENT
) -> Response:
    """The form of one line, of a new one without `item`."""
    session, header = db.session(), page.header
    choices = competency_choices(session, header.assessment_id, item.competency_id if item else None)
    chosen = _chosen(choices, form)
    level = record_number(form.get("target_level", ""))
    ticked = _ticked(form)
    competency_id = chosen.id if chosen else None
    on_ladder = level if chosen and level in chosen.levels else None
    year = FiscalYear(header.fiscal_year)
    body = render_template(
        "plans/item.html",
        page=page,
        header=header,
        item=item,
        form=form,
        attempt=attempt,
        competencies=_competencies(choices),
        levels=[(each, digits(each)) for each in sorted({each for one in choices for each in one.levels})],
        chosen=chosen,
        level=level,
        ladder=indicator_choices(session, header.assessment_id, chosen, level, ticked),
        ticked=ticked,
        methods=methods(),
        mentors=_mentors(
            mentors_near(
                session,
                (header.organisation_id, header.owner_person_id),
                competency_id,
                on_ladder,
                clock.today(),
            ),
            item,
        ),
        courses=_courses(
            course_choices(session, header.organisation_id, competency_id, on_ladder, clock.today()), item
        ),
        first_day=year.start,
        last_day=year.end,
        theirs=_theirs(item, form) if item is not None and attempt.compares else {},
        history=timeline(history_of_plan(session, header.id)) if attempt.is_stale else [],
    )
    return make_response(body, attempt.status)


def shown_again(page: PlanPage, item: PlanItemOnPage | None) -> Response:
    """The form as it was typed, with the indicators, mentors and courses of the chosen level; nothing is
    saved, and it keeps the version that its reader saw."""
    g.drawn_version = sent_version()
    return item_form(page, item, request.form, Attempt("item", request.form))


def taken(item: PlanItemOnPage) -> Form:
    """The form as it was typed, with one field as somebody else saved it."""
    form: Form = request.form.copy()
    saved, name = form_of_item(item), request.form["take"]
    for each in TAKEN_WITH.get(name, (name,)):
        if each in saved or each in ("indicator_ids", "other_methods"):
            form.setlist(each, saved.getlist(each))
    return form


def methods() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every method, under its 70:20:10 group."""
    return [
        (
            label(group),
            [(each.value, label(each)) for each in DevelopmentMethod if METHOD_GROUPS[each] is group],
        )
        for group in MethodGroup
    ]


def _chosen(choices: Sequence[CompetencyChoice], form: Form) -> CompetencyChoice | None:
    number_ = record_number(form.get("competency_id", ""))
    return next((each for each in choices if each.id == number_), None)


def _ticked(form: Form) -> frozenset[int]:
    """Ticks count for the competency that they were drawn for."""
    if form.get("indicators_of", "") != form.get("competency_id", ""):
        return frozenset()
    numbers = (record_number(text) for text in form.getlist("indicator_ids"))
    return frozenset(each for each in numbers if each is not None)


def _theirs(item: PlanItemOnPage, form: Form) -> dict[str, str]:
    """What somebody else saved meanwhile, by field, where it differs from what was typed; choices by their
    names."""
    saved = form_of_item(item)
    typed = {name: form.get(name, "") for name in saved}
    lists = ("indicators_of", "indicator_ids", "other_methods")
    differing = {
        name: saved[name]
        for name in saved
        if name not in lists and _plain(typed[name]) != _plain(saved[name])
    }
    names: dict[str, str] = {
        "method": label(item.method),
        "competency_id": name_of(item.competency_name_th or "", item.competency_name_en or ""),
        "mentor_person_id": item.mentor_name,
        "course": item.course_title,
    }
    differing |= {name: names[name] for name in names if name in differing}
    if set(form.getlist("other_methods")) != set(saved.getlist("other_methods")):
        differing["other_methods"] = ", ".join(label(each) for each in item.other_methods)
    if _ticked(form) != frozenset(item.indicator_ids):
        differing["indicator_ids"] = ", ".join(item.indicators)
    return differing


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _competencies(choices: Iterable[CompetencyChoice]) -> list[tuple[int, str]]:
    """Each with the attained and the expected level, so that a target can be chosen with them in sight."""
    return [
        (
            each.id,
            name_of(each.name_th, each.name_en)
            if each.expected is None
            else _(
                "%(name)s (ประเมินได้ %(attained)s คาดหวัง %(expected)s)",
                name=name_of(each.name_th, each.name_en),
                attained=number(each.attained),
                expected=digits(each.expected),
            ),
        )
        for each in choices
    ]


def _mentors(choices: Iterable[Offer], item: PlanItemOnPage | None) -> list[tuple[str, str]]:
    """Who may be chosen, and whoever the line has already."""
    found = {
        str(each.person_id): _("%(name)s (ระดับ %(level)s)", name=each.name, level=digits(each.level))
        for each in choices
    }
    if item is not None and item.mentor_person_id is not None:
        found.setdefault(str(item.mentor_person_id), item.mentor_name)
    return list(found.items())


def _courses(choices: Iterable[CourseChoice], item: PlanItemOnPage | None) -> list[tuple[str, str]]:
    """The runs to come, the courses without days, and what the line has already."""
    found = {each.value: _course(each) for each in choices}
    if item is not None and item.course_id is not None:
        days = item.course_run
        when = show_period(days.starts_on, days.ends_on, "short") if days else _("ยังไม่กำหนดรุ่น")
        value = course_value(item.course_id, item.course_run_id)
        found.setdefault(value, f"{item.course_title} · {when}")
    return list(found.items())


def _course(choice: CourseChoice) -> str:
    run = choice.run
    when = show_period(run.starts_on, run.ends_on, "short") if run else _("ยังไม่กำหนดรุ่น")
    parts = [choice.course.title_th, when, baht(choice.price_baht)]
    if run is not None and run.is_full:
        parts.append(_("เต็มแล้ว"))
    return " · ".join(parts)
