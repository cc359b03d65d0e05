"""The gaps of a released assessment with what is proposed for each, and why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from idp.models import Assessment, AssessmentItem, Competency, FrameworkVersion, Gap, ProficiencyLevel
from idp.queries.corrections import CurrentGap, corrected_levels, current_gap
from idp.queries.ladders import CompetencyLadder, ladders_of
from idp.queries.suggestion_cards import Cards, SuggestionCard, cards_of
from idp.rules.levels import path
from idp.rules.suggestions import GapToClose, rank_gaps
from idp.rules.terms import CompetencyCategory, SuggestionState


@dataclass(frozen=True)
class LevelToReach:
    """One level on the way. Without cards the catalogue has nothing for it, where `is_next` says that
    something would have been proposed: the page then offers a free line."""

    number: int
    title_th: str
    is_next: bool
    cards: tuple[SuggestionCard, ...]
    was_withdrawn: bool = False
    """Actions were proposed for it which the organisation proposes no longer."""

    @property
    def lacks_actions(self) -> bool:
        return not self.cards and (self.is_next or self.was_withdrawn)

    @property
    def open_cards(self) -> tuple[SuggestionCard, ...]:
        """What still waits for an answer."""
        return tuple(card for card in self.cards if card.is_open)

    @property
    def answered_cards(self) -> tuple[SuggestionCard, ...]:
        return tuple(card for card in self.cards if not card.is_open)


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
    framework: FrameworkVersion
    levels: tuple[LevelToReach, ...]

    @property
    def cards(self) -> tuple[SuggestionCard, ...]:
        return tuple(card for level in self.levels for card in level.cards)

    @property
    def has_full_path(self) -> bool:
        """The levels beyond the next one were asked for too, or there are none."""
        return all(level.is_next or level.cards for level in self.levels)

    @property
    def chosen(self) -> int:
        """How many proposals are in the plan."""
        return sum(card.state is SuggestionState.ACCEPTED for card in self.cards)


def suggestions_for(
    session: Session, assessment_id: int, *, with_answers: bool = True
) -> tuple[GapOnPage, ...]:
    """The gaps, most urgent first, with their proposals in rank order; empty before release and without a
    gap.

    By the levels that hold: those of a successful objection in place of the released ones. For the owner and
    those who see the result: the caller has checked; not `with_answers` for those who may not read the plan.
    Six statements at most.
    """
    rows = _open_gaps(session, assessment_id)
    organisation_id = session.scalar(select(Assessment.organisation_id).where(Assessment.id == assessment_id))
    if not rows or organisation_id is None:
        return ()
    ladders = ladders_of(session, {item.competency_id for item, _, _ in rows})
    titles = _level_titles(session, set(ladders))
    item_ids = [item.id for item, _, _ in rows]
    cards = cards_of(session, organisation_id, item_ids, with_answers=with_answers)
    by_item = {
        item.id: _gap(item, gap, competency, ladders[competency.id], titles, cards)
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
        .options(joinedload(Competency.version))
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
    cards: Cards,
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
        framework=competency.version,
        levels=tuple(
            LevelToReach(
                number,
                titles[competency.id, number],
                number == numbers[0],
                tuple(card for card in cards.cards.get(item.id, ()) if card.target_level == number),
                number in cards.withdrawn.get(item.id, ()),
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
