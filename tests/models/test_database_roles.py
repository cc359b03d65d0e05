"""In production the application's role works, and cannot touch what has been written into the history."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from idp.cli import main
from idp.models import HistoryEntry, HistorySeal
from idp.models.append_only import APPEND_ONLY_TABLES
from idp.models.engine import make_engine
from idp.queries.audit import Tally, verify_history
from idp.services.sealing import seal_history
from tests.factories import steps
from tests.factories.sample import CREATED, make_sample
from tests.servers.postgres import PostgresServer

PASSWORD = "89efcdab"
TRIED = (
    "UPDATE {table} SET hash = 'x'",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "TRUNCATE {table} CASCADE",
    "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET hash = 'x'",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DROP COLUMN hash",
    "ALTER TABLE {table} RENAME TO elsewhere",
    "DROP TABLE {table}",
    "DROP TRIGGER {table}_is_append_only ON {table}",
    "DROP FUNCTION refuse_to_change_history() CASCADE",
    "CREATE OR REPLACE FUNCTION refuse_to_change_history() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN RETURN NEW; END $$",
    "CREATE RULE hide AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE TABLE {table}_copy AS SELECT * FROM {table}",
    "SET session_replication_role = replica",
    "SET ROLE idp",
)


@pytest.fixture
def role(postgres_server: PostgresServer, blank_postgres_url: str) -> Iterator[str]:
    """The name of a role that is not there yet; roles belong to the server, so it is taken away again."""
    name = f"app_{make_url(blank_postgres_url).database}"
    yield name
    with psycopg.connect(blank_postgres_url) as connection:
        found = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchone()
        if found is not None:
            connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(name)))
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.fixture
def addresses(
    blank_postgres_url: str, role: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> tuple[str, str]:
    """The owner's address and the application's, both in the environment as in production."""
    used = make_url(blank_postgres_url).set(username=role, password=PASSWORD)
    application = used.render_as_string(hide_password=False)
    monkeypatch.setenv("IDP_MIGRATION_DATABASE_URL", blank_postgres_url)
    monkeypatch.setenv("IDP_DATABASE_URL", application)
    monkeypatch.setenv("IDP_DATA_DIR", str(tmp_path))
    return blank_postgres_url, application


@pytest.fixture
def application(addresses: tuple[str, str]) -> Iterator[Engine]:
    """Connected as the application's role, after the migration."""
    assert main(["migrate"]) == 0
    engine = make_engine(addresses[1])
    yield engine
    engine.dispose()


def lived(engine: Engine) -> None:
    """Some of a year's work of the sample organisation, sealed."""
    with Session(engine, expire_on_commit=False) as session:
        sample = make_sample(session)
        steps.approved(session, sample)
        seal_history(session, CREATED)
        session.commit()


def test_the_application_works_as_its_own_role(application: Engine, role: str) -> None:
    lived(application)
    with Session(application) as session:
        assert session.scalar(text("SELECT current_user")) == role
        assert list(verify_history(session, Tally())) == []
        assert len(session.scalars(select(HistorySeal)).all()) == 1
    assert main(["audit", "verify"]) == 0


@pytest.mark.parametrize("table", APPEND_ONLY_TABLES)
def test_it_cannot_touch_what_is_written(application: Engine, table: str) -> None:
    lived(application)
    with application.connect() as connection:
        before = connection.execute(text(f"SELECT * FROM {table} ORDER BY id")).all()
        connection.execute(text(f"GRANT UPDATE ON {table} TO current_user"))  # a warning: nothing is granted
    for statement in TRIED:
        with application.connect() as connection, pytest.raises(ProgrammingError) as refused:
            connection.execute(text(statement.format(table=table)))
        said = str(refused.value.orig)
        assert "permission denied" in said or "must be owner" in said, statement
    with application.connect() as connection:
        assert connection.execute(text(f"SELECT * FROM {table} ORDER BY id")).all() == before


def test_a_head_may_move_and_never_go(application: Engine) -> None:
    lived(application)
    with application.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("DELETE FROM history_head"))


def test_the_seeds_are_loaded_as_its_own_role(application: Engine) -> None:
    assert main(["seed"]) == 0


def test_every_other_table_can_be_used(application: Engine) -> None:
    tables = set(inspect(application).get_table_names()) - {*APPEND_ONLY_TABLES, "history_head"}
    with application.connect() as connection:
        for table in tables - {"alembic_version"}:
            connection.execute(text(f"DELETE FROM {table} WHERE false"))
            connection.execute(text(f"INSERT INTO {table} SELECT * FROM {table} WHERE false"))
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("DELETE FROM alembic_version"))


def test_migrating_again_changes_nothing_for_it(application: Engine) -> None:
    lived(application)
    assert main(["migrate"]) == 0
    with Session(application) as session, pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("DELETE FROM history_entry"))
    with Session(application) as session:
        assert session.scalars(select(HistoryEntry.id).limit(1)).one()


def test_the_owner_s_own_mistake_is_refused_by_the_database(
    application: Engine, addresses: tuple[str, str]
) -> None:
    lived(application)
    owner = make_engine(addresses[0])
    with owner.connect() as connection, pytest.raises(ProgrammingError, match="is append-only"):
        connection.execute(text("DELETE FROM history_entry"))
    owner.dispose()


@pytest.mark.parametrize("strength", ["SUPERUSER", "CREATEROLE", "IN ROLE pg_write_all_data"])
def test_a_role_that_could_change_the_history_is_refused(
    addresses: tuple[str, str], role: str, strength: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with psycopg.connect(addresses[0]) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN {strength}")
    assert main(["migrate"]) == 2
    assert f"the role {role}" in capsys.readouterr().err


def test_with_one_role_for_everything_nothing_is_granted(
    blank_postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate", "--database", blank_postgres_url]) == 0
    assert "role" not in capsys.readouterr().out
