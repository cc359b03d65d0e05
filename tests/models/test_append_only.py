"""Entries of the history and seals are added, never changed or removed: the database itself refuses."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from idp.migration import upgrade
from idp.models import Base
from idp.models.append_only import APPEND_ONLY_TABLES
from idp.models.engine import make_engine

ENTRY = (
    "INSERT INTO history_entry"
    " (id, subject_type, subject_id, event, at, origin, reason, detail, sequence, previous_hash, hash)"
    " VALUES (1, 'cycle', 1, 'create', '2026-11-20', '', '', '{}', 1, '0', 'a')"
)
SEAL = (
    "INSERT INTO history_seal"
    " (id, sealed_at, first_entry_id, last_entry_id, entry_count, digest, previous_hash, hash)"
    " VALUES (1, '2026-11-20', 1, 1, 1, 'd', '0', 's')"
)
CHANGES = {
    "UPDATE": "UPDATE {table} SET hash = 'forged'",
    "DELETE": "DELETE FROM {table}",
    "TRUNCATE": "TRUNCATE {table}",
    "REPLACE": "{insert}",
}


@pytest.fixture(params=["migrated", "created"])
def database(request: pytest.FixtureRequest, blank_database_url: str) -> Engine:
    """The tables as the migrations and as the models make them, with a row in each."""
    engine = make_engine(blank_database_url)
    if request.param == "migrated":
        upgrade(blank_database_url)
    else:
        Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(text(ENTRY))
        connection.execute(text(SEAL))
    request.addfinalizer(engine.dispose)
    return engine


@pytest.mark.parametrize("table", APPEND_ONLY_TABLES)
def test_a_row_is_neither_changed_nor_removed(database: Engine, table: str) -> None:
    of_the_other = "TRUNCATE" if database.dialect.name == "sqlite" else "REPLACE"
    insert = (ENTRY if table == "history_entry" else SEAL).replace("INSERT", "INSERT OR REPLACE", 1)
    for deed, statement in CHANGES.items():
        if deed == of_the_other:
            continue
        with (
            pytest.raises(DBAPIError, match=f"{table} is append-only: {deed} is refused"),
            database.begin() as connection,
        ):
            connection.execute(text(statement.format(table=table, insert=insert)))
    with database.connect() as connection:
        assert connection.execute(text(f"SELECT hash FROM {table}")).scalars().all() in (["a"], ["s"])


def test_the_migrations_make_the_same_triggers_as_the_models(blank_database_url: str, tmp_path: Path) -> None:
    upgrade(blank_database_url)
    engine = make_engine(blank_database_url)
    migrated = _triggers(engine)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            created = make_engine(f"sqlite:///{tmp_path / 'created.sqlite3'}")
        else:
            connection.execute(text("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
            created = engine
    Base.metadata.create_all(created)
    assert migrated == _triggers(created)
    assert len(migrated) == (6 if engine.dialect.name == "sqlite" else 2 * 3)
    engine.dispose()
    created.dispose()


def _triggers(engine: Engine) -> set[tuple[str, str]]:
    wanted = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        if engine.dialect.name == "sqlite"
        else "SELECT tgname || i.event_manipulation, pg_get_triggerdef(t.oid) FROM pg_trigger t"
        " JOIN (VALUES (8, 'DELETE'), (16, 'UPDATE'), (32, 'TRUNCATE')) AS i (bit, event_manipulation)"
        " ON t.tgtype & i.bit <> 0 WHERE NOT t.tgisinternal"
    )
    with engine.connect() as connection:
        return {(name, sql) for name, sql in connection.execute(text(wanted))}
