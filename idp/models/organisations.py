"""Organisations, their tree of units, and their dated settings."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from idp.models.base import Base, JsonData, OrganisationOwned


class Organisation(Base):
    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_th: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    family: Mapped[str] = mapped_column(
        String(40)
    )  # civil-service, bangkok, local-government: whose levels apply
    created_at: Mapped[datetime]


class Unit(OrganisationOwned, Base):
    """A node of the organisation's tree. `path` is "/1/5/12/": its own id last, so that a subtree is a
    prefix."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    name_th: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    path: Mapped[str] = mapped_column(String(200), index=True, default="")


class OrganisationSetting(OrganisationOwned, Base):
    """One setting from one day on: the row with the latest `from_on` not after the day asked for holds."""

    __tablename__ = "organisation_setting"
    __table_args__ = (UniqueConstraint("organisation_id", "key", "from_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    from_on: Mapped[date]
    value: Mapped[Any] = mapped_column(JsonData)
