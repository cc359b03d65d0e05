"""What the pages of signed paper forms need besides their query."""

from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from idp.database import db
from idp.models import Assessment
from idp.queries.ladders import ladders_of
from idp.queries.paper import RATER, OfferedStep, PaperPage, paper_page
from idp.queries.plan_choices import competency_choices
from idp.queries.plan_pages import PlanItemOnPage
from idp.queries.plans import plan_page
from idp.queries.rated_items import items_on_page
from idp.rules.assessment_workflow import SELF_RATING_SHARED_STATES
from idp.rules.levels import PassRule
from idp.rules.looks import LookKind
from idp.rules.paper import PAPER_STEPS
from idp.rules.plan_workflow import SHARED_STATES
from idp.rules.relations import Actor
from idp.rules.terms import (
    DevelopmentMethod,
    EmployeeOpinion,
    RaterKind,
    SecondOpinion,
    SubjectType,
)
from idp.services.settings import rules_of_cycle
from idp.web import clock
from idp.web.assessment_view import anchors, rating_labels
from idp.web.attempts import Attempt
from idp.web.formats import digits
from idp.web.forms.paper import BLANK_LINES, lines_of, lines_typed
from idp.web.forms.rating_cards import Card, rating_cards
from idp.web.forms.results_score import score_shown
from idp.web.guards import current_actor
from idp.web.labels import label
from idp.web.language import name_of
from idp.web.looking import note_look
from idp.web.names.paper import PAPERS


def index_context(page: PaperPage, attempt: Attempt) -> dict[str, Any]:
    """The names that `paper/index.html` uses."""
    return {
        "page": page,
        "assessment": page.assessment,
        "attempt": attempt,
        "papers": PAPERS,
        "entered": [(each, paper_of(each.subject_type, each.event)) for each in page.entered],
        "report_address": url_for("reports.create")
        if "reports.create" in current_app.view_functions
        else None,
    }


def paper_of(subject_type: SubjectType, event: str) -> str:
    """The name of a paper that was entered, from the step that it stands for."""
    return next(
        str(PAPERS[step.key])
        for step in PAPER_STEPS
        if (step.subject_type, step.event) == (subject_type, event)
    )


def form_context(page: PaperPage, offered: OfferedStep, attempt: Attempt, *, more: bool) -> dict[str, Any]:
    """The names that `paper/form.html` uses."""
    key, assessment = offered.step.key, page.assessment
    kind = RATER.get(key)
    cards = _cards(assessment, kind, attempt) if kind else ()
    record = (
        page.plan if page.plan is not None and offered.step.subject_type is SubjectType.PLAN else assessment
    )
    lines = _plan_lines(page, attempt, more=more) if key == "plan" else []
    return {
        "page": page,
        "offered": offered,
        "key": key,
        "event": "ratings" if kind else key,
        "title": PAPERS[key],
        "attempt": attempt,
        "version": record.version,
        "header": assessment,
        "kind": kind,
        "cards": cards,
        "results": score_shown(assessment.results_score, attempt),
        "anchors": anchors(cards),
        "rated_count": digits(f"{sum(card.ladder.level is not None for card in cards)}/{len(cards)}"),
        "second_opinions": [(each.value, label(each)) for each in SecondOpinion],
        "employee_opinions": [(each.value, label(each)) for each in EmployeeOpinion],
        "lines": lines,
        "items": items_of(assessment.id, current_actor()) if key == "progress" else (),
        "has_own_access": offered.signer_id in page.has_own_access,
        "most_megabytes": current_app.extensions["settings"].upload_megabytes,
        "labels": field_labels() | rating_labels(cards),
        **(_plan_choices(assessment) if key == "plan" else {}),
    }


def field_labels() -> dict[str, str]:
    """The names of fields in the list of what is wrong."""
    return {"signed_on": _("วันที่ลงนามในแบบกระดาษ"), "scan": _("สำเนาสแกน")}


def items_of(assessment_id: int, actor: Actor) -> tuple[PlanItemOnPage, ...]:
    """The lines of the plan, as far as the reader may see them."""
    page = paper_page(db.session(), actor, assessment_id, clock.today())
    if page.plan is None or page.plan.state not in SHARED_STATES:
        return ()
    return plan_page(db.session(), actor, page.plan.id, clock.today()).items


def note_what_is_seen(page: PaperPage, key: str) -> None:
    """The forms that show ratings count as a look at them."""
    if key in RATER or key == "plan":
        note_look(SubjectType.ASSESSMENT, page.assessment.id, LookKind.PAGE)


def _cards(assessment: Assessment, kind: RaterKind, attempt: Attempt) -> tuple[Card, ...]:
    """The rating form, with what an earlier paper said; the supervisor's beside the self-assessment, once
    that is handed in."""
    session = db.session()
    rules = rules_of_cycle(assessment.cycle)
    rule = PassRule(rules.pass_rule, rules.pass_percentage)
    shown = {kind}
    if assessment.state in SELF_RATING_SHARED_STATES:
        shown.add(RaterKind.SELF)
    items = items_on_page(session, assessment.id, rule, shown)
    ladders = ladders_of(session, {item.competency_id for item in items})
    return rating_cards(items, kind, rules, ladders, attempt.entries)


def _plan_lines(page: PaperPage, attempt: Attempt, *, more: bool) -> list[MultiDict[str, str]]:
    if attempt.form:
        typed = lines_typed(attempt.form)
        return typed + [MultiDict() for _line in range(BLANK_LINES if more else 0)]
    lines = lines_of(items_of(page.assessment.id, current_actor()))
    return lines + [MultiDict() for _line in range(max(1, BLANK_LINES - len(lines)))]


def _plan_choices(assessment: Assessment) -> dict[str, Any]:
    choices = competency_choices(db.session(), assessment.id)
    levels = sorted({level for choice in choices for level in choice.levels})
    return {
        "competencies": [(each.id, name_of(each.name_th, each.name_en)) for each in choices],
        "levels": [(level, digits(level)) for level in levels],
        "methods": [(method.value, label(method)) for method in DevelopmentMethod],
    }
