"""The demonstration never touches somebody's own data, and is there whole or not at all."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from idp.demo import DemonstrationError, demo_is_there, run_demo
from idp.demo.database import begin_building, finish_building
from idp.models import Organisation
from idp.models.engine import close_session, make_session
from tests.demo.conftest import settings_in

CODES = ["office", "town"]


def add_organisation(url: str, code: str) -> None:
    session = make_session(url)
    now = datetime(2026, 11, 20, tzinfo=UTC)
    session.add(Organisation(code=code, name_th="ก", name_en="a", family="civil-service", created_at=now))
    session.commit()
    close_session(session)


def test_an_empty_or_missing_database_holds_no_demonstration(tmp_path: Path, database_url: str) -> None:
    assert not demo_is_there(database_url, CODES)
    assert not demo_is_there(f"sqlite:///{tmp_path / 'none.sqlite3'}", CODES)
    assert not (tmp_path / "none.sqlite3").exists(), "asking makes nothing"


def test_organisations_without_log_ins_are_a_building_that_was_cut_off(database_url: str) -> None:
    add_organisation(database_url, "office")
    assert not demo_is_there(database_url, CODES)
    begin_building(database_url, CODES)


def test_a_database_with_an_organisation_of_somebodys_own_is_refused(database_url: str) -> None:
    add_organisation(database_url, "office")
    add_organisation(database_url, "somebody")
    with pytest.raises(DemonstrationError, match="organisations of its own"):
        begin_building(database_url, CODES)


def test_a_building_that_is_cut_off_leaves_what_was_there(sqlite_url: str) -> None:
    add_organisation(sqlite_url, "office")
    building_url = begin_building(sqlite_url, CODES)
    assert building_url != sqlite_url
    session = make_session(sqlite_url)
    assert session.query(Organisation).count() == 1
    close_session(session)
    begin_building(sqlite_url, CODES)
    finish_building(sqlite_url)
    session = make_session(sqlite_url)
    assert session.query(Organisation).count() == 0
    close_session(session)


def test_a_file_in_use_is_not_moved_away(sqlite_url: str) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("SELECT count(*) FROM organisation").fetchone()
        with pytest.raises(DemonstrationError, match="in use"):
            begin_building(sqlite_url, CODES)


def test_a_database_in_memory_is_refused() -> None:
    with pytest.raises(DemonstrationError, match="stays"):
        begin_building("sqlite://", CODES)


@pytest.mark.parametrize("today", [date(2026, 10, 20), date(2028, 1, 1)])
def test_a_day_on_which_it_cannot_stand_is_refused(tmp_path: Path, today: date) -> None:
    with pytest.raises(DemonstrationError, match="stands on a day from"):
        run_demo(settings_in(tmp_path), today=today, quiet=True)


def test_an_unknown_organisation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DemonstrationError, match="nowhere"):
        run_demo(settings_in(tmp_path), organisations=["nowhere"], quiet=True)
