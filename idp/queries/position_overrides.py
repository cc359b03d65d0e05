"""The positions of which something else is expected than their profile says, and who serves in them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from idp.models import Assignment, Competency, Employee, Person, PositionOverride
from idp.queries.expectations import override_holds
from idp.queries.profile_versions import ladders_of
from idp.queries.relations import assignment_holds
from idp.rules.levels import Ladder, fall_back

Overrides = Select[PositionOverride, str, str, str | None, str]


class OverrideStanding(StrEnum):
    """How an override stands to a day."""

    IN_FORCE = "in_force"
    COMING = "coming"
    OVER = "over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class OverrideRow:
    """`holders`: (name, position) of those who serve there on the day; `falls_to` None: the ladder has the
    level."""

    id: int
    position_number: str
    competency_id: int
    competency_code: str
    competency_th: str
    competency_en: str
    level: int
    weight: Decimal | None
    reason: str
    from_on: date
    until_on: date | None
    entered_by: str
    entered_at: datetime
    version: int
    standing: OverrideStanding
    falls_to: int | None
    holders: tuple[tuple[str, str], ...]


def override_list(session: Session, organisation_id: int, day: date) -> tuple[OverrideRow, ...]:
    """All of them by position number, those in force and to come before those that are over; three
    statements."""
    rows = _rows(session, _overrides(organisation_id), organisation_id, day)
    order = list(OverrideStanding)
    return tuple(sorted(rows, key=lambda row: (order.index(row.standing) // 2, row.position_number, row.id)))


def override_page(session: Session, organisation_id: int, override_id: int, day: date) -> OverrideRow | None:
    """One of that organisation, None when there is none; three statements."""
    statement = _overrides(organisation_id).where(PositionOverride.id == override_id)
    return next(iter(_rows(session, statement, organisation_id, day)), None)


def overrides_in_force(session: Session, organisation_id: int, day: date) -> tuple[OverrideRow, ...]:
    """Those that an opening on the day would freeze, by position number; three statements."""
    statement = _overrides(organisation_id).where(override_holds(organisation_id, day))
    return tuple(_rows(session, statement, organisation_id, day))


def _overrides(organisation_id: int) -> Overrides:
    by = aliased(Person)
    return (
        select(
            PositionOverride,
            Competency.code,
            Competency.name_th,
            Competency.name_en,
            by.display_name.label("entered_by"),
        )
        .join(Competency, Competency.id == PositionOverride.competency_id)
        .outerjoin(by, by.id == PositionOverride.entered_by_person_id)
        .where(PositionOverride.organisation_id == organisation_id)
        .order_by(PositionOverride.position_number, PositionOverride.from_on, PositionOverride.id)
    )


def _rows(
    session: Session,
    statement: Overrides,
    organisation_id: int,
    day: date,
) -> list[OverrideRow]:
    found = session.execute(statement).all()
    overrides = [row.PositionOverride for row in found]
    ladders = ladders_of(session, Competency.id.in_({each.competency_id for each in overrides}))
    holders = _holders(session, organisation_id, {each.position_number for each in overrides}, day)
    return [
        OverrideRow(
            each.id,
            each.position_number,
            each.competency_id,
            row.code,
            row.name_th,
            row.name_en or "",
            each.level,
            each.weight,
            each.reason,
            each.from_on,
            each.until_on,
            row.entered_by or "",
            each.entered_at,
            each.version,
            _standing(each, day),
            _falls_to(ladders[each.competency_id], each.level),
            holders.get(each.position_number, ()),
        )
        for row, each in zip(found, overrides, strict=True)
    ]


def _standing(override: PositionOverride, day: date) -> OverrideStanding:
    if override.is_withdrawn:
        return OverrideStanding.WITHDRAWN
    if override.from_on > day:
        return OverrideStanding.COMING
    is_over = override.until_on is not None and override.until_on < day
    return OverrideStanding.OVER if is_over else OverrideStanding.IN_FORCE


def _falls_to(ladder: Ladder, level: int) -> int | None:
    falls_to = fall_back(ladder, level)
    return None if falls_to == level else falls_to


def _holders(
    session: Session, organisation_id: int, numbers: set[str], day: date
) -> dict[str, tuple[tuple[str, str], ...]]:
    rows = session.execute(
        select(Assignment.position_number, Person.display_name, Assignment.full_position)
        .join(Employee, Employee.id == Assignment.employee_id)
        .join(Person, Person.id == Employee.person_id)
        .where(
            Assignment.organisation_id == organisation_id,
            Assignment.position_number.in_(numbers),
            assignment_holds(day),
        )
        .order_by(Employee.number)
    )
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for number, name, position in rows:
        found[number] = (*found.get(number, ()), (name, position))
    return found
