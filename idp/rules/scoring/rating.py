"""The rating method of the civil service: ratings from 1 to 5, weighted."""

from collections.abc import Sequence
from typing import ClassVar

from idp.rules.scoring.exact import Number
from idp.rules.scoring.parts import CompetencyScore, RatedItem, ScoreParameters
from idp.rules.scoring.weighted import weighted_item, weighted_score
from idp.rules.terms import ScoringMethod


class RatingMethod:
    """score = sum(rating x weight %) / 5 x W, each item's part printed.

    A rating above the highest counts as the highest, level 0 gives no points (this product's default: ladders
    go from 0, and some up to 6).
    """

    key: ClassVar[ScoringMethod] = ScoringMethod.RATING
    uses_weights: ClassVar[bool] = True

    def score(
        self, items: Sequence[RatedItem], part_weight: Number, parameters: ScoreParameters
    ) -> CompetencyScore:
        top = parameters.top_rating
        scored = [weighted_item(item, min(item.attained, top), top, part_weight) for item in items]
        return weighted_score(self.key, scored, part_weight)
