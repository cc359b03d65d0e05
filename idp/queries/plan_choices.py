"""What the form of a plan's line offers: the competencies that the person was rated on, with their levels,
and the indicators on the way to a level with what of them was shown."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    AssessmentItem,
    BehaviouralIndicator,
    Competency,
    ProficiencyLevel,
    Rating,
    RatingTick,
)
from idp.queries.corrections import current_levels
from idp.queries.ladders import ladders_of
from idp.rules.terms import RaterKind


@dataclass(frozen=True)
class CompetencyChoice:
    """`expected` is None for a competency that the assessment does not have, `attained` where there is no
    result; `levels`: those that the ladder has, lowest first."""

    id: int
    name_th: str
    name_en: str | None
    expected: int | None
    attained: Decimal | None
    levels: tuple[int, ...]


@dataclass(frozen=True)
class IndicatorChoice:
    """`is_shown`: whether the supervisor saw it; None where the level was stated without ticks."""

    id: int
    text_th: str
    is_shown: bool | None


@dataclass(frozen=True)
class LevelChoice:
    """A level on the way to the target with its indicators, in their order."""

    number: int
    title_th: str
    indicators: tuple[IndicatorChoice, ...]


def competency_choices(
    session: Session, assessment_id: int, also: int | None = None
) -> tuple[CompetencyChoice, ...]:
    """In the order of the assessment, with the levels that hold; then the competency `also`, which a line has
    from the catalogue. Four statements, one more for a competency from elsewhere."""
    levels = current_levels(session, assessment_id)
    rows: list[tuple[Competency, int | None, int | None]] = [
        (competency, expected, item_id)
        for competency, expected, item_id in session.execute(
            select(Competency, AssessmentItem.expected_level, AssessmentItem.id)
            .join(AssessmentItem, AssessmentItem.competency_id == Competency.id)
            .where(AssessmentItem.assessment_id == assessment_id)
            .order_by(AssessmentItem.sort_order, AssessmentItem.id)
        )
    ]
    if also is not None and all(competency.id != also for competency, _, _ in rows):
        rows.append((session.get_one(Competency, also), None, None))
    ladders = ladders_of(session, {competency.id for competency, _, _ in rows})
    return tuple(
        CompetencyChoice(
            competency.id,
            competency.name_th,
            competency.name_en,
            expected,
            levels.get(item_id) if item_id is not None else None,
            ladders[competency.id].ladder.numbers,
        )
        for competency, expected, item_id in rows
    )


def indicator_choices(
    session: Session,
    assessment_id: int,
    chosen: CompetencyChoice | None,
    target_level: int | None,
    ticked: Collection[int] = (),
) -> tuple[LevelChoice, ...]:
    """The target level first, then the levels between the attained one and it, the next one first; also those
    with an indicator of `ticked`. None without a competency or for a level that it does not have. Four
    statements at most."""
    if chosen is None or target_level not in chosen.levels:
        return ()
    assert target_level is not None
    attained = chosen.attained or Decimal(0)
    shown = _shown(session, assessment_id, chosen.id)
    rows = session.execute(
        select(ProficiencyLevel, BehaviouralIndicator)
        .join(BehaviouralIndicator, BehaviouralIndicator.level_id == ProficiencyLevel.id)
        .where(ProficiencyLevel.competency_id == chosen.id)
        .order_by(ProficiencyLevel.number, BehaviouralIndicator.sort_order)
    ).all()
    offered = {level for level in chosen.levels if attained < level < target_level}
    offered |= {level.number for level, indicator in rows if indicator.id in ticked}
    titles = {level.number: level.title_th for level, _ in rows}
    order = [target_level, *sorted(offered - {target_level})]
    return tuple(
        LevelChoice(
            number,
            titles.get(number, ""),
            tuple(
                IndicatorChoice(each.id, each.text_th, None if shown is None else each.id in shown)
                for level, each in rows
                if level.number == number
            ),
        )
        for number in order
    )


def _shown(session: Session, assessment_id: int, competency_id: int) -> frozenset[int] | None:
    """The indicators that the supervisor ticked; None where the level was stated or averaged."""
    rating = session.scalar(
        select(Rating)
        .join(AssessmentItem, AssessmentItem.id == Rating.item_id)
        .where(
            AssessmentItem.assessment_id == assessment_id,
            AssessmentItem.competency_id == competency_id,
            Rating.rater_kind == RaterKind.SUPERVISOR,
        )
    )
    if rating is None or rating.stated_level is not None or rating.average_level is not None:
        return None
    ticks = session.scalars(select(RatingTick.indicator_id).where(RatingTick.rating_id == rating.id))
    return frozenset(ticks)
