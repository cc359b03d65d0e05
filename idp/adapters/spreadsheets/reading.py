"""Tell what a file is by its content, and read its table."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import BinaryIO

from idp.adapters.spreadsheets.cells import Table, UnreadableTable
from idp.adapters.spreadsheets.csv_files import decoded, read_csv
from idp.adapters.spreadsheets.xlsx_reading import check_archive, read_workbook

ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OTHERS = (
    b"%PDF-",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"{\\rtf",
    b"MZ",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
)
GLANCE = 64 * 1024


class TableFormat(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        """As it is sent and announced."""
        return MEDIA_TYPES[self]


MEDIA_TYPES = {
    TableFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    TableFormat.CSV: "text/csv",
}


def format_of(file: BinaryIO) -> TableFormat:
    """What the file is, looked into as far as can be done in a moment; left at its beginning.

    Raises UnreadableTable: `not_a_table`, `old_workbook`, `locked_workbook`, `unfolds_too_far`.
    """
    file.seek(0)
    first = file.read(GLANCE)
    try:
        if first.startswith(OLD_OFFICE):
            raise UnreadableTable("locked_workbook" if _holds(file, ENCRYPTED) else "old_workbook")
        if first.startswith(ZIP):
            file.seek(0)
            check_archive(file)
            return TableFormat.XLSX
        if first.startswith(OTHERS) or first.lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
            raise UnreadableTable("not_a_table")
        file.seek(0)
        text = decoded(file.read())
        if "\x00" in text:
            raise UnreadableTable("not_a_table")
        return TableFormat.CSV
    finally:
        file.seek(0)


@contextmanager
def read_table(file: BinaryIO) -> Iterator[Table]:
    """The table of the file, row by row while the block lasts.

    Raises UnreadableTable, also later while the rows are read, and nothing else whatever the file holds:
    besides the codes of `format_of`, `nothing_in_table`, `too_many_lines`, `too_many_columns`,
    `table_too_large`.
    """
    found = format_of(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of openpyxl, about what it leaves out: nothing that we read
            if found is TableFormat.CSV:
                yield read_csv(file)
            else:
                with read_workbook(file) as table:
                    yield table
    finally:
        file.seek(0)


def _holds(file: BinaryIO, sign: bytes) -> bool:
    file.seek(0)
    return sign in file.read()
