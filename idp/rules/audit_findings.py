"""What is wrong with a history: how a chain, or a seal, shows what was done to it.

The hash of an entry covers its place, so one that stands elsewhere is known by the place that its hash fits.
The last entries taken away together with the head's word of them, or rewritten with all that follows, are
found by no chain: that is what the daily seals are for, and their ledger kept elsewhere.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from idp.rules.audit_chain import BEGINNING, SEALED_FIELDS, chained_hash

PLACES_TRIED = 50
"""How far from its place the place that an entry had is looked for."""


class Trouble(StrEnum):
    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    HEAD_CHANGED = "head_changed"
    SET_CHANGED = "set_changed"
    SEAL_CHANGED = "seal_changed"
    SEAL_REMOVED = "seal_removed"
    SEALED_CHANGED = "sealed_changed"
    SEALED_REMOVED = "sealed_removed"
    SEALED_INSERTED = "sealed_inserted"
    LEDGER_CHANGED = "ledger_changed"


@dataclass(frozen=True)
class Finding:
    """`subject`: kind and id of the record (event and cycle for a set), empty where a seal is meant; `first`
    to `last`: places in its chain, ids of entries for what was sealed, or ids of assessments for a set."""

    trouble: Trouble
    subject: tuple[str, int] | None = None
    first: int = 0
    last: int = 0
    sealed_at: datetime | None = None


@dataclass(frozen=True)
class ChainedEntry:
    """One row as the database holds it, with its record's head (none: 0 and empty)."""

    id: int
    fields: Mapping[str, Any]
    previous_hash: str
    hash: str
    head_sequence: int
    head_hash: str

    @property
    def subject(self) -> tuple[str, int]:
        return str(self.fields["subject_type"]), int(self.fields["subject_id"])

    @property
    def sequence(self) -> int:
        return int(self.fields["sequence"])

    def fits(self, sequence: int) -> bool:
        """Whether it was written at that place."""
        return chained_hash(self.previous_hash, {**self.fields, "sequence": sequence}) == self.hash


@dataclass(frozen=True)
class Seal:
    sealed_at: datetime
    first_entry_id: int
    last_entry_id: int
    entry_count: int
    digest: str
    previous_hash: str
    hash: str

    def is_whole(self) -> bool:
        fields = {name: getattr(self, name) for name in SEALED_FIELDS}
        return chained_hash(self.previous_hash, fields) == self.hash


def check_entries(entries: Iterable[ChainedEntry]) -> Iterator[Finding]:
    """Findings about entries that come record by record, each in the order of its sequence."""
    for subject, chain in groupby(entries, key=lambda entry: entry.subject):
        yield from _check_chain(subject, chain)


def _check_chain(subject: tuple[str, int], chain: Iterable[ChainedEntry]) -> Iterator[Finding]:
    expected, previous_hash, last_id = 1, BEGINNING, 0
    entry: ChainedEntry | None = None
    for entry in chain:
        place = entry.sequence
        follows = entry.previous_hash == previous_hash
        if place > expected:
            yield Finding(Trouble.REMOVED, subject, expected, place - 1)
            follows = True
        if entry.fits(place):
            if not follows:
                yield Finding(Trouble.INSERTED, subject, place - 1, place - 1)
        elif (had := _place_before(entry)) is not None:
            yield Finding(Trouble.REORDERED, subject, had, place)
        else:
            yield Finding(Trouble.CHANGED, subject, place, place)
        if entry.id <= last_id:
            yield Finding(Trouble.REORDERED, subject, place, place)
        expected, previous_hash, last_id = place + 1, entry.hash, max(entry.id, last_id)
    if entry is not None:
        yield from _check_head(subject, entry)


def _check_head(subject: tuple[str, int], last: ChainedEntry) -> Iterator[Finding]:
    if last.head_sequence > last.sequence:
        yield Finding(Trouble.REMOVED, subject, last.sequence + 1, last.head_sequence)
    elif last.head_sequence == 0 or (last.head_sequence == last.sequence and last.head_hash != last.hash):
        yield Finding(Trouble.HEAD_CHANGED, subject, last.head_sequence, last.sequence)
    elif last.head_sequence < last.sequence:
        yield Finding(Trouble.INSERTED, subject, last.head_sequence + 1, last.sequence)


def _place_before(entry: ChainedEntry) -> int | None:
    nearby = range(max(1, entry.sequence - PLACES_TRIED), entry.sequence + PLACES_TRIED + 1)
    return next((place for place in nearby if entry.fits(place)), None)


def check_seals(seals: Iterable[Seal]) -> Iterator[Finding]:
    """Findings about the seals themselves, in their order."""
    previous_hash, last_id = BEGINNING, 0
    for seal in seals:
        if not seal.is_whole():
            yield _about(Trouble.SEAL_CHANGED, seal)
        elif seal.previous_hash != previous_hash or seal.first_entry_id <= last_id:
            yield _about(Trouble.SEAL_REMOVED, seal)
        previous_hash, last_id = seal.hash, seal.last_entry_id


def check_ledger(ledger: Iterable[Seal], kept: Iterable[Seal]) -> Iterator[Finding]:
    """Findings of the ledger that was stored elsewhere against the seals that the database kept."""
    hashes = {seal.hash for seal in kept}
    previous_hash = BEGINNING
    for seal in ledger:
        if not seal.is_whole() or seal.previous_hash != previous_hash:
            yield _about(Trouble.LEDGER_CHANGED, seal)
        elif seal.hash not in hashes:
            yield _about(Trouble.SEAL_REMOVED, seal)
        previous_hash = seal.hash


def check_sealed(seal: Seal, found: tuple[str, int, int, int]) -> Iterator[Finding]:
    """Findings about the entries of one seal; `found`: digest, first and last id, and count of them now."""
    digest, _first, _last, count = found
    if digest == seal.digest:
        return
    if count == seal.entry_count:
        yield _about(Trouble.SEALED_CHANGED, seal)
    else:
        fewer = count < seal.entry_count
        yield _about(Trouble.SEALED_REMOVED if fewer else Trouble.SEALED_INSERTED, seal)


def _about(trouble: Trouble, seal: Seal) -> Finding:
    return Finding(trouble, None, seal.first_entry_id, seal.last_entry_id, seal.sealed_at)
