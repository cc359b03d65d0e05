"""Take a whole proposed plan into the plan: all its lines in one act."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan, Suggestion
from idp.queries.plan_of_year import plan_of_year
from idp.queries.plan_proposal import GapOffered, PlanQuestion, plan_question
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, TransitionNotAllowed
from idp.rules.plan_proposal import GapAnswer, Limits, propose
from idp.rules.relations import Actor
from idp.rules.suggestions import Candidate, Suggested, suggest
from idp.rules.terms import Permission
from idp.services.access import load_assessment
from idp.services.plan_items import accept_suggestion
from idp.services.plan_lines import plan_to_edit, record_lines
from idp.services.plans import draft_plan
from idp.services.saving import save


def accept_proposal(
    session: Session,
    actor: Actor,
    assessment_id: int,
    limits: Limits,
    action_ids: Collection[int],
    now: datetime,
    expected_version: int | None = None,
) -> DevelopmentPlan:
    """Make a line of each action of the plan proposed within `limits`; a plan is begun where there is none.

    `action_ids`: what was shown. Where the proposal is another by now, InvalidInput `proposal_changed`, and
    nothing is written; where every one of them is a line already, as after a second click, nothing happens.
    `expected_version` is the plan's, of a plan that was begun when the proposal was shown. Raises NotVisible,
    NotPermitted, StaleVersion, TransitionNotAllowed.
    """
    assessment, _standing = load_assessment(
        session, actor, assessment_id, Permission.SUGGESTION_ANSWER, local_day(now)
    )
    if assessment.state not in RELEASED_STATES:
        raise TransitionNotAllowed("assessment", assessment.state, "accept_proposal")
    question = plan_question(session, assessment, plan_of_year(session, assessment_id))
    shown = set(action_ids)
    if question.plan is not None and shown:
        if shown <= {action for gap in question.gaps for action in gap.to_serve.taken}:
            return question.plan
        plan_to_edit(session, actor, question.plan.id, now, "accept_proposal", expected_version)
    proposal = propose(question.to_serve, limits, question.planned)
    if not shown or shown != {action.action_id for action in proposal.chosen}:
        raise InvalidInput("proposal", "proposal_changed")
    plan = draft_plan(session, actor, assessment_id, now)
    item_ids = _make_lines(session, actor, plan, question, proposal.gaps, now)
    detail: dict[str, Any] = {
        "items": item_ids,
        "limits": {
            "hours": str(limits.hours),
            "baht": str(limits.baht),
            "weeks": limits.weeks,
            "priorities": limits.priorities,
        },
    }
    record_lines(session, actor, plan, "accept_proposal", now, detail)
    return plan


def _make_lines(
    session: Session,
    actor: Actor,
    plan: DevelopmentPlan,
    question: PlanQuestion,
    answers: Collection[GapAnswer],
    now: datetime,
) -> list[int]:
    item_ids = []
    for gap, answer in zip(question.gaps, answers, strict=True):
        for action in answer.chosen:
            suggestion = _suggestion(session, gap, action)
            item_ids.append(accept_suggestion(session, actor, plan.id, suggestion.id, now).id)
    return item_ids


def _suggestion(session: Session, gap: GapOffered, action: Candidate) -> Suggestion:
    """The proposal of the action for the gap; a new one where it was not among the first few that were
    proposed, so that the line says why."""
    of_gap = Suggestion.assessment_item_id == gap.item_id
    there = session.scalar(select(Suggestion).where(of_gap, Suggestion.action_id == action.action_id))
    if there is not None:
        return there
    last = session.scalar(select(func.max(Suggestion.rank)).where(of_gap)) or 0
    answer = suggest(gap.to_close, [action], limit=1)
    reason = next(each.reason for each in answer if isinstance(each, Suggested))
    made = Suggestion(
        assessment_item_id=gap.item_id,
        action_id=int(action.action_id),
        target_level=gap.level,
        rank=last + 1,
        reason=reason.as_json(),
    )
    session.add(made)
    save(session)
    return made
