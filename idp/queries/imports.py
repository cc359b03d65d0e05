"""Imports as pages show them: the list, one file with its counts, its rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from idp.models import DataImport, DataImportRow, HistoryEntry, Person
from idp.rules.imports import WRITES, ImportState, RowEffect
from idp.rules.terms import SubjectType

PAGE = 50


@dataclass(frozen=True)
class ImportLine:
    """One file in the list. `handed_by`, `confirmed_by`: names; `counts`: rows by what they would do;
    `done` and `failed`: of those let in."""

    id: int
    version: int
    kind: str
    state: ImportState
    parameters: Mapping[str, Any]
    filename: str
    sha256: str
    person_id: int
    handed_by: str
    created_at: datetime
    confirmed_by: str
    applied_at: datetime | None
    header: list[list[str | None]]
    row_count: int
    failure: Mapping[str, Any] | None
    counts: Mapping[RowEffect, int] = field(default_factory=dict)
    done: int = 0
    failed: int = 0

    @property
    def good(self) -> int:
        """Rows that would write something."""
        return sum(self.counts.get(effect, 0) for effect in WRITES)

    @property
    def waiting(self) -> int:
        return self.good - self.done - self.failed

    @property
    def mendable(self) -> int:
        """Rows that were refused, or could not be let in."""
        return self.counts.get(RowEffect.REFUSED, 0) + self.failed

    @property
    def is_under_way(self) -> bool:
        return self.state in (ImportState.UPLOADED, ImportState.APPLYING)


@dataclass(frozen=True)
class RowShown:
    """A row of the file. `is_hidden`: it is about the reader, who is not to see it here."""

    place: int
    rank: int
    cells: Mapping[str, str]
    effect: RowEffect
    before: Mapping[str, str] | None
    after: Mapping[str, str] | None
    problems: list[dict[str, Any]]
    is_done: bool | None
    is_hidden: bool

    @property
    def mark(self) -> str:
        """How the page after this row is asked for."""
        return f"{self.rank}-{self.place}"


def imports_of(
    session: Session, organisation_id: int, before: int | None = None, limit: int = PAGE
) -> tuple[tuple[ImportLine, ...], int | None]:
    """The files handed in there, newest first, and the id to ask the following page with. Two statements."""
    conditions = [DataImport.organisation_id == organisation_id]
    if before is not None:
        conditions.append(DataImport.id < before)
    lines = _lines(session, and_(*conditions), limit + 1)
    return tuple(lines[:limit]), lines[limit - 1].id if len(lines) > limit else None


def import_line(session: Session, organisation_id: int, import_id: int) -> ImportLine | None:
    """One file with its counts: two statements."""
    wanted = and_(DataImport.id == import_id, DataImport.organisation_id == organisation_id)
    return next(iter(_lines(session, wanted, 1)), None)


def same_file_before(session: Session, organisation_id: int, line: ImportLine) -> ImportLine | None:
    """The last time that the very same file was handed in for the same, and read."""
    wanted = and_(
        DataImport.organisation_id == organisation_id,
        DataImport.kind == line.kind,
        DataImport.sha256 == line.sha256,
        DataImport.id < line.id,
        DataImport.state.not_in((ImportState.FAILED, ImportState.ABANDONED)),
    )
    return next((each for each in _lines(session, wanted, 5) if each.parameters == line.parameters), None)


def rows_of_import(
    session: Session,
    import_id: int,
    reader_id: int,
    show: str = "",
    after: str = "",
    limit: int = PAGE,
) -> tuple[tuple[RowShown, ...], str | None]:
    """What is wrong first, then what changes, then what stays; in the order of the sheet within each.

    `show`: one of the effects, "undone" for rows that could not be let in, or "" for all; `after`: the mark
    of the row before. Returns the mark for the page after, too. One statement.
    """
    rank = _rank()
    conditions = [DataImportRow.import_id == import_id, *_shown(show)]
    first, _dash, place = after.partition("-")
    if first.isdigit() and place.isdigit() and len(after) < 12:
        conditions.append(or_(rank > int(first), and_(rank == int(first), DataImportRow.place > int(place))))
    found = session.execute(
        select(DataImportRow, rank.label("rank"))
        .where(*conditions)
        .order_by(rank, DataImportRow.place)
        .limit(limit + 1)
    ).all()
    rows = tuple(_row(row.DataImportRow, row.rank, reader_id) for row in found[:limit])
    return rows, rows[-1].mark if len(found) > limit else None


def rows_to_mend(session: Session, import_id: int, reader_id: int) -> Iterator[RowShown]:
    """Those refused, and those that could not be let in, in the order of the sheet; not about the reader."""
    rows = session.scalars(
        select(DataImportRow)
        .where(
            DataImportRow.import_id == import_id,
            or_(DataImportRow.effect == RowEffect.REFUSED, DataImportRow.is_done.is_(False)),
        )
        .order_by(DataImportRow.place)
    )
    shown = (_row(row, 0, reader_id) for row in rows)
    return (row for row in shown if not row.is_hidden)


def _rank() -> ColumnElement[int]:
    is_wrong = or_(DataImportRow.effect == RowEffect.REFUSED, DataImportRow.is_done.is_(False))
    return case((is_wrong, 0), (DataImportRow.effect.in_(WRITES), 1), else_=2)


def _shown(show: str) -> list[ColumnElement[bool]]:
    if show == "undone":
        return [DataImportRow.is_done.is_(False)]
    return [DataImportRow.effect == RowEffect(show)] if show in set(RowEffect) else []


def _row(row: DataImportRow, rank: int, reader_id: int) -> RowShown:
    is_hidden = (row.target or {}).get("person_id") == reader_id
    return RowShown(
        row.place,
        rank,
        {} if is_hidden else row.cells,
        row.effect,
        None if is_hidden else row.before,
        None if is_hidden else row.after,
        row.problems,
        row.is_done,
        is_hidden,
    )


def _lines(session: Session, wanted: ColumnElement[bool], limit: int) -> list[ImportLine]:
    handing, confirming = aliased(Person), aliased(Person)
    found = session.execute(
        select(
            DataImport.id,
            DataImport.version,
            DataImport.kind,
            DataImport.state,
            DataImport.parameters,
            DataImport.filename,
            DataImport.sha256,
            DataImport.person_id,
            handing.display_name,
            DataImport.created_at,
            func.coalesce(confirming.display_name, ""),
            DataImport.applied_at,
            DataImport.header,
            DataImport.row_count,
            DataImport.failure,
        )
        .join(handing, handing.id == DataImport.person_id)
        .outerjoin(confirming, confirming.id == DataImport.confirmed_by_person_id)
        .where(wanted)
        .order_by(DataImport.id.desc())
        .limit(limit)
    ).all()
    counted = _counts(session, [row.id for row in found])
    return [ImportLine(*row, **counted.get(row.id, {})) for row in found]


def _counts(session: Session, ids: list[int]) -> dict[int, dict[str, Any]]:
    rows = session.execute(
        select(DataImportRow.import_id, DataImportRow.effect, DataImportRow.is_done, func.count())
        .where(DataImportRow.import_id.in_(ids))
        .group_by(DataImportRow.import_id, DataImportRow.effect, DataImportRow.is_done)
    )
    found: dict[int, dict[str, Any]] = {}
    for import_id, effect, is_done, count in rows:
        line = found.setdefault(import_id, {"counts": {}, "done": 0, "failed": 0})
        line["counts"][effect] = line["counts"].get(effect, 0) + count
        if is_done is not None:
            line["done" if is_done else "failed"] += count
    return found


@dataclass(frozen=True)
class ImportedScore:
    """Who handed in the points of a results part, and when."""

    name: str
    at: datetime


def imported_score(session: Session, assessment_id: int) -> ImportedScore | None:
    """Whose file the points of this assessment come from; None where somebody typed them. One statement."""
    row = session.execute(
        select(Person.display_name, HistoryEntry.at, HistoryEntry.detail)
        .join(Person, Person.id == HistoryEntry.actor_person_id)
        .where(
            HistoryEntry.subject_type == SubjectType.ASSESSMENT,
            HistoryEntry.subject_id == assessment_id,
            HistoryEntry.event == "enter_results_score",
        )
        .order_by(HistoryEntry.sequence.desc())
        .limit(1)
    ).first()
    if row is None or "import_id" not in row.detail:
        return None
    return ImportedScore(row.display_name, row.at)
