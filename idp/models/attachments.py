"""Files that people hand in, and the signed paper forms that were entered from them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.models.base import Base, OrganisationOwned, enum_type
from idp.rules.terms import SubjectType


class Attachment(OrganisationOwned, Base):
    """One uploaded file about a record, kept outside the web root under `storage_key`; `filename` is as it
    was named by who uploaded it."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("size > 0", name="not_empty"),
        Index("ix_attachment_subject", "subject_type", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_type: Mapped[SubjectType] = mapped_column(enum_type(SubjectType, "subject_type"))
    subject_id: Mapped[int]
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(200), unique=True)
    uploaded_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]


class PaperForm(OrganisationOwned, Base):
    """A step that somebody without a computer took on paper: who signed it, on which day, who entered it,
    with the scan."""

    __tablename__ = "paper_form"
    __table_args__ = (Index("ix_paper_form_subject", "subject_type", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_type: Mapped[SubjectType] = mapped_column(enum_type(SubjectType, "subject_type"))
    subject_id: Mapped[int]
    event: Mapped[str] = mapped_column(String(40))  # the workflow event that the form stands for
    signer_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    signed_on: Mapped[date]
    entered_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"))
    attachment: Mapped[Attachment] = relationship()
