"""Reading a page in a test: its words without marks, and how many statements it took."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from idp.database import db

MARK = re.compile(r"<[^>]+>")


def words(response: TestResponse) -> str:
    """The text of the page as a reader sees it, spaces made one."""
    body = response.get_data(as_text=True)
    return " ".join(html.unescape(MARK.sub(" ", body)).split())


def all_text(answer: TestResponse) -> str:
    """Also of a workbook, whose texts are packed."""
    if not zipfile.is_zipfile(io.BytesIO(answer.data)):
        return answer.get_data(as_text=True)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def value_of(response: TestResponse, name: str) -> str:
    """What the field of that name is filled with (an input or a text area)."""
    body = response.get_data(as_text=True)
    area = re.search(rf'<textarea[^>]* name="{re.escape(name)}"[^>]*>(.*?)</textarea>', body, re.DOTALL)
    if area:
        return html.unescape(area[1])
    field_mark = re.search(rf'<input[^>]* name="{re.escape(name)}"[^>]*>', body)
    assert field_mark, f"no field {name}"
    found = re.search(r'value="([^"]*)"', field_mark[0])
    return html.unescape(found[1]) if found else ""


def version_on(response: TestResponse) -> str:
    """The version that the page's forms carry."""
    return value_of(response, "version")


@dataclass
class Statements:
    """The statements of a block, in their order."""

    texts: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.texts)


@contextmanager
def counted(app: Flask) -> Iterator[Statements]:
    """Counts what the application asks its database."""
    found = Statements()

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("PRAGMA"):  # SQLite's own, as a connection is made ready
            found.texts.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
