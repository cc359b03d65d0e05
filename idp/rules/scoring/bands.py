"""The whole result and its band.

Source: the rules of performance appraisal (half-open bands, taken on the rounded total). Which bands there
are is an organisation's data: `idp.rules.settings` says where it starts from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from idp.rules.scoring.exact import Number, printed


@dataclass(frozen=True)
class Band:
    """A level of result: from `at_least` (of 100) up to the next band, which is not included."""

    code: str
    at_least: Number


def band(total: Number, bands: Sequence[Band]) -> Band:
    """The band of a total, taken on the total as printed (2 places, half up): 89.995 is 90.00 and reaches 90.

    Bands may come in any order. Raises ValueError for a total below every band: a table of bands starts at 0.
    """
    shown = printed(total)
    reached = [each for each in bands if each.at_least <= shown]
    if not reached:
        raise ValueError(f"no band for {shown}")
    return max(reached, key=lambda each: each.at_least)


def overall(results_score: Number, competency_score: Number) -> Decimal:
    """The whole result: the two parts as they are printed, each already in points of its weight, added."""
    return printed(results_score) + printed(competency_score)
