"""What a table is made of, whatever file it came in."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from idp.rules.imports import MOST_COLUMNS, MOST_ROWS
from idp.rules.thai import buddhist_year, is_buddhist_year

Cell = str | Decimal | date
"""A text ("" for an empty cell), a number, a day."""

FORMULA_WITHOUT_VALUE = "=?"
"""What stands for a formula that no program has worked out: there is nothing that could be read."""

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\ufeff\ufffe\uffff\ud800-\udfff]")


class UnreadableTable(Exception):
    """`code` is a word of `idp.web.messages`, `values` what its text names."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(frozen=True)
class TableRow:
    """`place`: the row of the sheet, from 1."""

    place: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """The first row that holds anything, and the rows below it that do, one by one."""

    header: tuple[str, ...]
    rows: Iterator[TableRow]


def table_of(rows: Iterator[TableRow]) -> Table:
    """Take the header from the first row that holds anything; rows without anything are left out.

    Reading on raises UnreadableTable `too_many_lines` beyond the limit. Raises `nothing_in_table`.
    """
    filled = (row for row in rows if any(cell != "" for cell in row.cells))
    head = next(filled, None)
    if head is None:
        raise UnreadableTable("nothing_in_table")
    header = [text_of(cell) for cell in head.cells]
    while header and not header[-1]:
        header.pop()
    return Table(tuple(header), _counted(filled))


def _counted(rows: Iterator[TableRow]) -> Iterator[TableRow]:
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise UnreadableTable("too_many_lines", maximum=MOST_ROWS)
        yield row


def text_of(cell: Cell) -> str:
    """The cell as a person would type it: a number in full, a day as 1/10/2568. A year typed in the Buddhist
    era, which a spreadsheet takes for one far ahead, stays."""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, date):
        year = cell.year if is_buddhist_year(cell.year) else buddhist_year(cell)
        return f"{cell.day}/{cell.month}/{year}"
    return cell


def cleaned(text: str) -> str:
    """A text without what nobody sees and no database keeps; spaces around it go, line ends are plain."""
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("", plain).strip()


def cell_of(value: object) -> Cell:
    """What a value of a workbook is to us."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(value)
        case datetime():
            whole_day = value.time() == time()
            return value.date() if whole_day else value.isoformat(" ", "minutes")
        case date():
            return value
        case time():
            return value.isoformat("minutes")
        case timedelta():
            return str(value)
        case _:
            return cleaned(str(value))


def _number(value: float) -> Cell:
    """The figure that people see in their sheet: 56.7, not the binary fraction nearest to it (a spreadsheet
    shows fifteen digits)."""
    try:
        number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    except InvalidOperation:
        return str(value)
    if not number.is_finite() or abs(number) >= Decimal("1e30"):
        return str(value)
    return number.to_integral_value() if number == number.to_integral_value() else number


def bounded(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Without the empty cells at the end. Raises UnreadableTable `too_many_columns`."""
    last = len(cells)
    while last and cells[last - 1] == "":
        last -= 1
    if last > MOST_COLUMNS:
        raise UnreadableTable("too_many_columns", maximum=MOST_COLUMNS)
    return tuple(cells[:last])
