"""The ladder of one competency of a draft, written as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from idp.models import BehaviouralIndicator, ProficiencyLevel


@dataclass(frozen=True)
class LevelFields:
    """One level as typed: no number where its field was left empty; empty indicators are left out."""

    number: int | None
    title: str = ""
    indicators: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        return self.number is None and not self.title.strip() and not any(map(str.strip, self.indicators))


def marks_of_texts(session: Session, competency_id: int) -> Mapping[tuple[int, str], list[Any]]:
    """What the source document lacks, by level and text: it stays with a text that stays."""
    marks: dict[tuple[int, str], list[Any]] = {}
    for number, title, title_marks, text, text_marks in session.execute(
        select(
            ProficiencyLevel.number,
            ProficiencyLevel.title_th,
            ProficiencyLevel.source_marks,
            BehaviouralIndicator.text_th,
            BehaviouralIndicator.source_marks,
        )
        .outerjoin(BehaviouralIndicator, BehaviouralIndicator.level_id == ProficiencyLevel.id)
        .where(ProficiencyLevel.competency_id == competency_id)
        .order_by(ProficiencyLevel.number, BehaviouralIndicator.sort_order)
    ):
        marks[number, title] = title_marks
        if text is not None:
            marks[number, text] = text_marks
    return marks


def write_ladder(
    session: Session,
    competency_id: int,
    levels: Sequence[LevelFields],
    marks: Mapping[tuple[int, str], list[Any]],
) -> None:
    """All levels and all indicators, one statement each."""
    if not levels:
        return
    statement = insert(ProficiencyLevel).returning(ProficiencyLevel.id, sort_by_parameter_order=True)
    rows = [
        {
            "competency_id": competency_id,
            "number": level.number,
            "title_th": level.title,
            "cumulative": (level.number or 0) > 1,
            "source_marks": marks.get((level.number or 0, level.title), []),
        }
        for level in levels
    ]
    level_ids = list(session.scalars(statement, rows))
    indicators = [
        {
            "level_id": level_id,
            "sort_order": place,
            "text_th": text,
            "source_marks": marks.get((level.number or 0, text), []),
        }
        for level_id, level in zip(level_ids, levels, strict=True)
        for place, text in enumerate(level.indicators, start=1)
    ]
    if indicators:
        session.execute(insert(BehaviouralIndicator), indicators)
