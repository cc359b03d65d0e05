"""The calculation of a result as plain data, kept with it: a reprint years later shows the same numbers."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from idp.rules.scoring import Band, CompetencyScore, ItemScore


def explanation(
    score: CompetencyScore | None,
    item_ids: Sequence[int],
    results_score: Decimal | None,
    total_score: Decimal | None,
    bands: Sequence[Band],
) -> dict[str, Any]:
    """JSON's own types; scores and fractional levels are texts, so that they stay exact.

    Keys: method, part_weight, total (of the competency part), formula, steps, surplus_hides_gap, items (id,
    label, expected, attained, points, out_of, weight_points, part, formula), results_score, total_score,
    bands ([code, at least]). Without a score only the last three, and `items` empty.
    """
    result: dict[str, Any] = {
        "items": [],
        "results_score": _text(results_score),
        "total_score": _text(total_score),
        "bands": [[each.code, _number(each.at_least)] for each in bands],
    }
    if score is not None:
        result |= {
            "method": score.method,
            "part_weight": _number(score.part_weight),
            "total": _text(score.total),
            "formula": score.formula,
            "steps": list(score.steps),
            "surplus_hides_gap": score.surplus_hides_gap,
            "items": [_item(item_id, item) for item_id, item in zip(item_ids, score.items, strict=True)],
        }
    return result


def _item(item_id: int, item: ItemScore) -> dict[str, Any]:
    return {
        "id": item_id,
        "label": item.label,
        "expected": item.expected,
        "attained": _number(item.attained),
        "points": _number(item.points),
        "out_of": item.out_of,
        "weight_points": _text(item.weight_points),
        "part": _text(item.part),
        "formula": item.formula,
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _number(number: int | Decimal) -> int | str:
    return int(number) if number == int(number) else str(number)
