"""The append-only history: who did what to which record, when, on whose behalf, from where."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from idp.models.base import Base, JsonData, enum_type
from idp.rules.terms import SubjectType


class HistoryEntry(Base):
    """One event. No actor means the clock or a worker; `detail` holds what changed, as data.

    `sequence` counts a record's entries from 1; `hash` covers the entry and the hash before it, so that a
    changed, removed, inserted or reordered row is found.
    """

    __tablename__ = "history_entry"
    __table_args__ = (UniqueConstraint("subject_type", "subject_id", "sequence"),)

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
    sequence: Mapped[int]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class HistoryHead(Base):
    """The end of one record's chain: it serialises those who append, and shows when the last is gone."""

    __tablename__ = "history_head"

    subject_type: Mapped[SubjectType] = mapped_column(
        enum_type(SubjectType, "subject_type"), primary_key=True
    )
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class HistorySeal(Base):
    """One day's seal over every entry up to `last_entry_id` since the seal before; the ledger of seals can be
    stored elsewhere."""

    __tablename__ = "history_seal"
    # Of two that seal at once, one is refused: the chain of seals has no fork.
    __table_args__ = (UniqueConstraint("previous_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sealed_at: Mapped[datetime]
    first_entry_id: Mapped[int]
    last_entry_id: Mapped[int]
    entry_count: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))  # of the entries' hashes in the order of their ids
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
