"""What the page of one assessment needs besides its query: words, choices, addresses."""

from datetime import date
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from idp.database import db
from idp.models import Assessment, DevelopmentPlan
from idp.queries.assessments import AssessmentPage
from idp.queries.history import HistoryLines, history_of_assessment
from idp.queries.imports import ImportedScore, imported_score
from idp.queries.ladders import ladders_of
from idp.queries.objections import ObjectionsOfResult, objections_of_result
from idp.queries.person_gaps import person_gaps
from idp.queries.previous_levels import NO_BACKGROUND, Background, backgrounds
from idp.queries.team import next_step
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.objections import OPINION_STATES
from idp.rules.obligations import Condition, obligations_of
from idp.rules.permissions import allowed
from idp.rules.terms import (
    AssessmentEvent,
    EmployeeOpinion,
    Permission,
    PhaseKind,
    PlanState,
    RaterKind,
    Relation,
    SecondOpinion,
)
from idp.rules.thai import full_name, position_with_level
from idp.services.results_part import TAKES_IMPORTED_SCORE
from idp.services.settings import rules_of_cycle
from idp.web import clock
from idp.web.acting import acting_orders
from idp.web.attempts import Attempt
from idp.web.extension_view import extension_panel
from idp.web.formats import digits
from idp.web.forms.rating_cards import Card, rating_cards
from idp.web.forms.results_score import score_shown
from idp.web.handover_view import handover_context
from idp.web.labels import label
from idp.web.language import name_of
from idp.web.moderation_view import reconsiderations_on
from idp.web.names.bands import band_name
from idp.web.names.next_steps import next_of_assessment
from idp.web.person_charts import person_charts
from idp.web.progress import steps
from idp.web.timeline import older_than, timeline

LATER = "later"
"""The choice of the receipt's form that leaves the opinion open."""


def assessment_context(page: AssessmentPage, attempt: Attempt) -> dict[str, Any]:
    """The names that `assessments/show.html` uses."""
    header, session, day = page.header, db.session(), clock.today()
    cards, kind = cards_of(page, attempt), rater_at_work(page)
    phase, due_on = _due(page, day)
    plan_state = _plan_state(page)
    objections = None
    if page.shows_result:
        objections = objections_of_result(session, header.id, page.relations, day)
    gaps = person_gaps(session, page)
    reads_history = allowed(Permission.HISTORY_VIEW, page.relations, header.state)
    history = history_of_assessment(session, header.id, older_than()) if reads_history else HistoryLines()
    return {
        "page": page,
        "header": header,
        "attempt": attempt,
        "kind": kind,
        "cards": cards,
        "is_owner": Relation.OWNER in page.relations,
        "steps": steps(header.state, plan_state, page.phases),
        "due_on": due_on,
        "due_label": label(phase) if phase else "",
        "next_text": next_of_assessment(
            header.state, page.relations, has_second_level=header.has_second_level
        ),
        "history": timeline(
            history,
            shows_result=page.shows_result,
            shows_self_rating=page.shows_self_rating,
            items={item.id: item.name_th for item in page.items},
            indicators={number: place for card in cards for number, place in card.places.items()},
        ),
        "history_page": history,
        **handover_context(page),
        "imported_score": score_from_file(page),
        "results": score_shown(header.results_score, attempt),
        "anchors": anchors(cards),
        "labels": rating_labels(cards),
        "rated_count": digits(f"{sum(card.ladder.level is not None for card in cards)}/{len(cards)}"),
        "band_name": band_name(header.band),
        "band_name_of": band_name,
        "objections": objections,
        "gaps": gaps,
        "charts": person_charts(gaps) if gaps else None,
        "may_give_opinion": may_give_opinion(page, objections),
        "second_opinions": [(each.value, label(each)) for each in SecondOpinion],
        "employee_opinions": [(each.value, label(each)) for each in EmployeeOpinion],
        "opinion_later": (LATER, _("ยังไม่แสดงความเห็นในวันนี้")),
        "may_open_plan": plan_state is not None and allowed(Permission.PLAN_VIEW, page.relations, plan_state),
        "report_address": report_address(),
        "acting_orders": acting_orders(Assessment, header.id),
        "sees_looks": allowed(Permission.LOOK_VIEW, page.relations, header.state),
        "back": back_to_list(page),
        "reconsiderations": reconsiderations_on(page),
        "extension": extension_panel(header.id, page.relations, page.phases),
        "full_name": full_name,
        "position_with_level": position_with_level,
    }


def score_from_file(page: AssessmentPage) -> ImportedScore | None:
    """Who imported the points of the results part, while the supervisor may still have other ones."""
    header = page.header
    if header.results_score is None or header.state not in TAKES_IMPORTED_SCORE:
        return None
    return imported_score(db.session(), header.id)


