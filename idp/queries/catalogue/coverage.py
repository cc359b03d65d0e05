"""What the catalogue lacks: for each framework in use, competency by competency, level by level."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import Competency, DevelopmentAction, DevelopmentActionIndicator, ProficiencyLevel
from idp.queries.development_actions import is_proposed_by
from idp.queries.framework_contents import StoredCompetency, contents_of
from idp.queries.profile_versions import VersionInUse, versions_in_use
from idp.rules.catalogue import Developing, LevelCoverage, coverage_of
from idp.rules.terms import CompetencyCategory


@dataclass(frozen=True)
class CoveredLevel:
    """`texts`: the indicators that no action develops, as they stand in the dictionary."""

    level_id: int
    number: int
    coverage: LevelCoverage
    texts: tuple[str, ...]


@dataclass(frozen=True)
class CoveredCompetency:
    id: int
    code: str
    name_th: str
    name_en: str
    category: CompetencyCategory
    levels: tuple[CoveredLevel, ...]

    def level(self, number: int) -> CoveredLevel | None:
        """None where the ladder has no such level."""
        return next((each for each in self.levels if each.number == number), None)


@dataclass(frozen=True)
class FrameworkCoverage:
    """`numbers`: every level above 0 that some competency of it has."""

    version_id: int
    code: str
    number: int
    name_th: str
    name_en: str
    competencies: tuple[CoveredCompetency, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(sorted({level.number for each in self.competencies for level in each.levels}))

    @property
    def levels(self) -> tuple[CoveredLevel, ...]:
        return tuple(level for each in self.competencies for level in each.levels)


def coverage(session: Session, organisation_id: int, day: date) -> tuple[FrameworkCoverage, ...]:
    """Of every framework in use, in the order of the rules; seven statements."""
    uses = versions_in_use(session, organisation_id, day)
    version_ids = tuple(dict.fromkeys(use.version_id for use in uses))
    contents = contents_of(session, version_ids)
    actions = _actions(session, organisation_id, version_ids)
    found = []
    for version_id in version_ids:
        of_version = [use for use in uses if use.version_id == version_id]
        categories = {use.category for use in of_version}
        rows = [each for each in contents[version_id] if each.content.category in categories]
        found.append(_of_framework(of_version[0], rows, actions))
    return tuple(found)


def actions_by_level(session: Session, organisation_id: int, version_id: int) -> dict[tuple[str, int], int]:
    """How many actions the organisation proposes, by the competency's code and the level; one statement."""
    rows = session.execute(
        select(Competency.code, ProficiencyLevel.number, func.count())
        .select_from(DevelopmentAction)
        .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .where(Competency.framework_version_id == version_id, is_proposed_by(organisation_id))
        .group_by(Competency.code, ProficiencyLevel.number)
    )
    return {(code, number): count for code, number, count in rows}


def _of_framework(
    use: VersionInUse, rows: Collection[StoredCompetency], actions: dict[int, list[Developing]]
) -> FrameworkCoverage:
    return FrameworkCoverage(
        use.version_id,
        use.framework_code,
        use.number,
        use.name_th,
        use.name_en,
        tuple(_of_competency(each, actions) for each in rows),
    )


def _of_competency(row: StoredCompetency, actions: dict[int, list[Developing]]) -> CoveredCompetency:
    levels = []
    for level in row.content.levels:
        if level.number == 0:
            continue
        level_id, ids = row.level_ids[level.number], row.indicator_ids[level.number]
        found = coverage_of(ids, actions.get(level_id, []))
        texts = dict(zip(ids, level.indicators, strict=True))
        levels.append(
            CoveredLevel(level_id, level.number, found, tuple(texts[each] for each in found.undeveloped))
        )
    content = row.content
    return CoveredCompetency(
        row.id, content.code, content.name_th, content.name_en, content.category, tuple(levels)
    )


def _actions(
    session: Session, organisation_id: int, version_ids: Collection[int]
) -> dict[int, list[Developing]]:
    """By level what the organisation proposes for it; two statements."""
    of_these = (
        select(DevelopmentAction.id, DevelopmentAction.level_id, DevelopmentAction.method)
        .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .where(Competency.framework_version_id.in_(version_ids), is_proposed_by(organisation_id))
    )
    develops: dict[int, set[int]] = {}
    for action_id, indicator_id in session.execute(
        select(DevelopmentActionIndicator.action_id, DevelopmentActionIndicator.indicator_id).where(
            DevelopmentActionIndicator.action_id.in_(of_these.with_only_columns(DevelopmentAction.id))
        )
    ):
        develops.setdefault(action_id, set()).add(indicator_id)
    found: dict[int, list[Developing]] = {}
    for action_id, level_id, method in session.execute(of_these):
        found.setdefault(level_id, []).append(Developing(method, frozenset(develops.get(action_id, ()))))
    return found
