"""The catalogue of development actions, mapped to levels and indicators, and the crosswalk between
frameworks."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.models.base import Base, Hundredths, JsonData, OrganisationOwned, Versioned, enum_type
from idp.models.frameworks import ProficiencyLevel
from idp.rules.terms import CrosswalkRelation, DevelopmentMethod, EffectOf, VersionState


class DevelopmentAction(Versioned, Base):
    """One thing to do to reach one level of one competency.

    `key` is stable over versions ("civil-service-core/c1/2/3": competency, level, position in the file); a
    changed action is a new version, the old one retired but kept for the plans that use it. Hours and
    weeks are whole numbers, the cost is in baht a person.

    `organisation_id` empty: of the library that all share and nobody edits; else the organisation's own,
    written anew or adapted from `based_on_action_id`. No other organisation sees it.
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
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    based_on_action_id: Mapped[int | None] = mapped_column(ForeignKey("development_action.id"))
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
    published_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    level: Mapped[ProficiencyLevel] = relationship()

    __mapper_args__ = {"version_id_col": Versioned.version}


class ActionExclusion(OrganisationOwned, Base):
    """The organisation does not propose this action of the library, in whatever version."""

    __tablename__ = "action_exclusion"
    __table_args__ = (UniqueConstraint("organisation_id", "action_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_key: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text)
    by_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class DevelopmentEffect(OrganisationOwned, Base):
    """How often it helped: of `tried` people who carried it out for a gap, `helped` attained in the next
    round at least the level that they had aimed for. Counted anew by the workers, over all rounds; what is
    too few to be spoken of is suppressed where it is read (`rules.effects`)."""

    __tablename__ = "development_effect"
    __table_args__ = (
        UniqueConstraint("organisation_id", "effect_of", "key"),
        CheckConstraint("helped >= 0 AND helped <= tried", name="helped_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    effect_of: Mapped[EffectOf] = mapped_column(enum_type(EffectOf, "effect_of"))
    key: Mapped[str] = mapped_column(String(120))  # the action's key over its versions, or the method
    tried: Mapped[int]
    helped: Mapped[int]
    reckoned_at: Mapped[datetime]


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
    level_map: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    """Level of `from` (as text) -> level of `to`, or null where it must be assessed anew."""
