"""The result that holds: the released one, or what the latest successful objection made of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from idp.models import Assessment, AssessmentItem, Gap, ResultCorrection
from idp.rules.gaps import gap


def corrections_of(
    session: Session, assessment_ids: Collection[int] | Select[int]
) -> dict[int, list[ResultCorrection]]:
    """By assessment its corrections, the oldest first; one statement."""
    rows = session.scalars(
        select(ResultCorrection)
        .where(ResultCorrection.assessment_id.in_(assessment_ids))
        .order_by(ResultCorrection.id)
    )
    found: dict[int, list[ResultCorrection]] = {}
    for row in rows:
        found.setdefault(row.assessment_id, []).append(row)
    return found


def current_correction(session: Session, assessment_id: int) -> ResultCorrection | None:
    """The latest correction of the result, if there is any."""
    return next(reversed(corrections_of(session, [assessment_id]).get(assessment_id, [])), None)


def corrected_levels(session: Session, assessment_ids: Collection[int] | Select[int]) -> dict[int, int]:
    """By item id the level of the latest decision about it; one statement."""
    found: dict[int, int] = {}
    for corrections in corrections_of(session, assessment_ids).values():
        for correction in corrections:
            found |= {int(item_id): each["to"] for item_id, each in correction.levels.items()}
    return found


def current_levels(session: Session, assessment_id: int) -> Mapping[int, Decimal]:
    """By item id the level that holds, released or corrected; what was never rated is missing. Two
    statements."""
    released = session.execute(
        select(Gap.item_id, Gap.attained_level)
        .join(AssessmentItem, AssessmentItem.id == Gap.item_id)
        .where(AssessmentItem.assessment_id == assessment_id)
    )
    levels = {item_id: Decimal(level) for item_id, level in released}
    corrected = corrected_levels(session, [assessment_id])
    return levels | {item_id: Decimal(level) for item_id, level in corrected.items()}


@dataclass(frozen=True)
class CurrentGap:
    """Expected and attained level of one item as they hold, and how much is short."""

    expected_level: int
    attained_level: Decimal
    gap: Decimal


def current_gap(expected: int, released: Decimal | None, corrected: int | None) -> CurrentGap | None:
    """None for what was never rated."""
    level = released if corrected is None else Decimal(corrected)
    return None if level is None else CurrentGap(expected, level, Decimal(gap(expected, level)))


def holding(
    released: InstrumentedAttribute[Any], corrected: InstrumentedAttribute[Any]
) -> ColumnElement[Any]:
    """In a statement over Assessment: the column of the latest correction where there is one, else the
    released column. For lists and figures."""
    of_correction = (
        select(corrected)
        .where(ResultCorrection.assessment_id == Assessment.id)
        .order_by(ResultCorrection.id.desc())
        .limit(1)
        .correlate(Assessment)
        .scalar_subquery()
    )
    return func.coalesce(of_correction, released, type_=released.type)
