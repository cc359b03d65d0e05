"""Find our columns in the header of a file, in whatever order and language they stand."""

from collections.abc import Sequence

from idp.adapters.spreadsheets import UnreadableTable
from idp.rules.imports import plain_header
from idp.services.imports.kind import ImportKind

OWN_HEADERS = ("ข้อผิดพลาด", "Error")
"""Of the column that we add to the rows which were refused: it may come back with them."""

Header = list[tuple[str, str | None]]
"""The text of each column, and the key of ours that it is; None for a column that is not read."""


def matched(kind: ImportKind, header: Sequence[str]) -> Header:
    """Raises UnreadableTable: `no_header` where nothing is known, `missing_columns` and `same_column_twice`
    with the keys in `columns`."""
    keys = {
        plain_header(name): column.key
        for column in kind.columns
        for name in (column.key, column.header_en, column.header_th)
    }
    found: Header = [(text, keys.get(plain_header(text))) for text in header]
    known = [key for _text, key in found if key is not None]
    if not known:
        raise UnreadableTable("no_header", columns=[each.key for each in kind.columns if each.is_required])
    missing = [column.key for column in kind.columns if column.is_required and column.key not in known]
    if missing:
        raise UnreadableTable("missing_columns", columns=missing)
    twice = sorted({key for key in known if known.count(key) > 1})
    if twice:
        raise UnreadableTable("same_column_twice", columns=twice)
    return found


def cell_names(header: Header) -> list[str]:
    """The name under which each column's cell is kept: our key, or its header with its place."""
    return [key or f"{place}: {text}" for place, (text, key) in enumerate(header, start=1)]


def unread(kind: ImportKind, header: Sequence[Sequence[str | None]]) -> list[str]:
    """The headers of columns that were not read, for the page's note; ours and empty ones are no news."""
    return [str(text) for text, key in header if key is None and text and text not in OWN_HEADERS]
