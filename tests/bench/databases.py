"""The two databases of a benchmark, empty and migrated, thrown away afterwards."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from idp.migration import upgrade
from tests.servers.postgres import PostgresServer, find_binaries


@contextmanager
def each_database() -> Iterator[Iterator[tuple[str, str]]]:
    """(name, url) of a SQLite file and, where its programs are found, of a PostgreSQL database."""
    binaries = find_binaries()
    server = PostgresServer(binaries) if binaries is not None else None
    with tempfile.TemporaryDirectory(prefix="idp-bench-") as folder:
        try:
            yield _databases(Path(folder), server)
        finally:
            if server is not None:
                server.stop()


def _databases(folder: Path, server: PostgresServer | None) -> Iterator[tuple[str, str]]:
    sqlite = f"sqlite:///{folder / 'bench.sqlite3'}"
    upgrade(sqlite)
    yield "SQLite", sqlite
    if server is None:
        print("PostgreSQL: its programs are not here; left out")
        return
    postgresql = server.blank()
    upgrade(postgresql)
    yield "PostgreSQL", postgresql
