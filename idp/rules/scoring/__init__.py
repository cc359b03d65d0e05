"""The competency score of one person, by the organisation's method, and the band of the whole result.

All arithmetic is exact. Each printed part is rounded once, half up, to 2 places; a total is the sum of the
printed parts, so that anybody can check a form by adding up its column. A new method is one class in one
file, listed here.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from idp.rules.scoring.bands import Band, band, overall
from idp.rules.scoring.bar import BarMethod
from idp.rules.scoring.comparison_table import ComparisonTableMethod
from idp.rules.scoring.exact import Number, printed
from idp.rules.scoring.hybrid import HybridMethod
from idp.rules.scoring.parts import (
    DEFAULT_BAR_POINTS,
    DEFAULT_COMPARISON_TABLE,
    DEFAULT_PARAMETERS,
    CompetencyScore,
    ItemScore,
    Method,
    NothingToScore,
    NotInTable,
    RatedItem,
    ScoreInput,
    ScoreParameters,
    UnratedItem,
)
from idp.rules.scoring.rating import RatingMethod
from idp.rules.scoring.weights import WeightsNotHundred, check_weights, equal_weights
from idp.rules.terms import ScoringMethod

METHODS: Mapping[ScoringMethod, Method] = MappingProxyType(
    {method.key: method for method in (BarMethod(), RatingMethod(), HybridMethod(), ComparisonTableMethod())}
)


def score_competencies(
    method: ScoringMethod,
    items: Iterable[ScoreInput],
    part_weight: Number,
    parameters: ScoreParameters = DEFAULT_PARAMETERS,
) -> CompetencyScore:
    """The competency part in points of `part_weight` (often 30), every item's points, the calculation.

    Raises UnratedItem naming all that is not rated, WeightsNotHundred in the methods that use weights,
    NothingToScore without items, NotInTable, and ValueError for a negative level or weight of the part.
    """
    chosen = METHODS[method]
    given = list(items)
    rated = [
        RatedItem(item.expected, item.attained, item.weight_percent, item.label)
        for item in given
        if item.attained is not None
    ]
    if not given:
        raise NothingToScore("no competency to score")
    if len(rated) < len(given):
        raise UnratedItem(tuple(item.label for item in given if item.attained is None))
    if part_weight < 0 or any(item.expected < 0 or item.attained < 0 for item in rated):
        raise ValueError("levels and weights cannot be negative")
    if chosen.uses_weights:
        check_weights(item.weight_percent for item in rated)
    return chosen.score(rated, part_weight, parameters)


__all__ = [
    "DEFAULT_BAR_POINTS",
    "DEFAULT_COMPARISON_TABLE",
    "DEFAULT_PARAMETERS",
    "METHODS",
    "Band",
    "CompetencyScore",
    "ItemScore",
    "Method",
    "NotInTable",
    "NothingToScore",
    "RatedItem",
    "ScoreInput",
    "ScoreParameters",
    "UnratedItem",
    "WeightsNotHundred",
    "band",
    "check_weights",
    "equal_weights",
    "overall",
    "printed",
    "score_competencies",
]
