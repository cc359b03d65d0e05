"""The printed forms: requested by HR and made as a worker makes them, in several processes, then copied
out."""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session
from tqdm import tqdm

from idp.adapters.storage_choice import storage_for
from idp.config import Settings
from idp.demo.clockwork import OFFICE_OPENS, at
from idp.demo.errors import DemonstrationError
from idp.demo.population import Office
from idp.models import Assessment, Cycle, DevelopmentPlan, ReportJob, StoredDocument
from idp.models.engine import close_session, make_session
from idp.rules.terms import JobState, ReportKind, SubjectType
from idp.services.reports import request_report, run_report

FILE_ENDINGS = {ReportKind.PLAN_FORM: "plan", ReportKind.ASSESSMENT_FORM: "assessment"}


@dataclass(frozen=True)
class PrintRun:
    """Where the forms come from and go to. `cycle_code`: whose forms; `each`: of how many people."""

    url: str
    settings: Settings
    out: Path
    cycle_code: str
    today: date
    each: int
    quiet: bool

    @property
    def now(self) -> datetime:
        return at(self.today, OFFICE_OPENS)


def print_forms(run: PrintRun, offices: Sequence[Office]) -> int:
    """Print the plan and the assessment form of `run.each` people of every organisation, as
    ORGANISATION-NUMBER-plan.pdf and ...-assessment.pdf; returns how many files. Raises DemonstrationError."""
    session = make_session(run.url)
    try:
        jobs = {job: name for office in offices for job, name in _request(session, run, office)}
        session.commit()
        _make(run, list(jobs))
        for job_id, name in jobs.items():
            _copy(session, run, job_id, name)
    finally:
        session.rollback()
        close_session(session)
    return len(jobs)


def make_form(url: str, settings: Settings, job_id: int, now: datetime) -> JobState | None:
    """Carry out one report job; run in a process of its own kind."""

    @contextmanager
    def open_session() -> Iterator[Session]:
        session = make_session(url)
        try:
            yield session
        finally:
            close_session(session)

    return run_report(open_session, storage_for(settings), lambda: now, job_id)


def _request(session: Session, run: PrintRun, office: Office) -> Iterator[tuple[int, str]]:
    """HR asks for the forms of people spread over the organisation; nobody asks for their own."""
    rows = session.execute(
        select(Assessment.id, DevelopmentPlan.id, Assessment.employee_number, Assessment.owner_person_id)
        .join(DevelopmentPlan, DevelopmentPlan.assessment_id == Assessment.id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(Cycle.organisation_id == office.organisation_id, Cycle.code == run.cycle_code)
        .order_by(Assessment.employee_number)
    ).all()
    count = min(run.each, len(rows))
    for place in range(count):
        assessment_id, plan_id, number, owner_id = rows[place * len(rows) // count]
        actor = office.actor(office.hr_other_than(owner_id))
        for kind, subject, subject_id in (
            (ReportKind.PLAN_FORM, SubjectType.PLAN, plan_id),
            (ReportKind.ASSESSMENT_FORM, SubjectType.ASSESSMENT, assessment_id),
        ):
            job = request_report(session, actor, kind, subject, subject_id, run.now)
            yield job.id, f"{office.seed.code}-{number}-{FILE_ENDINGS[kind]}.pdf"


def _make(run: PrintRun, job_ids: Sequence[int]) -> None:
    workers = min(os.cpu_count() or 1, 4)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(make_form, run.url, run.settings, job_id, run.now) for job_id in job_ids]
        for each in tqdm(waiting, unit=" forms", desc="printed forms", file=sys.stderr, disable=run.quiet):
            each.result()


def _copy(session: Session, run: PrintRun, job_id: int, name: str) -> None:
    job = session.get_one(ReportJob, job_id)
    document = session.get(StoredDocument, job.document_id) if job.document_id else None
    if document is None:
        raise DemonstrationError(f"{name} could not be made: {job.error or job.state.value}")
    run.out.mkdir(parents=True, exist_ok=True)
    with (
        storage_for(run.settings).open(document.storage_key) as source,
        (run.out / name).open("wb") as target,
    ):
        shutil.copyfileobj(source, target)
