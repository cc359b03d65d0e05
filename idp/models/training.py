"""Courses with their dates, seats and prices, and what a unit may spend on development in a year."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.models.base import Base, Hundredths, LargeHundredths, OrganisationOwned, Versioned, enum_type
from idp.rules.terms import DevelopmentMethod


class Course(OrganisationOwned, Versioned, Base):
    """A course that the organisation offers or buys. Hours are of the learner's time, the price is in baht a
    person. A retired one is no longer offered, and stays in the plans that name it."""

    __tablename__ = "course"
    __table_args__ = (
        UniqueConstraint("organisation_id", "code"),
        CheckConstraint("hours >= 0 AND price_baht >= 0", name="amounts_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    title_th: Mapped[str] = mapped_column(Text)
    provider_th: Mapped[str] = mapped_column(String(250), default="")
    detail_th: Mapped[str] = mapped_column(Text, default="")
    measure_th: Mapped[str] = mapped_column(Text, default="")  # these two a line of a plan begins with
    evidence_th: Mapped[str] = mapped_column(Text, default="")
    method: Mapped[DevelopmentMethod] = mapped_column(enum_type(DevelopmentMethod, "method"))
    hours: Mapped[int]
    price_baht: Mapped[Decimal] = mapped_column(Hundredths, default=Decimal(0))
    retired_at: Mapped[datetime | None]
    levels: Mapped[list["CourseLevel"]] = relationship(
        back_populates="course", cascade="all, delete-orphan", order_by="CourseLevel.level_id"
    )
    runs: Mapped[list["CourseRun"]] = relationship(
        back_populates="course", order_by="CourseRun.starts_on, CourseRun.id"
    )

    __mapper_args__ = {"version_id_col": Versioned.version}


class CourseLevel(Base):
    """The course develops what this level of a competency asks for."""

    __tablename__ = "course_level"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("proficiency_level.id"), primary_key=True, index=True)
    course: Mapped[Course] = relationship(back_populates="levels")


class CourseRun(Base):
    """The course once, on certain days. `price_baht` empty: the course's."""

    __tablename__ = "course_run"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("seats > 0", name="has_seats"),
        CheckConstraint("price_baht IS NULL OR price_baht >= 0", name="price_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    seats: Mapped[int]
    price_baht: Mapped[Decimal | None] = mapped_column(Hundredths)
    place_th: Mapped[str] = mapped_column(String(250), default="")
    cancelled_at: Mapped[datetime | None]
    course: Mapped[Course] = relationship(back_populates="runs")


class BudgetCeiling(OrganisationOwned, Versioned, Base):
    """What the plans of a unit and of all below it may cost in one fiscal year, in baht."""

    __tablename__ = "budget_ceiling"
    __table_args__ = (
        UniqueConstraint("organisation_id", "fiscal_year", "unit_id"),
        CheckConstraint("baht >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    baht: Mapped[Decimal] = mapped_column(LargeHundredths)

    __mapper_args__ = {"version_id_col": Versioned.version}
