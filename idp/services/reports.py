"""Report jobs: requested by a person, made by a worker that holds the job, tried three times at most.

A worker that dies leaves a lease that expires; another then takes the job up. Documents are kept under a key
made from the job, so that a second try replaces the first and leaves nothing behind.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Update, and_, or_, select, update
from sqlalchemy.orm import Session

from idp.adapters.storage import Storage, StoredFile
from idp.models import Assessment, Cycle, DevelopmentPlan, Organisation, ReportJob, StoredDocument
from idp.models.engine import reading
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, NotVisible
from idp.rules.relations import Actor
from idp.rules.terms import JobState, ReportKind, SubjectType
from idp.services.documents import SUBJECTS, check_parameters, check_subject
from idp.services.report_making import make_report, render_subject

LEASE = timedelta(minutes=10)
RETRY_AFTER = timedelta(minutes=1)
MOST_ATTEMPTS = 3
LONGEST_REASON = 500
PARAMETERS = frozenset({"unit_id", "version"})

OpenSession = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]


class ClaimLost(Exception):
    """The lease ended and another worker has the job: stop, and write nothing more."""


@dataclass(frozen=True)
class Claim:
    """A job that this worker alone may carry out, while it renews the lease."""

    job_id: int
    token: str
    attempts: int


def request_report(
    session: Session,
    actor: Actor,
    kind: ReportKind,
    subject_type: SubjectType,
    subject_id: int,
    now: datetime,
    parameters: Mapping[str, Any] | None = None,
) -> ReportJob:
    """Put a job into the queue.

    `parameters`: unit_id (only that unit and those below it), version (of a plan), both numbers. Raises
    NotVisible, NotPermitted, and InvalidInput for a subject that the kind of report is not about.
    """
    day = local_day(now)
    if SUBJECTS[kind] is not subject_type:
        raise InvalidInput("subject_type", "wrong_subject")
    for name, value in (parameters or {}).items():
        if name not in PARAMETERS or not isinstance(value, int):
            raise InvalidInput(name, "wrong_value")
    organisation_id = check_subject(session, actor, kind, subject_id, day)
    check_parameters(session, organisation_id, subject_id, parameters or {})
    if actor.person_id is None:
        raise InvalidInput("actor", "person_needed")
    job = ReportJob(
        organisation_id=organisation_id,
        kind=kind,
        subject_type=subject_type,
        subject_id=subject_id,
        # The day goes onto the form: fixed here, so that every try makes the same bytes.
        parameters={**(parameters or {}), "printed_on": day.isoformat()},
        requested_by_person_id=actor.person_id,
        requested_at=now,
    )
    session.add(job)
    session.flush()
    return job


def due_reports(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Jobs that wait for a worker, also those of workers that died, oldest first."""
    statement = select(ReportJob.id).where(_claimable(now)).order_by(ReportJob.id).limit(limit)
    return list(session.scalars(statement))


def run_report(open_session: OpenSession, storage: Storage, clock: Clock, job_id: int) -> JobState | None:
    """Carry out one job to its end; the state it ended in, None when it was not to be had.

    Opens sessions of its own: progress is committed as it is made, and a fault is written down after the work
    was undone.
    """
    with open_session() as session:
        claim = claim_report(session, job_id, clock())
        session.commit()
    if claim is None:
        return None
    try:
        made = _make(open_session, storage, clock, claim)
    except ClaimLost:
        return None
    except Exception as error:  # whatever it is, the person who waits is told
        with open_session() as session:
            state = give_back(session, claim, clock(), f"{type(error).__name__}: {error}")
            session.commit()
        return state
    with open_session() as session:
        finished = finish_report(session, claim, clock(), *made)
        session.commit()
    return JobState.DONE if finished else None


def _make(
    open_session: OpenSession, storage: Storage, clock: Clock, claim: Claim
) -> tuple[str, str, str, StoredFile]:
    def report_progress(done: int, total: int) -> None:
        with open_session() as writing:
            if not renew(writing, claim, clock(), done, total):
                raise ClaimLost
            writing.commit()

    with reading(), open_session() as session:
        job = session.get_one(ReportJob, claim.job_id)
        session.expunge(job)
    return make_report(open_session, storage, job, report_progress)


