"""What a rater filled in for one competency, checked against its ladder, and the level that it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from idp.models import Rating
from idp.queries.ladders import CompetencyLadder
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.levels import LevelNotOnLadder, PassRule, count_shown, read_ladder, stated_level
from idp.rules.settings import OrganisationRules
from idp.rules.texts import checked_text

NOTE_TEXT = 500
"""Characters of the note at one indicator: a line, where the evidence of the competency takes pages."""

PLACES = 2
"""Of an average level, as it is kept and printed."""


@dataclass(frozen=True)
class RatingEntry:
    """What a rater filled in for one competency: ticks, or a level in their stead.

    `notes`: by indicator, when and how it was shown; only a ticked one may have a note. `average_level`: the
    mean of several raters, where the organisation takes one; not beside a `stated_level`.
    """

    indicator_ids: frozenset[int] = frozenset()
    stated_level: int | None = None
    evidence: str = ""
    notes: Mapping[int, str] = field(default_factory=dict)
    average_level: Decimal | None = None


NOTHING_FILLED_IN = RatingEntry()


@dataclass(frozen=True)
class RatingReading:
    """An entry, checked, with the level that it gives (None: not rated). `ticks`: the note of every ticked
    indicator, "" where there is none."""

    ticks: Mapping[int, str]
    stated: int | None
    average: Decimal | None
    attained: Decimal | None
    blocked_by: int | None
    evidence: str

    @property
    def is_empty(self) -> bool:
        return self == RatingReading({}, None, None, None, None, "")


def read_entry(
    item_id: int, entry: RatingEntry, competency: CompetencyLadder, rules: OrganisationRules
) -> RatingReading:
    """A level given in the ticks' stead goes before them. Raises InvalidInputs with everything that is wrong:
    at `item-ID-ticks`, `item-ID-note-INDICATOR`, `item-ID-level`, `item-ID-average`, `item-ID-evidence`."""
    problems: list[InvalidInput] = []
    name = f"item-{item_id}"
    if not entry.indicator_ids <= competency.level_of.keys():
        problems.append(InvalidInput(f"{name}-ticks", "unknown"))
    ticks = _notes(name, entry, problems)
    evidence = _text(f"{name}-evidence", entry.evidence, problems)
    stated = _stated(f"{name}-level", entry.stated_level, competency, problems)
    average = _average(f"{name}-average", entry, competency, rules, problems)
    if problems:
        raise InvalidInputs(problems)
    if average is not None:
        return RatingReading(ticks, None, average, average, None, evidence)
    if stated is not None:
        return RatingReading(ticks, stated, None, Decimal(stated), None, evidence)
    if not ticks:
        return RatingReading(ticks, None, None, None, None, evidence)
    shown = count_shown(competency.ladder, [competency.level_of[indicator] for indicator in ticks])
    reading = read_ladder(competency.ladder, shown, PassRule(rules.pass_rule, rules.pass_percentage))
    return RatingReading(ticks, None, None, Decimal(reading.attained), reading.blocked_by, evidence)


def reading_of(rating: Rating, ticks: Mapping[int, str]) -> RatingReading:
    """What is kept, in the same shape."""
    return RatingReading(
        ticks,
        rating.stated_level,
        rating.average_level,
        rating.attained_level,
        rating.blocked_by,
        rating.evidence,
    )


def as_json(reading: RatingReading) -> dict[str, Any]:
    """For the history: who answers for an assessment must be able to say what stood there before.

    `attained` and `average`: a whole level as a number, a fraction as a text ("3.25"). `notes`: by the
    indicator's id as text, only of those that have one.
    """
    return {
        "ticks": sorted(reading.ticks),
        "notes": {str(indicator): note for indicator, note in sorted(reading.ticks.items()) if note},
        "stated": reading.stated,
        "average": level_as_json(reading.average),
        "attained": level_as_json(reading.attained),
        "evidence": reading.evidence,
    }


def rating_as_json(rating: Rating) -> dict[str, Any]:
    """What is kept, as `as_json` has it."""
    return as_json(reading_of(rating, {tick.indicator_id: tick.note for tick in rating.ticks}))


def level_as_json(level: Decimal | None) -> int | str | None:
    """A whole level as a number, a fraction as a text without zeros at its end."""
    if level is None:
        return None
    return int(level) if level == level.to_integral_value() else str(level.normalize())


def _notes(name: str, entry: RatingEntry, problems: list[InvalidInput]) -> dict[int, str]:
    """A note at an indicator that is not ticked is refused: it would be lost, or count for nothing."""
    notes: dict[int, str] = dict.fromkeys(entry.indicator_ids, "")
    for indicator, text in entry.notes.items():
        place = f"{name}-note-{indicator}"
        note = _text(place, text, problems, NOTE_TEXT)
        if indicator in entry.indicator_ids:
            notes[indicator] = note
        elif note:
            problems.append(InvalidInput(place, "note_without_tick"))
    return notes


def _text(place: str, text: str, problems: list[InvalidInput], longest: int | None = None) -> str:
    try:
        return checked_text(place, text) if longest is None else checked_text(place, text, longest)
    except InvalidInput as problem:
        problems.append(problem)
        return ""


def _stated(
    place: str, level: int | None, competency: CompetencyLadder, problems: list[InvalidInput]
) -> int | None:
    if level is None:
        return None
    try:
        return stated_level(competency.ladder, level)
    except LevelNotOnLadder as error:
        levels = ", ".join(str(number) for number in error.levels)
        problems.append(InvalidInput(place, "level_not_on_ladder", levels=levels))
        return None


def _average(
    place: str,
    entry: RatingEntry,
    competency: CompetencyLadder,
    rules: OrganisationRules,
    problems: list[InvalidInput],
) -> Decimal | None:
    """From 0 to the ladder's top; between two levels too, and where the ladder has a hole."""
    average = entry.average_level
    if average is None:
        return None
    top = max(competency.ladder.numbers, default=0)
    code, values = "", {}
    if not rules.takes_average_levels:
        code = "average_not_taken"
    elif not average.is_finite():
        code = "not_a_number"
    elif not 0 <= average <= top:
        code, values = "out_of_range", {"minimum": 0, "maximum": top}
    elif average != round(average, PLACES):
        code = "too_many_places"
    elif entry.stated_level is not None:
        code = "one_level_only"
    if code:
        problems.append(InvalidInput(place, code, **values))
        return None
    return average
