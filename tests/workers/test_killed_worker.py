"""A worker killed in the middle of its work loses nothing and doubles nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from idp.adapters.clock import utc_now
from idp.adapters.queue import nudge
from idp.models import Mail, Notice, Person
from idp.models.engine import make_engine
from idp.rules.calendar import local_day
from idp.rules.terms import AssessmentState, JobState, MailState, ReportKind, SubjectType
from idp.services.digests import gather_digests
from idp.services.mails import sweep_mails
from idp.services.reports import request_report
from tests.services.outbox_cast import Cast, add_cast
from tests.workers.conftest import wait_until

MAILS = 40
UNSETTLED = (MailState.PENDING, MailState.CLAIMED, MailState.HANDING_OFF)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def session(settings) -> Iterator[Session]:
    engine = make_engine(settings.database_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def cast(session: Session) -> Cast:
    return add_cast(session)


def counts(session: Session) -> Counter[MailState]:
    rows = session.execute(select(Mail.state, func.count()).group_by(Mail.state)).all()
    session.rollback()
    return Counter(dict(rows))


def write_mails(session: Session, cast: Cast) -> None:
    now = utc_now()
    for number in range(MAILS):
        person = Person(
            title_th="นาย",
            first_name=f"คนที่{number}",
            last_name="ตัวอย่าง",
            email=f"person{number}@example.go.th",
            created_at=now,
        )
        session.add(person)
        session.flush()
        session.add(
            Notice(
                organisation_id=cast.organisation.id,
                subject_type=SubjectType.CYCLE,
                subject_id=cast.cycle.id,
                event="cycle:opened_for_owner",
                recipient_person_id=person.id,
                created_at=now - timedelta(minutes=1),
            )
        )
    session.flush()
    assert gather_digests(session, local_day(now), now - timedelta(minutes=1)) == MAILS
    session.commit()


def let_leases_expire(session: Session) -> None:
    """What the clock and the sweep would do in a few minutes."""
    session.execute(update(Mail).where(Mail.claimed_until.is_not(None)).values(claimed_until=LONG_AGO))
    sweep_mails(session, utc_now())
    session.commit()


def test_mails_are_sent_at_most_once_and_none_is_lost(settings, session, cast, smtp_server, start_worker):
    write_mails(session, cast)
    for kill_at in (8, 24):
        worker = start_worker()
        nudge("mails.send", settings=settings)
        wait_until(lambda at=kill_at: len(smtp_server.received) >= at, f"{kill_at} mails", worker.log)
        worker.kill()
        assert counts(session)[MailState.SENT] < MAILS, "killed too late to prove anything"
        let_leases_expire(session)
    worker = start_worker()
    nudge("mails.send", settings=settings)
    wait_until(lambda: not any(counts(session)[state] for state in UNSETTLED), "all settled", worker.log)
    found = counts(session)
    received = Counter(each.recipients[0] for each in smtp_server.received)
    assert max(received.values()) == 1
    assert found[MailState.SENT] + found[MailState.UNCERTAIN] == MAILS
    assert found[MailState.UNCERTAIN] <= 2  # one hand-over at most was cut off by each kill
    assert len(received) >= found[MailState.SENT]


def test_a_report_whose_worker_was_killed_is_made_by_the_next(settings, session, cast, start_worker):
    cast.put(AssessmentState.RELEASED)
    job = request_report(
        session,
        cast.actor("somchai"),
        ReportKind.ASSESSMENT_FORM,
        SubjectType.ASSESSMENT,
        cast.assessment.id,
        utc_now(),
    )
    # As a worker leaves it that was killed at its work.
    job.state, job.attempts, job.claim_token, job.claimed_until = JobState.RUNNING, 1, "dead", LONG_AGO
    session.commit()
    worker = start_worker()
    nudge("reports.run_waiting", settings=settings)

    def done() -> bool:
        session.refresh(job)
        state = job.state
        session.commit()  # on SQLite the worker waits for us to let go
        return state is JobState.DONE

    wait_until(done, "the report is done", worker.log)
    assert job.attempts == 2
    assert job.document is not None
    assert (settings.storage_dir / job.document.storage_key).read_bytes().startswith(b"%PDF")
