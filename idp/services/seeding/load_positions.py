"""Position levels, the expected levels an organisation starts from, and the example lines of work."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import ExpectedLevelDefault, LineOfWork, LineOfWorkCompetency, PositionLevel
from idp.services.seeding.library import SeedLibrary
from idp.services.seeding.sync import RowCounts, sync_rows


def load_positions(session: Session, library: SeedLibrary) -> RowCounts:
    """Position levels in the order of the file; none is removed, people stand on them."""
    rows: list[dict[str, Any]] = []
    for kind in library.positions.position_types:
        for level in kind.levels:
            grouped = kind.join == "none"  # staff without levels: the type alone is printed
            rows.append(
                {
                    "code": level.code,
                    "families": " ".join(kind.families),
                    "type_name_th": kind.name_th,
                    "type_name_en": kind.name_en,
                    "name_th": "" if grouped else level.name_th,
                    "name_en": "" if grouped else level.name_en,
                    "sort_order": len(rows) + 1,
                }
            )
    return sync_rows(session, PositionLevel, ("code",), rows, remove=False)


def load_expected_levels(session: Session, library: SeedLibrary) -> RowCounts:
    """One row for every expectation; where the table says null there is no row. Needs the position levels."""
    ids = _ids(session, PositionLevel)
    rows = [
        {
            "family": table.family,
            "category": table.category,
            "position_level_id": ids[code],
            "level": level,
            "source": table.source,
        }
        for table in library.expected_levels.tables
        for code, level in table.levels.items()
        if level is not None
    ]
    key = ("family", "category", "position_level_id")
    return sync_rows(session, ExpectedLevelDefault, key, rows, remove=True)


def load_lines_of_work(session: Session, library: SeedLibrary) -> RowCounts:
    """The lines of work and their example competencies; lines are never removed, examples may be."""
    profiles = library.profiles
    lines = [
        {"code": line.code, "name_th": line.name_th, "name_en": line.name_en}
        for line in profiles.lines_of_work
    ]
    counts = sync_rows(session, LineOfWork, ("code",), lines, remove=False)
    ids = _ids(session, LineOfWork)
    competencies = [
        {
            "line_of_work_id": ids[line.code],
            "framework_code": profiles.framework,
            "competency_code": code,
            "label_th": line.label_th,
        }
        for line in profiles.lines_of_work
        for code in line.functional
    ]
    key = ("line_of_work_id", "framework_code", "competency_code")
    return counts + sync_rows(session, LineOfWorkCompetency, key, competencies, remove=True)


def _ids(session: Session, model: type[PositionLevel] | type[LineOfWork]) -> dict[str, int]:
    """Ids by code."""
    return {row.code: row.id for row in session.execute(select(model.code, model.id))}
