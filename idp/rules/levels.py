"""From ticked behavioural indicators, or a stated level, to the attained level of one competency.

Sources: the competency dictionaries (levels are cumulative: "แสดงสมรรถนะระดับที่ 1 และ ..."; level 0 is
not showing the competency clearly; one ladder has no level 2, some have a level 6). When a level is passed
is the organisation's rule; more than half of its indicators is this product's default.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from idp.rules.terms import PassRuleKind

NOT_SHOWN = 0


class LevelNotOnLadder(ValueError):
    """A level was stated that this competency's ladder does not have."""

    def __init__(self, level: int, levels: tuple[int, ...]) -> None:
        super().__init__(f"level {level} is not on the ladder {levels}")
        self.level = level
        self.levels = levels


@dataclass(frozen=True)
class PassRule:
    """When enough of a level's indicators are shown: all, more than half, or at least `percentage` % of
    them.

    Raises ValueError when a percentage is missing, out of 1 to 100, or given to a rule that has none.
    """

    kind: PassRuleKind = PassRuleKind.MORE_THAN_HALF
    percentage: int | None = None

    def __post_init__(self) -> None:
        if self.kind is PassRuleKind.PERCENTAGE:
            if self.percentage is None or not 1 <= self.percentage <= 100:
                raise ValueError(f"a percentage from 1 to 100 is expected, not {self.percentage}")
        elif self.percentage is not None:
            raise ValueError(f"the rule {self.kind.value} takes no percentage")

    def needed(self, count: int) -> int:
        """How many of `count` indicators must be shown; never fewer than one."""
        if count < 0:
            raise ValueError(f"a number of indicators is expected, not {count}")
        match self.kind:
            case PassRuleKind.ALL:
                enough = count
            case PassRuleKind.MORE_THAN_HALF:
                enough = count // 2 + 1
            case PassRuleKind.PERCENTAGE:
                enough = -(-count * (self.percentage or 0) // 100)  # rounded up, in whole numbers
        return max(enough, 1)

    def is_passed(self, shown: int, count: int) -> bool:
        """Whether `shown` of `count` indicators pass the level. No indicators, no pass: nothing was seen."""
        return shown >= self.needed(count)


DEFAULT_PASS_RULE = PassRule()


@dataclass(frozen=True, order=True)
class Rung:
    """One level of a ladder, and how many behavioural indicators describe it. A rung above 0 without any
    can only be reached by stating the level."""

    number: int
    indicators: int

    def __post_init__(self) -> None:
        if self.number < 0 or self.indicators < 0:
            raise ValueError(f"not a rung: {self}")


@dataclass(frozen=True)
class Ladder:
    """The levels of one competency as its dictionary has them: any number of them, with holes, with or
    without 0.

    Rungs may be given in any order and are kept sorted. Raises ValueError for two rungs with one number.
    """

    levels: tuple[Rung, ...]
    rungs: tuple[Rung, ...] = field(init=False, repr=False, compare=False)
    """The levels above 0, lowest first: what can be climbed."""

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.levels))
        if len({rung.number for rung in ordered}) != len(ordered):
            raise ValueError(f"a level stands twice on the ladder: {[rung.number for rung in ordered]}")
        object.__setattr__(self, "levels", ordered)
        object.__setattr__(self, "rungs", tuple(rung for rung in ordered if rung.number > NOT_SHOWN))

    @classmethod
    def of(cls, indicators: Mapping[int, int]) -> "Ladder":
        """The ladder of a {level: number of indicators}."""
        return cls(tuple(Rung(number, count) for number, count in indicators.items()))

    @property
    def numbers(self) -> tuple[int, ...]:
        """The levels above 0 that exist, lowest first."""
        return tuple(rung.number for rung in self.rungs)


@dataclass(frozen=True)
class Reading:
    """What the ticks on one ladder say.

    `attained`: the highest level up to which every existing level is passed, 0 when not even the first is.
    `passed`: every level whose own indicators are enough, reachable or not. `broken`: a level is passed
    above one that is not; it does not count, and rater and employee must be shown so. `blocked_by`: on a
    broken ladder the lowest level not passed, which holds the attained level down; else None.
    `next_level`: the next existing level above the attained one; None at the top. `short_by`: for every
    level not passed that has indicators: how many more must be shown.
    """

    attained: int
    passed: frozenset[int]
    broken: bool
    blocked_by: int | None
    next_level: int | None
    short_by: Mapping[int, int]


def read_ladder(ladder: Ladder, shown: Mapping[int, int], rule: PassRule = DEFAULT_PASS_RULE) -> Reading:
    """Derives the level from `shown`: for each level, how many of its indicators the rater ticked.

    Levels missing from `shown` count as none ticked; ticks on level 0 say nothing and are ignored. Raises
    LevelNotOnLadder for ticks on another level, ValueError for more ticks than the level has indicators.
    """
    _check_shown(ladder, shown)
    passed: set[int] = set()
    short_by: dict[int, int] = {}
    for rung in ladder.rungs:
        ticked = shown.get(rung.number, 0)
        if rule.is_passed(ticked, rung.indicators):
            passed.add(rung.number)
        elif rung.indicators:
            short_by[rung.number] = rule.needed(rung.indicators) - ticked
    missing = next((number for number in ladder.numbers if number not in passed), None)
    attained = NOT_SHOWN
    for number in ladder.numbers:
        if number == missing:
            break
        attained = number
    broken = missing is not None and any(number > missing for number in passed)
    return Reading(
        attained=attained,
        passed=frozenset(passed),
        broken=broken,
        blocked_by=missing if broken else None,
        next_level=missing,
        short_by=short_by,
    )


def _check_shown(ladder: Ladder, shown: Mapping[int, int]) -> None:
    counts = {NOT_SHOWN: 0} | {rung.number: rung.indicators for rung in ladder.levels}
    for number, ticked in shown.items():
        if number not in counts:
            raise LevelNotOnLadder(number, ladder.numbers)
        if not 0 <= ticked <= counts[number]:
            raise ValueError(f"{ticked} of {counts[number]} indicators shown at level {number}")


def stated_level(ladder: Ladder, level: int) -> int:
    """`level` as a rater may state it: one of the ladder, or 0 (not shown), which is always legal.

    Raises LevelNotOnLadder for a level that the dictionary lacks: it must not be stated.
    """
    if level != NOT_SHOWN and level not in ladder.numbers:
        raise LevelNotOnLadder(level, ladder.numbers)
    return level


def fall_back(ladder: Ladder, expected: int) -> int:
    """`expected`, or where the ladder lacks it the next lower level that exists; 0 when there is none."""
    return max((number for number in ladder.numbers if number <= expected), default=NOT_SHOWN)


def next_level(ladder: Ladder, attained: int | Decimal) -> int | None:
    """The lowest existing level above `attained` (an average may be fractional); None at the top."""
    return next((number for number in ladder.numbers if number > attained), None)


def path(ladder: Ladder, attained: int | Decimal, expected: int) -> tuple[int, ...]:
    """The existing levels to pass from `attained` up to `expected`, lowest first; empty without a gap."""
    return tuple(number for number in ladder.numbers if attained < number <= expected)


def count_shown(ladder: Ladder, ticked: Iterable[int]) -> dict[int, int]:
    """Ticks per level above 0, from the level number of every ticked indicator; ticks on 0 say nothing.

    Raises LevelNotOnLadder.
    """
    counts = dict.fromkeys(ladder.numbers, 0)
    for number in ticked:
        if number == NOT_SHOWN:
            continue
        if number not in counts:
            raise LevelNotOnLadder(number, ladder.numbers)
        counts[number] += 1
    return counts
