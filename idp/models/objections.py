"""Objections against a result, and the corrections that a successful one adds beside it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.models.assessments import Assessment
from idp.models.base import Base, Hundredths, JsonData, OrganisationOwned, Versioned, enum_type
from idp.rules.objections import ObjectionState

LODGED = text("state = 'lodged'")


class Objection(OrganisationOwned, Versioned, Base):
    """One objection; at most one is under way for an assessment, which is frozen meanwhile. `export_job_id`
    made the whole record as it was on the day. Lodged by somebody else than the owner: entered from paper."""

    __tablename__ = "objection"
    __table_args__ = (
        Index(
            "uq_objection_lodged", "assessment_id", unique=True, sqlite_where=LODGED, postgresql_where=LODGED
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    state: Mapped[ObjectionState] = mapped_column(enum_type(ObjectionState, "state"))
    grounds: Mapped[str] = mapped_column(Text)
    lodged_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lodged_on: Mapped[date]  # the day that counts: of one that came on paper, the day it arrived
    lodged_at: Mapped[datetime]
    decision_number: Mapped[str] = mapped_column(String(100), default="")
    decision_text: Mapped[str] = mapped_column(Text, default="")
    decided_on: Mapped[date | None]
    decided_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    export_job_id: Mapped[int | None] = mapped_column(ForeignKey("report_job.id"))
    assessment: Mapped[Assessment] = relationship()
    correction: Mapped["ResultCorrection | None"] = relationship(back_populates="objection")

    __mapper_args__ = {"version_id_col": Versioned.version}


class ResultCorrection(OrganisationOwned, Base):
    """The result after a successful objection, beside the old one. `levels`: by item id (as text) what was
    decided: {"from": level or null, "to": level, "reason": text}; scores as the frozen rule gives them for
    those levels. Of several the latest holds."""

    __tablename__ = "result_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"), unique=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    decided_on: Mapped[date]
    levels: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    results_score: Mapped[Decimal | None] = mapped_column(Hundredths)
    competency_score: Mapped[Decimal | None] = mapped_column(Hundredths)
    total_score: Mapped[Decimal | None] = mapped_column(Hundredths)
    band: Mapped[str | None] = mapped_column(String(40))
    score_explanation: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    created_at: Mapped[datetime]
    objection: Mapped[Objection] = relationship(back_populates="correction")
