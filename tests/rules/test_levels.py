"""Ladders: what is attained, what is broken, what is missing."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from idp.rules.levels import (
    Ladder,
    LevelNotOnLadder,
    PassRule,
    Reading,
    Rung,
    count_shown,
    fall_back,
    next_level,
    path,
    read_ladder,
    stated_level,
)
from idp.rules.terms import PassRuleKind

ALL = PassRule(PassRuleKind.ALL)
HALF = PassRule(PassRuleKind.MORE_THAN_HALF)
FIVE = Ladder.of({1: 2, 2: 2, 3: 2, 4: 2, 5: 2})
SIX = Ladder.of({0: 0, 1: 3, 2: 2, 3: 1, 4: 2, 5: 2, 6: 3})
NO_LEVEL_2 = Ladder.of({0: 0, 1: 2, 3: 2, 4: 2, 5: 2})
RULES = [ALL, HALF, *(PassRule(PassRuleKind.PERCENTAGE, percent) for percent in (1, 33, 50, 60, 80, 100))]

FRAMEWORKS = Path(__file__).parents[2] / "seeds" / "frameworks"


@pytest.mark.parametrize(
    ("rule", "needed"),
    [
        (ALL, [1, 1, 2, 3, 4, 5, 6]),
        (HALF, [1, 1, 2, 2, 3, 3, 4]),
        (PassRule(PassRuleKind.PERCENTAGE, 50), [1, 1, 1, 2, 2, 3, 3]),
        (PassRule(PassRuleKind.PERCENTAGE, 60), [1, 1, 2, 2, 3, 3, 4]),
        (PassRule(PassRuleKind.PERCENTAGE, 1), [1, 1, 1, 1, 1, 1, 1]),
        (PassRule(PassRuleKind.PERCENTAGE, 100), [1, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_how_many_indicators_are_enough(rule: PassRule, needed: list[int]) -> None:
    assert [rule.needed(count) for count in range(7)] == needed


def test_a_level_without_indicators_is_never_passed_by_ticking() -> None:
    for rule in RULES:
        assert not rule.is_passed(0, 0)
    reading = read_ladder(Ladder.of({1: 1, 2: 0, 3: 1}), {1: 1, 3: 1}, ALL)
    assert (reading.attained, reading.blocked_by, reading.short_by) == (1, 2, {})
    assert stated_level(Ladder.of({1: 1, 2: 0, 3: 1}), 2) == 2


@pytest.mark.parametrize(
    ("kind", "percentage"),
    [
        (PassRuleKind.PERCENTAGE, None),
        (PassRuleKind.PERCENTAGE, 0),
        (PassRuleKind.PERCENTAGE, 101),
        (PassRuleKind.ALL, 50),
        (PassRuleKind.MORE_THAN_HALF, 50),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(kind: PassRuleKind, percentage: int | None) -> None:
    with pytest.raises(ValueError, match="percentage"):
        PassRule(kind, percentage)


@pytest.mark.parametrize(
    ("ladder", "shown", "attained", "broken", "blocked_by", "following"),
    [
        (FIVE, {}, 0, False, None, 1),
        (FIVE, {1: 2}, 1, False, None, 2),
        (FIVE, {1: 2, 2: 2, 3: 2, 4: 2, 5: 2}, 5, False, None, None),
        (FIVE, {1: 2, 3: 2}, 1, True, 2, 2),
        (FIVE, {5: 2}, 0, True, 1, 1),
        (FIVE, {1: 2, 2: 1, 3: 2, 4: 1, 5: 2}, 1, True, 2, 2),
        (FIVE, {1: 2, 2: 2, 4: 2}, 2, True, 3, 3),
        (NO_LEVEL_2, {1: 2}, 1, False, None, 3),
        (NO_LEVEL_2, {1: 2, 3: 2}, 3, False, None, 4),
        (NO_LEVEL_2, {3: 2}, 0, True, 1, 1),
        (SIX, {1: 2, 2: 2, 3: 1, 4: 2, 5: 2, 6: 2}, 6, False, None, None),
        (SIX, {1: 2, 2: 2, 3: 1, 4: 2, 5: 2, 6: 1}, 5, False, None, 6),
        (SIX, {0: 0}, 0, False, None, 1),
        (Ladder(()), {}, 0, False, None, None),
    ],
)
def test_the_attained_level_is_the_highest_without_a_hole_below(
    ladder: Ladder,
    shown: dict[int, int],
    attained: int,
    broken: bool,
    blocked_by: int | None,
    following: int | None,
) -> None:
    reading = read_ladder(ladder, shown, HALF)
    assert (reading.attained, reading.broken) == (attained, broken)
    assert (reading.blocked_by, reading.next_level) == (blocked_by, following)


def test_what_is_missing_is_counted_per_level() -> None:
    reading = read_ladder(SIX, {1: 1, 2: 2, 6: 1}, HALF)
    assert reading.passed == {2}
    assert reading.short_by == {1: 1, 3: 1, 4: 2, 5: 2, 6: 1}


def test_a_stated_level_must_stand_on_the_ladder_and_zero_is_always_legal() -> None:
    for level in (0, 1, 3, 4, 5):
        assert stated_level(NO_LEVEL_2, level) == level
    assert stated_level(FIVE, 0) == 0
    for level in (-1, 2, 6):
        with pytest.raises(LevelNotOnLadder) as refused:
            stated_level(NO_LEVEL_2, level)
        assert (refused.value.level, refused.value.levels) == (level, (1, 3, 4, 5))


def test_ticks_that_cannot_be_are_refused() -> None:
    with pytest.raises(LevelNotOnLadder):
        read_ladder(NO_LEVEL_2, {2: 1}, HALF)
    for ticked in (3, -1):
        with pytest.raises(ValueError, match="of 2 indicators"):
            read_ladder(FIVE, {1: ticked}, HALF)


def test_no_level_stands_twice_on_a_ladder() -> None:
    with pytest.raises(ValueError, match="twice"):
        Ladder((Rung(1, 2), Rung(1, 3)))
    with pytest.raises(ValueError, match="rung"):
        Rung(-1, 0)


@pytest.mark.parametrize(
    ("ladder", "existing"),
    [
        (NO_LEVEL_2, {0: 0, 1: 1, 2: 1, 3: 3, 4: 4, 5: 5, 6: 5}),
        (FIVE, {0: 0, 1: 1, 2: 2, 5: 5, 6: 5}),
        (SIX, {6: 6, 7: 6}),
        (Ladder.of({3: 1}), {1: 0, 2: 0, 3: 3}),
    ],
)
def test_an_expected_level_that_the_ladder_lacks_falls_to_the_next_lower(
    ladder: Ladder, existing: dict[int, int]
) -> None:
    assert {expected: fall_back(ladder, expected) for expected in existing} == existing


def test_the_path_steps_over_holes() -> None:
    assert path(NO_LEVEL_2, 1, 4) == (3, 4)
    assert path(NO_LEVEL_2, 0, 2) == (1,)
    assert path(FIVE, 3, 3) == path(FIVE, 4, 2) == ()
    assert path(SIX, 4, 6) == (5, 6)
    assert [next_level(NO_LEVEL_2, attained) for attained in range(6)] == [1, 3, 3, 4, 5, None]


def test_ticked_indicators_are_counted_per_level() -> None:
    assert count_shown(NO_LEVEL_2, [1, 3, 1, 0]) == {1: 2, 3: 1, 4: 0, 5: 0}
    with pytest.raises(LevelNotOnLadder):
        count_shown(NO_LEVEL_2, [2])


def read_slowly(
    counts: dict[int, int], shown: dict[int, int], percent_above: float, strictly: bool
) -> Reading:
    """The rule word by word: a level counts when it and every existing level below it are passed."""

    def enough(number: int, ticked: int) -> bool:
        if counts[number] == 0:
            return False
        share = ticked / counts[number] * 100
        return ticked > 0 and (share > percent_above if strictly else share >= percent_above)

    existing = [number for number in range(1, 20) if number in counts]
    passed = {number for number in existing if enough(number, shown.get(number, 0))}
    attained = 0
    for number in existing:
        if all(lower in passed for lower in existing if lower <= number):
            attained = number
    above = [number for number in passed if number > attained]
    blocked = next((number for number in existing if number not in passed), None) if above else None
    following = next((number for number in existing if number > attained), None)
    short = {}
    for number in existing:
        if number not in passed and counts[number]:
            more = 1
            while not enough(number, shown.get(number, 0) + more):
                more += 1
            short[number] = more
    return Reading(attained, frozenset(passed), bool(above), blocked, following, short)


@st.composite
def ticked_ladders(draw: st.DrawFn) -> tuple[dict[int, int], dict[int, int]]:
    counts = draw(st.dictionaries(st.integers(0, 9), st.integers(0, 7), max_size=9))
    shown = {number: draw(st.integers(0, count)) for number, count in counts.items() if draw(st.booleans())}
    return counts, shown


@given(ticked_ladders(), st.sampled_from(RULES))
def test_a_slow_second_reading_agrees(ticked: tuple[dict[int, int], dict[int, int]], rule: PassRule) -> None:
    counts, shown = ticked
    percent = {PassRuleKind.ALL: 100, PassRuleKind.MORE_THAN_HALF: 50}.get(rule.kind, rule.percentage or 0)
    slowly = read_slowly(counts, shown, percent, strictly=rule.kind is PassRuleKind.MORE_THAN_HALF)
    assert read_ladder(Ladder.of(counts), shown, rule) == slowly


@given(ticked_ladders(), st.sampled_from(RULES))
def test_one_more_tick_never_lowers_the_level(
    ticked: tuple[dict[int, int], dict[int, int]], rule: PassRule
) -> None:
    counts, shown = ticked
    ladder = Ladder.of(counts)
    before = read_ladder(ladder, shown, rule).attained
    for number, count in counts.items():
        if shown.get(number, 0) < count:
            more = shown | {number: shown.get(number, 0) + 1}
            assert read_ladder(ladder, more, rule).attained >= before


def competencies() -> list[Any]:
    found = []
    for file in sorted(FRAMEWORKS.glob("*.yaml")):
        if ".errata" in file.suffixes:
            continue
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for order, competency in enumerate(content["competencies"], start=1):
            counts = {level["number"]: len(level["behaviours"]) for level in competency["levels"]}
            found.append(pytest.param(counts, id=f"{file.stem}-{order}"))
    return found


@pytest.mark.parametrize("counts", competencies())
def test_every_rung_of_every_competency_is_reached_by_its_own_indicators(counts: dict[int, int]) -> None:
    ladder = Ladder.of(counts)
    for rule in RULES:
        for number in ladder.numbers:
            shown = {lower: rule.needed(counts[lower]) for lower in ladder.numbers if lower <= number}
            reading = read_ladder(ladder, shown, rule)
            assert (reading.attained, reading.broken) == (number, False)
            assert reading.next_level == next_level(ladder, number)
            one_less = shown | {number: shown[number] - 1}
            assert read_ladder(ladder, one_less, rule).attained < number
            assert read_ladder(ladder, one_less, rule).short_by[number] == 1
            assert stated_level(ladder, number) == fall_back(ladder, number) == number


def test_the_frameworks_have_forty_two_ladders_of_two_hundred_and_sixteen_levels() -> None:
    ladders = [parameters.values[0] for parameters in competencies()]
    assert (len(ladders), sum(len(counts) for counts in ladders)) == (42, 216)
    assert sum(sum(counts.values()) for counts in ladders) == 521
    assert sum(6 in counts for counts in ladders) == 2
    assert sum(2 not in counts for counts in ladders) == 1
