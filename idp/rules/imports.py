"""The words of an import: one file of rows that the personnel office hands in.

Every kind of file goes the same way: kept, read by a worker, shown as a dry run with each row's problems,
and let in on a second click, the good rows alone. Nothing is written before that click.
"""

import unicodedata
from enum import StrEnum


class ImportState(StrEnum):
    UPLOADED = "uploaded"  # kept, not read yet
    CHECKED = "checked"  # the dry run is there to see
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"  # the file could not be read at all; the reason says why
    ABANDONED = "abandoned"  # by the officer, or never let in


class RowEffect(StrEnum):
    """What a row of the file would do, or why it cannot."""

    ADD = "add"
    CHANGE = "change"
    NOTHING = "nothing"  # the same stands there already
    REFUSED = "refused"  # its problems name the column


WRITES = (RowEffect.ADD, RowEffect.CHANGE)
UNDER_WAY = (ImportState.UPLOADED, ImportState.APPLYING)
"""Where a worker has something to do."""

LEFT_BEHIND = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)
"""What an officer may abandon: nothing of it was let in."""

MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_CELL = 4_000
"""Characters of one cell; no field of this product takes more."""

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED_BYTES = 100 * 1024 * 1024
MOST_RATIO = 100  # of unpacked to packed, in a workbook's zip
SMALL_BYTES = 5 * 1024 * 1024
"""Unpacked, a workbook of this size harms nobody whatever its ratio: many like rows pack well."""


def plain_header(text: str) -> str:
    """A header as it is compared: without the mark of a required column, in one spelling of SARA AM, one kind
    of space and one case."""
    joined = unicodedata.normalize("NFC", text).replace("\u0e4d\u0e32", "\u0e33")
    return " ".join(joined.replace("*", " ").split()).casefold()


def plain_name(text: str) -> str:
    """A person's name as it is compared: nobody is another for a space or for how SARA AM was typed."""
    return plain_header(text).replace(" ", "").replace("\u200b", "")
