"""Who looked at whose ratings: a person's right under the data protection law."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from idp.models.base import Base, OrganisationOwned, enum_type
from idp.rules.terms import Relation, SubjectType


class Look(OrganisationOwned, Base):
    """One viewer's looks at one record on one local day; `what` is "page", "document", "list" or "export",
    `relation` in what standing they looked. Nobody's looks at their own record are kept."""

    __tablename__ = "look"
    __table_args__ = (
        UniqueConstraint("subject_type", "subject_id", "viewer_person_id", "what", "local_day"),
        Index("ix_look_owner_person_id_local_day", "owner_person_id", "local_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_type: Mapped[SubjectType] = mapped_column(enum_type(SubjectType, "subject_type"))
    subject_id: Mapped[int]
    owner_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    viewer_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    on_behalf_of_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    relation: Mapped[Relation] = mapped_column(enum_type(Relation, "relation"))
    what: Mapped[str] = mapped_column(String(20))
    local_day: Mapped[date]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
