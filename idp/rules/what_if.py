"""What would come of other expectations, another pass rule or another weight: tried out, never written.

The office tries it on the latest released results before a cycle opens, so that a change of a standard is not
a leap in the dark (this product's default; no circular asks for it).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from idp.rules.levels import NOT_SHOWN, Ladder, PassRule, fall_back
from idp.rules.profiles import LEAST_LEVEL
from idp.rules.scoring.weights import WHOLE

CENT = Decimal("0.01")


@dataclass(frozen=True)
class ExpectedChange:
    """Another expected level of one competency, at one position level (None: at all): `steps` more or fewer
    than now, or exactly `level`.

    Raises ValueError unless exactly one of the two is given, and for a level that no profile can expect.
    """

    competency_id: int
    position_level_id: int | None = None
    steps: int | None = None
    level: int | None = None

    def __post_init__(self) -> None:
        if (self.steps is None) is (self.level is None):
            raise ValueError("either so many steps or exactly a level")
        if self.level is not None and self.level < LEAST_LEVEL:
            raise ValueError(f"level {self.level} is expected of nobody")

    def applies(self, competency_id: int, position_level_id: int) -> bool:
        return competency_id == self.competency_id and self.position_level_id in (None, position_level_id)

    def applied(self, expected: int) -> int:
        """Never below the lowest level that a profile can expect."""
        level = expected + self.steps if self.steps is not None else self.level or LEAST_LEVEL
        return max(LEAST_LEVEL, level)


@dataclass(frozen=True)
class WeightChange:
    """Another weight of one competency, in percent; the others share what is left as they stand to each
    other."""

    competency_id: int
    percent: Decimal


@dataclass(frozen=True)
class Scenario:
    """What is tried out together; later changes of one competency build on earlier ones."""

    expected: tuple[ExpectedChange, ...] = ()
    pass_rule: PassRule | None = None
    weight: WeightChange | None = None

    @property
    def is_empty(self) -> bool:
        return not self.expected and self.pass_rule is None and self.weight is None

    def level_for(self, competency_id: int, position_level_id: int, expected: int, ladder: Ladder) -> int:
        """The level that would be expected: on the ladder, the next lower one where it has no such level, the
        lowest where it has none below either."""
        level = expected
        for change in self.expected:
            if change.applies(competency_id, position_level_id):
                level = change.applied(level)
        if level == expected:
            return expected
        return fall_back(ladder, level) or min(ladder.numbers, default=NOT_SHOWN)


def with_weight(weights: Mapping[int, Decimal], change: WeightChange) -> dict[int, Decimal]:
    """`weights` in percent with one of them changed, exactly 100 together again.

    What does not divide goes to the first ones, a hundredth each. A competency that is not among them, or the
    only one, changes nothing; where all others weigh nothing they share alike.
    """
    others = {key: weight for key, weight in weights.items() if key != change.competency_id}
    if change.competency_id not in weights or not others:
        return dict(weights)
    left = WHOLE - change.percent
    total = sum(others.values())
    shares = {key: left * weight / total if total else left / len(others) for key, weight in others.items()}
    rounded = {key: share.quantize(CENT, rounding="ROUND_DOWN") for key, share in shares.items()}
    missing = int((left - sum(rounded.values())) / CENT)
    for key in list(rounded)[:missing]:
        rounded[key] += CENT
    return {key: change.percent if key == change.competency_id else rounded[key] for key in weights}
