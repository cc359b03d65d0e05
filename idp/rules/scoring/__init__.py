"""The competency score of one person, by the organisation's method, and the band of the whole result.

All arithmetic is exact. Each printed part is rounded once, half up, to 2 places; a total is the sum of the
printed parts, so that anybody can check a form by adding up its column. A new method is one class in one
file of `idp.rules.scoring.methods`, with its table of hand calculations; nothing else changes.
"""

from collections.abc import Iterable

from idp.rules.scoring.bands import Band, BandRange, band, band_ranges, overall
from idp.rules.scoring.calculation import Calculation, read_calculation
from idp.rules.scoring.exact import Number, printed
from idp.rules.scoring.methods import METHODS, BrokenMethod, UnknownMethod, method_of
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
    Words,
)
from idp.rules.scoring.vectors import Vector
from idp.rules.scoring.weights import WeightsNotHundred, check_weights, equal_weights


def score_competencies(
    method: str,
    items: Iterable[ScoreInput],
    part_weight: Number,
    parameters: ScoreParameters = DEFAULT_PARAMETERS,
) -> CompetencyScore:
    """The competency part in points of `part_weight` (often 30), every item's points, the calculation.

    Raises UnknownMethod, UnratedItem naming all that is not rated, WeightsNotHundred in the methods that use
    weights, NothingToScore without items, NotInTable, and ValueError for a negative level or weight of the
    part.
    """
    chosen = method_of(method)
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
    "BandRange",
    "BrokenMethod",
    "Calculation",
    "CompetencyScore",
    "ItemScore",
    "Method",
    "NotInTable",
    "NothingToScore",
    "RatedItem",
    "ScoreInput",
    "ScoreParameters",
    "UnknownMethod",
    "UnratedItem",
    "Vector",
    "WeightsNotHundred",
    "Words",
    "band",
    "band_ranges",
    "check_weights",
    "equal_weights",
    "method_of",
    "overall",
    "printed",
    "read_calculation",
    "score_competencies",
]
