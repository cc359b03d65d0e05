"""Engines for both databases, and sessions for use without Flask (commands, the demonstration, tests).

SQLite: the driver's own transactions let two readers write over each other's update, so transactions begin
IMMEDIATE here (one writer at a time, and it knows what it read). A transaction that only reads would wait
for nothing: within `reading()` it begins deferred, and the database itself refuses a write. PostgreSQL
gets the same promise from a READ ONLY transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

BUSY_TIMEOUT_MILLISECONDS = 15_000

_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun within are for reading alone; a write in one fails."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun within may write, also inside `reading()`: for a short one beside a page's own."""
    token = _reading.set(False)
    try:
        yield
    finally:
        _reading.reset(token)


def make_engine(url: str, **options: Any) -> Engine:
    """An engine with this product's way of transactions; plain `postgresql://` means psycopg 3."""
    engine = create_engine(url, **options)
    add_listeners(engine)
    return engine


def make_session(url: str) -> Session:
    """A session on an engine of its own; the caller ends both by `close_session`."""
    return Session(make_engine(url))


def close_session(session: Session) -> None:
    """Close the session and the connections behind it."""
    engine = session.get_bind()
    session.close()
    if isinstance(engine, Engine):
        engine.dispose()


def add_listeners(engine: Engine) -> None:
    """Give an engine that somebody else made (Flask-SQLAlchemy, Alembic) the same way of transactions."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: _begin_sqlite does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")  # with WAL: safe against a crash of the program
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    only_reads = _reading.get()
    info = connection.connection.info
    if info.get("only_reads", False) is not only_reads:
        connection.exec_driver_sql(f"PRAGMA query_only = {int(only_reads)}")
        info["only_reads"] = only_reads
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    driver_connection: Any = connection.connection.driver_connection
    # Sent with the driver's own BEGIN, so that it costs no round trip.
    driver_connection.read_only = True if _reading.get() else None
