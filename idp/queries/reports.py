"""Report jobs as their pages show them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import ReportJob, StoredDocument
from idp.queries.digests import Subject, subjects_of
from idp.rules.terms import JobState, ReportKind

LATEST = 50


@dataclass(frozen=True)
class ReportRow:
    """One job of the reader, with what it is about."""

    id: int
    kind: ReportKind
    state: JobState
    done: int
    total: int
    error: str
    requested_at: datetime
    subject: Subject
    document_id: int | None
    filename: str
    size: int

    @property
    def is_under_way(self) -> bool:
        return self.state in (JobState.QUEUED, JobState.RUNNING)


def my_reports(
    session: Session, person_id: int, organisation_id: int | None, job_id: int | None = None
) -> tuple[ReportRow, ...]:
    """The person's latest jobs in the organisation, newest first, or the one asked for; four statements."""
    statement = (
        select(ReportJob, StoredDocument)
        .outerjoin(StoredDocument, StoredDocument.id == ReportJob.document_id)
        .where(
            ReportJob.requested_by_person_id == person_id,
            ReportJob.organisation_id == organisation_id,
        )
        .order_by(ReportJob.id.desc())
        .limit(LATEST)
    )
    if job_id is not None:
        statement = statement.where(ReportJob.id == job_id)
    found = session.execute(statement).all()
    subjects = subjects_of(session, [(job.subject_type, job.subject_id) for job, _document in found])
    return tuple(
        ReportRow(
            job.id,
            job.kind,
            job.state,
            job.done_count,
            job.total_count,
            job.error,
            job.requested_at,
            subjects.get((job.subject_type, job.subject_id))
            or Subject(job.subject_type, job.subject_id, None, "", ""),
            document.id if document else None,
            document.filename if document else "",
            document.size if document else 0,
        )
        for job, document in found
    )
