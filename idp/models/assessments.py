"""Assessments with their frozen snapshot, the ratings of each competency, and the gaps."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.models.base import Base, Hundredths, JsonData, OrganisationOwned, Versioned, enum_type
from idp.models.cycles import Cycle
from idp.models.frameworks import Competency
from idp.models.people import Employee
from idp.rules.terms import (
    AssessmentState,
    EmployeeOpinion,
    PersonnelType,
    RaterKind,
    SecondOpinion,
)


class FrozenPerson:
    """Who the employee was, and who rated them, when the cycle opened: what every later print shows."""

    title_th: Mapped[str] = mapped_column(String(40))
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    employee_number: Mapped[str] = mapped_column(String(40))
    personnel_type: Mapped[PersonnelType] = mapped_column(enum_type(PersonnelType, "personnel_type"))
    position_name: Mapped[str] = mapped_column(String(200))
    position_number: Mapped[str] = mapped_column(String(40))
    position_type_name: Mapped[str] = mapped_column(String(100))
    position_level_code: Mapped[str] = mapped_column(String(10))
    position_level_name: Mapped[str] = mapped_column(String(100))
    line_of_work_name: Mapped[str] = mapped_column(String(200))
    unit_path_name: Mapped[str] = mapped_column(String(600))  # from the smallest unit to the largest
    supervisor_name: Mapped[str] = mapped_column(String(250))
    supervisor_position: Mapped[str] = mapped_column(String(250))
    second_level_name: Mapped[str] = mapped_column(String(250))
    second_level_position: Mapped[str] = mapped_column(String(250))


class Assessment(FrozenPerson, OrganisationOwned, Versioned, Base):
    """One person in one cycle. The second opinion, the receipt and the employee's opinion are facts beside
    the state. Scores are written at release and never computed again."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("cycle_id", "employee_id"),
        CheckConstraint("supervisor_person_id <> owner_person_id", name="supervisor_is_another"),
        CheckConstraint("second_level_person_id <> owner_person_id", name="second_level_is_another"),
        Index("ix_assessment_cycle_id_state", "cycle_id", "state"),
        Index("ix_assessment_supervisor_person_id_state", "supervisor_person_id", "state"),
        Index("ix_assessment_second_level_person_id_state", "second_level_person_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    owner_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    supervisor_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    second_level_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[AssessmentState] = mapped_column(
        enum_type(AssessmentState, "state"), default=AssessmentState.NOT_STARTED
    )

    scoring_method: Mapped[str] = mapped_column(String(40))  # the key of one of `rules.scoring.methods`
    competency_part: Mapped[Decimal] = mapped_column(
        Hundredths
    )  # W: points that the competency part is worth
    results_score: Mapped[Decimal | None] = mapped_column(Hundredths)  # ผลสัมฤทธิ์ของงาน, already in points
    competency_score: Mapped[Decimal | None] = mapped_column(Hundredths)
    total_score: Mapped[Decimal | None] = mapped_column(Hundredths)
    band: Mapped[str | None] = mapped_column(String(40))
    score_explanation: Mapped[dict[str, Any] | None] = mapped_column(JsonData)

    self_submitted_at: Mapped[datetime | None]
    rated_at: Mapped[datetime | None]
    second_opinion_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]

    second_opinion: Mapped[SecondOpinion | None] = mapped_column(enum_type(SecondOpinion, "second_opinion"))
    second_opinion_text: Mapped[str] = mapped_column(Text, default="")
    employee_opinion: Mapped[EmployeeOpinion | None] = mapped_column(
        enum_type(EmployeeOpinion, "employee_opinion")
    )
    employee_opinion_text: Mapped[str] = mapped_column(Text, default="")
    refused_on: Mapped[date | None]
    witness_name: Mapped[str] = mapped_column(String(200), default="")
    witness_position: Mapped[str] = mapped_column(String(200), default="")

    cycle: Mapped[Cycle] = relationship()
    employee: Mapped[Employee] = relationship()
    items: Mapped[list["AssessmentItem"]] = relationship(
        back_populates="assessment", order_by="AssessmentItem.sort_order"
    )

    __mapper_args__ = {"version_id_col": Versioned.version}


