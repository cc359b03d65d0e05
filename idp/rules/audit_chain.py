"""The hash chain of the history: each entry of a record covers the one before it.

Source: this product's own; the digest is SHA-256 over the entry's fields in one canonical JSON form.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from typing import Any

BEGINNING = "0" * 64
"""The hash before a record's first entry."""

ROWS_AT_ONCE = 1000
"""Rows of a set that are in memory together while it is hashed; the hash does not depend on it."""


class SetEvent(StrEnum):
    """What happened to many assessments of a cycle in one act: one entry of the cycle, with the hash of all
    of them, in place of one entry of each."""

    OPEN_ASSESSMENTS = "open_assessments"
    CLOSE_ASSESSMENTS = "close_assessments"


def chained_hash(previous_hash: str, fields: Mapping[str, Any]) -> str:
    """The hash of an entry: 64 hexadecimal digits over the hash before it and its own fields, by name."""
    return sha256(f"{previous_hash}\n{canonical(fields)}".encode()).hexdigest()


def canonical(fields: Mapping[str, Any]) -> str:
    """One text for one content, the same on both databases: sorted keys, times in UTC to the microsecond."""
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def set_hash(rows: Iterable[Sequence[object]]) -> str:
    """The hash of rows in the order given: 64 hexadecimal digits, in memory that does not grow with them."""
    digest, remaining = sha256(), iter(rows)
    while block := [tuple(row) for row in islice(remaining, ROWS_AT_ONCE)]:
        text = json.dumps(block, ensure_ascii=False, separators=(",", ":"), default=_plain)
        digest.update(f"{text[1:-1]},".encode())
    return digest.hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, (date, StrEnum)):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
