"""The count (bar) method of the civil service: points by how far a level is below the expected one."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from typing import ClassVar

from idp.rules.scoring.exact import Number, exact, plain, printed
from idp.rules.scoring.parts import CompetencyScore, ItemScore, RatedItem, ScoreParameters
from idp.rules.terms import ScoringMethod


class BarMethod:
    """score = sum of points / (full points x number of items) x W, rounded once; no item weights.

    A part of a level below counts as a whole one (this product's default for averages of several raters).
    """

    key: ClassVar[ScoringMethod] = ScoringMethod.BAR
    uses_weights: ClassVar[bool] = False

    def score(
        self, items: Sequence[RatedItem], part_weight: Number, parameters: ScoreParameters
    ) -> CompetencyScore:
        table = parameters.bar_points
        scored = tuple(
            ItemScore(item.label, item.expected, item.attained, self._points(item, table), table[0])
            for item in items
        )
        points = [int(item.points) for item in scored]
        total = printed(Fraction(sum(points), table[0] * len(points)) * exact(part_weight))
        added = "+".join(map(str, points))
        formula = f"({added}) ÷ ({table[0]}×{len(points)}) × {plain(part_weight)} = {total}"
        return CompetencyScore(self.key, scored, part_weight, total, formula)

    @staticmethod
    def _points(item: RatedItem, table: tuple[int, ...]) -> int:
        below = max(0, ceil(item.expected - item.attained))
        return table[min(below, len(table) - 1)]
