"""Walk through every page that somebody may open, and send each form of it with one field wrong."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from idp.database import db
from tests.factories.addresses import everything_written
from tests.factories.files import pdf
from tests.factories.website import Website
from tests.web.form_fields import Form, filled, forms_of
from tests.web.wrong_values import MISSING, Wrong, wrong_values

WRITTEN = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)')
NOT_THE_RECORDS = frozenset({"look", "typed_draft", "web_session"})
"""Who looked, what is kept while it is typed, and the browsers: none of it is what a form changes."""

TODAY = "(today)"
SCAN = pdf()

LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"]*)"')


class Snapshot:
    """A database of SQLite in a file, put back whenever something was written."""

    def __init__(self, website: Website, path: Path) -> None:
        self.website, self._path = website, path
        self.rows: dict[str, list[tuple[object, ...]]] = {}
        self.written: list[str] = []
        with website.app.app_context():
            event.listen(db.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        found = WRITTEN.match(statement)
        if found and found[1] not in NOT_THE_RECORDS:
            self.written.append(found[1])

    def keep(self, name: str) -> None:
        self._disconnect()
        shutil.copyfile(self._path, self._path.with_name(name))
        self.rows = self._read()

    def put_back(self, name: str) -> None:
        self._disconnect()
        for suffix in ("-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self._path.with_name(name), self._path)

    def is_changed(self) -> bool:
        """Whether any record is other than when it was kept."""
        return bool(self.written) and self._read() != self.rows

    def _read(self) -> dict[str, list[tuple[object, ...]]]:
        with self.website.session() as session:
            rows = everything_written(session)
        return {name: each for name, each in rows.items() if name not in NOT_THE_RECORDS}

    def _disconnect(self) -> None:
        self.website.engine.dispose()
        with self.website.app.app_context():
            db.engine.dispose()


@dataclass(frozen=True)
class Page:
    """`path`: where it was opened; `text`: what it shows."""

    path: str
    text: str


def pages(
    website: Website, client: FlaskClient, addresses: Iterable[str], within: tuple[str, ...]
) -> Iterator[Page]:
    """The pages at the addresses and behind their links that begin with `within`; of several that differ in
    nothing but the number of a record or an answer, the first."""
    adapter, seen, queue = website.app.url_map.bind("localhost"), set(), list(addresses)
    for address in queue:
        parts = urlsplit(address)
        try:
            endpoint, arguments = adapter.match(parts.path, method="GET")
        except HTTPException:
            continue
        words = sorted(str(value) for value in arguments.values() if not isinstance(value, int))
        key = (endpoint, *words, *sorted(name for name, _text in parse_qsl(parts.query)))
        if key in seen:
            continue
        seen.add(key)
        answer = client.get(address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            yield Page(parts.path, answer.text)
            queue += [
                link for each in LINK.findall(answer.text) if (link := unescape(each)).startswith(within)
            ]


@dataclass
class Walk:
    """`fitting`: what to fill in where the plausible will not do, by endpoint; `let_be`: (endpoint, field) of
    what is refused otherwise than at its field; `let_be_whole`: endpoints; `share`: few values, for the other
    database; `day`: today as it is typed."""

    snapshot: Snapshot
    fitting: Mapping[str, Mapping[str, object]]
    let_be: Mapping[tuple[str, str], str]
    let_be_whole: frozenset[str] = frozenset()
    share: bool = False
    faults: list[str] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    sent: int = 0
    day: str = ""
    _shapes: set[tuple[object, ...]] = field(default_factory=set)
    _never: dict[tuple[object, ...], str] = field(default_factory=dict)

    @property
    def never_filled_in(self) -> list[str]:
        """Forms that were refused whenever they were sent as they should be."""
        return list(self._never.values())

    def try_page(self, client: FlaskClient, page: Page, who: str) -> None:
        for form in forms_of(page.text):
            if form.method == "post":
                self._try_form(client, form, form.action or page.path, who)

    def _try_form(self, client: FlaskClient, form: Form, address: str, who: str) -> None:
        adapter = self.snapshot.website.app.url_map.bind("localhost")
        endpoint, arguments = adapter.match(urlsplit(address).path, method="POST")
        words = [str(value) for value in arguments.values() if not isinstance(value, int)]
        shape = (endpoint, *words, *sorted({re.sub(r"\d+", "N", each) for each in form.names}))
        if shape in self._shapes or endpoint in self.let_be_whole:
            return
        typed = self._typed(form, endpoint)
        name = f"{who}: {' '.join([endpoint, *words])}"
        answer = self._send(client, address, typed, f"{name} as it should be")
        if answer is None or answer.status_code >= 400:
            status = answer.status_code if answer else "an exception"
            self._never[shape] = f"{name}: filled in as it should be: {status}: {_refusals(answer)}"
            return
        self._shapes.add(shape)
        self._never.pop(shape, None)
        self.tried.add(endpoint)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            self.try_page(client, Page(urlsplit(address).path, answer.text), who)
        done = set()
        for control in form.controls:
            short = (re.sub(r"\d+", "N", control.name), control.kind)
            if control.kind == "button" or control.name in UNREAD or short in done:
                continue
            done.add(short)
            for wrong in wrong_values(control, share=self.share):
                self._try_wrong(client, form, address, typed, control.name, wrong, f"{name}: {short[0]}")

    def _typed(self, form: Form, endpoint: str) -> dict[str, list[object]]:
        typed: dict[str, list[object]] = {}
        for name, text in filled(form):
            typed.setdefault(name, []).append(text)
        fitting = self.fitting.get(endpoint, {})
        for name in {each.name for each in form.controls}:
            value = fitting.get(re.sub(r"\d+", "N", name))
            if value is not None:
                typed[name] = [self.day if value == TODAY else value(form) if callable(value) else value]
        return typed

    def _send(
        self, client: FlaskClient, address: str, typed: Mapping[str, object], name: str
    ) -> TestResponse | None:
        self.sent += 1
        self.snapshot.written.clear()
        data = {
            key: [(io.BytesIO(SCAN), "scan.pdf") if each is SCAN else each for each in _listed(texts)]
            for key, texts in typed.items()
        }
        answer = None
        try:
            answer = client.post(address, data=data)
        except Exception as error:  # whatever it is, it would be a page of status 500
            self.faults.append(f"{name}: {type(error).__name__}: {str(error)[:200]}")
        is_changed = self.snapshot.is_changed()
        if is_changed and (answer is None or answer.status_code >= 400):
            self.faults.append(f"{name}: refused, and something is written: {self.snapshot.written}")
        if self.snapshot.written:
            self.snapshot.put_back("scene")
        return answer

    def _try_wrong(
        self,
        client: FlaskClient,
        form: Form,
        address: str,
        typed: Mapping[str, list[object]],
        field_name: str,
        wrong: Wrong,
        name: str,
    ) -> None:
        sent: dict[str, object] = {key: texts for key, texts in typed.items() if key != field_name}
        if wrong.value is not MISSING:
            sent[field_name] = wrong.sent
        name = f"{name}: {wrong.kind} {str(wrong.value)[:12]!r}"
        answer = self._send(client, address, sent, name)
        if answer is None:
            return
        if answer.status_code >= 500:
            self.faults.append(f"{name}: {answer.status_code}")
        control = form.named(field_name)[0]
        where = (name.split(": ")[1].split()[0], re.sub(r"\d+", "N", field_name))
        if where in self.let_be or (control.kind in {"hidden", "checkbox"} and field_name != "version"):
            return
        if answer.status_code < 400:
            if wrong.must_refuse:
                self.faults.append(f"{name}: accepted")
            return
        self._judge(form, answer, typed, field_name, name, is_at_field=wrong.must_refuse)

    def _judge(
        self,
        form: Form,
        answer: TestResponse,
        typed: Mapping[str, list[object]],
        field_name: str,
        name: str,
        *,
        is_at_field: bool,
    ) -> None:
        """The message is at the field, and the rest of what was typed is there."""
        expected = 409 if field_name == "version" else 422
        if answer.status_code != expected:
            self.faults.append(f"{name}: {answer.status_code} in place of {expected}")
            return
        controls = [each for one in forms_of(answer.text) for each in one.controls]
        if (
            expected == 422
            and is_at_field
            and not any(each.is_marked for each in controls if each.name == field_name)
        ):
            self.faults.append(f"{name}: nothing at the field: {_refusals(answer)}")
        shown = unescape(answer.text)
        for other, texts in typed.items():
            named = form.named(other)
            if other == field_name or not named or not named[0].is_typed or named[0].kind == "password":
                continue
            kept = {each.value for each in controls if each.name == other}
            lost = [each for each in texts if isinstance(each, str) and each.strip() and each not in kept]
            if lost and not (expected == 409 and all(str(each) in shown for each in lost)):
                self.faults.append(f"{name}: {other} is lost: {lost}")


UNREAD = frozenset({"csrf_token", "drawn_at", "next"})
"""Not of the record: tried with forgery and with log-in."""


def _listed(texts: object) -> list[Any]:
    return texts if isinstance(texts, list) else [texts]


def _refusals(answer: TestResponse | None) -> str:
    if answer is None:
        return ""
    found = re.findall(
        r'class="field-error"[^>]*>(.*?)<|class="alert alert-danger"(.*?)</div>', answer.text, re.S
    )
    return " ".join(re.sub(r"<[^>]*>|\s+", " ", one or other).strip()[:150] for one, other in found[:4])
