"""A worker killed while it lets a file in: the next carries on where it stood, and nothing is done twice.

On PostgreSQL alone: there a row that somebody holds stops the worker at a known place.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from idp.adapters.clock import utc_now
from idp.adapters.queue import nudge
from idp.adapters.spreadsheets import write_csv
from idp.adapters.storage import LocalFolder
from idp.config import Settings, load_settings
from idp.models import Assessment, DataImport, DataImportRow, HistoryEntry, Person
from idp.models.engine import make_engine
from idp.rules.imports import ImportState
from idp.rules.terms import AssessmentState
from idp.services.attachments import Upload, UploadDesk
from idp.services.imports.applying import confirm
from idp.services.imports.intake import hand_in
from idp.services.imports.kinds.results import ResultsPart
from tests.services.outbox_cast import Cast, add_assessment, add_cast
from tests.workers.conftest import wait_until

CHUNK = ResultsPart.chunk or 0
PEOPLE = CHUNK + 10
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path, postgres_url, redis_url, smtp_server) -> Settings:
    return load_settings(
        {},
        data_dir=tmp_path / "data",
        database_url=postgres_url,
        redis_url=redis_url,
        mail_url=smtp_server.url,
    )


@pytest.fixture
def session(settings) -> Iterator[Session]:
    engine = make_engine(settings.database_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def people(session: Session, cast: Cast) -> list[str]:
    numbers = []
    for number in range(PEOPLE):
        person = Person(title_th="นาย", first_name=f"คนที่{number}", last_name="ตัวอย่าง", created_at=utc_now())
        session.add(person)
        session.flush()
        numbers.append(f"2{number:04}")
        add_assessment(session, cast.organisation, cast.cycle, cast.unit, person, numbers[-1])
    session.execute(update(Assessment).values(state=AssessmentState.RATING))
    session.commit()
    return numbers


def hand_in_scores(session: Session, settings: Settings, cast: Cast, numbers: list[str]) -> int:
    header = ("เลขประจำตัว", "คะแนนผลสัมฤทธิ์ของงาน")
    content = write_csv(header, [(number, Decimal(9)) for number in numbers])
    handed = hand_in(
        session,
        UploadDesk(LocalFolder(settings.storage_dir), 10),
        cast.actor("malee"),
        "results",
        {"cycle": str(cast.cycle.id)},
        Upload("คะแนน.csv", io.BytesIO(content)),
        utc_now(),
    )
    session.commit()
    return handed.id


def state(session: Session, import_id: int) -> ImportState:
    found = session.scalars(select(DataImport.state).where(DataImport.id == import_id)).one()
    session.rollback()
    return found


def done(session: Session) -> int:
    count = session.scalar(
        select(func.count()).select_from(DataImportRow).where(DataImportRow.is_done.is_(True))
    )
    session.rollback()
    return count or 0


def test_a_worker_killed_between_two_chunks_is_carried_on(settings, session, start_worker):
    cast = add_cast(session)
    numbers = people(session, cast)
    import_id = hand_in_scores(session, settings, cast, numbers)
    worker = start_worker()
    nudge("imports.carry_on", settings=settings)
    wait_until(lambda: state(session, import_id) is ImportState.CHECKED, "the dry run", worker.log)

    # Somebody holds a person of the second chunk: there the worker has to wait, and dies.
    with Session(session.get_bind()) as holding:
        held = select(Assessment).where(Assessment.employee_number == numbers[-1]).with_for_update()
        assert holding.scalars(held).one()
        confirm(session, cast.actor("malee"), import_id, utc_now())
        session.commit()
        nudge("imports.carry_on", settings=settings)
        wait_until(lambda: done(session) == CHUNK, "the first chunk", worker.log)
        worker.kill()
        holding.rollback()
    assert state(session, import_id) is ImportState.APPLYING
    assert done(session) == CHUNK

    session.execute(update(DataImport).values(claimed_until=LONG_AGO))  # as the clock would
    session.commit()
    worker = start_worker()
    nudge("imports.carry_on", settings=settings)
    wait_until(lambda: state(session, import_id) is ImportState.APPLIED, "all let in", worker.log)
    assert done(session) == PEOPLE
    entries = select(func.count()).where(HistoryEntry.event == "enter_results_score")
    assert session.scalar(entries) == PEOPLE
    written = select(func.count()).where(Assessment.results_score == Decimal(9))
    assert session.scalar(written) == PEOPLE
