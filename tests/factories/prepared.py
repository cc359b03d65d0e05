"""An application made once for many tests, over a database that every test finds as it was first filled.

Making the application, compiling its templates and statements, and inserting the people take longer than
most tests of a page. What a test may change is put back before the next one: the rows, the files, the clock,
the configuration, the counted log-ins. A test that adds a route makes an application of its own.
"""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from idp.app import create_app
from idp.config import load_settings
from idp.database import db
from idp.models.engine import make_engine
from idp.web.throttle import limiter
from tests.factories.clock import SettableClock
from tests.servers.postgres import PostgresServer


class Database(Protocol):
    """`url`: one database for all tests; `keep` remembers its rows, `put_back` restores them."""

    url: str

    def keep(self) -> None: ...

    def put_back(self) -> None: ...


class SqliteDatabase:
    """A file, and the copy that was kept of it. Nobody is connected when it is kept or put back."""

    def __init__(self, template: Path, folder: Path) -> None:
        self._file, self._kept = folder / "site.sqlite3", folder / "kept.sqlite3"
        shutil.copyfile(template, self._file)
        self.url = f"sqlite:///{self._file}"

    def keep(self) -> None:
        shutil.copyfile(self._file, self._kept)

    def put_back(self) -> None:
        for suffix in ("-wal", "-shm"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self._kept, self._file)


class PostgresDatabase:
    """A database, and the clone that was kept of it."""

    def __init__(self, server: PostgresServer, migrate: Callable[[str], None]) -> None:
        self._server = server
        self.url = server.migrated(migrate)

    def keep(self) -> None:
        self._kept = self._server.clone_of(self.url)

    def put_back(self) -> None:
        self._server.replace(self.url, self._kept)


class Prepared:
    """The application over `database`, filled by `fill`; its clock stands at `start` when a test begins.

    What `fill` returns is handed to each test in a copy of its own, detached from any session.
    """

    def __init__(
        self, database: Database, folder: Path, start: datetime, fill: Callable[[Session], Any]
    ) -> None:
        self.database, self.clock, self._start, self._data = database, SettableClock(start), start, folder
        settings = load_settings({}, database_url=database.url, data_dir=str(folder))
        self.app = create_app(settings, clock=self.clock, testing=True)
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.app.config["IDP_FORMS_CARRY_VERSION"] = False
        self._config = dict(self.app.config)
        self._files = set(folder.iterdir())
        self.engine = make_engine(database.url)
        with Session(self.engine, expire_on_commit=False) as session:
            made = fill(session)
            session.commit()
        self._made = pickle.dumps(made)
        self.disconnect()
        database.keep()

    def disconnect(self) -> None:
        """End every connection of the application's and of the tests'."""
        self.engine.dispose()
        with self.app.app_context():
            db.engine.dispose()

    def afresh(self) -> Any:
        """Put everything back; returns a copy of what `fill` made."""
        self.disconnect()
        self.database.put_back()
        for path in set(self._data.iterdir()) - self._files:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.clock.moment = self._start
        self.app.config.clear()
        self.app.config.update(self._config)
        take_limiter(self.app)
        return pickle.loads(self._made)


def take_limiter(app: Flask) -> None:
    """The limiter is one for the process: an application before may have found its Redis away."""
    limiter._storage_dead = False
    limiter.init_app(app)


class Workshop:
    """What this test process has prepared: the applications, by what fills them and by kind of database, and
    one engine for each kind."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._prepared: dict[tuple[str, str], Prepared] = {}
        self._engines: dict[str, tuple[Database, Engine]] = {}

    def engine(self, request: pytest.FixtureRequest, kind: str) -> Engine:
        """Connected to a database with the newest schema and no rows."""
        if kind not in self._engines:
            database = self._database(request, kind, self._folders.mktemp(f"engine-{kind}"))
            database.keep()
            self._engines[kind] = database, make_engine(database.url)
        database, engine = self._engines[kind]
        engine.dispose()
        database.put_back()
        return engine

    def prepared(
        self, request: pytest.FixtureRequest, kind: str, start: datetime, fill: Callable[[Session], Any]
    ) -> Prepared:
        """The application on the database of that kind ("sqlite", "postgresql")."""
        key = (fill.__qualname__, kind)
        if key not in self._prepared:
            folder = self._folders.mktemp(f"prepared-{kind}")
            database = self._database(request, kind, folder)
            self._prepared[key] = Prepared(database, folder / "data", start, fill)
        return self._prepared[key]

    def close(self) -> None:
        for each in self._prepared.values():
            each.disconnect()
        for _database, engine in self._engines.values():
            engine.dispose()

    def _database(self, request: pytest.FixtureRequest, kind: str, folder: Path) -> Database:
        if kind == "sqlite":
            return SqliteDatabase(request.getfixturevalue("sqlite_template"), folder)
        from tests.conftest import migrate

        return PostgresDatabase(request.getfixturevalue("postgres_server"), migrate)


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """What this test process prepares once."""
    workshop = Workshop(tmp_path_factory)
    yield workshop
    workshop.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def own_engine(workshop: Workshop, request: pytest.FixtureRequest) -> Engine:
    """Each of the two databases in turn, with no rows: for tests that commit in several sessions at once."""
    return workshop.engine(request, request.param)
