"""Reminders and notices (the reasons) and mails (the outbox that carries them).

A reminder is unique per record, recipient, phase, step and local day; a mail per recipient, kind and local
day: planning twice is harmless, and nobody gets two digests on one day.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from idp.models.base import Base, JsonData, OrganisationOwned, enum_type
from idp.rules.terms import MailState, PhaseKind, ReminderStep, SubjectType


class Mail(OrganisationOwned, Base):
    """One digest to one person on one day. Its text is made when it is claimed; what was sent is kept."""

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("organisation_id", "recipient_person_id", "kind", "local_day"),
        Index("ix_mail_state_next_at", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # "digest"
    local_day: Mapped[date]
    state: Mapped[MailState] = mapped_column(enum_type(MailState, "state"), default=MailState.PENDING)
    address: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")
    text_body: Mapped[str] = mapped_column(Text, default="")
    html_body: Mapped[str] = mapped_column(Text, default="")
    message_id: Mapped[str] = mapped_column(String(200), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    claim_token: Mapped[str | None] = mapped_column(String(40))
    claimed_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None]
    handed_over_on: Mapped[date | None]  # the day on which it was given to the recipient on paper
    handed_over_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class Reminder(OrganisationOwned, Base):
    """Somebody owes a step on a record by a day."""

    __tablename__ = "reminder"
    __table_args__ = (
        # The phase is part of the key: HR may owe two steps of one cycle on the same day.
        UniqueConstraint("subject_type", "subject_id", "recipient_person_id", "phase", "step", "local_day"),
        Index("ix_reminder_recipient_person_id_local_day", "recipient_person_id", "local_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), index=True)
    subject_type: Mapped[SubjectType] = mapped_column(enum_type(SubjectType, "subject_type"))
    subject_id: Mapped[int]
    recipient_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    phase: Mapped[PhaseKind] = mapped_column(enum_type(PhaseKind, "phase"))
    step: Mapped[ReminderStep] = mapped_column(enum_type(ReminderStep, "step"))
    due_on: Mapped[date]
    local_day: Mapped[date]
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id"), index=True)
    created_at: Mapped[datetime]


class Notice(OrganisationOwned, Base):
    """Something happened that concerns the recipient: shown in the app at once, mailed with the day's
    digest.

    `event` names a workflow's event ("plan:return"); `detail` holds what the text needs.
    """

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_recipient_person_id_read_at", "recipient_person_id", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_type: Mapped[SubjectType] = mapped_column(enum_type(SubjectType, "subject_type"))
    subject_id: Mapped[int]
    event: Mapped[str] = mapped_column(String(60))
    recipient_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id"), index=True)
    read_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
