"""The kept calculation of a result, read back as the lines that a supervisor checks by hand.

What is kept (`services.result_explanation`) is plain data; page and printed form say the same lines in their
own words, and both take them from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from idp.rules.scoring.bands import Band, BandRange, band, band_ranges
from idp.rules.scoring.exact import printed


@dataclass(frozen=True)
class Step:
    """One line: of the competency `order` (from 1) named `label`, the calculation in signs and digits."""

    order: int
    label: str
    formula: str


@dataclass(frozen=True)
class Calculation:
    """`by_days`: levels of several supervisors, weighted by their days. `items`: each competency's own line,
    in the methods that have them. `formula`: the competency part. `overall`: the two printed parts added, and
    `band` where that total lies; both None without a results part."""

    by_days: tuple[Step, ...]
    items: tuple[Step, ...]
    formula: str
    overall: str | None
    total: str | None
    band: BandRange | None
    surplus_hides_gap: bool


def read_calculation(stored: Mapping[str, Any] | None) -> Calculation | None:
    """None where there is no score, or none yet."""
    if not stored or not stored.get("formula"):
        return None
    items = stored.get("items", ())
    order = {item["id"]: (place, item["label"]) for place, item in enumerate(items, start=1)}
    total = stored.get("total_score")
    return Calculation(
        by_days=tuple(
            Step(*order[part["id"]], part["formula"])
            for part in stored.get("day_split", {}).get("items", ())
            if part["id"] in order
        ),
        items=tuple(Step(*order[item["id"]], item["formula"]) for item in items if item.get("formula")),
        formula=stored["formula"],
        overall=None if total is None else _overall(stored),
        total=total,
        band=None if total is None else _band(Decimal(total), stored.get("bands", ())),
        surplus_hides_gap=bool(stored.get("surplus_hides_gap")),
    )


def _overall(stored: Mapping[str, Any]) -> str:
    return f"{printed(Decimal(stored['results_score']))} + {stored['total']} = {stored['total_score']}"


def _band(total: Decimal, stored: Any) -> BandRange | None:
    bands = [(code, Decimal(at_least)) for code, at_least in stored]
    if not bands:
        return None
    reached = band(total, [Band(code, at_least) for code, at_least in bands])
    return next(each for each in band_ranges(bands) if each.code == reached.code)
