"""The release of many results at once, carried on by the workers chunk by chunk."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from idp.models.base import Base, JsonData, OrganisationOwned

UNDER_WAY = text("finished_at IS NULL")


class ReleaseRun(OrganisationOwned, Base):
    """One request to release everything that was ready at `asked_at`, of a whole cycle or of a unit with
    those below it; at most one is under way in a cycle.

    `last_assessment_id`: how far it is, in the order of the ids. `left_out`: [assessment id, reason] of those
    who could not be released.
    """

    __tablename__ = "release_run"
    __table_args__ = (
        Index(
            "uq_release_run_under_way",
            "cycle_id",
            unique=True,
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    asked_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    origin: Mapped[str] = mapped_column(String(60), default="")
    total_count: Mapped[int]
    done_count: Mapped[int] = mapped_column(default=0)
    last_assessment_id: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[list[Any]] = mapped_column(JsonData, default=list)
    finished_at: Mapped[datetime | None]
