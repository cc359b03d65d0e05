"""The whole result and its band.

Source: the rules of performance appraisal (half-open bands, taken on the rounded total). Which bands there
are is an organisation's data: `idp.rules.settings` says where it starts from.
"""

from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True)
class BandRange:
    """A band as an interval: from `at_least`, which is included, up to `below`, which is not, or up to the
    full 100 where `below` is None."""

    code: str
    at_least: Number
    below: Number | None


def band_ranges(bands: Iterable[tuple[str, Number]]) -> tuple[BandRange, ...]:
    """The bands as half-open intervals, highest first; given in any order."""
    ordered = sorted(bands, key=lambda each: each[1], reverse=True)
    above: list[Number | None] = [None, *(at_least for _code, at_least in ordered)]
    return tuple(
        BandRange(code, at_least, below) for (code, at_least), below in zip(ordered, above, strict=False)
    )


def overall(results_score: Number, competency_score: Number) -> Decimal:
    """The whole result: the two parts as they are printed, each already in points of its weight, added."""
    return printed(results_score) + printed(competency_score)
