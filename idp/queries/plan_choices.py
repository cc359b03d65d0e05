"""What the form of a plan's line offers: the competencies that the person was rated on, with their levels."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import AssessmentItem, Competency
from idp.queries.corrections import current_levels
from idp.queries.ladders import ladders_of


@dataclass(frozen=True)
class CompetencyChoice:
    """`attained` is None where there is no result; `levels`: those that the ladder has, lowest first."""

    id: int
    name_th: str
    name_en: str | None
    expected: int
    attained: Decimal | None
    levels: tuple[int, ...]


def competency_choices(session: Session, assessment_id: int) -> tuple[CompetencyChoice, ...]:
    """In the order of the assessment, with the levels that hold; four statements."""
    levels = current_levels(session, assessment_id)
    rows = session.execute(
        select(Competency, AssessmentItem.expected_level, AssessmentItem.id)
        .join(AssessmentItem, AssessmentItem.competency_id == Competency.id)
        .where(AssessmentItem.assessment_id == assessment_id)
        .order_by(AssessmentItem.sort_order, AssessmentItem.id)
    ).all()
    ladders = ladders_of(session, {competency.id for competency, _, _ in rows})
    return tuple(
        CompetencyChoice(
            competency.id,
            competency.name_th,
            competency.name_en,
            expected,
            levels.get(item_id),
            ladders[competency.id].ladder.numbers,
        )
        for competency, expected, item_id in rows
    )
