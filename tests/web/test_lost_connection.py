"""The database goes away under the website: nothing is half done, and the next page is there again.

On PostgreSQL alone: nobody cuts the connection to a file.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from idp.models import Assignment, Handover, HistoryEntry, StaffChange
from idp.models.engine import make_engine
from tests.factories.sample import make_sample
from tests.factories.website import Website, make_website
from tests.services.change_cast import enter, fields

CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    engine = make_engine(postgres_url)
    yield engine
    engine.dispose()


@pytest.fixture
def website_there(postgres_url: str, tmp_path: Path) -> Iterator[Website]:
    yield from make_website(postgres_url, tmp_path)


def cut(engine: Engine) -> None:
    """End every other connection, as a database that is started anew does."""
    with engine.connect() as connection:
        connection.execute(CUT)


def test_the_page_after_the_cut_is_there(website_there: Website, engine: Engine) -> None:
    client = website_there.sign_in("somchai")
    assert client.get("/").status_code == 200
    cut(engine)
    assert client.get("/").status_code == 200


def test_a_change_cut_in_the_middle_leaves_nothing_and_can_be_entered_again(
    postgres_url: str, engine: Engine
) -> None:
    own = make_engine(postgres_url)
    with Session(own, expire_on_commit=False) as session:
        sample = make_sample(session)
        session.commit()
        before = session.scalar(select(func.count(Assignment.id)))
        enter(session, sample, fields())
        cut(engine)
        with pytest.raises(OperationalError):
            session.commit()
        session.rollback()
        for model in (StaffChange, Handover, HistoryEntry):
            assert session.scalar(select(func.count()).select_from(model)) == 0
        assert session.scalar(select(func.count(Assignment.id))) == before
        assert sample.assessment.supervisor_person_id == sample.cast.suda.person_id
        session.rollback()
        enter(session, sample, fields())
        session.commit()
        assert session.scalar(select(func.count(StaffChange.id))) == 1
    own.dispose()
