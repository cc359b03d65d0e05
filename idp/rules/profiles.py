"""What may be written into a position profile or an override of it, whatever the organisation."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from idp.rules.errors import InvalidInput
from idp.rules.levels import NOT_SHOWN, Ladder, fall_back

LEAST_LEVEL, MOST_LEVEL = 1, 9
"""Level 0 is expected of nobody: a competency that is not expected is left out of the profile. The longest
ladder known has six levels."""
MOST_WEIGHT = Decimal(100)
PLACES = 2

Slot = tuple[int | None, int]
"""The line of work (None: core, of every line) and the position level that a profile is for."""


@dataclass(frozen=True)
class Expected:
    """One competency of a profile: the level, and its share in percent with two places or none."""

    competency_id: int
    level: int
    weight: Decimal | None = None


@dataclass(frozen=True)
class ProfileRow:
    """One line of a table of profiles. `line_of_work_id` None: core, of every line of work."""

    line_of_work_id: int | None
    position_level_id: int
    competency_id: int
    level: int
    weight: Decimal | None = None

    @property
    def slot(self) -> Slot:
        return (self.line_of_work_id, self.position_level_id)


def problems_of_expected(level: int, weight: Decimal | None, ladder: Ladder | None) -> Iterator[InvalidInput]:
    """What is wrong with a level or a weight, at the fields `level` and `weight`.

    A level that the ladder lacks is no problem as long as there is a lower one to fall to (domain: the
    expected level falls to the next lower existing one). `ladder` None: not known, so not looked at.
    """
    if not LEAST_LEVEL <= level <= MOST_LEVEL:
        yield InvalidInput("level", "out_of_range", minimum=LEAST_LEVEL, maximum=MOST_LEVEL)
    elif ladder is not None and fall_back(ladder, level) == NOT_SHOWN:
        yield InvalidInput("level", "level_not_on_ladder", levels=", ".join(map(str, ladder.numbers)))
    if weight is None:
        return
    if not (weight.is_finite() and 0 <= weight <= MOST_WEIGHT):
        yield InvalidInput("weight", "out_of_range", minimum=0, maximum=MOST_WEIGHT)
    elif weight != round(weight, PLACES):
        yield InvalidInput("weight", "too_many_places")
