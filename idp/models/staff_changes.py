"""Changes of post inside a round, and how each record under way was handed over."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.models.assessments import Assessment
from idp.models.base import Base, JsonData, OrganisationOwned, Versioned, enum_type
from idp.models.people import Employee
from idp.rules.staff_changes import ChangeKind, Consequence, HandoverState


class StaffChange(OrganisationOwned, Base):
    """One change that HR recorded, from `effective_on` on (for an ending: the first day out of service), to
    `until_on` where the person comes back. `assignment_id` is the post that it led to, none where the
    employment ended or the person is away."""

    __tablename__ = "staff_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), index=True)
    kind: Mapped[ChangeKind] = mapped_column(enum_type(ChangeKind, "kind"))
    effective_on: Mapped[date]
    until_on: Mapped[date | None]
    order_number: Mapped[str] = mapped_column(String(100), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    entered_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    employee: Mapped[Employee] = relationship()
    handovers: Mapped[list["Handover"]] = relationship(back_populates="change", order_by="Handover.id")


class Handover(OrganisationOwned, Versioned, Base):
    """What a change meant for one assessment under way. With `split_by_days` the old supervisor's `levels`
    (by item id, as text) count for `days_before` of the round, the new one's for `days_after`.

    `kept_rating` is what the old supervisor had typed until then, by item id: level, ticks, evidence."""

    __tablename__ = "handover"
    __table_args__ = (
        UniqueConstraint("change_id", "assessment_id"),
        CheckConstraint("days_before >= 0 AND days_after >= 0", name="days_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("staff_change.id"))
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    consequence: Mapped[Consequence] = mapped_column(enum_type(Consequence, "consequence"))
    state: Mapped[HandoverState] = mapped_column(enum_type(HandoverState, "state"))
    from_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    to_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    days_before: Mapped[int] = mapped_column(default=0)
    days_after: Mapped[int] = mapped_column(default=0)
    kept_rating: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    statement: Mapped[str] = mapped_column(Text, default="")
    levels: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    stated_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    stated_at: Mapped[datetime | None]
    change: Mapped[StaffChange] = relationship(back_populates="handovers")
    assessment: Mapped[Assessment] = relationship()

    __mapper_args__ = {"version_id_col": Versioned.version}
