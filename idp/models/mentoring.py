"""Strengths offered to colleagues: who is willing to be a mentor for what."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.models.base import Base, OrganisationOwned
from idp.models.frameworks import Competency
from idp.models.people import Employee

OFFERED = text("withdrawn_at IS NULL")


class MentorOffer(OrganisationOwned, Base):
    """An employee lets colleagues know that they would be a mentor for one competency up to `level`: by this,
    and by nothing else, an employee learns of a colleague's strength. At most `most_mentees` at a time."""

    __tablename__ = "mentor_offer"
    __table_args__ = (
        Index(
            "uq_mentor_offer_standing",
            "employee_id",
            "competency_id",
            unique=True,
            sqlite_where=OFFERED,
            postgresql_where=OFFERED,
        ),
        CheckConstraint("most_mentees > 0", name="takes_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), index=True)
    level: Mapped[int]
    most_mentees: Mapped[int] = mapped_column(default=2)
    note: Mapped[str] = mapped_column(Text, default="")
    offered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    employee: Mapped[Employee] = relationship()
    competency: Mapped[Competency] = relationship()
