"""The comparison table of Bangkok, whose shape local government uses too: points looked up, weighted."""

from collections.abc import Sequence
from math import floor
from typing import ClassVar

from idp.rules.scoring.exact import Number
from idp.rules.scoring.parts import ComparisonTable, CompetencyScore, NotInTable, RatedItem, ScoreParameters
from idp.rules.scoring.weighted import weighted_item, weighted_score
from idp.rules.terms import ScoringMethod


class ComparisonTableMethod:
    """points = table[expected][attained]; score = sum(points x weight %) / 5 x W, each item's part printed.

    An attained level beyond the row counts as its last one (Bangkok: above 5 counts as 5), so does an
    expected level above the table's last row; an average counts as the whole level reached (both this
    product's default). Raises NotInTable for an expected level that is otherwise missing.
    """

    key: ClassVar[ScoringMethod] = ScoringMethod.COMPARISON_TABLE
    uses_weights: ClassVar[bool] = True

    def score(
        self, items: Sequence[RatedItem], part_weight: Number, parameters: ScoreParameters
    ) -> CompetencyScore:
        scored = [
            weighted_item(
                item, self._points(item, parameters.comparison_table), parameters.top_rating, part_weight
            )
            for item in items
        ]
        return weighted_score(self.key, scored, part_weight)

    @staticmethod
    def _points(item: RatedItem, table: ComparisonTable) -> int:
        row = table.get(min(item.expected, max(table)))
        if row is None:
            raise NotInTable(item.expected)
        return row[min(floor(item.attained), len(row) - 1)]
