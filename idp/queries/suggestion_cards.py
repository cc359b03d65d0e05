"""What is proposed for gaps, as cards: what to do, and why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from idp.models import BehaviouralIndicator, DevelopmentAction, PlanItem, Suggestion
from idp.queries.development_actions import is_proposed_by
from idp.rules.suggestions import METHOD_GROUPS, Reason
from idp.rules.terms import DevelopmentMethod, MethodGroup, SuggestionState


@dataclass(frozen=True)
class Indicator:
    """One that was not shown; `is_developed`: by the action of the card."""

    text: str
    is_developed: bool


@dataclass(frozen=True)
class SuggestionCard:
    """One proposed action. `reason` is the kept why; `missing` and `developed` its indicators in words;
    `is_own`: of the organisation's catalogue, not of the library; `plan_item_id` the line made of it."""

    id: int
    action_id: int
    title_th: str
    detail_th: str
    method: DevelopmentMethod
    group: MethodGroup
    hours: int
    weeks: int
    cost_baht: Decimal
    measure_th: str
    evidence_th: str
    is_own: bool
    rank: int
    target_level: int
    reason: Reason
    missing: tuple[str, ...]
    developed: tuple[str, ...]
    state: SuggestionState
    rejected_because: str
    plan_item_id: int | None

    @property
    def is_open(self) -> bool:
        return self.state is SuggestionState.PROPOSED

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Those that were not shown, the developed ones first."""
        found = (Indicator(text, text in self.developed) for text in self.missing)
        return tuple(sorted(found, key=lambda each: not each.is_developed))


@dataclass(frozen=True)
class Cards:
    """By item its cards, and the levels that actions were proposed for which the organisation has since
    withdrawn."""

    cards: Mapping[int, list[SuggestionCard]]
    withdrawn: Mapping[int, set[int]]


def cards_of(
    session: Session, organisation_id: int, item_ids: Collection[int], *, with_answers: bool = True
) -> Cards:
    """The cards in rank order. What nobody answered and the organisation no longer proposes (the action was
    retired, replaced or excluded) is left out; what was answered stays. Not `with_answers`: every card as one
    that nobody answered. Two statements."""
    still = is_proposed_by(organisation_id)
    rows = session.execute(
        select(
            Suggestion,
            DevelopmentAction,
            PlanItem.id,
            or_(Suggestion.state != SuggestionState.PROPOSED, still) if with_answers else still,
        )
        .join(DevelopmentAction, DevelopmentAction.id == Suggestion.action_id)
        .outerjoin(PlanItem, PlanItem.suggestion_id == Suggestion.id)
        .where(Suggestion.assessment_item_id.in_(item_ids))
        .order_by(Suggestion.assessment_item_id, Suggestion.rank, Suggestion.id)
    ).all()
    reasons = {suggestion.id: Reason.from_json(suggestion.reason) for suggestion, *_ in rows}
    texts = _texts(session, {int(each) for reason in reasons.values() for each in reason.indicators_missing})
    cards: dict[int, list[SuggestionCard]] = {}
    withdrawn: dict[int, set[int]] = {}
    for suggestion, action, plan_item_id, is_shown in rows:
        item_id = suggestion.assessment_item_id
        if is_shown:
            card = _card(suggestion, action, plan_item_id, reasons[suggestion.id], texts)
            cards.setdefault(item_id, []).append(card if with_answers else _unanswered(card))
        else:
            withdrawn.setdefault(item_id, set()).add(suggestion.target_level)
    return Cards(cards, withdrawn)


def _card(
    suggestion: Suggestion,
    action: DevelopmentAction,
    plan_item_id: int | None,
    reason: Reason,
    texts: Mapping[int, str],
) -> SuggestionCard:
    return SuggestionCard(
        id=suggestion.id,
        action_id=action.id,
        title_th=action.title_th,
        detail_th=action.detail_th,
        method=action.method,
        group=METHOD_GROUPS[action.method],
        hours=action.hours,
        weeks=action.weeks,
        cost_baht=action.cost_baht,
        measure_th=action.measure_th,
        evidence_th=action.evidence_th,
        is_own=action.organisation_id is not None,
        rank=suggestion.rank,
        target_level=suggestion.target_level,
        reason=reason,
        missing=tuple(texts[int(each)] for each in reason.indicators_missing),
        developed=tuple(texts[int(each)] for each in reason.indicators_developed),
        state=suggestion.state,
        rejected_because=suggestion.rejected_because,
        plan_item_id=plan_item_id,
    )


def _unanswered(card: SuggestionCard) -> SuggestionCard:
    return replace(card, state=SuggestionState.PROPOSED, rejected_because="", plan_item_id=None)


def _texts(session: Session, indicator_ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(
        select(BehaviouralIndicator.id, BehaviouralIndicator.text_th).where(
            BehaviouralIndicator.id.in_(indicator_ids)
        )
    )
    return dict(rows.all())
