"""A throw-away PostgreSQL on a unix socket: one for each test process, a cloned database for each test."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from tests.servers.process import Server, command_as, unprivileged_user

SETTINGS = {
    "listen_addresses": "",
    # Nothing here must survive a crash of the machine.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
}


def find_binaries() -> Path | None:
    """Folder of initdb and postgres: $PGBIN, the newest of Debian's, then PATH. None when there is none."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True
    )
    on_path = shutil.which("initdb")
    candidates = [Path(os.environ["PGBIN"])] if os.environ.get("PGBIN") else []
    candidates += [*debian, *([Path(on_path).resolve().parent] if on_path else [])]
    return next(
        (each for each in candidates if (each / "initdb").exists() and (each / "postgres").exists()), None
    )


class PostgresServer:
    """Started by the constructor; `stop` removes everything."""

    def __init__(self, binaries: Path) -> None:
        # A short path of its own: a unix socket's name is limited to about 107 bytes.
        self._folder = Path(tempfile.mkdtemp(prefix="idp-pg-", dir="/tmp"))
        self._numbers = itertools.count(1)
        self._has_template = False
        self._connection: psycopg.Connection | None = None
        self.template = "migrated"
        user = unprivileged_user()
        if os.getuid() != user.pw_uid:
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        data = self._folder / "data"
        # The C locale: sorting is the same on every machine; Thai order is the product's own doing.
        subprocess.run(
            command_as(
                user,
                *(str(binaries / "initdb"), "--pgdata", str(data), "--username", "idp", "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C", "--no-sync"),
            ),
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
        )
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        self._server = Server(
            command_as(user, str(binaries / "postgres"), "-D", str(data), "-k", str(self._folder), *options),
            self._folder / "log",
        )
        self._server.wait_until(self._answers)

    def url(self, database: str) -> str:
        return f"postgresql://idp@/{database}?host={quote(str(self._folder), safe='')}"

    def blank(self) -> str:
        """The URL of a new, empty database."""
        return self._create("template0")

    def migrated(self, migrate: Callable[[str], None]) -> str:
        """The URL of a new database with the schema; `migrate` makes the cloned template, once."""
        if not self._has_template:
            self._execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(self.template))
            )
            migrate(self.url(self.template))
            self._has_template = True
        return self._create(self.template)

    def drop(self, url: str) -> None:
        """Remove the database of `url`, also under a test that left a connection open."""
        self._execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self._name(url)))
        )

    def clone_of(self, url: str) -> str:
        """The URL of a copy; nobody is connected to the database of `url`."""
        return self._create(self._name(url))

    def replace(self, url: str, template_url: str) -> None:
        """The database of `url` becomes a copy of the other."""
        self.drop(url)
        self._clone(self._name(template_url), self._name(url))

    def stop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        # A fast shutdown: an ordinary one waits for connections that a failed test may have left.
        if self._server.process.poll() is None:
            self._server.process.send_signal(signal.SIGINT)
            self._server.process.wait(timeout=30)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _create(self, template: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._clone(template, name)
        return self.url(name)

    def _clone(self, template: str, name: str) -> None:
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )

    @staticmethod
    def _name(url: str) -> str:
        return url.rpartition("/")[2].partition("?")[0]

    def _execute(self, statement: sql.Composed) -> None:
        if self._connection is None:
            self._connection = psycopg.connect(self.url("postgres"), autocommit=True)
        self._connection.execute(statement)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True
