"""What people can do, and what raters see of it: levels around the expected one, ticked indicator by
indicator.

A person's true level of each competency is drawn once and grows a little in the second year. The
self-assessment sees it kindly, the supervisor with some error; now and then a ladder is broken, a level is
stated outright.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from idp.queries.ladders import CompetencyLadder
from idp.rules.levels import Ladder, PassRule, count_shown, read_ladder
from idp.rules.terms import RaterKind
from idp.services.ratings import RatingEntry

OFFSETS, OFFSET_WEIGHTS = (-2, -1, 0, 1, 2), (7, 26, 43, 19, 5)
SELF_BIAS, SELF_WEIGHTS = (-1, 0, 1), (8, 58, 34)
SUPERVISOR_ERROR, ERROR_WEIGHTS = (-1, 0, 1), (8, 85, 7)
GROWTH = 0.4
BROKEN = 0.05
STATED = 0.12


@dataclass(frozen=True)
class AssessedItem:
    """One competency of an assessment, as the raters meet it."""

    item_id: int
    expected: int
    ladder: CompetencyLadder


def true_levels(rng: Random, items: Sequence[AssessedItem], year: int) -> dict[int, int]:
    """The level of each item by its id, in the first year (0) or after growth (1). `rng` is the person's
    own, fresh for every call."""
    levels = {}
    for item in items:
        level = item.expected + rng.choices(OFFSETS, OFFSET_WEIGHTS)[0]
        grown = rng.random() < GROWTH
        levels[item.item_id] = max(level + (1 if year and grown else 0), 0)
    return levels


def entry_for(
    rng: Random,
    item: AssessedItem,
    true_level: int,
    kind: RaterKind,
    pass_rule: PassRule,
    evidence: Sequence[str],
) -> RatingEntry:
    """What this rater fills in for the item."""
    if kind is RaterKind.SELF:
        seen = true_level + rng.choices(SELF_BIAS, SELF_WEIGHTS)[0]
    else:
        seen = true_level + rng.choices(SUPERVISOR_ERROR, ERROR_WEIGHTS)[0]
    level = max((number for number in item.ladder.ladder.numbers if number <= seen), default=0)
    words = rng.choice(evidence)
    if level == 0 or rng.random() < STATED or not _can_be_ticked(item.ladder.ladder, level):
        return RatingEntry(frozenset(), level, words)
    ticks = _ticks(rng, item.ladder, level, pass_rule)
    spoken = kind is RaterKind.SUPERVISOR or rng.random() < 0.5
    if not spoken:
        return RatingEntry(frozenset(ticks))
    evidence_text, notes = _placed(item, ticks, level, pass_rule, words)
    return RatingEntry(frozenset(ticks), None, evidence_text, notes)


def _placed(
    item: AssessedItem, ticks: Sequence[int], level: int, pass_rule: PassRule, words: str
) -> tuple[str, dict[int, str]]:
    """The words as the evidence of the competency, or one time in three as the note at an indicator of the
    level that was attained, which is evidence as well."""
    shown = count_shown(item.ladder.ladder, [item.ladder.level_of[each] for each in ticks])
    attained = read_ladder(item.ladder.ladder, shown, pass_rule).attained
    at_level = sorted(set(ticks) & item.ladder.indicators_at(level))
    if item.item_id % 3 or attained != level or not at_level:
        return words, {}
    return "", {at_level[0]: words}


def _can_be_ticked(ladder: Ladder, level: int) -> bool:
    """Every rung up to the level has indicators to tick."""
    return all(rung.indicators for rung in ladder.rungs if rung.number <= level)


def _ticks(rng: Random, competency: CompetencyLadder, level: int, pass_rule: PassRule) -> list[int]:
    numbers = [rung.number for rung in competency.ladder.rungs if rung.number <= level]
    broken = rng.choice(numbers[:-1]) if len(numbers) > 1 and rng.random() < BROKEN else None
    ticks: list[int] = []
    for rung in competency.ladder.rungs:
        needed = pass_rule.needed(rung.indicators)
        if rung.number == broken or rung.number > level:
            above_next = rung.number > level + 1
            most = 0 if above_next else min(needed - 1, rung.indicators)
            count = rng.randint(0, most)
        else:
            count = rng.randint(needed, rung.indicators)
        ticks += rng.sample(sorted(competency.indicators_at(rung.number)), count)
    return ticks or rng.sample(sorted(competency.level_of), 1)
