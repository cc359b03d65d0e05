"""What may be typed into a field, or sent in its place, and has to be refused there."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from tests.web.form_fields import Control, is_day

NULL = "ก\x00ข"
LONG = "ก" * 100_000
HUGE = "9" * 30
LIKE_A_SURROGATE = b"\xed\xa0\x80"
"""No text in UTF-8: read with a mark in its place."""

FILE, MISSING = "(a file)", None


@dataclass(frozen=True)
class Wrong:
    """`value`: what is sent instead, MISSING for nothing at all. `must_refuse`: no record can hold it."""

    kind: str
    value: str | bytes | None
    must_refuse: bool = True

    @property
    def sent(self) -> object:
        """As the test client takes it."""
        return (io.BytesIO(b"x"), "x.txt") if self.value == FILE else self.value


def wrong_values(control: Control, *, share: bool) -> Iterator[Wrong]:
    """`share`: only what a database of its own kind might trip over."""
    found = [*_wrong(control)]
    if share:
        found = [each for each in found if each.kind in {"null", "huge", "long"}]
    yield from found


def _wrong(control: Control) -> Iterator[Wrong]:
    if control.kind == "checkbox":
        yield from (Wrong("letters", "ก", False), Wrong("huge", HUGE, False), Wrong("null", NULL, False))
    elif control.kind == "file":
        yield Wrong("text", "ก", control.is_required)
        yield Wrong("missing", MISSING, control.is_required)
    elif control.name == "version":
        yield from (Wrong("letters", "ก"), Wrong("missing", MISSING), Wrong("huge", HUGE))
        yield from (Wrong("stale", "999"), Wrong("null", NULL), Wrong("negative", "-1"))
    elif control.kind == "hidden":
        yield from (
            Wrong("letters", "ก", False),
            Wrong("missing", MISSING, False),
            Wrong("huge", HUGE, False),
        )
        yield from (Wrong("absent", "999999", False), Wrong("null", NULL, False))
    elif control.kind in {"select", "radio"}:
        yield from (
            Wrong("letters", "ก"),
            Wrong("huge", HUGE),
            Wrong("absent", "999999"),
            Wrong("null", NULL),
        )
        yield Wrong("missing", MISSING, control.is_required)
        yield Wrong("file", FILE, control.is_required)
    else:
        yield from _typed(control)


def _typed(control: Control) -> Iterator[Wrong]:
    yield from (Wrong("null", NULL), Wrong("long", LONG), Wrong("file", FILE, control.is_required))
    if control.is_required:
        yield from (Wrong("empty", ""), Wrong("blank", "   "))
    if is_day(control):
        for text in ("ก", "31/2/2569", "1/1/0000", HUGE):
            yield Wrong("no day", text)
        yield Wrong("a far day", "1/1/9999")
    elif control.is_numeric:
        for text in ("ก", HUGE, "-1", "nan", "1e400"):
            yield Wrong("no number", text)
    else:
        yield Wrong("like a surrogate", LIKE_A_SURROGATE, False)
