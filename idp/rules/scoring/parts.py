"""What goes into a competency score and what comes out: the shapes that all methods share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from idp.rules.scoring.exact import Number

if TYPE_CHECKING:
    from idp.rules.scoring.vectors import Vector

ComparisonTable = Mapping[int, Sequence[int]]
"""{expected level: the points of attained level 0, 1, 2, ...}."""

DEFAULT_BAR_POINTS = (3, 2, 1, 0)
"""Points for an attained level that reaches the expected one, is 1, 2, 3 or more below it: the count (bar)
method of the civil service's manual."""

DEFAULT_COMPARISON_TABLE: ComparisonTable = MappingProxyType(
    {
        1: (0, 4, 5, 5, 5, 5),
        2: (0, 3, 4, 5, 5, 5),
        3: (0, 2, 3, 4, 5, 5),
        4: (0, 1, 2, 3, 4, 5),
        5: (0, 0, 1, 2, 3, 4),
    }
)
"""Bangkok's comparison table for expected levels 1 to 3; the rows of 4 and 5 are this product's default."""

DEFAULT_TOP_RATING = 5


class NothingToScore(ValueError):
    """There is no competency, or nothing is expected of any: there is no score."""


class UnratedItem(ValueError):
    """Not rated is not zero: an unrated competency has no points. `labels` names every one of them."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        super().__init__(f"not rated: {', '.join(labels)}")
        self.labels = labels


class NotInTable(ValueError):
    """The comparison table has no row for this expected level."""

    def __init__(self, expected: int) -> None:
        super().__init__(f"the comparison table has no row for expected level {expected}")
        self.expected = expected


@dataclass(frozen=True)
class ScoreInput:
    """One competency of one person. `attained` is None when unrated; `weight_percent` counts in the methods
    that use weights; `label` names it in errors and results."""

    expected: int
    attained: Number | None
    weight_percent: Number = 0
    label: str = ""


@dataclass(frozen=True)
class RatedItem:
    """A ScoreInput that is known to be rated: what the methods work on."""

    expected: int
    attained: Number
    weight_percent: Number
    label: str


@dataclass(frozen=True)
class ScoreParameters:
    """An organisation's own tables for the methods; the defaults are named above with their sources.

    Raises ValueError for tables that cannot be read: no points, a full mark of 0, an empty row.
    """

    bar_points: tuple[int, ...] = DEFAULT_BAR_POINTS
    comparison_table: ComparisonTable = field(default_factory=lambda: DEFAULT_COMPARISON_TABLE)
    top_rating: int = DEFAULT_TOP_RATING

    def __post_init__(self) -> None:
        if not self.bar_points or self.bar_points[0] <= 0 or min(self.bar_points) < 0:
            raise ValueError(f"not a table of points: {self.bar_points}")
        rows = self.comparison_table.values()
        if not rows or any(not row or min(row) < 0 or max(row) > self.top_rating for row in rows):
            raise ValueError("the comparison table has an empty row, or points off the scale")
        if self.top_rating <= 0:
            raise ValueError(f"not a highest rating: {self.top_rating}")

    def as_json(self) -> dict[str, Any]:
        """JSON's own types, as an organisation's settings keep them."""
        return {
            "bar_points": list(self.bar_points),
            "comparison_table": {str(level): list(row) for level, row in self.comparison_table.items()},
            "top_rating": self.top_rating,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ScoreParameters":
        """The way back of `as_json`; what is missing takes its default."""
        default = cls()
        table = stored.get("comparison_table")
        return cls(
            bar_points=tuple(stored.get("bar_points", default.bar_points)),
            comparison_table=default.comparison_table
            if table is None
            else {int(level): tuple(row) for level, row in table.items()},
            top_rating=stored.get("top_rating", default.top_rating),
        )


DEFAULT_PARAMETERS = ScoreParameters()
PARAMETERS = frozenset(each.name for each in fields(ScoreParameters))


@dataclass(frozen=True)
class ItemScore:
    """One line of the competency form.

    `points` of `out_of`, in the method's own scale (`out_of` is the expected level in the hybrid method). In
    the methods with weights: `weight_points` is the weight in points of the part (percent x W / 100), `part`
    the weighted score, each printed, and `formula` says how; in the others these are None, only the whole is
    weighted.
    """

    label: str
    expected: int
    attained: Number
    points: Number
    out_of: int
    weight_points: Decimal | None = None
    part: Decimal | None = None
    formula: str | None = None


@dataclass(frozen=True)
class CompetencyScore:
    """The competency part of one person's result.

    `total` of `part_weight` points, 2 places; `formula` is the whole calculation with its own numbers, in
    signs and digits only, so that it reads the same in every language. `surplus_hides_gap`: a competency
    above its expected level makes up for one below it, which the form must say.
    """

    method: str
    items: tuple[ItemScore, ...]
    part_weight: Number
    total: Decimal
    formula: str
    surplus_hides_gap: bool = False

    @property
    def steps(self) -> tuple[str, ...]:
        """The calculation line by line: each item's that has one, then the total's."""
        return (*(item.formula for item in self.items if item.formula), self.formula)


@dataclass(frozen=True)
class Words:
    """Sentences that say how a method scores, in Thai and in English, one for one."""

    thai: tuple[str, ...]
    english: tuple[str, ...]


class Method(Protocol):
    """One way of scoring. Items come rated, at least one, weights checked where the method uses them.

    `place`: where it stands among the others on a page. `parameters_used`: which fields of ScoreParameters
    it reads. `words`: how it scores with these parameters, and what it makes of an average of several raters
    and of a level above the scale.
    """

    key: ClassVar[str]
    name_th: ClassVar[str]
    name_en: ClassVar[str]
    place: ClassVar[int]
    uses_weights: ClassVar[bool]
    parameters_used: ClassVar[frozenset[str]]
    vectors: "ClassVar[tuple[Vector, ...]]"

    def score(
        self, items: Sequence[RatedItem], part_weight: Number, parameters: ScoreParameters
    ) -> CompetencyScore: ...

    def words(self, parameters: ScoreParameters) -> Words: ...