class AssessmentItem(Base):
    """One competency of one assessment, with what was expected and its weight (percent, all items total
    100)."""

    __tablename__ = "assessment_item"
    __table_args__ = (
        UniqueConstraint("assessment_id", "competency_id"),
        CheckConstraint("expected_level >= 0", name="expected_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), index=True)
    sort_order: Mapped[int]
    expected_level: Mapped[int]
    weight_percent: Mapped[Decimal] = mapped_column(Hundredths)
    assessment: Mapped[Assessment] = relationship(back_populates="items")
    competency: Mapped[Competency] = relationship()
    ratings: Mapped[list["Rating"]] = relationship(back_populates="item")
    gap: Mapped["Gap | None"] = relationship(back_populates="item")


class Rating(Versioned, Base):
    """One rater's view of one competency: ticked indicators (the level is derived), or a level stated
    directly, or the mean of several raters (`average_level`) where the organisation uses one.

    `attained_level` is empty while unrated; unrated is not zero. `blocked_by` names the rung that breaks
    the ladder.
    """

    __tablename__ = "rating"
    __table_args__ = (
        UniqueConstraint("item_id", "rater_kind"),
        CheckConstraint("stated_level >= 0", name="stated_level_not_negative"),
        CheckConstraint("average_level >= 0", name="average_level_not_negative"),
        CheckConstraint("stated_level IS NULL OR average_level IS NULL", name="one_level_given"),
        CheckConstraint("attained_level >= 0", name="attained_level_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("assessment_item.id"))
    rater_kind: Mapped[RaterKind] = mapped_column(enum_type(RaterKind, "rater_kind"))
    stated_level: Mapped[int | None]
    attained_level: Mapped[Decimal | None] = mapped_column(Hundredths)
    average_level: Mapped[Decimal | None] = mapped_column(Hundredths)
    blocked_by: Mapped[int | None]
    evidence: Mapped[str] = mapped_column(Text, default="")
    rated_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime]
    item: Mapped[AssessmentItem] = relationship(back_populates="ratings")
    ticks: Mapped[list["RatingTick"]] = relationship(back_populates="rating", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": Versioned.version}


class RatingTick(Base):
    """The rater saw this indicator shown; `note` says when and how, as evidence of this one."""

    __tablename__ = "rating_tick"

    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id"), primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("behavioural_indicator.id"), primary_key=True)
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    rating: Mapped[Rating] = relationship(back_populates="ticks")


class Reconsideration(OrganisationOwned, Base):
    """The committee asks the rater to look at a rating again before its release, by the day `until_on`.

    `levels_before`: {item id: attained level as text} when it was asked. `answered_at` is when the rating
    was last handed in anew before its release, `levels_after` what it said then; what changed follows from
    comparing. `ended_at`: the request ended without an answer, because the person left the round.
    """

    __tablename__ = "reconsideration"
    __table_args__ = (
        Index(
            "uq_reconsideration_open",
            "assessment_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL AND ended_at IS NULL"),
            postgresql_where=text("answered_at IS NULL AND ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    asked_by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    until_on: Mapped[date]
    levels_before: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    levels_after: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    assessment: Mapped[Assessment] = relationship()


class Gap(Base):
    """Written at release: expected - attained. Above 0 a gap, below 0 a strength; an unrated item has no
    row."""

    __tablename__ = "gap"

    item_id: Mapped[int] = mapped_column(ForeignKey("assessment_item.id"), primary_key=True)
    expected_level: Mapped[int]
    attained_level: Mapped[Decimal] = mapped_column(Hundredths)
    gap: Mapped[Decimal] = mapped_column(Hundredths)
    item: Mapped[AssessmentItem] = relationship(back_populates="gap")
