"""A step taken for many records at once: what was shown beforehand, and what came of each row."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from idp.models.base import Base, JsonData, OrganisationOwned, enum_type
from idp.rules.bulk import BulkAction


class BulkRun(OrganisationOwned, Base):
    """One selection with its preview. `begun_at` is set by the first who confirms, so that a second click
    does nothing twice; `finished_at` when every row has been tried."""

    __tablename__ = "bulk_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    action: Mapped[BulkAction] = mapped_column(enum_type(BulkAction, "action"))
    came_from: Mapped[str] = mapped_column(String(500), default="")  # the list's address
    text: Mapped[str] = mapped_column(Text, default="")  # the reason, note or comment for all rows
    until_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    begun_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class BulkRow(Base):
    """One record of the selection as the preview showed it: `version` is the one that may be acted on;
    `effect` says what will happen, `obstacle` why nothing can; `is_done` is None until it was tried, and
    `refusal` says why it was not done."""

    __tablename__ = "bulk_row"

    run_id: Mapped[int] = mapped_column(ForeignKey("bulk_run.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    subject_id: Mapped[int | None]  # the plan or the assessment that is acted on; None: there is no plan
    state: Mapped[str] = mapped_column(String(32), default="")
    version: Mapped[int | None]
    effect: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    obstacle: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    is_done: Mapped[bool | None]
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
