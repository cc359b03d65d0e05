"""The rating form: for every competency the ticked indicators with their notes, or a level given in their
stead, and the evidence.

Names of its fields: `item` (once for each competency), then `item-ID-ticks`, `item-ID-note-INDICATOR`,
`item-ID-level` (empty: the level comes from the ticks), `item-ID-average` and `item-ID-evidence`.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from werkzeug.datastructures import MultiDict

from idp.rules.errors import InvalidInput
from idp.rules.levels import Ladder, PassRule, Reading, count_shown, read_ladder
from idp.rules.thai import to_arabic_digits
from idp.services.rating_entries import PLACES, RatingEntry
from idp.web.numbers import record_number

UNKNOWN = -1
"""Stands for a number that a page of ours never sends; the service refuses it."""

UNREADABLE = Decimal("NaN")
"""Stands for an average that is no number; the service refuses it, and the page shows what was typed."""

NOTE = re.compile(r"item-(\d{1,9})-note-(\d{1,9})", re.ASCII)
AVERAGE = re.compile(r"-?\d{1,9}(\.\d{1,20})?", re.ASCII)


def read_ratings(form: MultiDict[str, str]) -> dict[int, RatingEntry]:
    """What was filled in, by the item's id."""
    notes = _notes(form)
    entries = {}
    for item_id in (_number(text) for text in form.getlist("item")):
        name = f"item-{item_id}"
        stated = form.get(f"{name}-level", "").strip()
        entries[item_id] = RatingEntry(
            frozenset(_number(text) for text in form.getlist(f"{name}-ticks")),
            _number(stated) if stated else None,
            form.get(f"{name}-evidence", ""),
            notes.get(item_id, {}),
            read_average(form.get(f"{name}-average", "")),
        )
    return entries


def _notes(form: MultiDict[str, str]) -> dict[int, dict[int, str]]:
    """By item and indicator, those that say something."""
    notes: dict[int, dict[int, str]] = {}
    for name, text in form.items():
        field = NOTE.fullmatch(name)
        if field and text.strip():
            notes.setdefault(int(field[1]), {})[int(field[2])] = text
    return notes


def read_average(text: str) -> Decimal | None:
    """A level with its places, in either digits; None for an empty field, UNREADABLE for what is none."""
    plain = to_arabic_digits(text).strip()
    if not plain:
        return None
    return Decimal(plain) if AVERAGE.fullmatch(plain) else UNREADABLE


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

    `level` is the level it gives, None when nothing was filled in. `reading` is None for a level given in
    the ticks' stead (`is_stated`, `is_average`); `beside` is then what the ticks would have given, None
    without any. `lacking`: of the next level the places of the indicators not ticked ("3.2").
    """

    level: int | Decimal | None
    is_stated: bool
    reading: Reading | None
    rungs: Mapping[int, RungShown]
    is_average: bool = False
    beside: int | None = None
    lacking: tuple[str, ...] = ()

    @property
    def highest_held(self) -> int | None:
        """The highest level that is passed and does not count."""
        return max((number for number, rung in self.rungs.items() if rung.is_held), default=None)


def read_entry(
    ladder: Ladder,
    level_of: Mapping[int, int],
    rule: PassRule,
    ticks: Collection[int],
    stated: int | None,
    average: Decimal | None = None,
) -> LadderShown:
    """Ticks on indicators that the ladder lacks, and an average that cannot be one, are left out: the service
    refuses them."""
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
    beside = reading.attained if any(shown.values()) else None
    if average is not None and _can_be(ladder, average):
        return LadderShown(average, False, None, rungs, is_average=True, beside=beside)
    if stated is not None:
        return LadderShown(stated, True, None, rungs, beside=beside)
    if beside is None:
        return LadderShown(None, False, None, rungs)
    places = places_of(level_of)
    lacking = tuple(
        place
        for indicator, place in places.items()
        if level_of[indicator] == reading.next_level and indicator not in ticks
    )
    return LadderShown(reading.attained, False, reading, rungs, lacking=lacking)


def _can_be(ladder: Ladder, average: Decimal) -> bool:
    """As `services.rating_entries` takes it."""
    if not average.is_finite():
        return False
    return 0 <= average <= max(ladder.numbers, default=0) and average == round(average, PLACES)


def places_of(level_of: Mapping[int, int]) -> dict[int, str]:
    """Each indicator by its level and its place on it, "3.2": how the form, its sentences and the history
    name it. `level_of` is in the dictionary's order (`queries.ladders`)."""
    counts: dict[int, int] = {}
    places = {}
    for indicator, level in level_of.items():
        counts[level] = counts.get(level, 0) + 1
        places[indicator] = f"{level}.{counts[level]}"
    return places
