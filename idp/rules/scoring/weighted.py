"""What the methods with item weights share: each item's weighted part is printed, the total is their sum."""

from collections.abc import Sequence
from decimal import Decimal

from idp.rules.scoring.exact import Number, exact, plain, printed
from idp.rules.scoring.parts import CompetencyScore, ItemScore, RatedItem


def weighted_item(item: RatedItem, points: Number, out_of: int, part_weight: Number) -> ItemScore:
    """part = points x weight % / out_of x W, rounded once, from the exact weight and not the printed."""
    weight = exact(item.weight_percent) / 100 * exact(part_weight)
    part = printed(exact(points) * weight / out_of)
    return ItemScore(
        label=item.label,
        expected=item.expected,
        attained=item.attained,
        points=points,
        out_of=out_of,
        weight_points=printed(weight),
        part=part,
        formula=(
            f"{plain(points)} × {plain(item.weight_percent)}% ÷ {out_of} × {plain(part_weight)} = {part}"
        ),
    )


def weighted_score(method: str, items: Sequence[ItemScore], part_weight: Number) -> CompetencyScore:
    """The sum of the printed parts: whoever adds up the form's column gets the form's total."""
    parts = [item.part for item in items if item.part is not None]
    total = sum(parts, Decimal("0.00"))
    formula = f"{' + '.join(map(str, parts))} = {total}"
    return CompetencyScore(method, tuple(items), part_weight, total, formula)
