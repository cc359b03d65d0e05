"""Evaluation cycles, their phases and the frameworks they use."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.models.base import Base, JsonData, OrganisationOwned, Versioned, enum_type
from idp.models.frameworks import FrameworkVersion
from idp.rules.terms import CompetencyCategory, CycleState, PhaseKind


class Cycle(OrganisationOwned, Versioned, Base):
    """`fiscal_year` is the Buddhist year (2569); `half` 1 or 2, or none for a whole year.

    `settings` is the organisation's settings as they were when the cycle opened: everything later reads
    these.
    """

    __tablename__ = "cycle"
    __table_args__ = (
        UniqueConstraint("organisation_id", "code"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("half IS NULL OR half IN (1, 2)", name="half_is_1_or_2"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    name_th: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    fiscal_year: Mapped[int]
    half: Mapped[int | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[CycleState] = mapped_column(enum_type(CycleState, "state"), default=CycleState.DRAFT)
    settings: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    phases: Mapped[list["Phase"]] = relationship(
        back_populates="cycle", order_by="Phase.opens_on, Phase.due_on"
    )
    frameworks: Mapped[list["CycleFramework"]] = relationship(back_populates="cycle")

    __mapper_args__ = {"version_id_col": Versioned.version}


class Phase(Base):
    """One step of a cycle: it may begin on `opens_on` and is due on `due_on` (late is possible, and
    shown)."""

    __tablename__ = "phase"
    __table_args__ = (
        UniqueConstraint("cycle_id", "kind"),
        CheckConstraint("due_on >= opens_on", name="due_after_opening"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    kind: Mapped[PhaseKind] = mapped_column(enum_type(PhaseKind, "kind"))
    opens_on: Mapped[date]
    due_on: Mapped[date]
    cycle: Mapped[Cycle] = relationship(back_populates="phases")


class CycleFramework(Base):
    """A framework version used for one category of competency: a small body may take its core from its own
    dictionary and the functional ones from another."""

    __tablename__ = "cycle_framework"
    __table_args__ = (UniqueConstraint("cycle_id", "framework_version_id", "category"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    framework_version_id: Mapped[int] = mapped_column(ForeignKey("framework_version.id"))
    category: Mapped[CompetencyCategory] = mapped_column(enum_type(CompetencyCategory, "category"))
    cycle: Mapped[Cycle] = relationship(back_populates="frameworks")
    framework_version: Mapped[FrameworkVersion] = relationship(lazy="joined", innerjoin=True)
