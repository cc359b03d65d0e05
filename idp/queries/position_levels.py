"""The position levels of an organisation: those of its family, and any other in which somebody serves or for
which a profile is written."""

from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from idp.models import Assignment, Organisation, PositionLevel, PositionProfile


@dataclass(frozen=True)
class LevelRow:
    """A position level; `name_th` is empty for a group of staff without levels."""

    id: int
    code: str
    type_name_th: str
    type_name_en: str
    name_th: str
    name_en: str


def position_levels(session: Session, organisation_id: int) -> tuple[LevelRow, ...]:
    """In their order; one statement."""
    family = select(Organisation.family).where(Organisation.id == organisation_id).scalar_subquery()
    serves = exists(
        select(Assignment.id).where(
            Assignment.organisation_id == organisation_id, Assignment.position_level_id == PositionLevel.id
        )
    )
    has_profile = exists(
        select(PositionProfile.id).where(
            PositionProfile.organisation_id == organisation_id,
            PositionProfile.position_level_id == PositionLevel.id,
        )
    )
    # `families` are codes joined by spaces, so that a whole code stands between two of them.
    of_family = (" " + PositionLevel.families + " ").contains(" " + family + " ")
    rows = session.execute(
        select(
            PositionLevel.id,
            PositionLevel.code,
            PositionLevel.type_name_th,
            PositionLevel.type_name_en,
            PositionLevel.name_th,
            PositionLevel.name_en,
        )
        .where(or_(of_family, serves, has_profile))
        .order_by(PositionLevel.sort_order, PositionLevel.id)
    )
    return tuple(LevelRow(*row) for row in rows)
