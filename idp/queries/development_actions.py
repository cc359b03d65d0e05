"""The development actions that an organisation proposes, as the rules of suggestions take them."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from idp.models import ActionExclusion, DevelopmentAction, DevelopmentActionIndicator, ProficiencyLevel
from idp.queries.effects import effects_of
from idp.rules.suggestions import METHOD_GROUPS, Candidate
from idp.rules.terms import VersionState


def is_proposed_by(organisation_id: int) -> ColumnElement[bool]:
    """A published action of the library that the organisation has not excluded, or of its own."""
    excluded = select(ActionExclusion.action_key).where(ActionExclusion.organisation_id == organisation_id)
    return and_(
        DevelopmentAction.state == VersionState.PUBLISHED,
        or_(
            DevelopmentAction.organisation_id == organisation_id,
            and_(DevelopmentAction.organisation_id.is_(None), DevelopmentAction.key.not_in(excluded)),
        ),
    )


def published_actions(
    session: Session, competency_ids: Collection[int], organisation_id: int
) -> dict[int, list[Candidate]]:
    """By competency, each with how often it helped there; four statements."""
    effects = effects_of(session, organisation_id)
    of_these = and_(ProficiencyLevel.competency_id.in_(competency_ids), is_proposed_by(organisation_id))
    develops: dict[int, set[int]] = {}
    for action_id, indicator_id in session.execute(
        select(DevelopmentActionIndicator.action_id, DevelopmentActionIndicator.indicator_id)
        .join(DevelopmentAction, DevelopmentAction.id == DevelopmentActionIndicator.action_id)
        .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
        .where(of_these)
    ):
        develops.setdefault(action_id, set()).add(indicator_id)
    found: dict[int, list[Candidate]] = {}
    for action, competency_id, level in session.execute(
        select(DevelopmentAction, ProficiencyLevel.competency_id, ProficiencyLevel.number)
        .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
        .where(of_these)
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
            known=effects.known(action.key, action.method),
        )
        found.setdefault(competency_id, []).append(candidate)
    return found
