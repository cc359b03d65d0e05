"""One running instance for each data folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another `idp serve` holds this data folder; the text says which."""


@contextmanager
def only_instance(data_dir: Path) -> Iterator[None]:
    """Hold `data_dir` for this process alone. The kernel lets go of it whatever the process dies of.

    Raises AlreadyRunning with the other's process number.
    """
    path = data_dir / "serve.lock"
    # Opened for appending: what the holder wrote must stay readable.
    with path.open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise AlreadyRunning(f"idp is already running on {data_dir} (process {holder})") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
