"""Competency frameworks: versions, competencies, proficiency levels, behavioural indicators.

A published version never changes; editing makes a new one.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.models.base import Base, JsonData, Versioned, enum_type
from idp.rules.terms import CompetencyCategory, VersionState


class CompetencyFramework(Base):
    """`organisation_id` empty: of the library that all share and nobody edits; else the organisation's own,
    derived from one of the library or written anew. No other organisation sees it."""

    __tablename__ = "competency_framework"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)


class FrameworkVersion(Versioned, Base):
    """`based_on_version_id`: what the draft was copied from. `source_marks`: what the source document lacks
    or garbles, shown to HR, never filled in; `errata`: the corrections made while transcribing."""

    __tablename__ = "framework_version"
    __table_args__ = (UniqueConstraint("framework_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_id: Mapped[int] = mapped_column(ForeignKey("competency_framework.id"))
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(enum_type(VersionState, "state"))
    name_th: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300))
    organisation_th: Mapped[str | None] = mapped_column(String(300))
    source_note: Mapped[str] = mapped_column(Text)
    source_marks: Mapped[list[Any]] = mapped_column(JsonData, default=list)
    errata: Mapped[list[Any]] = mapped_column(JsonData, default=list)
    content_hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    based_on_version_id: Mapped[int | None] = mapped_column(ForeignKey("framework_version.id"))
    framework: Mapped[CompetencyFramework] = relationship(lazy="joined", innerjoin=True)
    competencies: Mapped[list["Competency"]] = relationship(
        back_populates="version", order_by="Competency.sort_order"
    )

    __mapper_args__ = {"version_id_col": Versioned.version}


class Competency(Base):
    """`code` is the document's own code, or our key (c1, c2, ...) where `code_is_official` is false."""

    __tablename__ = "competency"
    __table_args__ = (UniqueConstraint("framework_version_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    framework_version_id: Mapped[int] = mapped_column(ForeignKey("framework_version.id"))
    sort_order: Mapped[int]
    code: Mapped[str] = mapped_column(String(20))
    code_is_official: Mapped[bool]
    category: Mapped[CompetencyCategory] = mapped_column(enum_type(CompetencyCategory, "category"))
    name_th: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str | None] = mapped_column(String(300))
    definition_th: Mapped[str] = mapped_column(Text)
    source_marks: Mapped[list[Any]] = mapped_column(JsonData, default=list)
    version: Mapped[FrameworkVersion] = relationship(back_populates="competencies")
    levels: Mapped[list["ProficiencyLevel"]] = relationship(
        back_populates="competency", order_by="ProficiencyLevel.number"
    )


class ProficiencyLevel(Base):
    __tablename__ = "proficiency_level"
    __table_args__ = (
        UniqueConstraint("competency_id", "number"),
        CheckConstraint("number >= 0", name="number_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    number: Mapped[int]
    title_th: Mapped[str] = mapped_column(Text)
    cumulative: Mapped[bool]
    source_marks: Mapped[list[Any]] = mapped_column(JsonData, default=list)
    competency: Mapped[Competency] = relationship(back_populates="levels")
    indicators: Mapped[list["BehaviouralIndicator"]] = relationship(
        back_populates="level", order_by="BehaviouralIndicator.sort_order"
    )


class BehaviouralIndicator(Base):
    __tablename__ = "behavioural_indicator"
    __table_args__ = (UniqueConstraint("level_id", "sort_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("proficiency_level.id"))
    sort_order: Mapped[int]  # from 1
    text_th: Mapped[str] = mapped_column(Text)
    source_marks: Mapped[list[Any]] = mapped_column(JsonData, default=list)
    level: Mapped[ProficiencyLevel] = relationship(back_populates="indicators")
