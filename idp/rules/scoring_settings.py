"""What one personnel type's scoring may be set to, as typed values, with every problem at its field.

Names of fields: method, competency_part, band_name-N, band_least-N, bar_points-N, table-EXPECTED-ATTAINED,
top_rating, pass_rule, pass_percentage; N counts from 1.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from idp.rules.errors import InvalidInput
from idp.rules.scoring import METHODS, ScoreParameters
from idp.rules.settings import ScoringRule
from idp.rules.terms import PassRuleKind
from idp.rules.texts import required_text

WHOLE = 100
LONGEST_BAND = 40
HIGHEST_POINTS = 100
"""Of a full mark, in the tables: far beyond any in use."""


@dataclass(frozen=True)
class ScoringValues:
    """As typed and read; None where a number is missing. `bands`: (code, at least), highest first;
    `bar_points`: for 0, 1, 2 ... levels below; `comparison_table`: {expected: points of attained 0 ...}."""

    method: str
    competency_part: Decimal | None
    bands: Sequence[tuple[str, int | None]]
    bar_points: Sequence[int | None]
    comparison_table: Mapping[int, Sequence[int | None]]
    top_rating: int | None

    def rule(self) -> ScoringRule:
        """The rule of values that have no problem."""
        parameters = ScoreParameters(
            bar_points=tuple(_whole(points) for points in self.bar_points),
            comparison_table={
                level: tuple(_whole(points) for points in row) for level, row in self.comparison_table.items()
            },
            top_rating=_whole(self.top_rating),
        )
        bands = tuple((code, _whole(at_least)) for code, at_least in self.bands)
        return ScoringRule(self.method, Decimal(self.competency_part or 0), bands, parameters)


def _whole(number: int | None) -> int:
    if number is None:
        raise ValueError("a number is missing")
    return number


def problems_of(values: ScoringValues) -> Iterator[InvalidInput]:
    """Everything wrong with the values; nothing where they make a rule."""
    if values.method not in METHODS:
        yield InvalidInput("method", "unknown_choice" if values.method else "required")
    part = values.competency_part
    if part is None:
        yield InvalidInput("competency_part", "required")
    elif not part.is_finite() or not 0 <= part <= WHOLE:
        yield InvalidInput("competency_part", "out_of_range", minimum=0, maximum=WHOLE)
    elif part != round(part, 2):
        yield InvalidInput("competency_part", "too_many_places")
    yield from _band_problems(values.bands)
    yield from _bar_problems(values.bar_points)
    top = values.top_rating
    if top is None:
        yield InvalidInput("top_rating", "required")
    elif not 1 <= top <= HIGHEST_POINTS:
        yield InvalidInput("top_rating", "out_of_range", minimum=1, maximum=HIGHEST_POINTS)
    else:
        yield from _table_problems(values.comparison_table, top)


def _band_problems(bands: Sequence[tuple[str, int | None]]) -> Iterator[InvalidInput]:
    if not bands:
        yield InvalidInput("band_name-1", "required")
    above: int | None = None
    seen: set[str] = set()
    for place, (code, least) in enumerate(bands, start=1):
        try:
            required_text(f"band_name-{place}", code, LONGEST_BAND)
        except InvalidInput as error:
            yield error
        if code and code in seen:
            yield InvalidInput(f"band_name-{place}", "band_twice")
        seen.add(code)
        field = f"band_least-{place}"
        if least is None:
            yield InvalidInput(field, "required")
            continue
        if not 0 <= least <= WHOLE:
            yield InvalidInput(field, "out_of_range", minimum=0, maximum=WHOLE)
        elif above is not None and least >= above:
            yield InvalidInput(field, "band_not_below", above=above)
        elif place == len(bands) and least != 0:
            yield InvalidInput(field, "last_band_from_0")
        above = least


def _bar_problems(points: Sequence[int | None]) -> Iterator[InvalidInput]:
    if not points:
        yield InvalidInput("bar_points-1", "required")
    for place, each in enumerate(points, start=1):
        least = 1 if place == 1 else 0
        if each is None:
            yield InvalidInput(f"bar_points-{place}", "required")
        elif not least <= each <= HIGHEST_POINTS:
            yield InvalidInput(f"bar_points-{place}", "out_of_range", minimum=least, maximum=HIGHEST_POINTS)
    for place, (nearer, further) in enumerate(pairwise(points), start=2):
        if nearer is not None and further is not None and further > nearer:
            yield InvalidInput(f"bar_points-{place}", "points_rise")


def _table_problems(table: Mapping[int, Sequence[int | None]], top: int) -> Iterator[InvalidInput]:
    """Rows count from expected level 1 without a hole; points lie on the scale and never fall."""
    for expected in range(1, max(table, default=1) + 1):
        row = table.get(expected, ())
        if not row:
            yield InvalidInput(f"table-{expected}-0", "required")
        for attained, points in enumerate(row):
            field = f"table-{expected}-{attained}"
            lower = row[attained - 1] if attained else None
            if points is None:
                yield InvalidInput(field, "required")
            elif not 0 <= points <= top:
                yield InvalidInput(field, "out_of_range", minimum=0, maximum=top)
            elif lower is not None and points < lower:
                yield InvalidInput(field, "points_fall")


def pass_rule_problems(kind: PassRuleKind | None, percentage: int | None) -> Iterator[InvalidInput]:
    """A percentage is between 1 and 100, and needed by the kind of that name alone."""
    if kind is None:
        yield InvalidInput("pass_rule", "required")
    if kind is PassRuleKind.PERCENTAGE:
        if percentage is None:
            yield InvalidInput("pass_percentage", "required")
        elif not 1 <= percentage <= WHOLE:
            yield InvalidInput("pass_percentage", "out_of_range", minimum=1, maximum=WHOLE)
