"""The whole content of versions of a dictionary as plain data: three statements, however many versions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import BehaviouralIndicator, Competency, ProficiencyLevel
from idp.rules.framework_content import CompetencyContent, LevelContent


@dataclass(frozen=True)
class StoredCompetency:
    """A competency with where it is stored: `level_ids` by number; `indicator_ids` by number, in order."""

    id: int
    code_is_official: bool
    content: CompetencyContent
    level_ids: Mapping[int, int] = field(default_factory=dict)
    indicator_ids: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


def contents_of(session: Session, version_ids: Collection[int]) -> dict[int, tuple[StoredCompetency, ...]]:
    """The competencies of each version in their order, by the version's id."""
    competencies = session.execute(
        select(
            Competency.id,
            Competency.framework_version_id,
            Competency.code,
            Competency.code_is_official,
            Competency.category,
            Competency.name_th,
            Competency.name_en,
            Competency.definition_th,
        )
        .where(Competency.framework_version_id.in_(version_ids))
        .order_by(Competency.sort_order, Competency.id)
    ).all()
    levels = _levels(session, version_ids)
    texts = _indicators(session, version_ids)
    found: dict[int, list[StoredCompetency]] = {each: [] for each in version_ids}
    for row in competencies:
        rungs = levels.get(row.id, {})
        found[row.framework_version_id].append(
            StoredCompetency(
                id=row.id,
                code_is_official=row.code_is_official,
                content=CompetencyContent(
                    code=row.code,
                    category=row.category,
                    name_th=row.name_th,
                    name_en=row.name_en or "",
                    definition_th=row.definition_th,
                    levels=tuple(
                        LevelContent(number, title, tuple(text for _, text in texts.get(level_id, ())))
                        for number, (level_id, title) in rungs.items()
                    ),
                ),
                level_ids={number: level_id for number, (level_id, _title) in rungs.items()},
                indicator_ids={
                    number: tuple(each for each, _text in texts.get(level_id, ()))
                    for number, (level_id, _title) in rungs.items()
                },
            )
        )
    return {version_id: tuple(rows) for version_id, rows in found.items()}


def content_of(session: Session, version_id: int) -> tuple[StoredCompetency, ...]:
    """The competencies of one version in their order."""
    return contents_of(session, [version_id])[version_id]


def _levels(session: Session, version_ids: Collection[int]) -> dict[int, dict[int, tuple[int, str]]]:
    """By competency and number: the level's id and title, ascending."""
    levels: dict[int, dict[int, tuple[int, str]]] = {}
    for row in session.execute(
        select(
            ProficiencyLevel.id,
            ProficiencyLevel.competency_id,
            ProficiencyLevel.number,
            ProficiencyLevel.title_th,
        )
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .where(Competency.framework_version_id.in_(version_ids))
        .order_by(ProficiencyLevel.competency_id, ProficiencyLevel.number)
    ):
        levels.setdefault(row.competency_id, {})[row.number] = (row.id, row.title_th)
    return levels


def _indicators(session: Session, version_ids: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    """By level: the id and text of each indicator, in their order."""
    texts: dict[int, list[tuple[int, str]]] = {}
    for row in session.execute(
        select(BehaviouralIndicator.id, BehaviouralIndicator.level_id, BehaviouralIndicator.text_th)
        .join(ProficiencyLevel, ProficiencyLevel.id == BehaviouralIndicator.level_id)
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .where(Competency.framework_version_id.in_(version_ids))
        .order_by(BehaviouralIndicator.level_id, BehaviouralIndicator.sort_order)
    ):
        texts.setdefault(row.level_id, []).append((row.id, row.text_th))
    return texts
