"""A worker killed while it proposes for a whole round: the next carries on where it stood, and nothing is
proposed twice.

On PostgreSQL alone: there a row that somebody holds stops the worker at a known place.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from idp.adapters.clock import utc_now
from idp.adapters.queue import nudge
from idp.config import Settings, load_settings
from idp.models import Assessment, AssessmentItem, Employee, Gap, Person, Suggestion, SuggestionRun
from idp.models.engine import make_engine
from idp.rules.terms import AssessmentState, PersonnelType
from idp.services.suggestion_runs import CHUNK, begin_suggestions
from tests.factories.sample import Sample, make_sample
from tests.workers.conftest import wait_until

PEOPLE = CHUNK + 50


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


def add_people(session: Session, sample: Sample) -> None:
    """As Somchai, each with one gap, released."""
    now = utc_now()
    like = {
        column.key: getattr(sample.assessment, column.key)
        for column in Assessment.__table__.columns
        if column.key not in ("id", "owner_person_id", "employee_id", "state", "released_at", "version")
    }
    numbers = range(PEOPLE)
    person = {"title_th": "นาย", "last_name": "ตัวอย่าง", "created_at": now}
    people = _insert(session, Person, [person | {"first_name": f"คนที่{number}"} for number in numbers])
    employee = {
        "organisation_id": sample.organisation.id,
        "personnel_type": PersonnelType.LOCAL_OFFICER,
        "hired_on": now.date(),
    }
    staff = _insert(
        session,
        Employee,
        [employee | {"person_id": each, "number": f"N{each:06}"} for each in people],
    )
    state = {"state": AssessmentState.RELEASED, "released_at": now, "version": 1}
    assessments = _insert(
        session,
        Assessment,
        [like | state | {"owner_person_id": a, "employee_id": b} for a, b in zip(people, staff, strict=True)],
    )
    item = {
        "competency_id": sample.dictionary.competencies["c1"].id,
        "sort_order": 1,
        "expected_level": 3,
        "weight_percent": 100,
    }
    items = _insert(session, AssessmentItem, [item | {"assessment_id": each} for each in assessments])
    gap = {"expected_level": 3, "attained_level": 2, "gap": 1}
    session.execute(insert(Gap), [gap | {"item_id": each} for each in items])
    session.commit()


def _insert(session: Session, table, rows: list) -> list[int]:
    return list(session.scalars(insert(table).returning(table.id, sort_by_parameter_order=True), rows))


def count(session: Session, *criteria) -> int:
    found = session.scalar(select(func.count()).select_from(Suggestion).where(*criteria)) or 0
    session.rollback()
    return found


def run_of(session: Session) -> SuggestionRun:
    session.expire_all()
    return session.scalars(select(SuggestionRun)).one()


def is_finished(session: Session) -> bool:
    found = run_of(session).finished_at is not None
    session.rollback()
    return found


def test_a_worker_killed_between_two_chunks_is_carried_on(settings, session, start_worker):
    sample = make_sample(session)
    session.commit()
    add_people(session, sample)
    last_item = session.scalar(select(func.max(AssessmentItem.id)))
    begin_suggestions(session, sample.cast.malee, sample.cycle.id, utc_now())
    session.commit()

    # Somebody holds an item of the second chunk: a proposal for it has to wait, and there the worker dies.
    with Session(session.get_bind()) as holding:
        holding.execute(text("SELECT id FROM assessment_item WHERE id = :id FOR UPDATE"), {"id": last_item})
        worker = start_worker()
        nudge("suggestions.carry_on", settings=settings)
        wait_until(lambda: count(session) == 3 * CHUNK, "the first chunk", worker.log)
        worker.kill()
        holding.rollback()
    assert (run_of(session).done_count, run_of(session).new_count) == (CHUNK, 3 * CHUNK)
    session.rollback()
    assert not is_finished(session)

    worker = start_worker()
    nudge("suggestions.carry_on", settings=settings)
    wait_until(lambda: is_finished(session), "all proposed", worker.log)
    run = run_of(session)
    assert (run.done_count, run.new_count, run.total_count) == (PEOPLE, 3 * PEOPLE, PEOPLE)
    assert count(session) == 3 * PEOPLE
