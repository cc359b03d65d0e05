"""The gaps for which development actions are proposed, by the levels that hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    AssessmentItem,
    Competency,
    CompetencyFramework,
    FrameworkVersion,
    Gap,
    Rating,
)
from idp.queries.corrections import corrected_levels, current_gap
from idp.rules.terms import CompetencyCategory, RaterKind


@dataclass(frozen=True)
class OpenGap:
    """One gap with what a proposal for it needs; `rating_id`: the supervisor's rating."""

    item_id: int
    cycle_id: int
    competency_id: int
    category: CompetencyCategory
    framework: str
    expected: int
    attained: Decimal
    weight: Decimal
    rating_id: int | None


def open_gaps(session: Session, assessment_ids: Sequence[int]) -> list[OpenGap]:
    """By the levels that hold: a successful objection may have changed them."""
    corrected = corrected_levels(session, assessment_ids)
    rows = session.execute(
        select(
            AssessmentItem.id.label("item_id"),
            Assessment.cycle_id,
            AssessmentItem.competency_id,
            Competency.category,
            CompetencyFramework.code,
            FrameworkVersion.number,
            AssessmentItem.expected_level,
            Gap.attained_level,
            AssessmentItem.weight_percent,
            Rating.id.label("rating_id"),
        )
        .select_from(AssessmentItem)
        .outerjoin(Gap, Gap.item_id == AssessmentItem.id)
        .join(Assessment, Assessment.id == AssessmentItem.assessment_id)
        .join(Competency, Competency.id == AssessmentItem.competency_id)
        .join(FrameworkVersion, FrameworkVersion.id == Competency.framework_version_id)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .outerjoin(
            Rating, (Rating.item_id == AssessmentItem.id) & (Rating.rater_kind == RaterKind.SUPERVISOR)
        )
        .where(
            AssessmentItem.assessment_id.in_(assessment_ids),
            or_(Gap.gap > 0, AssessmentItem.id.in_(corrected)),
        )
        .order_by(AssessmentItem.id)
    )
    gaps = [
        (row, current_gap(row.expected_level, row.attained_level, corrected.get(row.item_id))) for row in rows
    ]
    return [
        OpenGap(
            item_id=row.item_id,
            cycle_id=row.cycle_id,
            competency_id=row.competency_id,
            category=row.category,
            framework=f"{row.code}/{row.number}",
            expected=gap.expected_level,
            attained=gap.attained_level,
            weight=row.weight_percent,
            rating_id=row.rating_id,
        )
        for row, gap in gaps
        if gap is not None and gap.gap > 0
    ]
