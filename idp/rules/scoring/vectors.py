"""A hand calculation of one method: what goes in, and every number that must come out.

Each method brings its own. The tests hold the method to them, the help page and the sheet of hand
calculations show them, and the page of the scoring settings starts its trial calculation from the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from idp.rules.scoring.exact import Number
from idp.rules.scoring.parts import DEFAULT_PARAMETERS, RatedItem, ScoreParameters
from idp.rules.scoring.weights import equal_weights


@dataclass(frozen=True)
class Vector:
    """`items`: of each competency the expected level, the attained one and the weight in percent, which says
    nothing in the methods without weights.

    Worked out by hand: `points` of each item, the printed `steps` in signs and digits, the `total` with its 2
    places. `is_documented`: the example is worked wholly by the published rule, else it shows this product's
    own default or an organisation's own table. `shows_th`, `shows_en`: what is to be seen in it.
    """

    items: tuple[tuple[int, Number, Number], ...]
    part_weight: Number
    points: tuple[Number, ...]
    steps: tuple[str, ...]
    total: str
    shows_th: str
    shows_en: str
    is_documented: bool = False
    parameters: ScoreParameters = DEFAULT_PARAMETERS

    @property
    def rated(self) -> tuple[RatedItem, ...]:
        """The items as a method takes them, labelled "1", "2" ..."""
        return tuple(
            RatedItem(expected, attained, weight, str(order))
            for order, (expected, attained, weight) in enumerate(self.items, start=1)
        )


def unweighted(expected: Sequence[int], attained: Sequence[Number]) -> tuple[tuple[int, Number, Number], ...]:
    """The items of a method without weights: those of the form, as equal as they can be."""
    return tuple(zip(expected, attained, equal_weights(len(expected)), strict=True))
