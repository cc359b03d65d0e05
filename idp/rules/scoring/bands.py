"""The whole result and its band.

Sources: the civil service's rules of performance appraisal (90, 80, 70, 60) and those of government employees
(95, 85, 75, 65). The bands are an organisation's data; these are only where it starts from.
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


DEFAULT_BANDS = (
    Band("outstanding", 90),  # ดีเด่น
    Band("very_good", 80),  # ดีมาก
    Band("good", 70),  # ดี
    Band("fair", 60),  # พอใช้
    Band("needs_improvement", 0),  # ต้องปรับปรุง
)
GOVERNMENT_EMPLOYEE_BANDS = (
    Band("outstanding", 95),
    Band("very_good", 85),
    Band("good", 75),
    Band("fair", 65),
    Band("needs_improvement", 0),
)


def band(total: Number, bands: Sequence[Band] = DEFAULT_BANDS) -> Band:
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