def confirm_context(
    page: AssessmentPage, event: AssessmentEvent, sent: list[tuple[str, str]]
) -> dict[str, Any]:
    """The names that `assessments/confirm.html` uses."""
    texts = dict(sent)
    warnings = {
        AssessmentEvent.RELEASE: _("เมื่อแจ้งผลแล้ว ผู้รับการประเมินจะเห็นผลทันที คะแนนจะถูกคำนวณครั้งเดียวและแก้ไขไม่ได้อีก"),
        AssessmentEvent.RECEIVE: _(
            "เมื่อรับทราบแล้ว ระบบจะบันทึกวันเวลาและยกเลิกไม่ได้ ส่วนความเห็นเปลี่ยนได้จนกว่าจะปิดรอบการประเมิน"
        ),
        AssessmentEvent.RECORD_REFUSAL: _("เมื่อบันทึกแล้ว ผู้รับการประเมินจะรับทราบผลในระบบไม่ได้อีก และแก้ไขไม่ได้"),
    }
    facts = []
    if event is AssessmentEvent.RECEIVE:
        chosen = texts["opinion"]
        said = _("ยังไม่แสดงความเห็น") if chosen == LATER else label(EmployeeOpinion(chosen))
        facts.append((_("ความเห็นของท่าน"), said))
        if texts.get("employee_opinion_text"):
            facts.append((_("เหตุผลหรือข้อคิดเห็น"), texts["employee_opinion_text"]))
    if event is AssessmentEvent.RECORD_REFUSAL:
        facts.append((_("วันที่แจ้งผล"), texts["refused_on"]))
        facts.append((_("พยาน"), f"{texts['witness_name']} {texts['witness_position']}"))
    return {
        "page": page,
        "header": page.header,
        "event": event,
        "sent": sent,
        "facts": facts,
        "warning": warnings[event],
        "full_name": full_name,
    }


def may_give_opinion(page: AssessmentPage, objections: ObjectionsOfResult | None) -> bool:
    """Whether the reader may say, or say anew, what they think of their result."""
    is_owner = Relation.OWNER in page.relations and page.header.state in OPINION_STATES
    return is_owner and not (objections is not None and objections.is_under_way)


def _due(page: AssessmentPage, day: date) -> tuple[PhaseKind | None, date | None]:
    """The step that is owed and its day: the employee's own first, where it is theirs."""
    header = page.header
    if Relation.OWNER in page.relations:
        own = [row for row in obligations_of(header.state) if row.relation is Relation.OWNER]
        if Relation.OWNER not in page.unsigned:
            own = [row for row in own if row.condition is not Condition.OWNER_UNSIGNED]
        if own:
            return own[0].phase, page.phases.get(own[0].phase, (None, None))[1]
    step = next_step(header.state, header.has_second_level, page.phases, day, page.unsigned)
    return (step.phase, step.due_on) if step else (None, None)


def rater_at_work(page: AssessmentPage) -> RaterKind | None:
    """Whose rating the reader is filling in; None when they only read."""
    if page.may_self_rate:
        return RaterKind.SELF
    return RaterKind.SUPERVISOR if page.may_rate else None


def cards_of(page: AssessmentPage, attempt: Attempt) -> tuple[Card, ...]:
    """The form's view; for a reader the supervisor's where it is shown, else the employee's own."""
    session, kind = db.session(), rater_at_work(page)
    has_result = page.shows_result and any(item.supervisor_rating for item in page.items)
    shown = kind or (RaterKind.SUPERVISOR if has_result else RaterKind.SELF)
    rules = rules_of_cycle(session.get_one(Assessment, page.header.id).cycle)
    ladders = ladders_of(session, {item.competency_id for item in page.items})
    typed = attempt.entries if kind else {}
    return rating_cards(page.items, shown, rules, ladders, typed, _background(page))


def _background(page: AssessmentPage) -> Background:
    """What came before, for the person themself and for whoever rates them."""
    if not page.relations & {Relation.OWNER, Relation.SUPERVISOR}:
        return NO_BACKGROUND
    return backgrounds(db.session(), [page.header.id]).get(page.header.id, NO_BACKGROUND)


def anchors(cards: tuple[Card, ...]) -> dict[str, str]:
    """Where a refusal's links lead: by the competency's name, and by the names of its fields."""
    found = {}
    for card in cards:
        name, place = f"item-{card.item.id}", f"competency-{card.item.id}"
        found[card.item.name_th] = place
        found |= {f"{name}-{part}": place for part in ("ticks", "level")}
        fields = [f"{name}-{part}" for part in ("average", "evidence")]
        fields += [f"{name}-note-{indicator}" for indicator in card.places]
        found |= {field: field for field in fields}
    return found


def rating_labels(cards: tuple[Card, ...]) -> dict[str, str]:
    """The names of the cards' fields in the list of what is wrong: whose competency, and which indicator."""
    found: dict[str, str] = {}
    for card in cards:
        name, competency = f"item-{card.item.id}", name_of(card.item.name_th, card.item.name_en)
        found |= {f"{name}-{part}": competency for part in ("ticks", "level", "average", "evidence")}
        for indicator, place in card.places.items():
            found[f"{name}-note-{indicator}"] = _(
                "%(name)s ข้อ %(place)s", name=competency, place=digits(place)
            )
    return found


def back_to_list(page: AssessmentPage) -> tuple[str, str] | None:
    """The list that the reader came from."""
    if Relation.OWNER in page.relations:
        return url_for("assessments.mine"), _("การประเมินของฉัน")
    if page.relations & {Relation.SUPERVISOR, Relation.SECOND_LEVEL}:
        return url_for("team.index"), _("ผู้ใต้บังคับบัญชา")
    if Relation.MODERATOR in page.relations:
        return url_for("moderation.index"), _("การกลั่นกรองผลการประเมิน")
    return None


def report_address() -> str | None:
    """Where a printed form is asked for; None while that page does not exist."""
    return url_for("reports.create") if "reports.create" in current_app.view_functions else None


def _plan_state(page: AssessmentPage) -> PlanState | None:
    if page.plan_id is None or page.header.state not in RELEASED_STATES:
        return None
    plan = db.session().get(DevelopmentPlan, page.plan_id)
    return plan.state if plan else None
