"""More time, and reopenings: asked for, granted or refused, each with its reason."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from idp.models.base import Base, JsonData, OrganisationOwned, Versioned, enum_type
from idp.rules.extensions import ExtensionKind, ExtensionState
from idp.rules.terms import PhaseKind

ASKED = text("state = 'asked'")
REOPENED = text("kind = 'reopen' AND state = 'granted'")


class Extension(OrganisationOwned, Versioned, Base):
    """For one assessment (and the plan drawn from it) or for one unit and those below it: the step `phase`
    may be done until `until_on`. `snapshot` is what a reopening found, so that it can hold again."""

    __tablename__ = "extension"
    __table_args__ = (
        CheckConstraint("(assessment_id IS NULL) <> (unit_id IS NULL)", name="person_or_unit"),
        Index("ix_extension_cycle_id_phase_state", "cycle_id", "phase", "state"),
        # Two tabs, two officers: the second request, and the second reopening, find the first.
        Index(
            "uq_extension_asked",
            "assessment_id",
            "phase",
            unique=True,
            postgresql_where=ASKED,
            sqlite_where=ASKED,
        ),
        Index(
            "uq_extension_reopened",
            "assessment_id",
            "phase",
            unique=True,
            postgresql_where=REOPENED,
            sqlite_where=REOPENED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    phase: Mapped[PhaseKind] = mapped_column(enum_type(PhaseKind, "phase"))
    kind: Mapped[ExtensionKind] = mapped_column(enum_type(ExtensionKind, "kind"))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[ExtensionState] = mapped_column(enum_type(ExtensionState, "state"))
    asked_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    decided_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    snapshot: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)

    __mapper_args__ = {"version_id_col": Versioned.version}
