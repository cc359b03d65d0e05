"""The competencies of one assessment with their dictionary texts and ratings: six statements, whatever their
number."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from idp.models import AssessmentItem, Competency, Gap, ProficiencyLevel, Rating
from idp.queries.assessment_pages import IndicatorOnPage, ItemOnPage, LevelOnPage, RatingOnPage
from idp.queries.ladders import CompetencyLadder, ladders_of
from idp.rules.gaps import standing
from idp.rules.levels import PassRule, count_shown, read_ladder
from idp.rules.terms import RaterKind


def items_on_page(
    session: Session, assessment_id: int, pass_rule: PassRule, shown: Collection[RaterKind]
) -> tuple[ItemOnPage, ...]:
    """In their order; ratings only of the kinds in `shown`, gaps with the supervisor's."""
    items = session.scalars(
        select(AssessmentItem)
        .where(AssessmentItem.assessment_id == assessment_id)
        .order_by(AssessmentItem.sort_order, AssessmentItem.id)
        .options(joinedload(AssessmentItem.competency, innerjoin=True))
    ).all()
    return items_shown(session, items, pass_rule, shown)


def items_shown(
    session: Session, items: Sequence[AssessmentItem], pass_rule: PassRule, shown: Collection[RaterKind]
) -> tuple[ItemOnPage, ...]:
    """The same of items of one or of many assessments, their competencies read already, in the order
    given: five statements."""
    competency_ids = {item.competency_id for item in items}
    item_ids = [item.id for item in items]
    ladders = ladders_of(session, competency_ids)
    levels = _levels(session, competency_ids)
    ratings = _ratings(session, item_ids, shown)
    gaps = _gaps(session, item_ids) if RaterKind.SUPERVISOR in shown else {}
    return tuple(_item(item, ladders, levels, ratings, gaps, pass_rule) for item in items)


def _item(
    item: AssessmentItem,
    ladders: Mapping[int, CompetencyLadder],
    levels: Mapping[int, tuple[LevelOnPage, ...]],
    ratings: Mapping[tuple[int, RaterKind], Rating],
    gaps: Mapping[int, Gap],
    pass_rule: PassRule,
) -> ItemOnPage:
    competency: Competency = item.competency
    ladder = ladders[item.competency_id]
    of_self, of_supervisor = (
        _rating(ratings.get((item.id, kind)), ladder, pass_rule)
        for kind in (RaterKind.SELF, RaterKind.SUPERVISOR)
    )
    gap = gaps.get(item.id)
    result_level = gap.attained_level if gap else of_supervisor.attained if of_supervisor else None
    return ItemOnPage(
        id=item.id,
        competency_id=item.competency_id,
        code=competency.code,
        name_th=competency.name_th,
        name_en=competency.name_en,
        category=competency.category,
        definition_th=competency.definition_th,
        expected=item.expected_level,
        weight_percent=item.weight_percent,
        levels=levels[item.competency_id],
        self_rating=of_self,
        supervisor_rating=of_supervisor,
        gap=gap.gap if gap else None,
        standing=standing(item.expected_level, result_level) if of_supervisor else None,
        result_level=result_level,
    )


def _rating(rating: Rating | None, ladder: CompetencyLadder, pass_rule: PassRule) -> RatingOnPage | None:
    if rating is None:
        return None
    ticked = frozenset(tick.indicator_id for tick in rating.ticks)
    derived = rating.stated_level is None and rating.average_level is None and bool(ticked)
    shown = count_shown(ladder.ladder, [ladder.level_of[indicator] for indicator in ticked])
    return RatingOnPage(
        attained=rating.attained_level,
        stated=rating.stated_level,
        blocked_by=rating.blocked_by,
        evidence=rating.evidence,
        ticked=ticked,
        reading=read_ladder(ladder.ladder, shown, pass_rule) if derived else None,
        updated_at=rating.updated_at,
        average=rating.average_level,
        notes={tick.indicator_id: tick.note for tick in rating.ticks if tick.note},
    )


def _levels(session: Session, competency_ids: Collection[int]) -> dict[int, tuple[LevelOnPage, ...]]:
    rows = session.scalars(
        select(ProficiencyLevel)
        .where(ProficiencyLevel.competency_id.in_(competency_ids))
        .order_by(ProficiencyLevel.competency_id, ProficiencyLevel.number)
        .options(selectinload(ProficiencyLevel.indicators))
    )
    levels: dict[int, tuple[LevelOnPage, ...]] = dict.fromkeys(competency_ids, ())
    for level in rows:
        indicators = tuple(
            IndicatorOnPage(each.id, each.text_th, tuple(each.source_marks)) for each in level.indicators
        )
        on_page = LevelOnPage(level.number, level.title_th, indicators, tuple(level.source_marks))
        levels[level.competency_id] += (on_page,)
    return levels


def _ratings(
    session: Session, item_ids: Collection[int], shown: Collection[RaterKind]
) -> dict[tuple[int, RaterKind], Rating]:
    rows = session.scalars(
        select(Rating)
        .where(Rating.item_id.in_(item_ids), Rating.rater_kind.in_(shown))
        .options(selectinload(Rating.ticks))
    )
    return {(rating.item_id, rating.rater_kind): rating for rating in rows}


def _gaps(session: Session, item_ids: Collection[int]) -> dict[int, Gap]:
    return {gap.item_id: gap for gap in session.scalars(select(Gap).where(Gap.item_id.in_(item_ids)))}
