"""The files that we hand out: an empty one to fill in, what stands there now, the rows that need mending."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from idp.adapters.spreadsheets import Cell, Sheet, TableFormat, write_csv, write_workbook
from idp.queries.imports import RowShown
from idp.services.imports.headers import OWN_HEADERS, cell_names
from idp.services.imports.kind import ImportKind, Scope

Name = Callable[[str, str], str]
"""Of a Thai and an English name the one in the reader's language."""


@dataclass(frozen=True)
class Words:
    """What our files say beside the names of columns, in the reader's language."""

    name: Name
    explanation: str
    allowed: str
    column: str
    is_required: str
    meaning: str
    yes: str
    no: str


def template(kind: ImportKind, scope: Scope, words: Words) -> bytes:
    """A workbook with the header and an example, what the columns mean, and what may be written in them."""
    sheets = [
        _sheet(kind, words.name, [{column.key: column.example for column in kind.columns}]),
        Sheet(
            words.explanation,
            (words.column, words.is_required, words.meaning),
            [
                (
                    words.name(column.header_th, column.header_en),
                    words.yes if column.is_required else words.no,
                    words.name(column.help_th, column.help_en),
                )
                for column in kind.columns
            ],
            (28, 10, 60),
        ),
    ]
    allowed = kind.allowed_values(scope)
    if allowed:
        longest = max(len(each.values) for each in allowed)
        lines = [
            tuple(each.values[place] if place < len(each.values) else "" for each in allowed)
            for place in range(longest)
        ]
        header = [words.name(each.header_th, each.header_en) for each in allowed]
        sheets.append(Sheet(words.allowed, header, lines, [40] * len(header)))
    return write_workbook(sheets)


def export(kind: ImportKind, scope: Scope, form: TableFormat, name: Name) -> bytes:
    """What stands there now, in the columns in which it can be handed in again."""
    sheet = _sheet(kind, name, kind.present_rows(scope))
    return write_csv(sheet.header, sheet.rows) if form is TableFormat.CSV else write_workbook([sheet])


def rows_to_mend(
    kind: ImportKind,
    header: Sequence[Sequence[str | None]],
    rows: Iterable[RowShown],
    describe: Callable[[RowShown], str],
    name: Name,
) -> bytes:
    """The rows as they were written, in the columns as they stood, with what is wrong at the end."""
    known = [(str(text), key) for text, key in header if text not in OWN_HEADERS]
    places = [place for place, (text, _key) in enumerate(header) if text not in OWN_HEADERS]
    all_names = cell_names([(str(text), key) for text, key in header])
    names = [all_names[place] for place in places]
    widths = [max((kind.column(key or "") or kind.columns[0]).width, 12) for _text, key in known]
    lines = ((*(row.cells.get(each, "") for each in names), describe(row)) for row in rows)
    titles = [text for text, _key in known]
    return write_workbook(
        [Sheet(name(kind.name_th, kind.name_en), [*titles, name(*OWN_HEADERS)], lines, [*widths, 60])]
    )


def _sheet(kind: ImportKind, name: Name, rows: Iterable[Mapping[str, Cell]]) -> Sheet:
    def lines() -> Iterator[tuple[Cell, ...]]:
        for row in rows:
            yield tuple(row.get(column.key, "") for column in kind.columns)

    return Sheet(
        name(kind.name_th, kind.name_en),
        [name(column.header_th, column.header_en) for column in kind.columns],
        lines(),
        [column.width for column in kind.columns],
    )
