"""A whole plan proposed in one click: within limits that the reader may change, with what was left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import ngettext

from idp.database import db
from idp.models import Assessment, DevelopmentAction
from idp.queries.assessments import assessment_page
from idp.queries.plan_of_year import may_read_content, plan_of_year
from idp.queries.plan_proposal import GapOffered, PlanQuestion, default_limits, plan_question
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.errors import InvalidInputs, NotVisible
from idp.rules.looks import LookKind
from idp.rules.permissions import allowed
from idp.rules.plan_proposal import GapAnswer, LeftOut, Limits, Proposal, propose
from idp.rules.plan_workflow import EDITABLE_STATES
from idp.rules.terms import Permission, Relation, SubjectType
from idp.rules.thai import full_name
from idp.services.plan_lines import line_days
from idp.services.plan_proposal import accept_proposal
from idp.web import clock
from idp.web.attempts import NOTHING_SENT, REFUSED, Attempt, attempt_of, sent_version
from idp.web.forms.plan_proposal import RANGES, read_limits
from idp.web.guards import current_actor, guarded
from idp.web.looking import note_look
from idp.web.messages import message_of
from idp.web.mix import shares_of
from idp.web.names.plan_proposal import ACTIONS, GAPS
from idp.web.numbers import record_number

blueprint = Blueprint("plan_proposal", __name__, url_prefix="/assessments/<int:assessment_id>/plan-proposal")


@dataclass(frozen=True)
class LineProposed:
    """One line that would be made, with the indicators not shown that it develops."""

    action: DevelopmentAction
    starts_on: date
    ends_on: date
    developed: int


@blueprint.get("")
@guarded(Permission.RESULT_VIEW)
def show(assessment_id: int) -> Response:
    """The proposal within the limits asked for, else the organisation's."""
    return _response(assessment_id, request.args)


@blueprint.post("")
@guarded(Permission.SUGGESTION_ANSWER)
def take(assessment_id: int) -> Response:
    """Make lines of what was shown."""
    session, actor, now = db.session(), current_actor(), clock.now()
    try:
        limits = read_limits(request.form, _default(assessment_id))
        shown = {record_number(text) for text in request.form.getlist("action")}
        ids = [number for number in shown if number is not None]
        plan = accept_proposal(session, actor, assessment_id, limits, ids, now, sent_version())
        session.commit()
    except REFUSED as refusal:
        session.rollback()
        return _response(assessment_id, request.form, attempt_of(refusal, "take"))
    text = ngettext(
        "เพิ่มรายการที่เสนอเข้าแผนแล้ว %(count)s รายการ ท่านปรับวันที่และรายละเอียดได้",
        "เพิ่มรายการที่เสนอเข้าแผนแล้ว %(count)s รายการ ท่านปรับวันที่และรายละเอียดได้",
        len(ids),
        count=len(ids),
    )
    flash(text, "success")
    return redirect(url_for("plans.show", plan_id=plan.id, _anchor="items"))  # type: ignore[return-value]


def _default(assessment_id: int) -> Limits:
    return default_limits(db.session().get_one(Assessment, assessment_id), clock.today())


def _response(assessment_id: int, typed: Mapping[str, str], attempt: Attempt = NOTHING_SENT) -> Response:
    session = db.session()
    page = assessment_page(session, current_actor(), assessment_id, clock.today())
    if page.header.state not in RELEASED_STATES or not page.shows_result:
        raise NotVisible
    note_look(SubjectType.ASSESSMENT, assessment_id, LookKind.PAGE)
    default = _default(assessment_id)
    errors: dict[str, str] = {}
    limits = default
    try:
        limits = read_limits(typed, default)
    except InvalidInputs as refusal:
        errors = {each.field: message_of(each) for each in refusal.problems}
    begun = plan_of_year(session, assessment_id)
    is_owner = Relation.OWNER in page.relations
    shows = is_owner or (begun and may_read_content(session, current_actor(), begun, clock.today()))
    assessment = session.get_one(Assessment, assessment_id)
    question = plan_question(session, assessment, begun if shows else None, with_answers=bool(shows))
    proposal = None if errors else propose(question.to_serve, limits, question.planned)
    plan = question.plan
    may_answer = allowed(Permission.SUGGESTION_ANSWER, page.relations, page.header.state)
    body = render_template(
        "plan_proposal/show.html",
        header=page.header,
        attempt=attempt,
        errors=errors,
        ranges=RANGES,
        typed={name: typed.get(name, getattr(limits, name)) for name in RANGES},
        limits=limits,
        default=default,
        question=question,
        proposal=proposal,
        plan=plan,
        is_owner=may_answer,
        may_take=may_answer and (plan is None or plan.state in EDITABLE_STATES),
        full_name=full_name,
        **(_shown(question, proposal) if proposal else {}),
    )
    return make_response(body, 422 if errors and attempt is NOTHING_SENT else attempt.status)


def _shown(question: PlanQuestion, proposal: Proposal) -> dict[str, object]:
    """What the page says of a proposal."""
    both = list(zip(question.gaps, proposal.gaps, strict=True))
    hours = {group: int(amount) for group, amount in proposal.hours.items()}
    chosen = [question.actions[int(action.action_id)] for action in proposal.chosen]
    return {
        "served": [(gap, _lines(question, gap, answer)) for gap, answer in both if answer.chosen],
        "planned": [gap for gap, answer in both if answer.why is None and not answer.chosen],
        "unserved": [(gap, GAPS[answer.why], _obstacles(answer)) for gap, answer in both if answer.why],
        "left_out": _left_out(question, proposal),
        "shares": shares_of(hours),
        "total_hours": sum(hours.values()),
        "new_hours": sum(action.hours for action in chosen),
        "new_baht": sum(action.cost_baht for action in chosen),
        "chosen_ids": [action.id for action in chosen],
        "lacks_actions": [gap for gap, answer in both if answer.why is LeftOut.NO_ACTION],
    }


def _lines(question: PlanQuestion, gap: GapOffered, answer: GapAnswer) -> list[LineProposed]:
    found = []
    for each in answer.chosen:
        action = question.actions[int(each.action_id)]
        starts_on, ends_on = line_days(question.fiscal_year, action.weeks, clock.today())
        found.append(LineProposed(action, starts_on, ends_on, len(gap.to_serve.develops(each))))
    return found


def _obstacles(answer: GapAnswer) -> list[tuple[str, int]]:
    """Where nothing fits by itself: how many actions each limit keeps out."""
    if answer.why is not LeftOut.NOTHING_FITS:
        return []
    reasons = [why for _action, why in answer.left_out]
    return [(str(text), reasons.count(why)) for why, text in ACTIONS.items() if why in reasons]


def _left_out(
    question: PlanQuestion, proposal: Proposal
) -> list[tuple[str, list[tuple[GapOffered, DevelopmentAction]]]]:
    """What was not taken, by reason."""
    found: dict[LeftOut, list[tuple[GapOffered, DevelopmentAction]]] = {}
    for gap, answer in zip(question.gaps, proposal.gaps, strict=True):
        for action, why in answer.left_out:
            found.setdefault(why, []).append((gap, question.actions[int(action.action_id)]))
    return [(str(text), found[why]) for why, text in ACTIONS.items() if why in found]
