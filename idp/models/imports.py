"""Files of rows that were handed in, with what each row would do and did."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from idp.models.base import Base, JsonData, OrganisationOwned, Versioned, enum_type
from idp.rules.imports import ImportState, RowEffect


class DataImport(OrganisationOwned, Versioned, Base):
    """One file. `kind` names the class that knows its columns; `parameters` what the file is for (a cycle,
    a day); `storage_key` where the file as handed in is kept; `header` its columns, [[text, our column's key
    or None]]; `failure` why it could not be read, as {"code", "values"}.

    `claimed_until`: a worker is at it until then; `attempts`: how often one began without getting further.
    """

    __tablename__ = "data_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[ImportState] = mapped_column(enum_type(ImportState, "state"), default=ImportState.UPLOADED)
    parameters: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(200), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    checked_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    header: Mapped[list[Any]] = mapped_column(JsonData, default=list)
    row_count: Mapped[int] = mapped_column(default=0)
    failure: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    confirmed_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)

    __mapper_args__ = {"version_id_col": Versioned.version}


class DataImportRow(Base):
    """One row as it was written (`cells`, by column), its effect and, refused, its problems
    ([{"field", "code", "values"}]); `target`: the record that it is about, by the ids that its kind needs;
    `is_done` None until it was let in, false where that failed then."""

    __tablename__ = "data_import_row"

    import_id: Mapped[int] = mapped_column(ForeignKey("data_import.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # the row of the sheet
    cells: Mapped[dict[str, Any]] = mapped_column(JsonData, default=dict)
    effect: Mapped[RowEffect] = mapped_column(enum_type(RowEffect, "effect"))
    before: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    after: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    target: Mapped[dict[str, Any] | None] = mapped_column(JsonData)
    problems: Mapped[list[Any]] = mapped_column(JsonData, default=list)
    is_done: Mapped[bool | None]
