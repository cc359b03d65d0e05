"""Bringing a small table of reference data into line with what a seed file says."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from idp.models import Base


@dataclass(frozen=True)
class RowCounts:
    """Rows written, for the report."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: "RowCounts") -> "RowCounts":
        return RowCounts(self.added + other.added, self.changed + other.changed, self.removed + other.removed)


def sync_rows(
    session: Session, model: type[Base], key: tuple[str, ...], rows: list[dict[str, Any]], *, remove: bool
) -> RowCounts:
    """Make the table say what `rows` say: insert, update, with `remove` delete what they do not name.

    `key` names the columns that identify a row; every row has the same columns. Without `remove` a row no
    longer named stays: other tables may point to it.
    """
    table = model.__table__
    existing = {tuple(row[name] for name in key): row for row in session.execute(select(table)).mappings()}
    wanted = {tuple(row[name] for name in key): row for row in rows}
    added = [row for place, row in wanted.items() if place not in existing]
    changed = [
        {"id": existing[place]["id"], **row}
        for place, row in wanted.items()
        if place in existing and any(existing[place][name] != value for name, value in row.items())
    ]
    gone = [row["id"] for place, row in existing.items() if place not in wanted] if remove else []
    if added:
        session.execute(insert(model), added)
    if changed:
        session.execute(update(model), changed)
    if gone:
        session.execute(delete(model).where(table.c.id.in_(gone)))
    return RowCounts(len(added), len(changed), len(gone))
