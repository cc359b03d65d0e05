"""HR asks for proposals for everybody with a released result; the workers' run goes on where it stood."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from idp.models import Assessment, HistoryEntry, Suggestion, SuggestionRun
from idp.rules.errors import NotPermitted, NotVisible, TransitionNotAllowed
from idp.rules.settings import OrganisationRules
from idp.rules.terms import AssessmentState, CycleState
from idp.services import suggestion_runs
from idp.services.releases import release_ready
from idp.services.suggestion_runs import begin_suggestions, continue_suggestion_runs, continue_suggestions
from tests.factories import steps
from tests.factories.sample import Sample, at, make_cycle
from tests.services.test_results import crowd

NOW = at(steps.PLAN_DAY)


@pytest.fixture
def released(session: Session, sample: Sample) -> Sample:
    """Seven people with a result and no proposal yet; Somchai has not begun."""
    ids = crowd(session, sample, range(7))
    release_ready(session, sample.cast.malee, sample.cycle.id, ids, at(steps.RELEASE_DAY))
    session.execute(delete(Suggestion))
    session.flush()
    return sample


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Suggestion)) or 0


def begin(session: Session, sample: Sample) -> SuggestionRun:
    return begin_suggestions(session, sample.cast.malee, sample.cycle.id, NOW)


def test_a_run_goes_on_chunk_by_chunk_and_counts_what_is_new(session: Session, released: Sample) -> None:
    run = begin(session, released)
    assert run.total_count == 7
    assert not continue_suggestions(session, run.id, NOW, chunk=3)
    assert (run.done_count, run.finished_at) == (3, None)
    while not continue_suggestions(session, run.id, NOW, chunk=3):
        pass
    assert continue_suggestions(session, run.id, NOW, chunk=3)  # called once more: nothing
    assert (run.done_count, run.new_count, run.finished_at) == (7, count(session), NOW)
    assert run.new_count > 0


def test_a_second_run_changes_nothing(session: Session, released: Sample) -> None:
    for _time in range(2):
        run = begin(session, released)
        while not continue_suggestions(session, run.id, NOW):
            pass
    before = session.scalars(select(Suggestion.id).order_by(Suggestion.id)).all()
    assert (run.done_count, run.new_count, len(before)) == (7, 0, count(session))


def test_who_asks_while_a_run_is_under_way_gets_that_one(session: Session, released: Sample) -> None:
    run = begin(session, released)
    assert begin(session, released).id == run.id
    while not continue_suggestions(session, run.id, NOW):
        pass
    assert begin(session, released).id != run.id
    events = session.scalars(
        select(HistoryEntry.event).where(HistoryEntry.event.like("%_suggestions")).order_by(HistoryEntry.id)
    ).all()
    assert events == ["begin_suggestions", "finish_suggestions", "begin_suggestions"]


def test_results_released_after_it_was_asked_for_are_left_to_their_release(
    session: Session, released: Sample
) -> None:
    late = session.scalars(select(Assessment).where(Assessment.state == AssessmentState.RELEASED)).first()
    assert late is not None
    late.released_at = NOW + timedelta(minutes=1)
    session.flush()
    run = begin(session, released)
    while not continue_suggestions(session, run.id, NOW):
        pass
    assert (run.total_count, run.done_count) == (6, 6)


def test_only_hr_of_the_organisation_asks_and_only_in_an_open_cycle(
    session: Session, released: Sample
) -> None:
    cast, cycle_id = released.cast, released.cycle.id
    for actor in (cast.somchai, cast.suda, cast.prasit, cast.anong):
        with pytest.raises((NotPermitted, NotVisible)):
            begin_suggestions(session, actor, cycle_id, NOW)
    with pytest.raises(NotVisible):
        begin_suggestions(session, cast.olan, cycle_id, NOW)
    released.cycle.state = CycleState.CLOSED
    session.flush()
    with pytest.raises(TransitionNotAllowed):
        begin(session, released)


def test_a_run_ends_with_its_cycle_and_nothing_is_written_into_a_closed_one(
    session: Session, released: Sample
) -> None:
    run = begin(session, released)
    assert not continue_suggestions(session, run.id, NOW, chunk=3)
    written = count(session)
    released.cycle.state = CycleState.CLOSED
    session.flush()
    assert continue_suggestions(session, run.id, NOW, chunk=3)
    assert (run.done_count, run.finished_at, count(session)) == (3, NOW, written)
    last = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert last is not None and (last.event, last.detail["count"]) == ("finish_suggestions", 3)


def test_one_run_that_fails_does_not_stop_the_later_ones(
    session: Session,
    released: Sample,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    rules = OrganisationRules()
    other = make_cycle(session, released.organisation, released.dictionary, rules, code="2569/2")
    run = begin(session, released)
    later = begin_suggestions(session, released.cast.malee, other.id, NOW)
    session.commit()

    def fail(session: Session, *_given: object, **_more: object) -> int:
        session.add(Suggestion())
        session.flush()  # the database refuses it
        raise AssertionError

    monkeypatch.setattr(suggestion_runs, "propose_in_cycle", fail)

    @contextmanager
    def open_session() -> Iterator[Session]:
        yield session

    assert continue_suggestion_runs(open_session, lambda: NOW) == 0
    assert f"suggestions {run.id}" in caplog.text
    assert (run.finished_at, run.done_count, later.finished_at) == (None, 0, NOW)
    monkeypatch.undo()
    assert continue_suggestion_runs(open_session, lambda: NOW) == 1
    assert run.finished_at == NOW


def test_a_run_cut_off_is_taken_up_by_the_next_worker(session: Session, released: Sample) -> None:
    run = begin(session, released)
    session.commit()

    @contextmanager
    def open_session() -> Iterator[Session]:
        yield session

    point = session.begin_nested()
    continue_suggestions(session, run.id, NOW, chunk=2)
    point.rollback()  # the worker died before the chunk was committed
    session.expire_all()
    assert count(session) == 0
    assert continue_suggestion_runs(open_session, lambda: NOW) == 1
    assert (run.done_count, run.new_count, run.finished_at) == (7, count(session), NOW)
    assert continue_suggestion_runs(open_session, lambda: NOW) == 0
