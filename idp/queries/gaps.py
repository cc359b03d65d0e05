"""The gaps of a released assessment with what is proposed for each, and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from idp.models import (
    AssessmentItem,
    BehaviouralIndicator,
    Competency,
    DevelopmentAction,
    Gap,
    PlanItem,
    ProficiencyLevel,
    Suggestion,
)
from idp.queries.corrections import CurrentGap, corrected_levels, current_gap
from idp.queries.ladders import CompetencyLadder, ladders_of
from idp.rules.levels import path
from idp.rules.suggestions import METHOD_GROUPS, GapToClose, Reason, rank_gaps
from idp.rules.terms import CompetencyCategory, DevelopmentMethod, MethodGroup, SuggestionState


@dataclass(frozen=True)
class SuggestionCard:
    """One proposed action. `reason` is the kept why; `missing` and `developed` its indicators in words;
    `plan_item_id` the line made of it."""

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
    rank: int
    target_level: int
    reason: Reason
    missing: tuple[str, ...]
    developed: tuple[str, ...]
    state: SuggestionState
    rejected_because: str
    plan_item_id: int | None


@dataclass(frozen=True)
class LevelToReach:
    """One level on the way. Without cards the catalogue has nothing for it, where `is_next` says that
    something would have been proposed: the page then offers a free line."""

    number: int
    title_th: str
    is_next: bool
    cards: tuple[SuggestionCard, ...]

    @property
    def lacks_actions(self) -> bool:
        return self.is_next and not self.cards


@dataclass(frozen=True)
class GapOnPage:
    """One gap, with every existing level from the attained to the expected one."""

    item_id: int
    competency_id: int
    competency_code: str
    competency_name_th: str
    competency_name_en: str | None
    category: CompetencyCategory
    expected: int
    attained: Decimal
    gap: Decimal
    weight_percent: Decimal
    levels: tuple[LevelToReach, ...]

    @property
    def cards(self) -> tuple[SuggestionCard, ...]:
        return tuple(card for level in self.levels for card in level.cards)

    @property
    def has_full_path(self) -> bool:
        """The levels beyond the next one were asked for too, or there are none."""
        return all(level.is_next or level.cards for level in self.levels)


def suggestions_for(session: Session, assessment_id: int) -> tuple[GapOnPage, ...]:
    """The gaps, most urgent first, with their proposals in rank order; empty before release and without a
    gap.

    By the levels that hold: those of a successful objection in place of the released ones. For the owner and
    those who see the result: the caller has checked. Eight statements at most.
    """
    rows = _open_gaps(session, assessment_id)
    if not rows:
        return ()
    ladders = ladders_of(session, {item.competency_id for item, _, _ in rows})
    titles = _level_titles(session, set(ladders))
    cards = _cards(session, [item.id for item, _, _ in rows])
    by_item = {
        item.id: _gap(item, gap, competency, ladders[competency.id], titles, cards.get(item.id, ()))
        for item, gap, competency in rows
    }
    order = rank_gaps(
        GapToClose(
            competency_key=item.id,  # ties in the order of the form
            category=competency.category,
            expected=gap.expected_level,
            attained=gap.attained_level,
            weight=item.weight_percent,
            ladder=ladders[competency.id].ladder,
        )
        for item, gap, competency in rows
    )
    return tuple(by_item[int(each.competency_key)] for each in order)


def _open_gaps(session: Session, assessment_id: int) -> list[tuple[AssessmentItem, CurrentGap, Competency]]:
    corrected = corrected_levels(session, [assessment_id])
    rows = session.execute(
        select(AssessmentItem, Gap.attained_level, Competency)
        .outerjoin(Gap, Gap.item_id == AssessmentItem.id)
        .join(Competency, Competency.id == AssessmentItem.competency_id)
        .where(
            AssessmentItem.assessment_id == assessment_id,
            or_(Gap.gap > 0, AssessmentItem.id.in_(corrected)),
        )
    )
    found = [
        (item, current_gap(item.expected_level, released, corrected.get(item.id)), competency)
        for item, released, competency in rows
    ]
    return [(item, gap, competency) for item, gap, competency in found if gap is not None and gap.gap > 0]


def _gap(
    item: AssessmentItem,
    gap: CurrentGap,
    competency: Competency,
    ladder: CompetencyLadder,
    titles: Mapping[tuple[int, int], str],
    cards: Sequence[SuggestionCard],
) -> GapOnPage:
    numbers = path(ladder.ladder, gap.attained_level, gap.expected_level)
    return GapOnPage(
        item_id=item.id,
        competency_id=competency.id,
        competency_code=competency.code,
        competency_name_th=competency.name_th,
        competency_name_en=competency.name_en,
        category=competency.category,
        expected=gap.expected_level,
        attained=gap.attained_level,
        gap=gap.gap,
        weight_percent=item.weight_percent,
        levels=tuple(
            LevelToReach(
                number,
                titles[competency.id, number],
                number == numbers[0],
                tuple(card for card in cards if card.target_level == number),
            )
            for number in numbers
        ),
    )


def _level_titles(session: Session, competency_ids: Collection[int]) -> dict[tuple[int, int], str]:
    rows = session.execute(
        select(ProficiencyLevel.competency_id, ProficiencyLevel.number, ProficiencyLevel.title_th).where(
            ProficiencyLevel.competency_id.in_(competency_ids)
        )
    )
    return {(competency_id, number): title for competency_id, number, title in rows}


def _cards(session: Session, item_ids: Sequence[int]) -> dict[int, list[SuggestionCard]]:
    rows = session.execute(
        select(Suggestion, DevelopmentAction, PlanItem.id)
        .join(DevelopmentAction, DevelopmentAction.id == Suggestion.action_id)
        .outerjoin(PlanItem, PlanItem.suggestion_id == Suggestion.id)
        .where(Suggestion.assessment_item_id.in_(item_ids))
        .order_by(Suggestion.assessment_item_id, Suggestion.rank, Suggestion.id)
    ).all()
    reasons = {suggestion.id: Reason.from_json(suggestion.reason) for suggestion, _, _ in rows}
    texts = _texts(session, {int(each) for reason in reasons.values() for each in reason.indicators_missing})
    cards: dict[int, list[SuggestionCard]] = {}
    for suggestion, action, plan_item_id in rows:
        card = _card(suggestion, action, plan_item_id, reasons[suggestion.id], texts)
        cards.setdefault(suggestion.assessment_item_id, []).append(card)
    return cards


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
        rank=suggestion.rank,
        target_level=suggestion.target_level,
        reason=reason,
        missing=tuple(texts[int(each)] for each in reason.indicators_missing),
        developed=tuple(texts[int(each)] for each in reason.indicators_developed),
        state=suggestion.state,
        rejected_because=suggestion.rejected_because,
        plan_item_id=plan_item_id,
    )


def _texts(session: Session, indicator_ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(
        select(BehaviouralIndicator.id, BehaviouralIndicator.text_th).where(
            BehaviouralIndicator.id.in_(indicator_ids)
        )
    )
    return dict(rows.all())
