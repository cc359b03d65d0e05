"""CSV as offices write it: in UTF-8 with or without a mark, or as Thai Excel does (windows-874); separated by
commas, semicolons or tabs."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import BinaryIO

from idp.adapters.spreadsheets.cells import (
    Cell,
    Table,
    TableRow,
    UnreadableTable,
    bounded,
    cleaned,
    table_of,
    text_of,
)
from idp.rules.imports import MOST_BYTES

DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
"""How a text begins that a spreadsheet would take for a formula: it gets an apostrophe before it."""

SEPARATORS = ",;\t"
MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig"}
THAI = "cp874"


def read_csv(file: BinaryIO) -> Table:
    """Raises UnreadableTable, also later while its rows are read: `nothing_in_table`, `not_a_table`,
    `table_too_large`, `too_many_columns`, `too_many_lines`."""
    raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise UnreadableTable("table_too_large", maximum=MOST_BYTES // 1024**2)
    text = decoded(raw)
    if "\x00" in text:
        raise UnreadableTable("not_a_table")
    return table_of(_rows(text))


def decoded(raw: bytes) -> str:
    """The text, whatever wrote it. Raises UnreadableTable `not_a_table`."""
    encoding = next((name for mark, name in MARKS.items() if raw.startswith(mark)), "utf-8")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise UnreadableTable("not_a_table") from None
    try:
        return raw.decode(THAI)
    except UnicodeDecodeError as error:
        raise UnreadableTable("not_a_table") from error


def separator_of(text: str) -> str:
    """The separator that the first line has most of, outside quotation marks; a comma where it has none."""
    first = next((line for line in text.splitlines() if line.strip(f"{SEPARATORS} \"'")), "")
    bare = re.sub(r'"(?:[^"]|"")*"', "", first)
    return max(SEPARATORS, key=lambda each: (bare.count(each), each == ","))


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with the mark by which Excel knows it; lines end as RFC 4180 has them."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    for row in chain([header], rows):
        writer.writerow([_harmless(cell) for cell in row])
    return codecs.BOM_UTF8 + written.getvalue().encode()


def _harmless(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return text_of(cell)
    text = cleaned(text_of(cell))
    return f"'{text}" if DANGEROUS.match(text) else text


def _rows(text: str) -> Iterator[TableRow]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=False)
    try:
        for place, fields in enumerate(lines, start=1):
            yield TableRow(place, bounded([_plain(field) for field in fields]))
    except csv.Error as error:
        raise UnreadableTable("not_a_table") from error


def _plain(field: str) -> str:
    text = cleaned(field)
    return text[1:] if text.startswith("'") and DANGEROUS.match(text[1:]) else text
