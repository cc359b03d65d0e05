"""The hash chain of the history: each entry of a record covers the one before it.

Source: this product's own; the digest is SHA-256 over the entry's fields in one canonical JSON form.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

BEGINNING = "0" * 64
"""The hash before a record's first entry."""


def chained_hash(previous_hash: str, fields: Mapping[str, Any]) -> str:
    """The hash of an entry: 64 hexadecimal digits over the hash before it and its own fields, by name."""
    return sha256(f"{previous_hash}\n{canonical(fields)}".encode()).hexdigest()


def canonical(fields: Mapping[str, Any]) -> str:
    """One text for one content, the same on both databases: sorted keys, times in UTC to the microsecond."""
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, (date, StrEnum)):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
