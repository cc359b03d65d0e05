"""Two who write to one history at the same moment: no fork, no lost entry; and none that a seal overlooks.

In real transactions of PostgreSQL: on SQLite the second begins only when the first has ended.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from idp.models import HistoryEntry, HistorySeal
from idp.models.engine import make_engine
from idp.queries.audit import Tally, verify_history
from idp.rules.errors import StaleVersion
from idp.rules.relations import SYSTEM
from idp.rules.terms import SubjectType
from idp.services import sealing
from idp.services.history import Deed, record_history, record_history_many
from tests.factories.sample import CREATED

WRITERS, EACH = 6, 25
RECORD = (SubjectType.ORGANISATION, 1)
WAITS = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    engine = make_engine(postgres_url, pool_size=WRITERS + 2)
    yield engine
    engine.dispose()


def append(session: Session, event: str = "set_rules", subject: tuple[SubjectType, int] = RECORD) -> None:
    record_history(session, SYSTEM, subject, event, CREATED, organisation_id=None)


def assert_whole(engine: Engine, count: int) -> None:
    with Session(engine) as session:
        tally = Tally()
        assert list(verify_history(session, tally)) == []
        assert tally.entries == count


def test_many_writers_of_one_record_make_one_chain(engine: Engine) -> None:
    with Session(engine) as session:
        append(session)
        session.commit()
    together = Barrier(WRITERS)

    def write() -> int:
        together.wait()
        written = 0
        with Session(engine) as session:
            for _ in range(EACH):
                append(session)
                session.commit()
                written += 1
        return written

    with ThreadPoolExecutor(WRITERS) as threads:
        written = sum(each.result() for each in [threads.submit(write) for _ in range(WRITERS)])
    assert written == WRITERS * EACH
    assert_whole(engine, written + 1)


def test_of_two_who_begin_a_chain_at_once_the_second_is_told(engine: Engine) -> None:
    with Session(engine) as first, Session(engine) as second, ThreadPoolExecutor(1) as thread:
        append(first, "first")
        waiting = thread.submit(append, second, "second")
        while not first.scalar(WAITS):
            pass
        first.commit()
        with pytest.raises(StaleVersion):
            waiting.result()
        second.rollback()
        append(second, "again")
        second.commit()
    assert_whole(engine, 2)


def test_who_comes_second_waits_and_follows_the_first(engine: Engine) -> None:
    with Session(engine) as first, Session(engine) as second, ThreadPoolExecutor(1) as thread:
        append(first)
        first.commit()
        append(first, "first")
        waiting = thread.submit(append, second, "second")
        while not first.scalar(WAITS):
            pass
        first.commit()
        waiting.result()
        second.commit()
        events = first.scalars(select(HistoryEntry.event).order_by(HistoryEntry.sequence)).all()
        assert events == ["set_rules", "first", "second"]
    assert_whole(engine, 3)


def test_an_entry_that_is_rolled_back_leaves_no_hole_in_the_chain(engine: Engine) -> None:
    with Session(engine) as session:
        append(session)
        session.commit()
        append(session, "undone")
        session.rollback()
        append(session, "kept")
        session.commit()
        assert session.scalars(select(HistoryEntry.sequence).order_by(HistoryEntry.id)).all() == [1, 2]
    assert_whole(engine, 2)


def test_two_who_write_about_many_records_in_another_order_do_not_block_each_other(engine: Engine) -> None:
    numbers = list(range(1, 40))
    with Session(engine) as session:
        for number in numbers:
            append(session, subject=(SubjectType.ASSESSMENT, number))
        session.commit()
    together = Barrier(2)

    def write(order: list[int]) -> None:
        together.wait()
        with Session(engine) as session:
            for _ in range(10):
                deeds = [Deed(number) for number in order]
                record_history_many(
                    session, SYSTEM, SubjectType.ASSESSMENT, "release", CREATED, deeds, organisation_id=None
                )
                session.commit()

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(write, numbers), threads.submit(write, numbers[::-1])]:
            done.result()
    assert_whole(engine, len(numbers) * 21)


def test_a_seal_waits_for_an_entry_whose_number_is_given_out_already(engine: Engine) -> None:
    with Session(engine) as slow, Session(engine) as quick, ThreadPoolExecutor(1) as thread:
        append(slow)  # its id is lower, and nobody sees it yet
        append(quick, subject=(SubjectType.ORGANISATION, 2))
        quick.commit()
        begun = Event()

        def seal() -> int:
            with Session(engine) as session:
                begun.set()
                count = sealing.seal_history(session, CREATED)
                session.commit()
                return count

        sealed = thread.submit(seal)
        begun.wait()
        assert not sealed.done()
        slow.commit()
        assert sealed.result() == 2
    assert_whole(engine, 2)


def test_a_writer_who_does_not_end_puts_the_seal_off(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "PATIENCE_SECONDS", 0)
    with Session(engine) as slow, Session(engine) as session:
        append(slow)
        append(session, subject=(SubjectType.ORGANISATION, 2))
        session.commit()
        assert sealing.seal_history(session, CREATED) == 0
        slow.commit()
        assert sealing.seal_history(session, CREATED) == 2


def test_of_two_who_seal_at_once_one_seals(engine: Engine) -> None:
    with Session(engine) as session:
        append(session)
        session.commit()
    with Session(engine) as first, Session(engine) as second, ThreadPoolExecutor(1) as thread:
        assert sealing.seal_history(first, CREATED) == 1
        waiting = thread.submit(sealing.seal_history, second, CREATED)
        while not first.scalar(WAITS):
            pass
        first.commit()
        with pytest.raises(StaleVersion):
            waiting.result()
        second.rollback()
        assert len(first.scalars(select(HistorySeal)).all()) == 1
