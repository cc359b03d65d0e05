"""INSERT ... SELECT ... ON CONFLICT DO NOTHING, the same on both databases: sets, and harmless when run
twice."""

from typing import Any

from sqlalchemy import CursorResult, Select, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from idp.models.base import Base


def insert_missing(
    session: Session,
    table: type[Base],
    columns: list[InstrumentedAttribute[Any]],
    rows: Select[Any],
    unique: list[InstrumentedAttribute[Any]] | None = None,
) -> int:
    """Insert the rows of a SELECT whose columns stand in the order of `columns`, skipping those already
    there.

    `unique`: the columns that tell what is there already; naming them spares PostgreSQL a look at the other
    unique indexes.

    The SELECT needs a WHERE clause: without one SQLite reads ON as part of a join. Returns how many were
    new.
    """
    dialect = session.get_bind().dialect.name
    names = [column.key for column in columns]
    told_by = None if unique is None else [column.key for column in unique]
    statement = (
        sqlite.insert(table).from_select(names, rows).on_conflict_do_nothing(told_by)
        if dialect == "sqlite"
        else postgresql.insert(table).from_select(names, rows).on_conflict_do_nothing(index_elements=told_by)
    )
    result = session.execute(statement, execution_options={"preserve_rowcount": True})
    assert isinstance(result, CursorResult)
    if result.rowcount < 0:  # SQLite's driver does not count what begins with WITH
        return session.scalar(select(func.changes())) or 0
    return int(result.rowcount)
