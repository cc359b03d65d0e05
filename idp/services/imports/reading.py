"""The dry run: read the file that was handed in, judge each of its rows, keep what each would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from idp.adapters.spreadsheets import Cell, UnreadableTable, read_table, text_of
from idp.adapters.spreadsheets.cells import FORMULA_WITHOUT_VALUE
from idp.adapters.storage import Storage
from idp.models import DataImport, DataImportRow
from idp.rules.errors import InvalidInput
from idp.rules.imports import MOST_CELL, WRITES, ImportState
from idp.rules.relations import Actor
from idp.services.imports.headers import Header, cell_names, matched
from idp.services.imports.kind import ImportKind, Judgement, RowRead, Scope


@dataclass(frozen=True)
class TableRead:
    """`cells`: of each row, by the names of its columns, as texts."""

    header: Header
    cells: Mapping[int, dict[str, str]]


def read_file(kind: ImportKind, storage: Storage, key: str) -> TableRead:
    """All rows of the file, but for the example of our own template. Raises UnreadableTable, StorageError."""
    with storage.open(key) as file, read_table(file) as table:
        header = matched(kind, table.header)
        names = cell_names(header)
        example = {column.key: text_of(column.example) for column in kind.columns}
        cells: dict[int, dict[str, str]] = {}
        for row in table.rows:
            written = _named(names, row.cells)
            if {key: written.get(key, "") for key in example} != example:
                cells[row.place] = written
    if not cells:
        raise UnreadableTable("no_lines")
    return TableRead(header, cells)


def _named(names: Sequence[str], cells: Sequence[Cell]) -> dict[str, str]:
    """Cells beyond the header's last column have no name of their own: they are kept by their place."""
    more = [f"{place}: " for place in range(len(names) + 1, len(cells) + 1)]
    return {name: text_of(cell) for name, cell in zip([*names, *more], cells, strict=False) if cell != ""}


def scope_of(
    session: Session,
    handed: DataImport,
    header: Sequence[Sequence[str | None]],
    actor: Actor,
    now: datetime,
) -> Scope:
    """What the rows of the file are judged in, by the actor's right."""
    columns = frozenset(key for _text, key in header if key is not None)
    return Scope(session, actor, handed.organisation_id, handed.parameters, now, handed.id, columns)


def judge_rows(kind: ImportKind, scope: Scope, cells: Mapping[int, Mapping[str, str]]) -> list[Judgement]:
    """In the order of the sheet. What is wrong whatever the kind (a formula without a value, a text without
    end) is told here; the kind judges the rest, all at once."""
    rows: list[RowRead] = []
    judged: list[Judgement] = []
    keys = [column.key for column in kind.columns if not column.is_for_the_eye]
    for place, written in cells.items():
        texts = {key: written.get(key, "") for key in keys}
        problems = [*_unreadable(texts)]
        if problems:
            judged.append(Judgement.refused(place, *problems))
        else:
            rows.append(RowRead(place, texts))
    judged += kind.judge(scope, rows)
    return sorted(judged, key=lambda each: each.place)


def _unreadable(texts: Mapping[str, str]) -> list[InvalidInput]:
    found = []
    for key, text in texts.items():
        if text == FORMULA_WITHOUT_VALUE:
            found.append(InvalidInput(key, "formula_without_value"))
        elif len(text) > MOST_CELL:
            found.append(InvalidInput(key, "too_long", maximum=MOST_CELL))
    return found


def keep_dry_run(
    session: Session, handed: DataImport, table: TableRead, judged: Sequence[Judgement], now: datetime
) -> None:
    """Write what each row would do, and that the file is checked."""
    session.execute(delete(DataImportRow).where(DataImportRow.import_id == handed.id))
    rows = [_row(handed.id, each, table.cells[each.place]) for each in judged]
    if rows:
        session.execute(insert(DataImportRow), rows)
    handed.header = [[text, key] for text, key in table.header]
    handed.row_count = len(rows)
    handed.state, handed.checked_at = ImportState.CHECKED, now
    handed.claimed_until, handed.attempts = None, 0
    session.flush()


def _row(import_id: int, judged: Judgement, cells: dict[str, str]) -> dict[str, Any]:
    return {
        "import_id": import_id,
        "place": judged.place,
        "cells": cells,
        "effect": judged.effect,
        "before": judged.before,
        "after": judged.after,
        "target": judged.target,
        "problems": [problem_data(each) for each in judged.problems],
    }


def problem_data(problem: InvalidInput) -> dict[str, Any]:
    """The problem as data, for the words of the page."""
    values = {name: str(value) for name, value in problem.values.items()}
    return {"field": problem.field, "code": problem.code, "values": values}


def fail(session: Session, handed: DataImport, error: UnreadableTable) -> None:
    """The file could not be read at all; the reason says why."""
    values = {
        name: list(value) if isinstance(value, list) else str(value) for name, value in error.values.items()
    }
    handed.state, handed.failure = ImportState.FAILED, {"code": error.code, "values": values}
    handed.claimed_until = None
    session.flush()


def is_as_shown(row: DataImportRow, judged: Judgement) -> bool:
    """Whether the row would still do what its dry run showed."""
    shown = (row.effect, row.before, row.after, row.target)
    return judged.effect in WRITES and shown == (judged.effect, judged.before, judged.after, judged.target)


def is_there_already(row: DataImportRow, judged: Judgement) -> bool:
    """Whether what the row wants stands there by now, by whatever hand."""
    return not judged.problems and judged.effect not in WRITES and judged.target == row.target
