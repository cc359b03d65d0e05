"""Read the first visible sheet of a workbook, row by row, within bounds.

The sizes that the archive states are checked before anything is unpacked, and the library reads no more of an
entry than it states. Formulas are never worked out: their last value counts.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.xml.functions import iterparse

from idp.adapters.spreadsheets.cells import (
    FORMULA_WITHOUT_VALUE,
    Cell,
    Table,
    TableRow,
    UnreadableTable,
    bounded,
    cell_of,
    table_of,
)
from idp.rules.imports import MOST_COLUMNS, MOST_RATIO, MOST_UNPACKED_BYTES, SMALL_BYTES

LAST_ROW = 1_048_576
"""Of any sheet; a file may state a higher one, and make a reader count to it."""

MOST_ENTRIES = 2_000
MAIN = "xl/workbook.xml"
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CELL, FORMULA, VALUE, ROW = (f"{NAMESPACE}{name}" for name in ("c", "f", "v", "row"))
LOCKED = 0x1


def check_archive(file: BinaryIO) -> None:
    """Raises UnreadableTable `not_a_table`, `locked_workbook` or `unfolds_too_far`; unpacks nothing."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except Exception as error:  # the library raises whatever a broken file makes it stumble over
        raise UnreadableTable("not_a_table") from error
    if MAIN not in {entry.filename for entry in entries}:
        raise UnreadableTable("not_a_table")
    if any(entry.flag_bits & LOCKED for entry in entries):
        raise UnreadableTable("locked_workbook")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    is_small = unpacked <= SMALL_BYTES
    if (
        len(entries) > MOST_ENTRIES
        or unpacked > MOST_UNPACKED_BYTES
        or (not is_small and unpacked > MOST_RATIO * packed)
    ):
        raise UnreadableTable("unfolds_too_far")


@contextmanager
def read_workbook(file: BinaryIO) -> Iterator[Table]:
    """The first visible sheet. Raises UnreadableTable, also later while its rows are read."""
    check_archive(file)
    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # whatever a broken file makes it stumble over
        raise UnreadableTable("not_a_table") from error
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        if not sheets:
            raise UnreadableTable("nothing_in_table")
        yield table_of(_rows(sheets[0]))
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[TableRow]:
    """`sheet` is openpyxl's own, of a workbook read only."""
    try:
        unknown = _formulas_without_value(sheet)
        sheet.reset_dimensions()
        # One column more than is taken: that there are too many is seen.
        found = sheet.iter_rows(min_row=1, max_row=LAST_ROW, max_col=MOST_COLUMNS + 1, values_only=True)
        for place, values in enumerate(found, start=1):
            if any(value is not None for value in values) or place in unknown:
                yield TableRow(place, bounded(_cells(values, unknown.get(place, frozenset()))))
    except UnreadableTable:
        raise
    except Exception as error:  # whatever a broken sheet makes it stumble over
        raise UnreadableTable("not_a_table") from error


def _cells(values: tuple[Any, ...], unknown: frozenset[int]) -> list[Cell]:
    return [
        FORMULA_WITHOUT_VALUE if value is None and column in unknown else cell_of(value)
        for column, value in enumerate(values, start=1)
    ]


def _formulas_without_value(sheet: Any) -> dict[int, frozenset[int]]:
    """Where formulas stand that no program has worked out: the columns by row."""
    found: dict[int, set[int]] = {}
    with sheet._get_source() as source:
        for _event, element in iterparse(source):
            if element.tag == CELL:
                if element.find(FORMULA) is not None and not element.findtext(VALUE):
                    row, column = coordinate_to_tuple(element.get("r", "A1"))
                    found.setdefault(row, set()).add(column)
            elif element.tag == ROW:
                element.clear()
    return {row: frozenset(columns) for row, columns in found.items()}
