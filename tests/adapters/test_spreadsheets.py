"""Tables come out of files as they went in; what is no table is refused with a word, never with a fault."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from idp.adapters import spreadsheets
from idp.adapters.spreadsheets import (
    Cell,
    Sheet,
    TableFormat,
    UnreadableTable,
    format_of,
    read_table,
    text_of,
    write_csv,
    write_workbook,
)
from idp.adapters.spreadsheets.cells import FORMULA_WITHOUT_VALUE, cleaned
from idp.rules.imports import MOST_COLUMNS, MOST_ROWS
from tests.factories.files import pdf, picture

HEADER = ("เลขประจำตัว", "ชื่อ", "คะแนน")
ROWS: list[tuple[Cell, ...]] = [
    ("0001", "นายสมชาย ใจดี", Decimal("56.25")),
    ("๐๐๐๒", "=1+1", Decimal(60)),
    ("0003", "@SUM(A1)", date(2025, 10, 1)),
    ("0004", "-5", ""),
    ("0005", "'=x", Decimal("-1.5")),
    ("0006", 'บรรทัดหนึ่ง\nบรรทัดสอง, "อ้าง"; จบ', "#N/A"),
]


def read(content: bytes) -> tuple[tuple[str, ...], list[tuple[int, tuple[Cell, ...]]]]:
    with read_table(io.BytesIO(content)) as table:
        return table.header, [(row.place, row.cells) for row in table.rows]


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableTable) as refused:
        read(content)
    return refused.value.code


def texts(rows: list[tuple[int, tuple[Cell, ...]]]) -> list[list[str]]:
    return [[text_of(cell) for cell in cells] for _place, cells in rows]


def padded(rows: list[list[str]]) -> list[list[str]]:
    return [row + [""] * (len(HEADER) - len(row)) for row in rows]


@pytest.mark.parametrize("form", TableFormat)
def test_what_is_written_is_read_unchanged(form: TableFormat) -> None:
    content = (
        write_csv(HEADER, ROWS) if form is TableFormat.CSV else write_workbook([Sheet("คน", HEADER, ROWS)])
    )
    assert format_of(io.BytesIO(content)) is form
    header, rows = read(content)
    assert header == HEADER
    assert padded(texts(rows)) == [[text_of(cell) for cell in row] for row in ROWS]


CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["=1+1", "+66", "-1", "@x", "'=a", "''+b", '"', "ก\tข", "ก;ข,ค", "0012", "ทํางาน", "﻿"]),
    st.decimals(-(10**9), 10**9, places=2, allow_nan=False),
    st.dates(date(1900, 3, 1), date(2157, 1, 1)),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_any_table_goes_out_and_comes_back(rows: list[tuple[Cell, Cell]]) -> None:
    header = ("ก", "ข")
    expected = [[cleaned(text_of(cell)) for cell in row] for row in rows]
    expected = [row for row in expected if any(row)]
    for content in (write_csv(header, rows), write_workbook([Sheet("x", header, rows)])):
        found_header, found = read(content)
        assert found_header == header
        there = [[*row, *[""] * (2 - len(row))] for row in texts(found)]
        assert [[as_number(text) for text in row] for row in there] == [
            [as_number(text) for text in row] for row in expected
        ]


def as_number(text: str) -> str | Decimal:
    """12.50 and 12.5 are the same number."""
    return Decimal(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else text


def test_a_day_typed_in_buddhist_years_is_the_day_that_was_meant() -> None:
    """A spreadsheet takes 1/10/2568 for a day in the far future, and keeps it as a day."""
    content = write_workbook([Sheet("คน", HEADER, [("0001", date(2568, 10, 1), date(2025, 10, 1))])])
    _header, rows = read(content)
    assert texts(rows) == [["0001", "1/10/2568", "1/10/2568"]]
    assert text_of(date(2568, 2, 28)) == "28/2/2568"


def test_no_cell_that_is_written_is_a_formula() -> None:
    book = load_workbook(io.BytesIO(write_workbook([Sheet("คน", HEADER, ROWS)])))
    sheet = book.worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert sheet["A1"].font.bold and sheet.freeze_panes == "A2"
    assert sheet["A2"].value == "0001" and sheet["A2"].number_format == "@"
    for line in write_csv(HEADER, ROWS).decode("utf-8-sig").splitlines():
        assert not line.startswith(("=", "+", "@"))
        assert ",=" not in line and ",@" not in line


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "utf-16"])
def test_csv_of_every_office_is_read(separator: str, encoding: str) -> None:
    lines = [separator.join(HEADER), separator.join(("๐๐๐๑", "นายสมชาย ใจดี", "56.25")), "", separator * 2]
    header, rows = read("\r\n".join(lines).encode(encoding))
    assert header == HEADER
    assert rows == [(2, ("๐๐๐๑", "นายสมชาย ใจดี", "56.25"))]


def test_a_separator_within_quotation_marks_separates_nothing() -> None:
    header, _rows = read('"ก;ข;ค",ง\n1,2'.encode())
    assert header == ("ก;ข;ค", "ง")


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, kept = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(kept)
    return kept.getvalue()


def test_places_are_those_of_the_sheet_and_rows_without_anything_are_left_out() -> None:
    header, rows = read(workbook((), ("ก", "ข"), (), (1, 2.5), (None, "  "), (None, "ค")))
    assert header == ("ก", "ข")
    assert rows == [(4, (Decimal(1), Decimal("2.5"))), (6, ("", "ค"))]


def test_a_formula_counts_with_its_last_value_and_is_told_where_there_is_none() -> None:
    raw = workbook(("ก", "ข"), ("=1+1", 3))
    assert read(raw)[1] == [(2, (FORMULA_WITHOUT_VALUE, Decimal(3)))]
    assert read(rewritten(raw, b"<v></v>", b"<v>2</v>", b"<v />", b"<v>2</v>"))[1] == [
        (2, (Decimal(2), Decimal(3)))
    ]


def rewritten(raw: bytes, *pairs: bytes) -> bytes:
    """The workbook with texts of its first sheet replaced, two by two."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                for before, after in zip(pairs[::2], pairs[1::2], strict=True):
                    content = content.replace(before, after)
            new.writestr(entry.filename, content)
    return kept.getvalue()


