"""What position profiles say, by ids and by the codes that files use; and what files may name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    Competency,
    CompetencyFramework,
    ExpectedLevel,
    FrameworkVersion,
    LineOfWork,
    PositionProfile,
)
from idp.queries.expectations import profile_holds
from idp.queries.position_levels import position_levels
from idp.queries.profile_versions import of_versions, versions_in_use
from idp.rules.profiles import Slot

Key = tuple[str, str]
"""A competency by its framework's code and its own: the same in every version."""


@dataclass(frozen=True)
class Named:
    """Something that a file names by its code or its name."""

    id: int
    code: str
    name: str


@dataclass(frozen=True)
class NamedCompetency(Named):
    framework_code: str


@dataclass(frozen=True)
class ExpectedRow:
    """One competency of the profile of a slot."""

    competency_id: int
    level: int
    weight: Decimal | None


@dataclass(frozen=True)
class NamedInFiles:
    lines: Sequence[Named]
    levels: Sequence[Named]
    competencies: Sequence[NamedCompetency]


def named_in_files(session: Session, organisation_id: int, day: date) -> NamedInFiles:
    """The lines of work, the position levels, and the competencies of the versions in use on the day; five
    statements."""
    uses = versions_in_use(session, organisation_id, day)
    frameworks = {use.version_id: use.framework_code for use in uses}
    found = session.execute(
        select(Competency.id, Competency.code, Competency.name_th, Competency.framework_version_id)
        .where(of_versions(uses))
        .order_by(Competency.framework_version_id, Competency.sort_order, Competency.id)
    )
    lines = session.execute(
        select(LineOfWork.id, LineOfWork.code, LineOfWork.name_th).order_by(LineOfWork.code)
    )
    return NamedInFiles(
        tuple(Named(*line) for line in lines),
        tuple(
            Named(each.id, each.code, f"{each.type_name_th} {each.name_th}".strip())
            for each in position_levels(session, organisation_id)
        ),
        tuple(NamedCompetency(id_, code, name, frameworks[version]) for id_, code, name, version in found),
    )


def expected_rows(
    session: Session, organisation_id: int, day: date
) -> Mapping[Slot, Mapping[Key, ExpectedRow]]:
    """What each profile that holds on the day expects; of two for one slot the later. One statement."""
    rows = session.execute(
        select(
            PositionProfile.id,
            PositionProfile.line_of_work_id,
            PositionProfile.position_level_id,
            CompetencyFramework.code.label("framework_code"),
            Competency.code,
            Competency.id.label("competency_id"),
            ExpectedLevel.level,
            ExpectedLevel.weight,
        )
        .select_from(PositionProfile)
        .join(ExpectedLevel, ExpectedLevel.profile_id == PositionProfile.id)
        .join(Competency, Competency.id == ExpectedLevel.competency_id)
        .join(FrameworkVersion, FrameworkVersion.id == Competency.framework_version_id)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .where(profile_holds(organisation_id, day))
        .order_by(PositionProfile.from_on.desc(), PositionProfile.id.desc(), ExpectedLevel.id)
    )
    found: dict[Slot, dict[Key, ExpectedRow]] = {}
    holds: dict[Slot, int] = {}
    for row in rows:
        slot = (row.line_of_work_id, row.position_level_id)
        if holds.setdefault(slot, row.id) == row.id:
            expected = ExpectedRow(row.competency_id, row.level, row.weight)
            found.setdefault(slot, {})[row.framework_code, row.code] = expected
    return found
