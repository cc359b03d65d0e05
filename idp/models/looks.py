"""Who looked at whose ratings: a person's right under the data protection law."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from idp.models.base import Base, OrganisationOwned, enum_type
from idp.rules.looks import LookKind
from idp.rules.terms import Relation, SubjectType


class Look(OrganisationOwned, Base):
    """One viewer's looks at one record on one local day, by what they saw it; `relation`: in what standing
    the latest was. Nobody's looks at their own record are kept."""

    __tablename__ = "look"
    __table_args__ = (
        UniqueConstraint("subject_type", "subject_id", "viewer_person_id", "what", "local_day"),
        CheckConstraint("viewer_person_id <> owner_person_id", name="viewer_is_another"),
        Index("ix_look_owner_person_id_last_at", "owner_person_id", "last_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_type: Mapped[SubjectType] = mapped_column(enum_type(SubjectType, "subject_type"))
    subject_id: Mapped[int]
    owner_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    viewer_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    on_behalf_of_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    relation: Mapped[Relation] = mapped_column(enum_type(Relation, "relation"))
    what: Mapped[LookKind] = mapped_column(enum_type(LookKind, "what"))
    local_day: Mapped[date]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
