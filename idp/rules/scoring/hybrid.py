"""The hybrid method of the civil service: all that was attained against all that was expected."""

from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

from idp.rules.scoring.exact import Number, exact, plain, printed
from idp.rules.scoring.parts import CompetencyScore, ItemScore, NothingToScore, RatedItem, ScoreParameters
from idp.rules.terms import ScoringMethod


class HybridMethod:
    """score = sum(attained) / sum(expected) x W, rounded once; no item weights.

    A surplus makes up for a gap, and a surplus in all gives more than W: the score says when the first
    happens, and the formula is not bent. Raises NothingToScore when nothing is expected.
    """

    key: ClassVar[ScoringMethod] = ScoringMethod.HYBRID
    uses_weights: ClassVar[bool] = False

    def score(
        self, items: Sequence[RatedItem], part_weight: Number, parameters: ScoreParameters
    ) -> CompetencyScore:
        expected = sum(item.expected for item in items)
        if expected == 0:
            raise NothingToScore("nothing is expected of any competency")
        attained = sum((exact(item.attained) for item in items), Fraction(0))
        total = printed(attained / expected * exact(part_weight))
        shown = "+".join(plain(item.attained) for item in items)
        wanted = "+".join(str(item.expected) for item in items)
        return CompetencyScore(
            method=self.key,
            items=tuple(
                ItemScore(item.label, item.expected, item.attained, item.attained, item.expected)
                for item in items
            ),
            part_weight=part_weight,
            total=total,
            formula=f"({shown}) ÷ ({wanted}) × {plain(part_weight)} = {total}",
            surplus_hides_gap=any(item.attained > item.expected for item in items)
            and any(item.attained < item.expected for item in items),
        )
