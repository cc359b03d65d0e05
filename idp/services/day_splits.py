"""The levels of a round that two or more supervisors rated, each for their days, as plain data."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from idp.queries.handovers import Part, combined_levels


def split_by_days(
    parts: Sequence[Part], ratings: Mapping[int, Decimal | None]
) -> tuple[dict[int, Decimal | None], dict[str, Any]]:
    """The attained levels by item id, and how they came about; as they are, and nothing, without `parts`.

    The second is kept in the score's explanation. Keys: parts ([name, days]), items (id, levels in the order
    of the parts, attained as a text, formula).
    """
    if not parts:
        return dict(ratings), {}
    combined = combined_levels(parts, ratings)
    levels = {item_id: None if each is None else each.level for item_id, each in combined.items()}
    items = [
        {
            "id": item_id,
            "levels": [_level(part, item_id, ratings[item_id]) for part in parts],
            "attained": str(each.level),
            "formula": each.formula,
        }
        for item_id, each in combined.items()
        if each is not None
    ]
    return levels, {"parts": [[part.name, part.days] for part in parts], "items": items}


def _level(part: Part, item_id: int, own: Decimal | None) -> str:
    level = own if part.levels is None else part.levels.get(item_id)
    return "" if level is None else f"{Decimal(level).normalize():f}"
