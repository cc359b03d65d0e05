"""Fixtures of real servers. Each test process starts its own on first use; each test gets them empty.

A database test asks for `database_url` and so runs on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import gc
import importlib.util
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import event
from sqlalchemy.engine import Engine

from idp.serving.redis_server import RedisNotFound, find_redis_server
from tests.servers.absence import VARIABLE, declared_absent, missing, skip_if_declared_absent
from tests.servers.browser import find_chromium, running_browser
from tests.servers.postgres import PostgresServer, find_binaries
from tests.servers.redis import RedisServer
from tests.servers.smtp import SmtpServer


def pytest_report_header(config: pytest.Config) -> list[str]:
    absent = declared_absent()
    return [f"{VARIABLE}: SKIPPING every test that needs {', '.join(sorted(absent))}"] if absent else []


@event.listens_for(Engine, "connect")
def turn_round_what_has_no_order(connection: object, _record: object) -> None:
    """SQLite gives rows nobody ordered in turned-round order: who relies on the order of entry is told here,
    and not on the day PostgreSQL gives them differently."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects = ON")


def pytest_collection_finish() -> None:
    """The product collects garbage after each PDF: what stays to the end anyway (modules, thousands of test
    items) is not looked through each time."""
    gc.collect()
    gc.freeze()


def migrate(url: str) -> None:
    """Bring the empty database at `url` to the newest schema, by the command that users run."""
    if importlib.util.find_spec("idp.cli") is None:
        # Until the command exists: the tables as the models say.
        import idp.models
        from idp.models.base import Base
        from idp.models.engine import make_engine

        assert idp.models.__name__
        engine = make_engine(url)
        Base.metadata.create_all(engine)
        engine.dispose()
        return
    done = subprocess.run(
        [Path(sys.executable).with_name("idp"), "migrate", "--database", url],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        pytest.fail(f"idp migrate failed:\n{done.stdout}{done.stderr}", pytrace=False)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The PostgreSQL of this test process."""
    skip_if_declared_absent("postgresql")
    binaries = find_binaries()
    if binaries is None:
        missing("postgresql", "postgresql")
    server = PostgresServer(binaries)
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A PostgreSQL database of this test's own with the newest schema, no rows."""
    url = postgres_server.migrated(migrate)
    yield url
    postgres_server.drop(url)


@pytest.fixture
def blank_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A PostgreSQL database of this test's own without any table: for the migrations themselves."""
    url = postgres_server.blank()
    yield url
    postgres_server.drop(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite file of this test's own with the newest schema, no rows."""
    path = tmp_path / "test.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def blank_sqlite_url(tmp_path: Path) -> str:
    """A SQLite file of this test's own that does not exist yet: for the migrations themselves."""
    return f"sqlite:///{tmp_path / 'blank.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each of the two databases in turn, with the newest schema, no rows."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def blank_database_url(request: pytest.FixtureRequest) -> str:
    """Each of the two databases in turn, without any table."""
    name = "blank_sqlite_url" if request.param == "sqlite" else "blank_postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """The Redis of this test process."""
    skip_if_declared_absent("redis")
    try:
        executable = find_redis_server()
    except RedisNotFound:
        missing("redis", "redis-server")
    server = RedisServer(executable)
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """An empty Redis, named as the setting redis_url has it."""
    redis_server.empty()
    return redis_server.url


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """An SMTP server that accepts everything until the test tells it to `refuse` or `hang`."""
    server = SmtpServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, without a window."""
    skip_if_declared_absent("chromium")
    executable = find_chromium()
    if executable is None:
        missing("chromium", "chromium")
    with running_browser(executable) as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser profile of this test's own, Thai, desktop size."""
    context = browser.new_context(locale="th-TH", timezone_id="Asia/Bangkok")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()
