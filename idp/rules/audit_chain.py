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


CHAINED_FIELDS = (
    "organisation_id",
    "subject_type",
    "subject_id",
    "event",
    "from_state",
    "to_state",
    "actor_person_id",
    "on_behalf_of_person_id",
    "at",
    "origin",
    "reason",
    "detail",
    "sequence",
)
"""What the hash of an entry covers."""

SEALED_FIELDS = ("sealed_at", "first_entry_id", "last_entry_id", "entry_count", "digest")
"""What the hash of a seal covers, beside the hash of the seal before it."""


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
    while block := list(map(tuple, islice(remaining, ROWS_AT_ONCE))):
        text = json.dumps(block, ensure_ascii=False, separators=(",", ":"), default=_plain)
        digest.update(f"{text[1:-1]},".encode())
    return digest.hexdigest()


def digest_of_entries(rows: Iterable[tuple[int, str]]) -> tuple[str, int, int, int]:
    """The digest of entries (id, hash) in the order given, their first and last id, and how many."""
    digest, first, last, count = sha256(), 0, 0, 0
    for entry_id, entry_hash in rows:
        digest.update(f"{entry_id}:{entry_hash}\n".encode())
        first, last, count = first or entry_id, entry_id, count + 1
    return digest.hexdigest(), first, last, count


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, (date, StrEnum)):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
