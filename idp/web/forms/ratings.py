"""The rating form: for every competency the ticked indicators, or a level stated outright, and the evidence.

Names of its fields: `item` (once for each competency), then `item-ID-ticks`, `item-ID-level` (empty:
the level comes from the ticks) and `item-ID-evidence`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from werkzeug.datastructures import MultiDict

from idp.rules.errors import InvalidInput
from idp.rules.levels import Ladder, PassRule, Reading, count_shown, read_ladder
from idp.rules.thai import to_arabic_digits
from idp.services.ratings import RatingEntry
from idp.web.numbers import record_number

UNKNOWN = -1
"""Stands for a number that a page of ours never sends; the service refuses it."""


def read_ratings(form: MultiDict[str, str]) -> dict[int, RatingEntry]:
    """What was filled in, by the item's id."""
    entries = {}
    for item_id in (_number(text) for text in form.getlist("item")):
        name = f"item-{item_id}"
        stated = form.get(f"{name}-level", "").strip()
        entries[item_id] = RatingEntry(
            frozenset(_number(text) for text in form.getlist(f"{name}-ticks")),
            _number(stated) if stated else None,
            form.get(f"{name}-evidence", ""),
        )
    return entries


def _number(text: str) -> int:
    number = record_number(text)
    return UNKNOWN if number is None else number


def read_score(text: str) -> Decimal | None:
    """The points of the results part; None for an empty field. Raises InvalidInput `not_a_number`."""
    plain = to_arabic_digits(text).replace(",", "").strip()
    if not plain:
        return None
    try:
        score = Decimal(plain)
    except InvalidOperation as error:
        raise InvalidInput("results_score", "not_a_number") from error
    if not score.is_finite():
        raise InvalidInput("results_score", "not_a_number")
    return score


@dataclass(frozen=True)
class RungShown:
    """One level as the form draws it: how many of its indicators are ticked and how many are enough."""

    number: int
    count: int
    ticked: int
    needed: int
    is_passed: bool
    is_held: bool  # passed, but above a level that is not: it does not count


@dataclass(frozen=True)
class LadderShown:
    """What an entry says on one ladder, for the sentence under it and the marks beside its rungs.

    `level` is the level it gives, None when nothing was filled in; `reading` is None for a stated level.
    """

    level: int | None
    is_stated: bool
    reading: Reading | None
    rungs: Mapping[int, RungShown]

    @property
    def highest_held(self) -> int | None:
        """The highest level that is passed and does not count."""
        return max((number for number, rung in self.rungs.items() if rung.is_held), default=None)


def read_entry(
    ladder: Ladder, level_of: Mapping[int, int], rule: PassRule, ticks: Collection[int], stated: int | None
) -> LadderShown:
    """Ticks on indicators that the ladder lacks are left out: the service refuses them."""
    shown = count_shown(ladder, [level_of[tick] for tick in ticks if tick in level_of])
    reading = read_ladder(ladder, shown, rule)
    rungs = {
        rung.number: RungShown(
            rung.number,
            rung.indicators,
            shown.get(rung.number, 0),
            rule.needed(rung.indicators),
            rung.number in reading.passed,
            rung.number in reading.passed and rung.number > reading.attained,
        )
        for rung in ladder.rungs
    }
    if stated is not None:
        return LadderShown(stated, True, None, rungs)
    if not any(shown.values()):
        return LadderShown(None, False, None, rungs)
    return LadderShown(reading.attained, False, reading, rungs)
