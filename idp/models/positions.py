"""Position types and levels, lines of work, and what each position is expected to show."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.models.base import Base, Hundredths, OrganisationOwned, Versioned, enum_type
from idp.models.frameworks import Competency
from idp.rules.terms import CompetencyCategory


class PositionLevel(Base):
    """One rung of a position type (K2 = วิชาการ ชำนาญการ), or a group of staff without levels.

    `family` says where it exists (civil-service, bangkok, local-government); codes are unique in the
    deployment: a level shared by families stands once with its families listed.
    """

    __tablename__ = "position_level"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(10), unique=True)
    families: Mapped[str] = mapped_column(String(120))  # codes joined by spaces
    type_name_th: Mapped[str] = mapped_column(String(100))
    type_name_en: Mapped[str] = mapped_column(String(100))
    name_th: Mapped[str] = mapped_column(String(100))  # "" for a group without levels
    name_en: Mapped[str] = mapped_column(String(100))
    sort_order: Mapped[int]


class ExpectedLevelDefault(Base):
    """The seeded table: in a family, for a category of competency and a position level, the level
    expected.

    `source` is "doc" (read in a public document) or "default" (this product's own); an organisation's
    profiles start from it.
    """

    __tablename__ = "expected_level_default"
    __table_args__ = (UniqueConstraint("family", "category", "position_level_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    family: Mapped[str] = mapped_column(String(40))
    category: Mapped[CompetencyCategory] = mapped_column(enum_type(CompetencyCategory, "category"))
    position_level_id: Mapped[int] = mapped_column(ForeignKey("position_level.id"))
    level: Mapped[int]
    source: Mapped[str] = mapped_column(String(10))


class LineOfWork(Base):
    """A line of work (สายงาน), with the functional competencies that our example profiles give it."""

    __tablename__ = "line_of_work"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name_th: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))


class LineOfWorkCompetency(Base):
    """An example: this functional competency suits this line of work (ตัวอย่าง)."""

    __tablename__ = "line_of_work_competency"
    __table_args__ = (UniqueConstraint("line_of_work_id", "framework_code", "competency_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_of_work_id: Mapped[int] = mapped_column(ForeignKey("line_of_work.id"))
    framework_code: Mapped[str] = mapped_column(String(60))
    competency_code: Mapped[str] = mapped_column(String(20))
    label_th: Mapped[str] = mapped_column(String(60))


class PositionProfile(OrganisationOwned, Versioned, Base):
    """What an organisation expects of a position level (core, `line_of_work_id` empty) or of a line of
    work at a position level (functional), from one day to another. A person's profile is both together."""

    __tablename__ = "position_profile"
    __table_args__ = (
        UniqueConstraint("organisation_id", "line_of_work_id", "position_level_id", "from_on"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_of_work_id: Mapped[int | None] = mapped_column(ForeignKey("line_of_work.id"), index=True)
    position_level_id: Mapped[int] = mapped_column(ForeignKey("position_level.id"), index=True)
    label_th: Mapped[str] = mapped_column(String(60), default="")  # "ตัวอย่าง" where the profile is ours
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    expected_levels: Mapped[list["ExpectedLevel"]] = relationship(back_populates="profile")

    __mapper_args__ = {"version_id_col": Versioned.version}


class ExpectedLevel(Base):
    """One competency of a profile: the level expected (ระดับที่คาดหวัง). `weight` is a share, made to
    total 100 % of a person's competencies when a cycle opens; equal where nobody set one."""

    __tablename__ = "expected_level"
    __table_args__ = (
        UniqueConstraint("profile_id", "competency_id"),
        CheckConstraint("level >= 0", name="level_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("position_profile.id"))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), index=True)
    level: Mapped[int]
    weight: Mapped[Decimal | None] = mapped_column(Hundredths)
    profile: Mapped[PositionProfile] = relationship(back_populates="expected_levels")
    competency: Mapped[Competency] = relationship()


class PositionOverride(OrganisationOwned, Versioned, Base):
    """For the one position of this number another level or weight than its profile's, with the reason, from
    one day to another; a competency that the profile does not name is expected besides. `is_withdrawn`: taken
    back before its first day, and never in force."""

    __tablename__ = "position_override"
    __table_args__ = (
        UniqueConstraint(
            "organisation_id",
            "position_number",
            "competency_id",
            "from_on",
            name="uq_position_override_position_competency_from_on",
        ),
        CheckConstraint("level >= 0", name="level_not_negative"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    position_number: Mapped[str] = mapped_column(String(40))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"), index=True)
    level: Mapped[int]
    weight: Mapped[Decimal | None] = mapped_column(Hundredths)
    reason: Mapped[str] = mapped_column(Text)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    entered_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    competency: Mapped[Competency] = relationship()

    __mapper_args__ = {"version_id_col": Versioned.version}
