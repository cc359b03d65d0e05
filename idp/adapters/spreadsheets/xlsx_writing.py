"""Write a workbook: a bold header that stays in sight, columns as wide as what they hold, texts that remain
texts."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from idp.adapters.spreadsheets.cells import Cell, cleaned

NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")
LONGEST_TITLE = 31
LONGEST_TEXT = 32_767
NARROWEST, WIDEST = 10, 60
THAI_DATE = "d/m/yyyy"
TEXT = "@"
ABOVE_AND_BELOW = re.compile(r"[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
"""Thai signs that take no width."""


@dataclass(frozen=True)
class Sheet:
    """`widths`: in characters, by column, for those that need another than their header's."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()


def write_workbook(sheets: Sequence[Sheet]) -> bytes:
    """The XLSX file. No cell of it is a formula, whatever it begins with."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(NOT_IN_TITLES.sub(" ", sheet.title).strip()[:LONGEST_TITLE] or None)
        page.freeze_panes = "A2"
        for place, text in enumerate(sheet.header):
            width = max(_width(text) + 3, sheet.widths[place] if place < len(sheet.widths) else 0)
            column = page.column_dimensions[get_column_letter(place + 1)]
            column.width = min(max(width, NARROWEST), WIDEST)
        page.append([_heading(page, text) for text in sheet.header])
        for row in sheet.rows:
            page.append([_cell(page, cell) for cell in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _width(text: str) -> int:
    return len(ABOVE_AND_BELOW.sub("", text))


def _heading(page: Any, text: str) -> Any:
    cell = _text(page, text)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", start_color="FFE8EEF4")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(page: Any, value: Cell) -> Any:
    if value == "":
        return None
    if isinstance(value, str):
        return _text(page, value)
    cell: Any = WriteOnlyCell(page)
    cell.value = value
    if isinstance(value, date):
        cell.number_format = THAI_DATE
    return cell


def _text(page: Any, text: str) -> Any:
    """A cell that stays a text when it is edited: its format says so too, and a number keeps its zeros."""
    cell: Any = WriteOnlyCell(page, cleaned(text)[:LONGEST_TEXT])
    cell.data_type = "s"
    cell.number_format = TEXT
    return cell
