"""Many results released: those who cannot be are named, the others go on; the workers' run goes on where it
stood."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import Assessment, HistoryEntry, Notice, ReleaseRun
from idp.queries.releases import latest_run, unready
from idp.rules.errors import NotPermitted, NotVisible, StaleVersion, TransitionNotAllowed
from idp.rules.terms import AssessmentState, CycleState
from idp.services.releases import (
    begin_release,
    continue_release,
    continue_releases,
    release_ready,
)
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.services.test_results import crowd

NOW = at(steps.RELEASE_DAY)


def released(session: Session) -> int:
    session.expire_all()
    return (
        session.scalar(
            select(func.count()).select_from(Assessment).where(Assessment.state == AssessmentState.RELEASED)
        )
        or 0
    )


def test_who_cannot_be_released_is_named_with_the_reason_and_the_others_go_on(
    session: Session, sample: Sample
) -> None:
    ids = crowd(session, sample, range(5))
    chosen = [*ids, sample.assessment.id]  # Somchai has not begun
    with pytest.raises(NotVisible):
        release_ready(session, sample.cast.malee, sample.cycle.id, [*chosen, 99_999], NOW)
    outcome = release_ready(session, sample.cast.malee, sample.cycle.id, chosen, NOW)
    assert outcome.released == 5 and released(session) == 5
    assert [(each.assessment_id, each.reason) for each in outcome.left_out] == [
        (sample.assessment.id, "not_started")
    ]
    again = release_ready(session, sample.cast.malee, sample.cycle.id, ids, NOW)
    assert again.released == 0 and {each.reason for each in again.left_out} == {"released"}


def test_only_hr_of_the_organisation_releases(session: Session, sample: Sample) -> None:
    ids = crowd(session, sample, range(2))
    cast, cycle_id = sample.cast, sample.cycle.id
    for actor in (cast.somchai, cast.suda, cast.prasit, cast.anong, cast.olan):
        with pytest.raises((NotPermitted, NotVisible)):
            release_ready(session, actor, cycle_id, ids, NOW)
        with pytest.raises((NotPermitted, NotVisible)):
            begin_release(session, actor, cycle_id, 2, NOW)
    assert released(session) == 0


def test_a_run_goes_on_chunk_by_chunk_and_tells_each_person_once(session: Session, sample: Sample) -> None:
    ids = crowd(session, sample, range(7))
    run = begin_release(session, sample.cast.malee, sample.cycle.id, len(ids), NOW)
    later = crowd(session, sample, range(20, 21))  # became ready after it was asked for
    session.get_one(Assessment, later[0]).second_opinion_at = NOW + timedelta(minutes=1)
    session.flush()
    assert not continue_release(session, run.id, NOW, chunk=3)
    page = latest_run(session, sample.cycle.id, 10)
    assert page is not None and (page.done, page.total, page.is_under_way) == (3, 7, True)
    while not continue_release(session, run.id, NOW, chunk=3):
        pass
    assert continue_release(session, run.id, NOW, chunk=3)  # called once more: nothing
    assert released(session) == 7
    assert session.get_one(Assessment, later[0]).state is AssessmentState.SECOND_OPINION
    told = session.scalars(
        select(Notice.subject_id).where(
            Notice.event == "assessment:release",
            Notice.recipient_person_id != sample.cast.suda.person_id,
        )
    ).all()
    assert sorted(told) == sorted(ids)
    by = session.scalars(
        select(HistoryEntry.actor_person_id).where(HistoryEntry.event == "release").distinct()
    ).all()
    assert list(by) == [sample.cast.malee.person_id]


def test_one_run_at_a_time_in_an_open_cycle(session: Session, sample: Sample) -> None:
    begin_release(session, sample.cast.malee, sample.cycle.id, 1, NOW)
    with session.begin_nested() as point:
        with pytest.raises(StaleVersion):
            begin_release(session, sample.cast.malee, sample.cycle.id, 1, NOW)
        point.rollback()
    sample.cycle.state = CycleState.CLOSED
    session.flush()
    with pytest.raises(TransitionNotAllowed):
        begin_release(session, sample.cast.malee, sample.cycle.id, 1, NOW)


def test_a_run_cut_off_is_taken_up_by_the_next_worker(session: Session, sample: Sample) -> None:
    ids = crowd(session, sample, range(4))
    run = begin_release(session, sample.cast.malee, sample.cycle.id, len(ids), NOW)
    session.commit()

    @contextmanager
    def open_session() -> Iterator[Session]:
        yield session

    point = session.begin_nested()
    continue_release(session, run.id, NOW, chunk=2)
    point.rollback()  # the worker died before the chunk was committed
    session.expire_all()
    assert released(session) == 0
    assert continue_releases(open_session, lambda: NOW) == 1
    assert released(session) == 4
    finished = session.get_one(ReleaseRun, run.id)
    assert finished.finished_at == NOW and finished.done_count == 4 and finished.left_out == []
    assert continue_releases(open_session, lambda: NOW) == 0


def test_who_is_not_ready_is_listed_with_where_they_stand(session: Session, sample: Sample) -> None:
    crowd(session, sample, range(2))
    rows, count = unready(session, sample.cycle.id, sample.unit.id, 10)
    assert count == 1
    assert [(row.assessment_id, row.name, row.reason) for row in rows] == [
        (sample.assessment.id, "นายสมชาย ใจดี", "not_started")
    ]