def bomb(megabytes: int) -> bytes:
    """A workbook of some kilobytes whose sheet unfolds into that many megabytes."""
    return rewritten(workbook(("ก",), (1,)), b"<sheetData>", b"<sheetData>" + b" " * (megabytes * 1024**2))


REFUSED = {
    "a PDF": (pdf(), "not_a_table"),
    "a picture": (picture("PNG"), "not_a_table"),
    "a page of HTML named as a workbook": (b"<html><table><tr><td>1</table>", "not_a_table"),
    "a program": (b"MZ\x90\x00" + b"\0" * 100, "not_a_table"),
    "bytes that are no text": (b"\x81\x82\xff\xfe\xfd", "not_a_table"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_workbook"),
    "a workbook with a password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "locked_workbook",
    ),
    "nothing at all": (b"", "nothing_in_table"),
    "blank lines": (b"\n , ,\n", "nothing_in_table"),
    "a workbook without a cell": (workbook(), "nothing_in_table"),
    "a workbook cut off": (workbook(("ก",), (1,))[:900], "not_a_table"),
    "a workbook that unfolds a hundredfold": (bomb(20), "unfolds_too_far"),
    "too many columns": (workbook(tuple(range(MOST_COLUMNS + 1))), "too_many_columns"),
    "too many rows": (b"x\n" + b"1\n" * (MOST_ROWS + 1), "too_many_lines"),
    "a sheet that counts for ever": (
        rewritten(workbook(("ก",), (1,)), b'<row r="2"', b'<row r="99999999999"'),
        None,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_is_refused_with_its_word(name: str) -> None:
    content, code = REFUSED[name]
    if code is None:
        assert read(content)[1] == []
    else:
        assert refusal(content) == code


def test_an_entity_that_blows_up_is_refused() -> None:
    lol = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    raw = rewritten(workbook(("ก",), (1,)), b"<worksheet", lol + b"<worksheet")
    assert refusal(raw) == "not_a_table"


def test_a_zip_of_something_else_is_no_workbook() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refusal(kept.getvalue()) == "not_a_table"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
@example(b"PK\x03\x04")
@example(b'"')
@example(b"a,b\n\x00")
def test_random_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        read(content)
    except UnreadableTable as refused:
        assert refused.code


SOUND = workbook(HEADER, ("0001", "นายสมชาย", 56.25))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.integers(0, len(SOUND) - 1), byte=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_workbook_is_read_or_refused(place: int, byte: int, cut: bool) -> None:
    damaged = SOUND[:place] if cut else SOUND[:place] + bytes([byte]) + SOUND[place + 1 :]
    try:
        read(damaged)
    except UnreadableTable as refused:
        assert refused.code


def test_the_package_names_everything_it_offers() -> None:
    assert all(hasattr(spreadsheets, name) for name in spreadsheets.__all__)
