"""Transactions on both databases: no update is lost, readers do not wait, who reads cannot write."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from idp.models import Organisation, Unit
from idp.models.engine import close_session, make_engine, make_session, reading, writing

NOW = datetime(2025, 10, 1, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    with Session(engine) as session:
        session.add(Organisation(code="o", name_th="0", name_en="", family="bangkok", created_at=NOW))
        session.commit()
    yield engine
    engine.dispose()


def organisation(session: Session) -> Organisation:
    return session.scalars(select(Organisation).with_for_update()).one()


def test_updates_that_read_before_they_write_are_not_lost(engine: Engine) -> None:
    def add_one(_n: int) -> None:
        with Session(engine) as session:
            row = organisation(session)
            row.name_th = str(int(row.name_th) + 1)
            session.commit()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add_one, range(80)))
    with Session(engine) as session:
        assert organisation(session).name_th == "80"


def test_a_reader_waits_for_no_writer_and_sees_what_was_committed(engine: Engine) -> None:
    with Session(engine) as writer:
        organisation(writer).name_th = "unfinished"
        writer.flush()
        with reading(), Session(engine) as reader, Session(engine) as another:
            assert reader.scalars(select(Organisation.name_th)).one() == "0"
            assert another.scalars(select(Organisation.name_th)).one() == "0"
        writer.rollback()


def test_who_reads_cannot_write_and_may_again_afterwards(engine: Engine) -> None:
    statement = text("UPDATE organisation SET name_th = 'x'")
    with reading(), Session(engine) as session, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        session.execute(statement)
    with Session(engine) as session:
        session.execute(statement)
        session.commit()
    with reading(), Session(engine) as session, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        session.execute(statement)


def test_a_short_write_may_stand_beside_a_reading_transaction(engine: Engine) -> None:
    with reading(), Session(engine) as reader:
        assert reader.scalars(select(Organisation.name_th)).one() == "0"
        with writing(), Session(engine) as writer:
            organisation(writer).name_th = "1"
            writer.commit()
    with Session(engine) as session:
        assert organisation(session).name_th == "1"


def test_a_reader_sees_one_moment_of_the_database_on_sqlite(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with reading(), Session(engine) as reader:
        before = reader.scalars(select(Organisation.id)).all()
        with writing(), Session(engine) as writer:
            writer.add(Organisation(code="n", name_th="", name_en="", family="bangkok", created_at=NOW))
            writer.commit()
        assert reader.scalars(select(Organisation.id)).all() == before
    engine.dispose()


def test_foreign_keys_hold(engine: Engine) -> None:
    with Session(engine) as session, pytest.raises(IntegrityError):
        session.add(Unit(organisation_id=999, code="u", name_th="x"))
        session.commit()


def test_sqlite_keeps_a_log_that_readers_pass(sqlite_url: str) -> None:
    session = make_session(sqlite_url)
    assert session.scalar(text("PRAGMA journal_mode")) == "wal"
    assert session.scalar(text("PRAGMA foreign_keys")) == 1
    assert session.scalar(text("PRAGMA busy_timeout")) == 15_000
    close_session(session)


def test_plain_postgresql_means_the_third_psycopg(postgres_url: str) -> None:
    assert postgres_url.startswith("postgresql://")
    session = make_session(postgres_url)
    assert session.get_bind().dialect.driver == "psycopg"
    close_session(session)
