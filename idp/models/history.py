"""The append-only history: who did what to which record, when, on whose behalf, from where."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from idp.models.base import Base, JsonData, enum_type
from idp.rules.terms import SubjectType


class HistoryEntry(Base):
    """One event. No actor means the clock or a worker; `detail` holds what changed, as data."""

    __tablename__ = "history_entry"
    __table_args__ = (Index("ix_history_entry_subject", "subject_type", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    subject_type: Mapped[SubjectType] = mapped_column(enum_type(SubjectType, "subject_type"))
    subject_id: Mapped[int]
    event: Mapped[str] = mapped_column(String(40))
    from_state: Mapped[str | None] = mapped_column(String(32))
    to_state: Mapped[str | None] = mapped_column(String(32))
    actor_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    on_behalf_of_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    origin: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
