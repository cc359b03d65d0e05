"""Profiles as a table of rows, as a file of expected levels holds them."""

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
    PositionLevel,
    PositionProfile,
)
from idp.queries.expectations import profile_holds


@dataclass(frozen=True)
class WrittenRow:
    """One competency of a profile, by its codes. `line_code` is empty for core: of every line of work."""

    line_code: str
    line_name: str
    level_code: str
    level_name: str
    framework_code: str
    competency_code: str
    competency_name: str
    level: int
    weight: Decimal | None


def written_rows(session: Session, organisation_id: int, day: date) -> tuple[WrittenRow, ...]:
    """Every row that holds on `day`: core first, then by line of work, position level and competency. One
    statement."""
    rows = session.execute(
        select(
            LineOfWork.code,
            LineOfWork.name_th.label("line_name"),
            PositionLevel.code.label("level_code"),
            PositionLevel.type_name_th,
            PositionLevel.name_th.label("level_name"),
            CompetencyFramework.code.label("framework_code"),
            Competency.code.label("competency_code"),
            Competency.name_th.label("competency_name"),
            ExpectedLevel.level,
            ExpectedLevel.weight,
        )
        .select_from(PositionProfile)
        .join(ExpectedLevel, ExpectedLevel.profile_id == PositionProfile.id)
        .join(PositionLevel, PositionLevel.id == PositionProfile.position_level_id)
        .join(Competency, Competency.id == ExpectedLevel.competency_id)
        .join(FrameworkVersion, FrameworkVersion.id == Competency.framework_version_id)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .outerjoin(LineOfWork, LineOfWork.id == PositionProfile.line_of_work_id)
        .where(profile_holds(organisation_id, day))
        .order_by(
            LineOfWork.id.is_not(None),
            LineOfWork.code,
            PositionLevel.sort_order,
            PositionLevel.id,
            CompetencyFramework.code,
            Competency.sort_order,
            Competency.id,
        )
    )
    return tuple(
        WrittenRow(
            row.code or "",
            row.line_name or "",
            row.level_code,
            f"{row.type_name_th} {row.level_name}".strip(),
            row.framework_code,
            row.competency_code,
            row.competency_name,
            row.level,
            row.weight,
        )
        for row in rows
    )
