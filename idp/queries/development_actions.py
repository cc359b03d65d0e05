"""The published development actions of the catalogue, as the rules of suggestions take them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import DevelopmentAction, DevelopmentActionIndicator, ProficiencyLevel
from idp.rules.suggestions import METHOD_GROUPS, Candidate
from idp.rules.terms import VersionState


def published_actions(session: Session, competency_ids: Collection[int]) -> dict[int, list[Candidate]]:
    """By competency; two statements."""
    develops: dict[int, set[int]] = {}
    for action_id, indicator_id in session.execute(
        select(DevelopmentActionIndicator.action_id, DevelopmentActionIndicator.indicator_id)
        .join(DevelopmentAction, DevelopmentAction.id == DevelopmentActionIndicator.action_id)
        .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
        .where(ProficiencyLevel.competency_id.in_(competency_ids))
    ):
        develops.setdefault(action_id, set()).add(indicator_id)
    found: dict[int, list[Candidate]] = {}
    for action, competency_id, level in session.execute(
        select(DevelopmentAction, ProficiencyLevel.competency_id, ProficiencyLevel.number)
        .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
        .where(
            ProficiencyLevel.competency_id.in_(competency_ids),
            DevelopmentAction.state == VersionState.PUBLISHED,
        )
        .order_by(DevelopmentAction.id)
    ):
        candidate = Candidate(
            action_id=action.id,
            level=level,
            method=action.method,
            group=METHOD_GROUPS[action.method],
            hours=action.hours,
            weeks=action.weeks,
            cost=action.cost_baht,
            indicators=frozenset(develops.get(action.id, ())),
            source=action.key,
        )
        found.setdefault(competency_id, []).append(candidate)
    return found
