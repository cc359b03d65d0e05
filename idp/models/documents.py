"""Report jobs and the documents they store."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.models.base import Base, JsonData, OrganisationOwned, enum_type
from idp.rules.terms import JobState, ReportKind, SubjectType


class StoredDocument(OrganisationOwned, Base):
    """A file in the storage, outside the web root; served only to those who may see its subject."""

    __tablename__ = "stored_document"
    __table_args__ = (Index("ix_stored_document_subject", "subject_type", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ReportKind] = mapped_column(enum_type(ReportKind, "kind"))
    subject_type: Mapped[SubjectType] = mapped_column(enum_type(SubjectType, "subject_type"))
    subject_id: Mapped[int]
    filename: Mapped[str] = mapped_column(String(250))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]
    created_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ReportJob(OrganisationOwned, Base):
    """A request for documents, claimed by a worker with a lease; progress is in the row."""

    __tablename__ = "report_job"
    __table_args__ = (
        CheckConstraint("done_count >= 0 AND done_count <= total_count", name="progress_in_range"),
        Index("ix_report_job_state_claimed_until", "state", "claimed_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ReportKind] = mapped_column(enum_type(ReportKind, "kind"))
    subject_type: Mapped[SubjectType] = mapped_column(enum_type(SubjectType, "subject_type"))
    subject_id: Mapped[int]
    parameters: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    state: Mapped[JobState] = mapped_column(enum_type(JobState, "state"), default=JobState.QUEUED)
    total_count: Mapped[int] = mapped_column(default=1)
    done_count: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    claim_token: Mapped[str | None] = mapped_column(String(40))
    claimed_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("stored_document.id"))
    requested_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    requested_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    document: Mapped[StoredDocument | None] = relationship()
