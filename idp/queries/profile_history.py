"""What was set in the profiles of a group, by whom, from what to what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from idp.models import Competency, HistoryEntry, Person, PositionLevel, PositionProfile
from idp.queries.profiles import Group
from idp.rules.profiles import Expected
from idp.rules.terms import SubjectType

PAGE = 50


@dataclass(frozen=True)
class CellChange:
    """One competency; None: it was not expected, or is not any more."""

    competency: str
    before: Expected | None
    after: Expected | None


@dataclass(frozen=True)
class ProfileEntry:
    """One entry. `day`: the first day of what was set, or the last of what ended."""

    event: str
    level_th: str
    day: date | None
    who: str
    at: datetime
    reason: str
    changes: tuple[CellChange, ...]


@dataclass(frozen=True)
class ProfileEntries:
    """The latest first; `older`: what the next page is asked with."""

    entries: tuple[ProfileEntry, ...]
    older: int | None


def history_of_group(
    session: Session, organisation_id: int, group: Group, before: int | None = None
) -> ProfileEntries:
    """Two statements."""
    of_line = (
        PositionProfile.line_of_work_id.is_(None)
        if group.line_of_work_id is None
        else PositionProfile.line_of_work_id == group.line_of_work_id
    )
    statement = (
        select(
            HistoryEntry,
            PositionLevel.type_name_th,
            PositionLevel.name_th,
            Person.display_name,
        )
        .join(
            PositionProfile,
            and_(
                HistoryEntry.subject_type == SubjectType.PROFILE,
                HistoryEntry.subject_id == PositionProfile.id,
            ),
        )
        .join(PositionLevel, PositionLevel.id == PositionProfile.position_level_id)
        .outerjoin(Person, Person.id == HistoryEntry.actor_person_id)
        .where(PositionProfile.organisation_id == organisation_id, of_line)
        .order_by(HistoryEntry.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        statement = statement.where(HistoryEntry.id < before)
    rows = session.execute(statement).all()
    shown = rows[:PAGE]
    ids = {each["competency_id"] for row in shown for each in _listed(row.HistoryEntry.detail)}
    names = {
        row.id: row.name_th
        for row in session.execute(select(Competency.id, Competency.name_th).where(Competency.id.in_(ids)))
    }
    return ProfileEntries(
        tuple(
            _entry(row.HistoryEntry, f"{row.type_name_th} {row.name_th}".strip(), row.display_name, names)
            for row in shown
        ),
        shown[-1].HistoryEntry.id if len(rows) > PAGE else None,
    )


def _entry(entry: HistoryEntry, level: str, who: str | None, names: Mapping[int, str]) -> ProfileEntry:
    day = entry.detail.get("from_on") or entry.detail.get("until_on")
    return ProfileEntry(
        entry.event,
        level,
        date.fromisoformat(day) if day else None,
        who or "",
        entry.at,
        entry.reason,
        _changes(entry.detail, names),
    )


def _changes(detail: Mapping[str, Any], names: Mapping[int, str]) -> tuple[CellChange, ...]:
    before, after = _expected(detail.get("from")), _expected(detail.get("to"))
    return tuple(
        CellChange(names.get(each, ""), before.get(each), after.get(each))
        for each in sorted(before.keys() | after.keys())
        if before.get(each) != after.get(each)
    )


def _expected(listed: Any) -> dict[int, Expected]:
    return {
        each["competency_id"]: Expected(
            each["competency_id"],
            each["level"],
            None if each["weight"] is None else Decimal(each["weight"]),
        )
        for each in listed or ()
    }


def _listed(detail: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [*(detail.get("from") or ()), *(detail.get("to") or ())]
