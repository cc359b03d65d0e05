"""Where documents are kept: a folder outside the web root, or an object storage (`adapters.object_storage`);
each is written whole or not at all.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

KEY = re.compile(r"[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9_-]*)*\.[a-z0-9]+")
"""Lower-case words in folders, one extension: nothing that could name a place outside the root."""

CHUNK = 1 << 16


class StorageError(Exception):
    """The document is not there, the key is none, or the storage cannot be reached."""


@dataclass(frozen=True)
class StoredFile:
    """What was written: its size in bytes and its hash."""

    size: int
    sha256: str


class Storage(Protocol):
    """A place for documents, each under a key."""

    def put(self, key: str, content: bytes | Iterable[bytes]) -> StoredFile:
        """Keep `content` under `key`, replacing what was there, at once and whole. Raises StorageError."""

    def open(self, key: str) -> BinaryIO:
        """The content for reading, from its beginning and anywhere in it; the caller closes it. Raises
        StorageError."""

    def open_whole(self, key: str, expected: StoredFile) -> BinaryIO:
        """The content, if it is still what was written. Raises StorageError, also for a file cut off or
        changed where it is kept."""

    def draft(self) -> "DraftFile":
        """A file to be written step by step and then kept, or thrown away."""

    def remove(self, key: str) -> None:
        """Have nothing under `key` any more; harmless when there is nothing. Raises StorageError."""

    def keys_before(self, folder: str, moment: datetime) -> Iterator[str]:
        """The keys in each organisation's `folder` written before `moment`. Raises StorageError."""

    def remove_drafts_before(self, moment: datetime) -> int:
        """Throw away what a process that died was writing; how many."""


class DraftFile:
    """A temporary file on this machine's disk: `keep` gives it its key, `discard` removes it."""

    def __init__(self, folder: Path, keep: Callable[[Path, str, StoredFile], None]) -> None:
        handle, name = tempfile.mkstemp(dir=folder, prefix="draft-")
        self.file: BinaryIO = os.fdopen(handle, "w+b")
        self._keep, self.path = keep, Path(name)

    def keep(self, key: str) -> StoredFile:
        """Raises StorageError."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.seek(0)
        written = measured(self.file)
        self.file.close()
        self._keep(self.path, checked_key(key), written)
        return written

    def discard(self) -> None:
        """Remove it; harmless after `keep`."""
        self.file.close()
        self.path.unlink(missing_ok=True)


class DraftFolder:
    """Where a storage's drafts lie: on this machine's disk, for this user alone."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def path(self) -> Path:
        folder = self.root / ".drafts"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def remove_before(self, moment: datetime) -> int:
        """How many were removed."""
        left = [path for path in self.path.iterdir() if path.stat().st_mtime < moment.timestamp()]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)


class LocalFolder:
    """Documents as files below `root`, for this user alone."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def drafts(self) -> Path:
        return DraftFolder(self.root).path

    def put(self, key: str, content: bytes | Iterable[bytes]) -> StoredFile:
        return put_by_draft(self, key, content)

    def open(self, key: str) -> BinaryIO:
        try:
            return self.path_of(key).open("rb")
        except OSError as error:
            raise StorageError(f"no document {key}") from error

    def open_whole(self, key: str, expected: StoredFile) -> BinaryIO:
        return checked_whole(self.open(key), key, expected)

    def draft(self) -> DraftFile:
        return DraftFile(self.drafts, self._keep)

    def remove(self, key: str) -> None:
        self.path_of(key).unlink(missing_ok=True)

    def keys_before(self, folder: str, moment: datetime) -> Iterator[str]:
        for path in sorted(self.root.glob(f"*/{folder}/*")):
            if path.stat().st_mtime < moment.timestamp():
                yield path.relative_to(self.root).as_posix()

    def remove_drafts_before(self, moment: datetime) -> int:
        return DraftFolder(self.root).remove_before(moment)

    def path_of(self, key: str) -> Path:
        """The file of a key, always below the root. Raises StorageError."""
        return self.root / checked_key(key)

    def _keep(self, draft: Path, key: str, _written: StoredFile) -> None:
        target = self.path_of(key)
        try:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.replace(draft, target)
        except OSError as error:  # a full or a read-only disk
            raise StorageError(f"document {key} cannot be written: {error.strerror}") from error


def checked_key(key: str) -> str:
    """The key, if it is one. Raises StorageError."""
    if not KEY.fullmatch(key):
        raise StorageError(f"not a key: {key!r}")
    return key


def put_by_draft(storage: Storage, key: str, content: bytes | Iterable[bytes]) -> StoredFile:
    """Write a draft and keep it."""
    with kept_or_discarded(storage) as draft:
        for chunk in (content,) if isinstance(content, bytes) else content:
            draft.file.write(chunk)
        return draft.keep(key)


def checked_whole(file: BinaryIO, key: str, expected: StoredFile) -> BinaryIO:
    """The opened document at its beginning. Raises StorageError, and closes it, when it is not `expected`."""
    if measured(file) != expected:
        file.close()
        raise StorageError(f"document {key} is not what was written")
    file.seek(0)
    return file


@contextmanager
def kept_or_discarded(storage: Storage) -> Iterator[DraftFile]:
    """A draft that is gone afterwards unless it was kept."""
    draft = storage.draft()
    try:
        yield draft
    finally:
        draft.discard()


def measured(file: BinaryIO) -> StoredFile:
    """Reads the file to its end."""
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return StoredFile(size, digest.hexdigest())
