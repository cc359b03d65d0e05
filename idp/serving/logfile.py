"""A program's output kept in a file of limited size."""

from __future__ import annotations

from pathlib import Path
from typing import Final

LARGEST_LOG: Final = 5_000_000
"""Bytes of one file; three of them are kept."""

KEPT_LOGS: Final = 3


class RotatingLog:
    """Append bytes to `path`; a file that would pass `largest` bytes becomes `path`.1, up to `kept` files."""

    def __init__(self, path: Path, largest: int = LARGEST_LOG, kept: int = KEPT_LOGS) -> None:
        self.path = path
        self._largest = largest
        self._kept = kept
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)

    def write(self, output: bytes) -> None:
        if self._file.tell() > 0 and self._file.tell() + len(output) > self._largest:
            self._rotate()
        self._file.write(output)

    def last_lines(self, count: int = 12) -> list[str]:
        """The end of the current file, for a person who must see why a program would not start."""
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - 8_000))
            return file.read().decode("utf-8", "replace").splitlines()[-count:]

    def close(self) -> None:
        self._file.close()

    def _rotate(self) -> None:
        self._file.close()
        for number in range(self._kept - 1, 0, -1):
            older = self._numbered(number - 1)
            if older.exists():
                older.replace(self._numbered(number))
        self._file = self.path.open("ab", buffering=0)

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}") if number else self.path
