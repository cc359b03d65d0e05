"""Propose development actions for gaps, by sets; the employee answers them.

People in the same situation (competency, attained, expected, indicators not shown) get the same proposals, so
each situation is thought through once.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, Suggestion
from idp.queries.plan_of_year import plan_of_year
from idp.rules.calendar import local_day
from idp.rules.errors import NotVisible, TransitionNotAllowed
from idp.rules.plan_workflow import EDITABLE_STATES
from idp.rules.relations import Actor
from idp.rules.terms import Permission, SubjectType, SuggestionState
from idp.rules.texts import required_text
from idp.services.access import load_assessment
from idp.services.history import record_history
from idp.services.saving import save
from idp.services.suggestion_sets import propose_another, propose_in_cycle

CHUNK = 5000
"""Under the databases' limit of bound values."""


def make_suggestions(session: Session, assessment_ids: Collection[int], full_path: bool = False) -> int:
    """Propose actions for every gap of these assessments; how many proposals are new.

    For the next level above the attained one; with `full_path` for every level up to the expected one.
    Running it again changes nothing. A constant number of statements for every cycle and every `CHUNK` of its
    assessments. A gap for whose level the catalogue has nothing gets no row.
    """
    ids = sorted(set(assessment_ids))
    new = 0
    for start in range(0, len(ids), CHUNK):
        of_cycle: dict[int, list[int]] = {}
        for assessment_id, cycle_id in session.execute(
            select(Assessment.id, Assessment.cycle_id).where(Assessment.id.in_(ids[start : start + CHUNK]))
        ):
            of_cycle.setdefault(cycle_id, []).append(assessment_id)
        for cycle_id, some in sorted(of_cycle.items()):
            new += propose_in_cycle(session, session.get_one(Cycle, cycle_id), some, full_path)
    return new


def propose_full_path(
    session: Session, actor: Actor, assessment_id: int, now: datetime, item_id: int | None = None
) -> int:
    """The employee asks for the whole way up to the expected levels, of all gaps or of one; how many
    proposals are new. Also brings what the catalogue has since got."""
    assessment, _ = load_assessment(
        session, actor, assessment_id, Permission.SUGGESTION_ANSWER, local_day(now)
    )
    new = propose_in_cycle(session, assessment.cycle, [assessment.id], full_path=True, only_item=item_id)
    if new:
        subject = (SubjectType.ASSESSMENT, assessment.id)
        organisation_id, detail = assessment.organisation_id, {"count": new}
        record_history(
            session, actor, subject, "propose_full_path", now, organisation_id=organisation_id, detail=detail
        )
    return new


def reject_suggestion(
    session: Session, actor: Actor, suggestion_id: int, reason: str, now: datetime
) -> Suggestion:
    """The employee turns a proposal down and says why; the next best action of that level is proposed in its
    place, if the catalogue has one.

    Raises InvalidInput without a reason, TransitionNotAllowed when it was answered already, and where the
    plan may not be edited any more.
    """
    suggestion, assessment = _load(session, actor, suggestion_id, now)
    if suggestion.state is not SuggestionState.PROPOSED:
        raise TransitionNotAllowed("suggestion", suggestion.state, "reject")
    _check_plan(session, assessment, "reject_suggestion")
    suggestion.rejected_because = required_text("reason", reason)
    suggestion.state = SuggestionState.REJECTED
    suggestion.answered_at = now
    _record(session, actor, assessment, suggestion, "reject_suggestion", now)
    save(session)
    propose_another(session, assessment.cycle, suggestion.item, suggestion.target_level)
    return suggestion


def restore_suggestion(session: Session, actor: Actor, suggestion_id: int, now: datetime) -> Suggestion:
    """The employee thinks again: what was turned down is proposed again. The reason stays in the history.

    Raises TransitionNotAllowed for what was not turned down, and where the plan may not be edited any more.
    """
    suggestion, assessment = _load(session, actor, suggestion_id, now)
    if suggestion.state is not SuggestionState.REJECTED:
        raise TransitionNotAllowed("suggestion", suggestion.state, "restore")
    _check_plan(session, assessment, "restore_suggestion")
    _record(session, actor, assessment, suggestion, "restore_suggestion", now)
    suggestion.state = SuggestionState.PROPOSED
    suggestion.rejected_because = ""
    suggestion.answered_at = None
    save(session)
    return suggestion


def _load(session: Session, actor: Actor, suggestion_id: int, now: datetime) -> tuple[Suggestion, Assessment]:
    suggestion = session.get(Suggestion, suggestion_id)
    if suggestion is None:
        raise NotVisible
    assessment, _ = load_assessment(
        session, actor, suggestion.item.assessment_id, Permission.SUGGESTION_ANSWER, local_day(now)
    )
    return suggestion, assessment


def _check_plan(session: Session, assessment: Assessment, event: str) -> None:
    plan = plan_of_year(session, assessment.id)
    if plan is not None and plan.state not in EDITABLE_STATES:
        raise TransitionNotAllowed("plan", plan.state, event)


def _record(
    session: Session, actor: Actor, assessment: Assessment, suggestion: Suggestion, event: str, now: datetime
) -> None:
    record_history(
        session,
        actor,
        (SubjectType.ASSESSMENT, assessment.id),
        event,
        now,
        organisation_id=assessment.organisation_id,
        reason=suggestion.rejected_because if event == "reject_suggestion" else "",
        detail={"suggestion_id": suggestion.id, "action_id": suggestion.action_id},
    )