def claim_report(session: Session, job_id: int, now: datetime) -> Claim | None:
    """Take a job that waits or whose worker died; None when there is nothing to take. The caller commits."""
    sweep_reports(session, now)
    token = secrets.token_hex(16)
    attempts = session.scalar(
        update(ReportJob)
        .where(ReportJob.id == job_id, _claimable(now))
        .values(
            state=JobState.RUNNING,
            claim_token=token,
            claimed_until=now + LEASE,
            attempts=ReportJob.attempts + 1,
            done_count=0,
        )
        .returning(ReportJob.attempts)
        .execution_options(synchronize_session=False)
    )
    return None if attempts is None else Claim(job_id, token, attempts)


def sweep_reports(session: Session, now: datetime) -> int:
    """Fail the jobs whose last try died with its worker; how many."""
    return _count(
        session,
        update(ReportJob)
        .where(
            ReportJob.state == JobState.RUNNING,
            ReportJob.claimed_until <= now,
            ReportJob.attempts >= MOST_ATTEMPTS,
        )
        .values(_ended(JobState.FAILED, now) | {"error": "the worker died each time"}),
    )


def renew(session: Session, claim: Claim, now: datetime, done: int, total: int) -> bool:
    """Write the progress and hold the job longer; False when it is no longer ours."""
    values = {"done_count": min(done, total), "total_count": total, "claimed_until": now + LEASE}
    return _count(session, _ours(claim).values(values)) == 1


def give_back(session: Session, claim: Claim, now: datetime, reason: str) -> JobState:
    """After a fault: to be tried again a little later, or failed after the last try, with the reason."""
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if claim.attempts >= MOST_ATTEMPTS:
        _count(session, _ours(claim).values(_ended(JobState.FAILED, now) | {"error": reason}))
        return JobState.FAILED
    values = {
        "state": JobState.QUEUED,
        "error": reason,
        "claim_token": None,
        "claimed_until": now + RETRY_AFTER * claim.attempts,
    }
    _count(session, _ours(claim).values(values))
    return JobState.QUEUED


def finish_report(
    session: Session,
    claim: Claim,
    now: datetime,
    filename: str,
    media_type: str,
    key: str,
    stored: StoredFile,
) -> bool:
    """Record the document and end the job; False when the job is no longer ours."""
    ended = _ended(JobState.DONE, now) | {"error": "", "done_count": ReportJob.total_count}
    if _count(session, _ours(claim).values(ended)) == 0:
        return False
    job = session.get_one(ReportJob, claim.job_id, populate_existing=True)
    document = session.scalar(select(StoredDocument).where(StoredDocument.storage_key == key))
    if document is None:
        document = StoredDocument(
            organisation_id=job.organisation_id,
            kind=job.kind,
            subject_type=job.subject_type,
            subject_id=job.subject_id,
            storage_key=key,
            created_by_person_id=job.requested_by_person_id,
        )
        session.add(document)
    document.filename, document.media_type = filename, media_type
    document.size, document.sha256, document.created_at = stored.size, stored.sha256, now
    session.flush()
    job.document_id = document.id
    session.flush()
    return True


def render_form(
    session: Session,
    kind: ReportKind,
    organisation_code: str,
    employee_number: str,
    cycle_code: str,
    printed_on: date,
) -> bytes:
    """One form as a PDF, for the command line. Raises NotVisible when there is no such record."""
    of_employee = (
        select(Assessment.id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .join(Organisation, Organisation.id == Assessment.organisation_id)
        .where(
            Organisation.code == organisation_code,
            Cycle.code == cycle_code,
            Assessment.employee_number == employee_number,
        )
    )
    if kind is ReportKind.PLAN_FORM:
        of_employee = select(DevelopmentPlan.id).where(DevelopmentPlan.assessment_id.in_(of_employee))
    subject_id = session.scalar(of_employee)
    if subject_id is None or kind not in (ReportKind.ASSESSMENT_FORM, ReportKind.PLAN_FORM):
        raise NotVisible
    return render_subject(session, kind, subject_id, printed_on)


def _claimable(now: datetime) -> ColumnElement[bool]:
    return and_(
        ReportJob.attempts < MOST_ATTEMPTS,
        or_(
            and_(
                ReportJob.state == JobState.QUEUED,
                or_(ReportJob.claimed_until.is_(None), ReportJob.claimed_until <= now),
            ),
            and_(ReportJob.state == JobState.RUNNING, ReportJob.claimed_until <= now),
        ),
    )


def _ours(claim: Claim) -> Update:
    return update(ReportJob).where(
        ReportJob.id == claim.job_id,
        ReportJob.claim_token == claim.token,
        ReportJob.state == JobState.RUNNING,
    )


def _ended(state: JobState, now: datetime) -> dict[str, Any]:
    return {"state": state, "claim_token": None, "claimed_until": None, "finished_at": now}


def _count(session: Session, statement: Update) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
