"""Agreements at the start of the round: what is expected, signed by both."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.models.assessments import Assessment
from idp.models.base import Base, JsonData, OrganisationOwned, Versioned


class Agreement(OrganisationOwned, Versioned, Base):
    """One per assessment. `content` is what was expected (competencies, levels, weights) when the first of
    the two signed; `expected_text` the work that was agreed in words."""

    __tablename__ = "agreement"

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    expected_text: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    owner_signed_at: Mapped[datetime | None]
    supervisor_signed_at: Mapped[datetime | None]
    supervisor_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    refusal_recorded_at: Mapped[datetime | None]  # the employee would not sign: said by the supervisor
    refusal_reason: Mapped[str] = mapped_column(Text, default="")
    assessment: Mapped[Assessment] = relationship()

    __mapper_args__ = {"version_id_col": Versioned.version}
