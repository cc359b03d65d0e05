"""The demonstration's database: one of its own, built whole or not at all.

A SQLite file is built beside its place and moved there at the end, so that a run cut off leaves what was
there before. PostgreSQL is emptied and filled; the log-ins are made last, and without them the
demonstration counts as missing. A database with organisations of somebody's own is never touched.
"""

import os
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect, make_url, select
from sqlalchemy.orm import Session

from idp.demo.errors import DemonstrationError
from idp.migration import downgrade, upgrade
from idp.models import Organisation, UserAccount
from idp.models.engine import make_engine, reading

BUILDING = ".building"


def demo_is_there(url: str, codes: Collection[str]) -> bool:
    """Whether the database holds a demonstration built to its end (any of the organisations `codes`)."""
    found, logins = _content(url)
    return any(f"hr.{code}" in logins for code in found & set(codes))


def begin_building(url: str, codes: Collection[str]) -> str:
    """An empty database with the newest schema to build in; its address.

    Raises DemonstrationError where the database holds other organisations, or is in use.
    """
    found, _ = _content(url)
    if not found <= set(codes):
        raise DemonstrationError(
            "the database holds organisations of its own; name another one: --database sqlite:///PATH"
        )
    path = _sqlite_path(url)
    if path is None:
        if _has_tables(url):
            downgrade(url, "base")
        building_url = url
    else:
        _refuse_while_in_use(path)
        _remove(_building(path))
        building_url = make_url(url).set(database=str(_building(path))).render_as_string(hide_password=False)
    upgrade(building_url)
    return building_url


def finish_building(url: str) -> None:
    """Put what was built in its place. Every connection to it is closed by now."""
    path = _sqlite_path(url)
    if path is None:
        return
    building = _building(path)
    with closing(sqlite3.connect(building)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for leftover in _companions(path):
        leftover.unlink(missing_ok=True)
    os.replace(building, path)
    _remove(building)


def _content(url: str) -> tuple[set[str], set[str]]:
    """The organisations' codes and the log-ins; nothing where there is no database yet."""
    path = _sqlite_path(url)
    if path is not None and not path.exists():
        return set(), set()
    engine = make_engine(url)
    try:
        with reading():
            if not inspect(engine).has_table(Organisation.__tablename__):
                return set(), set()
        with reading(), Session(engine) as session:
            return set(session.scalars(select(Organisation.code))), set(
                session.scalars(select(UserAccount.login))
            )
    finally:
        engine.dispose()


def _has_tables(url: str) -> bool:
    engine = make_engine(url)
    try:
        with reading():
            return inspect(engine).has_table(Organisation.__tablename__)
    finally:
        engine.dispose()


def _sqlite_path(url: str) -> Path | None:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    if not parsed.database or parsed.database == ":memory:":
        raise DemonstrationError("the demonstration needs a database that stays: sqlite:///PATH")
    return Path(parsed.database)


def _building(path: Path) -> Path:
    return path.with_name(path.name + BUILDING)


def _companions(path: Path) -> list[Path]:
    return [path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal")]


def _remove(path: Path) -> None:
    for each in (path, *_companions(path)):
        each.unlink(missing_ok=True)


def _refuse_while_in_use(path: Path) -> None:
    """A file that another process has open must not be moved away from under it: leaving the write-ahead log
    is possible only for a connection that is alone."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=1)) as connection:
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    except sqlite3.OperationalError:
        mode = "locked"
    if mode != "delete":
        raise DemonstrationError(f"{path} is in use: stop idp serve first")
