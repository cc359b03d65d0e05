"""What somebody typed into a long form and has not sent yet: kept for them alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from idp.models.base import Base, JsonData


class TypedDraft(Base):
    """`form_key` is the address that the form is sent to; `content` its fields as (name, value) pairs, and
    `based_on_version` the record's version that it was drawn from."""

    __tablename__ = "typed_draft"
    __table_args__ = (UniqueConstraint("person_id", "form_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    form_key: Mapped[str] = mapped_column(String(200))
    content: Mapped[list[Any]] = mapped_column(JsonData)
    based_on_version: Mapped[int | None]
    updated_at: Mapped[datetime] = mapped_column(index=True)
