"""The profiles that an organisation starts with: this product's examples, labelled so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from idp.models import (
    Competency,
    ExpectedLevel,
    ExpectedLevelDefault,
    LineOfWorkCompetency,
    Organisation,
    PositionProfile,
)
from idp.queries.frameworks import latest_version
from idp.rules.levels import Ladder, Rung, fall_back
from idp.rules.settings import OrganisationRules
from idp.rules.terms import CompetencyCategory

EXAMPLE_LABEL = "ตัวอย่าง"


@dataclass(frozen=True)
class _Expectation:
    """A position level and the level that the seeded table expects of it."""

    position_level_id: int
    level: int


def build_example_profiles(
    session: Session, organisation_id: int, rules: OrganisationRules, from_on: date
) -> int:
    """Profiles for every position level of the organisation's family, from the seeded tables; returns how
    many.

    Core competencies apply to all; the functional ones of a line of work are this product's example and are
    labelled so. HR replaces them by the organisation's own.
    """
    family = session.get_one(Organisation, organisation_id).family
    made = 0
    for use in rules.frameworks:
        competencies = _competencies(session, organisation_id, use.code, use.category)
        expectations = _expectations(session, family, use.category)
        if use.category is CompetencyCategory.CORE:
            groups: Iterable[tuple[int | None, list[Competency]]] = [(None, competencies)]
        else:
            groups = _by_line_of_work(session, use.code, competencies)
        for line_of_work_id, members in groups:
            for expectation in expectations:
                _add_profile(session, organisation_id, line_of_work_id, expectation, members, from_on)
                made += 1
    session.flush()
    return made


def _competencies(
    session: Session, organisation_id: int, framework_code: str, category: CompetencyCategory
) -> list[Competency]:
    version = latest_version(session, framework_code, organisation_id)
    return list(
        session.scalars(
            select(Competency)
            .where(Competency.framework_version_id == version.id, Competency.category == category)
            .order_by(Competency.sort_order)
            .options(selectinload(Competency.levels))
        )
    )


def _expectations(session: Session, family: str, category: CompetencyCategory) -> list[_Expectation]:
    rows = session.execute(
        select(ExpectedLevelDefault.position_level_id, ExpectedLevelDefault.level)
        .where(ExpectedLevelDefault.family == family, ExpectedLevelDefault.category == category)
        .order_by(ExpectedLevelDefault.position_level_id)
    )
    return [_Expectation(position_level_id, level) for position_level_id, level in rows]


def _by_line_of_work(
    session: Session, framework_code: str, competencies: list[Competency]
) -> list[tuple[int, list[Competency]]]:
    by_code = {competency.code: competency for competency in competencies}
    groups: dict[int, list[Competency]] = {}
    rows = session.execute(
        select(LineOfWorkCompetency.line_of_work_id, LineOfWorkCompetency.competency_code)
        .where(LineOfWorkCompetency.framework_code == framework_code)
        .order_by(LineOfWorkCompetency.line_of_work_id, LineOfWorkCompetency.id)
    )
    for line_of_work_id, competency_code in rows:
        if competency_code in by_code:
            groups.setdefault(line_of_work_id, []).append(by_code[competency_code])
    return sorted(groups.items())


def _add_profile(
    session: Session,
    organisation_id: int,
    line_of_work_id: int | None,
    expectation: _Expectation,
    competencies: list[Competency],
    from_on: date,
) -> None:
    profile = PositionProfile(
        organisation_id=organisation_id,
        line_of_work_id=line_of_work_id,
        position_level_id=expectation.position_level_id,
        label_th=EXAMPLE_LABEL,
        from_on=from_on,
    )
    profile.expected_levels = [
        ExpectedLevel(competency_id=competency.id, level=fall_back(_ladder(competency), expectation.level))
        for competency in competencies
    ]
    session.add(profile)


def _ladder(competency: Competency) -> Ladder:
    """The rungs alone: falling back to an existing level does not need the indicators."""
    return Ladder(tuple(Rung(level.number, 0) for level in competency.levels))
