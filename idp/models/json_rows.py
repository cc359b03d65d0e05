"""Rows handed to a statement as one bound value of JSON, the same on both databases: they never meet the
limit of bound values, and no table is made and dropped for them."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import CTE, JSON, Integer, cast, column, func, literal, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session


def json_rows(
    session: Session,
    name: str,
    numbers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    document: str | None = None,
) -> CTE:
    """Read once, as a part `name` of a statement: its columns are the whole numbers `numbers` and, last, the
    JSON column `document` when there is one, in the order of each row.

    The document arrives as the JSON columns of the models keep it.
    """
    if session.get_bind().dialect.name == "sqlite":
        if document is not None:
            rows = [(*row[:-1], json.dumps(row[-1])) for row in rows]  # the text itself, as it is kept
        each = func.json_each(json.dumps(list(rows))).table_valued("value", name=f"{name}_row")
        found: list[Any] = [
            func.json_extract(each.c.value, f"$[{place}]", type_=Integer).label(number)
            for place, number in enumerate(numbers)
        ]
        if document is not None:
            text = func.json_extract(each.c.value, f"$[{len(numbers)}]")
            found.append(type_coerce(text, JSON).label(document))
    else:
        every = cast(literal(json.dumps(list(rows))), JSONB)
        each = func.jsonb_array_elements(every).table_valued(column("value", JSONB), name=f"{name}_row")
        found = [
            cast(each.c.value.op("->>")(place), Integer).label(number) for place, number in enumerate(numbers)
        ]
        if document is not None:
            found.append(type_coerce(each.c.value.op("->")(len(numbers)), JSONB).label(document))
    return select(*found).cte(name).prefix_with("MATERIALIZED")
