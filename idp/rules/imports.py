"""The words of an import: one file of rows that the personnel office hands in.

Every kind of file goes the same way: kept, read by a worker, shown as a dry run with each row's problems,
and let in on a second click, the good rows alone. Nothing is written before that click.
"""

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


MOST_ROWS = 20_000
MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED_BYTES = 100 * 1024 * 1024
MOST_RATIO = 100  # of unpacked to packed, in a workbook's zip
