"""Propose development actions for gaps, by sets; the employee answers them.

People in the same situation (competency, attained, expected, indicators not shown) get the same proposals, so
each situation is thought through once.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from idp.models import (
    Cycle,
    RatingTick,
    Suggestion,
)
from idp.queries.development_actions import published_actions
from idp.queries.ladders import CompetencyLadder, ladders_of
from idp.queries.open_gaps import OpenGap, open_gaps
from idp.rules.calendar import local_day
from idp.rules.errors import NotVisible, TransitionNotAllowed
from idp.rules.levels import path
from idp.rules.relations import Actor
from idp.rules.settings import OrganisationRules
from idp.rules.suggestions import Candidate, GapToClose, Suggested, suggest
from idp.rules.terms import (
    Permission,
    SubjectType,
    SuggestionState,
)
from idp.rules.texts import required_text
from idp.services.access import load_assessment
from idp.services.history import record_history
from idp.services.saving import save
from idp.services.settings import rules_of_cycle

CHUNK = 1000


def make_suggestions(session: Session, assessment_ids: Collection[int], full_path: bool = False) -> int:
    """Propose actions for every gap of these assessments of one organisation; how many proposals are new.

    For the next level above the attained one; with `full_path` for every level up to the expected one.
    Running it again changes nothing. A constant number of statements for every thousand assessments. A gap
    for whose level the catalogue has nothing gets no row.
    """
    ids = sorted(set(assessment_ids))
    return sum(_make(session, ids[start : start + CHUNK], full_path) for start in range(0, len(ids), CHUNK))


def propose_full_path(session: Session, actor: Actor, assessment_id: int, now: datetime) -> int:
    """The employee asks for the whole way up to the expected levels; how many proposals are new."""
    assessment, _ = load_assessment(
        session, actor, assessment_id, Permission.SUGGESTION_ANSWER, local_day(now)
    )
    new = make_suggestions(session, [assessment_id], full_path=True)
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
    """The employee turns a proposal down and says why. Raises InvalidInput without a reason,
    TransitionNotAllowed when it was answered already."""
    suggestion = session.get(Suggestion, suggestion_id)
    if suggestion is None:
        raise NotVisible
    assessment, _ = load_assessment(
        session, actor, suggestion.item.assessment_id, Permission.SUGGESTION_ANSWER, local_day(now)
    )
    if suggestion.state is not SuggestionState.PROPOSED:
        raise TransitionNotAllowed("suggestion", suggestion.state, "reject")
    suggestion.rejected_because = required_text("reason", reason)
    suggestion.state = SuggestionState.REJECTED
    suggestion.answered_at = now
    record_history(
        session,
        actor,
        (SubjectType.ASSESSMENT, assessment.id),
        "reject_suggestion",
        now,
        organisation_id=assessment.organisation_id,
        reason=suggestion.rejected_because,
        detail={"suggestion_id": suggestion.id, "action_id": suggestion.action_id},
    )
    save(session)
    return suggestion


def _make(session: Session, assessment_ids: Sequence[int], full_path: bool) -> int:
    gaps = open_gaps(session, assessment_ids)
    if not gaps:
        return 0
    organisation_id = session.scalars(
        select(Cycle.organisation_id).where(Cycle.id.in_({gap.cycle_id for gap in gaps})).distinct()
    ).one()
    rules = _rules_by_cycle(session, {gap.cycle_id for gap in gaps})
    competency_ids = {gap.competency_id for gap in gaps}
    ladders = ladders_of(session, competency_ids)
    candidates = published_actions(session, competency_ids, organisation_id)
    ticks = _ticks(session, [gap.rating_id for gap in gaps if gap.rating_id is not None])
    thought: dict[tuple[Any, ...], list[Suggested]] = {}
    rows: list[dict[str, Any]] = []
    for gap in gaps:
        ladder = ladders[gap.competency_id]
        limit = rules[gap.cycle_id].suggestions_per_gap
        missing = _missing(gap, ladder, ticks.get(gap.rating_id or 0, frozenset()))
        situation = (gap.competency_id, gap.attained, gap.expected, limit, frozenset(missing.items()))
        if situation not in thought:
            thought[situation] = _think(
                gap, ladder, missing, candidates.get(gap.competency_id, []), full_path, limit
            )
        rows.extend(_row(gap.item_id, suggested) for suggested in thought[situation])
    return _insert_new(session, rows)


def _think(
    gap: OpenGap,
    ladder: CompetencyLadder,
    missing: Mapping[int, frozenset[int]],
    candidates: Sequence[Candidate],
    full_path: bool,
    limit: int,
) -> list[Suggested]:
    to_close = GapToClose(
        competency_key=gap.competency_id,
        category=gap.category,
        expected=gap.expected,
        attained=int(gap.attained) if gap.attained == int(gap.attained) else gap.attained,
        weight=gap.weight,
        ladder=ladder.ladder,
        missing=dict(missing),
        framework=gap.framework,
    )
    if limit < 1:
        return []
    answer = suggest(to_close, candidates, full_path=full_path, limit=limit)
    return [each for each in answer if isinstance(each, Suggested)]


def _missing(gap: OpenGap, ladder: CompetencyLadder, ticks: frozenset[int]) -> dict[int, frozenset[int]]:
    """For each level on the way, its indicators that the supervisor did not tick."""
    return {
        level: ladder.indicators_at(level) - ticks
        for level in path(ladder.ladder, gap.attained, gap.expected)
    }


def _row(item_id: int, suggested: Suggested) -> dict[str, Any]:
    return {
        "assessment_item_id": item_id,
        "action_id": suggested.action.action_id,
        "target_level": suggested.target_level,
        "rank": suggested.rank,
        "reason": suggested.reason.as_json(),
        "state": SuggestionState.PROPOSED,
        "rejected_because": "",
    }


def _rules_by_cycle(session: Session, cycle_ids: Collection[int]) -> dict[int, OrganisationRules]:
    cycles = session.scalars(select(Cycle).where(Cycle.id.in_(cycle_ids)))
    return {cycle.id: rules_of_cycle(cycle) for cycle in cycles}


def _ticks(session: Session, rating_ids: Sequence[int]) -> dict[int, frozenset[int]]:
    ticks: dict[int, set[int]] = {}
    for start in range(0, len(rating_ids), CHUNK * 10):  # under the databases' limit of bound values
        for rating_id, indicator_id in session.execute(
            select(RatingTick.rating_id, RatingTick.indicator_id).where(
                RatingTick.rating_id.in_(rating_ids[start : start + CHUNK * 10])
            )
        ):
            ticks.setdefault(rating_id, set()).add(indicator_id)
    return {rating_id: frozenset(indicators) for rating_id, indicators in ticks.items()}


def _insert_new(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Insert those that are not there yet; how many."""
    if not rows:
        return 0
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(Suggestion.__table__)  # type: ignore[arg-type]
        .on_conflict_do_nothing(index_elements=["assessment_item_id", "action_id"])
        .returning(Suggestion.__table__.c.id)
    )
    return len(session.execute(statement, rows).all())
