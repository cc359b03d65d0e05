"""The catalogue of development actions, mapped to levels and indicators, and the crosswalk between
frameworks."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.models.base import Base, Hundredths, enum_type
from idp.models.frameworks import ProficiencyLevel
from idp.rules.terms import CrosswalkRelation, DevelopmentMethod, VersionState


class DevelopmentAction(Base):
    """One thing to do to reach one level of one competency.

    `key` is stable over versions ("civil-service-core/c1/2/3": competency, level, position in the file); a
    changed action is a new version, the old one retired but kept for the plans that use it. Hours and
    weeks are whole numbers, the cost is in baht a person.
    """

    __tablename__ = "development_action"
    __table_args__ = (
        UniqueConstraint("level_id", "key", "number"),
        CheckConstraint("hours >= 0 AND weeks >= 0 AND cost_baht >= 0", name="amounts_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), index=True)
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(enum_type(VersionState, "state"))
    level_id: Mapped[int] = mapped_column(ForeignKey("proficiency_level.id"))
    method: Mapped[DevelopmentMethod] = mapped_column(enum_type(DevelopmentMethod, "method"))
    title_th: Mapped[str] = mapped_column(Text)
    detail_th: Mapped[str] = mapped_column(Text)
    hours: Mapped[int]
    weeks: Mapped[int]
    cost_baht: Mapped[Decimal] = mapped_column(Hundredths)
    evidence_th: Mapped[str] = mapped_column(Text)
    measure_th: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    level: Mapped[ProficiencyLevel] = relationship()


class DevelopmentActionIndicator(Base):
    """The action develops this indicator."""

    __tablename__ = "development_action_indicator"

    action_id: Mapped[int] = mapped_column(ForeignKey("development_action.id"), primary_key=True)
    indicator_id: Mapped[int] = mapped_column(
        ForeignKey("behavioural_indicator.id"), primary_key=True, index=True
    )


class CrosswalkLink(Base):
    """What the competency `to` is, seen from `from` (as in SKOS), across frameworks and versions."""

    __tablename__ = "crosswalk_link"
    __table_args__ = (UniqueConstraint("from_framework", "from_competency", "to_framework", "to_competency"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_framework: Mapped[str] = mapped_column(String(60))
    from_competency: Mapped[str] = mapped_column(String(20))
    to_framework: Mapped[str] = mapped_column(String(60))
    to_competency: Mapped[str] = mapped_column(String(20))
    relation: Mapped[CrosswalkRelation] = mapped_column(enum_type(CrosswalkRelation, "relation"))
    note_en: Mapped[str] = mapped_column(Text)
    note_th: Mapped[str] = mapped_column(Text, default="")
