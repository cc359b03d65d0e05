"""The corrections of a result as pages and the printed form show them, and the levels to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import AssessmentItem, Competency, Objection, ResultCorrection
from idp.queries.corrections import corrections_of, current_levels
from idp.queries.ladders import ladders_of


@dataclass(frozen=True)
class CorrectedItem:
    """One competency whose level a decision changed; `before` is None for one that was not rated."""

    item_id: int
    name_th: str
    name_en: str | None
    before: Decimal | None
    after: Decimal
    reason: str


@dataclass(frozen=True)
class Correction:
    """The result by one decision; `is_current`: no later one replaced it."""

    objection_id: int
    decision_number: str
    decided_on: date
    items: tuple[CorrectedItem, ...]
    results_score: Decimal | None
    competency_score: Decimal | None
    total_score: Decimal | None
    band: str | None
    score_explanation: Mapping[str, Any] | None
    is_current: bool


def corrections_on_page(session: Session, assessment_id: int) -> tuple[Correction, ...]:
    """The corrections of a result, the oldest first; three statements at most."""
    found = corrections_of(session, [assessment_id]).get(assessment_id, [])
    if not found:
        return ()
    names = {
        item_id: (name_th, name_en)
        for item_id, name_th, name_en in session.execute(
            select(AssessmentItem.id, Competency.name_th, Competency.name_en)
            .join(Competency, Competency.id == AssessmentItem.competency_id)
            .where(AssessmentItem.assessment_id == assessment_id)
        )
    }
    numbers = dict(
        session.execute(
            select(Objection.id, Objection.decision_number).where(Objection.assessment_id == assessment_id)
        ).all()
    )
    return tuple(_correction(each, names, numbers[each.objection_id], each is found[-1]) for each in found)


def _correction(
    row: ResultCorrection, names: Mapping[int, tuple[str, str | None]], number: str, is_current: bool
) -> Correction:
    items = tuple(
        CorrectedItem(
            int(item_id),
            *names[int(item_id)],
            None if each["from"] is None else Decimal(each["from"]),
            Decimal(each["to"]),
            each["reason"],
        )
        for item_id, each in row.levels.items()
    )
    order = list(names)
    return Correction(
        row.objection_id,
        number,
        row.decided_on,
        tuple(sorted(items, key=lambda item: order.index(item.item_id))),
        row.results_score,
        row.competency_score,
        row.total_score,
        row.band,
        row.score_explanation,
        is_current,
    )


@dataclass(frozen=True)
class LevelChoice:
    """One competency of the decision's form: the level that holds (None: not rated), and those to choose
    from."""

    item_id: int
    name_th: str
    name_en: str | None
    expected: int
    current: Decimal | None
    numbers: tuple[int, ...]


def levels_to_correct(session: Session, assessment_id: int) -> tuple[LevelChoice, ...]:
    """In the order of the assessment; four statements."""
    levels = current_levels(session, assessment_id)
    rows = session.execute(
        select(AssessmentItem, Competency)
        .join(Competency, Competency.id == AssessmentItem.competency_id)
        .where(AssessmentItem.assessment_id == assessment_id)
        .order_by(AssessmentItem.sort_order, AssessmentItem.id)
    ).all()
    ladders = ladders_of(session, {competency.id for _, competency in rows})
    return tuple(
        LevelChoice(
            item.id,
            competency.name_th,
            competency.name_en,
            item.expected_level,
            levels.get(item.id),
            (0, *ladders[competency.id].ladder.numbers),
        )
        for item, competency in rows
    )
