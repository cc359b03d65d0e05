"""The levels that a course may be said to develop: of the dictionaries in use, competency by competency."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from idp.models import Competency, ProficiencyLevel
from idp.queries.profile_versions import of_versions, versions_in_use
from idp.rules.terms import CompetencyCategory


@dataclass(frozen=True)
class CompetencyWithLevels:
    """`levels`: (number of the record, level, title), lowest first."""

    id: int
    code: str
    name_th: str
    name_en: str
    category: CompetencyCategory
    levels: tuple[tuple[int, int, str], ...]


def levels_to_choose(
    session: Session, organisation_id: int, day: date, besides: Collection[int] = ()
) -> tuple[CompetencyWithLevels, ...]:
    """Core before functional, in the order of their dictionary; `besides`: levels chosen already, whose
    competencies are offered whatever dictionary is in use. Three statements."""
    chosen = select(ProficiencyLevel.competency_id).where(ProficiencyLevel.id.in_(besides))
    rows = session.execute(
        select(
            Competency.id,
            Competency.code,
            Competency.name_th,
            func.coalesce(Competency.name_en, ""),
            Competency.category,
            ProficiencyLevel.id,
            ProficiencyLevel.number,
            ProficiencyLevel.title_th,
        )
        .join(ProficiencyLevel, ProficiencyLevel.competency_id == Competency.id)
        .where(
            or_(
                of_versions(versions_in_use(session, organisation_id, day)),
                Competency.id.in_(chosen),
            )
        )
        .order_by(
            Competency.category,
            Competency.framework_version_id,
            Competency.sort_order,
            ProficiencyLevel.number,
        )
    )
    heads: dict[int, tuple[str, str, str, CompetencyCategory]] = {}
    levels: dict[int, list[tuple[int, int, str]]] = {}
    for competency_id, code, name_th, name_en, category, level_id, number, title_th in rows:
        heads[competency_id] = (code, name_th, name_en, category)
        levels.setdefault(competency_id, []).append((level_id, number, title_th))
    return tuple(
        CompetencyWithLevels(competency_id, *head, tuple(levels[competency_id]))
        for competency_id, head in heads.items()
    )
