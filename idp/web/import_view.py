"""What the pages and files of imports say: names, problems, what changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, make_response, render_template
from flask_babel import gettext as _

from idp.adapters.spreadsheets import TableFormat
from idp.database import db
from idp.queries.imports import ImportLine, RowShown, import_line
from idp.rules.errors import InvalidInput, NotVisible
from idp.rules.imports import MOST_BYTES, MOST_ROWS
from idp.services.access import check_organisation
from idp.services.attachments import MEGABYTE
from idp.services.imports.headers import unread
from idp.services.imports.kind import Column, ImportKind
from idp.services.imports.registry import kind_of
from idp.services.imports.tables import Words
from idp.web import clock
from idp.web.guards import current_actor, current_user
from idp.web.language import name_of
from idp.web.messages import message_of

ACCEPTED = ",".join((".xlsx", ".csv", ".txt", *(each.media_type for each in TableFormat)))
"""What the window for choosing a file offers."""


@dataclass(frozen=True)
class CellShown:
    """One column of a row: what was written, what is wrong with it, what it changes."""

    name: str
    text: str
    problems: tuple[str, ...]
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class RowOnPage:
    row: RowShown
    cells: tuple[CellShown, ...]
    problems: tuple[str, ...]  # those at no column


def column_name(column: Column) -> str:
    return name_of(column.header_th, column.header_en)


def kind_name(kind: ImportKind) -> str:
    return name_of(kind.name_th, kind.name_en)


def about(line: ImportLine) -> str:
    """What was chosen for the file: "รอบการประเมิน 2569"."""
    return name_of(line.parameters.get("about_th", ""), line.parameters.get("about_en", ""))


def words() -> Words:
    return Words(
        name_of,
        _("คำอธิบาย"),
        _("ค่าที่ใช้ได้"),
        _("คอลัมน์"),
        _("จำเป็น"),
        _("ความหมาย"),
        _("จำเป็น"),
        _("ไม่จำเป็น"),
    )


def failure_text(kind: ImportKind, failure: Mapping[str, Any]) -> str:
    """Why the file could not be read, with the columns concerned by their names."""
    values = dict(failure.get("values", {}))
    names = [column_name(column) for key in values.pop("columns", ()) if (column := kind.column(key))]
    return message_of(InvalidInput("file", failure["code"], names=", ".join(names), **values))


def problem_text(problem: Mapping[str, Any]) -> str:
    return message_of(InvalidInput(problem["field"], problem["code"], **problem["values"]))


def described(kind: ImportKind, row: RowShown) -> str:
    """All that is wrong with a row, each with its column: for the file that is to be mended."""
    texts = []
    for problem in row.problems:
        column = kind.column(problem["field"])
        text = problem_text(problem)
        texts.append(f"{column_name(column)}: {text}" if column else text)
    return "\n".join(texts)


def on_page(kind: ImportKind, rows: Sequence[RowShown]) -> list[RowOnPage]:
    """The rows with the columns that are read."""
    columns = [column for column in kind.columns if not column.is_for_the_eye]
    keys = {column.key for column in columns}
    return [
        RowOnPage(
            row,
            tuple(_cell(column, row) for column in columns),
            tuple(problem_text(each) for each in row.problems if each["field"] not in keys),
        )
        for row in rows
    ]


def _cell(column: Column, row: RowShown) -> CellShown:
    before, after = row.before or {}, row.after or {}
    changes = row.after is not None and before.get(column.key) != after.get(column.key)
    return CellShown(
        column_name(column),
        row.cells.get(column.key, ""),
        tuple(problem_text(each) for each in row.problems if each["field"] == column.key),
        before.get(column.key, "") if changes else None,
        after.get(column.key, "") if changes else None,
    )


def ignored_columns(kind: ImportKind, line: ImportLine) -> list[str]:
    return unread(kind, line.header)


def form_page(kind: ImportKind, typed: dict[str, str], errors: dict[str, str], status: int) -> Response:
    """The form of one kind of file, with what was chosen and what is wrong with it."""
    settings = current_app.extensions["settings"]
    choices = kind.choices(db.session(), current_actor(), clock.today())
    body = render_template(
        "imports/new.html",
        kind=kind,
        kind_name=kind_name,
        column_name=column_name,
        typed=typed,
        errors=errors,
        choices={
            key: [(each.value, name_of(each.name_th, each.name_en)) for each in values]
            for key, values in choices.items()
        },
        most_megabytes=min(settings.upload_megabytes, MOST_BYTES // MEGABYTE),
        most_rows=MOST_ROWS,
        accepted=ACCEPTED,
    )
    return make_response(body, status)


def line_of(import_id: int) -> ImportLine:
    """Raises NotVisible."""
    line = import_line(db.session(), organisation_id(), import_id)
    if line is None:
        raise NotVisible
    return line


def asked_kind(key: str) -> ImportKind:
    """Raises NotVisible, NotPermitted."""
    kind = kind_of(key)
    check_organisation(db.session(), current_actor(), kind.permission, clock.today())
    return kind


def organisation_id() -> int:
    return current_user().organisation_id or 0
