"""A whole plan proposed within limits: the best choice, and a reason for everything left out."""

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import chain, combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from idp.rules import plan_proposal_search
from idp.rules.plan_proposal import (
    MOST_PRIORITIES,
    NOTHING_PLANNED,
    GapToServe,
    LeftOut,
    Limits,
    Planned,
    Proposal,
    propose,
)
from idp.rules.suggestions import METHOD_GROUPS, Candidate, Id
from idp.rules.terms import DevelopmentMethod, MethodGroup

PROJECT, COACHING, TRAINING = (
    DevelopmentMethod.PROJECT,
    DevelopmentMethod.COACHING,
    DevelopmentMethod.TRAINING,
)
WIDE = Limits(hours=1000, baht=1_000_000, weeks=52, priorities=12)
ADVISED = {
    MethodGroup.EXPERIENCE: Fraction(7, 10),
    MethodGroup.SOCIAL: Fraction(2, 10),
    MethodGroup.FORMAL: Fraction(1, 10),
}


def action(
    action_id: Id,
    *indicators: int,
    hours: int | Decimal = 10,
    cost: int | Decimal = 0,
    weeks: int = 8,
    method: DevelopmentMethod = PROJECT,
) -> Candidate:
    group = METHOD_GROUPS[method]
    return Candidate(action_id, 2, method, group, hours, weeks, cost, frozenset(indicators))


def gap(key: Id, *actions: Candidate, missing: Sequence[int] = (1, 2, 3), **more: Any) -> GapToServe:
    return GapToServe(key, actions, frozenset(missing), **more)


def chosen(proposal: Proposal) -> list[Id]:
    return [each.action_id for each in proposal.chosen]


def reasons(proposal: Proposal) -> dict[Id, LeftOut]:
    return {each.action_id: why for found in proposal.gaps for each, why in found.left_out}


# What the steps of the choice say, one by one.


def test_a_worked_example() -> None:
    """60 hours, 5,000 baht, 45 weeks, three gaps: the third gap's course is too dear, its coaching fits."""
    gaps = [
        gap(
            "service",
            action("s1", 1, 2, hours=30),
            action("s2", 3, hours=6, method=COACHING),
            action("s3", 1, hours=12, cost=9000, method=TRAINING),
        ),
        gap("team", action("t1", 1, hours=40), action("t2", 1, hours=14, cost=500), missing=[1]),
        gap(
            "ethics",
            action("e1", 1, hours=6, cost=8000, method=TRAINING),
            action("e2", 1, hours=8, method=COACHING),
            action("e3", 1, hours=8, weeks=50),
            missing=[1],
        ),
        gap("lead", action("l1", 1, hours=2)),
    ]
    found = propose(gaps, Limits(hours=60, baht=5000, weeks=45, priorities=3))
    assert chosen(found) == ["s1", "s2", "t2", "e2"]
    assert found.hours == {
        MethodGroup.EXPERIENCE: 44,
        MethodGroup.SOCIAL: 14,
        MethodGroup.FORMAL: 0,
    }
    assert found.baht == 500 and found.developed == 5
    assert reasons(found) == {
        "s3": LeftOut.TOO_DEAR,
        "t1": LeftOut.NO_HOURS_LEFT,
        "e1": LeftOut.TOO_DEAR,
        "e3": LeftOut.TOO_LONG,
        "l1": LeftOut.BEYOND_PRIORITIES,
    }
    assert [each.why for each in found.gaps] == [None, None, None, LeftOut.BEYOND_PRIORITIES]


def test_a_gap_is_never_left_out_for_those_after_it() -> None:
    gaps = [gap("first", action(1, hours=50)), gap("second", action(2)), gap("third", action(3))]
    found = propose(gaps, replace(WIDE, hours=55))
    assert chosen(found) == [1]
    assert [each.why for each in found.gaps] == [None, LeftOut.NO_HOURS_LEFT, LeftOut.NO_HOURS_LEFT]
    assert chosen(propose(gaps, replace(WIDE, hours=49))) == [2, 3]


def test_every_gap_is_served_before_any_gets_a_second_action() -> None:
    gaps = [gap("a", action(1, 1), action(2, 2)), gap("b", action(3, 1))]
    assert chosen(propose(gaps, replace(WIDE, hours=20))) == [1, 3]
    assert chosen(propose(gaps, replace(WIDE, hours=30))) == [1, 2, 3]


def test_more_indicators_come_before_a_better_mix() -> None:
    gaps = [gap("a", action(1, 1, hours=70), action(2, 1, 2, 3, hours=70, method=TRAINING))]
    found = propose(gaps, WIDE)
    assert chosen(found) == [2] and reasons(found) == {1: LeftOut.NOTHING_NEW}


def test_a_better_mix_comes_before_money_and_money_before_hours() -> None:
    alike = [action(1, 1, method=TRAINING), action(2, 1, cost=90), action(3, 1, hours=5, cost=95)]
    found = propose([gap("a", *alike)], WIDE)
    assert chosen(found) == [2]
    assert reasons(found) == {1: LeftOut.WORSE_MIX, 3: LeftOut.DEARER}
    found = propose([gap("a", action(1, 1, hours=12), action(2, 1, hours=9), action(3, 1, hours=9))], WIDE)
    assert chosen(found) == [2]
    assert reasons(found) == {1: LeftOut.MORE_HOURS, 3: LeftOut.NO_BETTER}


def test_a_second_action_is_taken_only_for_what_is_new() -> None:
    gaps = [gap("a", action(1, 1, 2), action(2, 2), action(3, 3), action(4, 9))]
    found = propose(gaps, WIDE)
    assert chosen(found) == [1, 3]
    assert reasons(found) == {2: LeftOut.NOTHING_NEW, 4: LeftOut.NOTHING_NEW}


def test_no_more_than_two_for_a_gap_unless_asked() -> None:
    gaps = [gap("a", *(action(number, number) for number in (1, 2, 3)))]
    found = propose(gaps, WIDE)
    assert chosen(found) == [1, 2] and reasons(found) == {3: LeftOut.NO_BETTER}
    assert chosen(propose(gaps, replace(WIDE, per_gap=3))) == [1, 2, 3]


def test_what_stands_in_the_plan_counts_against_the_limits() -> None:
    gaps = [
        gap("a", action(1, 1), action(2, 2), taken=frozenset({1}), lines=1, developed=frozenset({1})),
        gap("b", action(3, 1)),
        gap("c", action(4, 1)),
    ]
    planned = Planned({MethodGroup.EXPERIENCE: 10}, 100, 1)
    limits = Limits(hours=30, baht=100, weeks=52, priorities=2)
    found = propose(gaps, limits, planned)
    assert chosen(found) == [2, 3]
    assert reasons(found) == {1: LeftOut.IN_PLAN, 4: LeftOut.BEYOND_PRIORITIES}
    assert found.hours[MethodGroup.EXPERIENCE] == 30 and found.baht == 100
    assert chosen(propose(gaps, replace(limits, hours=20), planned)) == [3]
    assert chosen(propose(gaps, replace(limits, priorities=1), planned)) == [2]


def test_a_gap_with_enough_lines_in_the_plan_gets_no_more() -> None:
    full = gap("a", action(1, 1), lines=2, developed=frozenset({2}))
    found = propose([full], WIDE, Planned({}, 0, 1))
    assert chosen(found) == [] and reasons(found) == {1: LeftOut.ENOUGH}
    assert found.gaps[0].why is None


def test_a_plan_over_its_limits_takes_nothing_that_costs() -> None:
    found = propose(
        [gap("a", action(1, 1)), gap("b")], replace(WIDE, hours=5), Planned({MethodGroup.SOCIAL: 9})
    )
    assert chosen(found) == [] and reasons(found) == {1: LeftOut.TOO_MANY_HOURS}
    assert [each.why for each in found.gaps] == [LeftOut.NOTHING_FITS, LeftOut.NO_ACTION]


def test_an_action_turned_down_before_is_not_proposed_again() -> None:
    found = propose([gap("a", action(1, 1, 2), action(2, 1), answered=frozenset({1}))], WIDE)
    assert chosen(found) == [2] and reasons(found) == {1: LeftOut.ANSWERED}


def test_hours_and_money_may_suffice_alone_but_not_together() -> None:
    first = gap("a", action(1, hours=1, cost=9), action(2, hours=9, cost=1))
    second = gap("b", action(3, hours=5, cost=5))
    found = propose([first, second], Limits(hours=10, baht=10, weeks=52, priorities=3))
    assert [each.why for each in found.gaps] == [None, LeftOut.NO_ROOM]
    found = propose([first, second], Limits(hours=100, baht=5, weeks=52, priorities=3))
    assert [each.why for each in found.gaps] == [None, LeftOut.NO_BAHT_LEFT]


def test_halves_of_hours_and_satang_are_exact() -> None:
    tenth = Decimal("0.1")
    gaps = [gap(key, action(key, 1, hours=tenth, cost=tenth)) for key in ("a", "b", "c")]
    limits = Limits(hours=Decimal("0.3"), baht=Decimal("0.3"), weeks=9, priorities=3)
    assert chosen(propose(gaps, limits)) == ["a", "b", "c"]
    assert chosen(propose(gaps, replace(limits, baht=Decimal("0.29")))) == ["a", "b"]


@pytest.mark.parametrize(
    "wrong", [{"hours": -1}, {"baht": -1}, {"weeks": -1}, {"priorities": 0}, {"per_gap": 0}]
)
def test_limits_that_nothing_fits_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="limits"):
        replace(WIDE, **wrong)


def test_without_gaps_nothing_is_proposed() -> None:
    found = propose([], WIDE)
    assert not found.gaps and not found.chosen and found.baht == 0 and found.developed == 0


# The choice against trying everything.

Selection = tuple[tuple[Candidate, ...], ...]


def every_selection(gaps: Sequence[GapToServe], limits: Limits, planned: Planned) -> list[Selection]:
    """Written anew from the rules' text: every choice that keeps the limits."""
    by_gap = [
        [tuple(some) for size in range(limits.per_gap + 1) for some in combinations(_by_id(each), size)]
        for each in gaps
    ]
    return [selection for selection in product(*by_gap) if _holds(selection, gaps, limits, planned)]


def _by_id(of: GapToServe) -> list[Candidate]:
    return sorted(of.actions, key=lambda each: int(each.action_id))


def _holds(selection: Selection, gaps: Sequence[GapToServe], limits: Limits, planned: Planned) -> bool:
    everything = list(chain.from_iterable(selection))
    new = sum(bool(some) and not each.lines for some, each in zip(selection, gaps, strict=True))
    if any(each.weeks > limits.weeks for each in everything):
        return False
    hours_left = max(limits.hours - sum(planned.hours.values()), 0)
    if sum(each.hours for each in everything) > hours_left:
        return False
    if sum(each.cost for each in everything) > max(limits.baht - planned.baht, 0):
        return False
    if new > max(limits.priorities - planned.priorities, 0):
        return False
    return all(_fits_gap(some, each, limits) for some, each in zip(selection, gaps, strict=True))


def _fits_gap(some: tuple[Candidate, ...], of: GapToServe, limits: Limits) -> bool:
    if any(each.action_id in of.answered | of.taken for each in some):
        return False
    if some and len(some) + of.lines > limits.per_gap:
        return False
    if len(some) + of.lines <= 1:
        return True
    for each in some:
        others = set(of.developed)
        for other in some:
            if other is not each:
                others |= other.indicators
        if not (each.indicators & of.missing) - others:
            return False
    return True


def score(selection: Selection, gaps: Sequence[GapToServe], planned: Planned) -> tuple[Any, ...]:
    """Smaller is better."""
    hours = {group: Fraction(planned.hours.get(group, 0)) for group in MethodGroup}
    developed, cost = 0, Fraction(0)
    for some, each in zip(selection, gaps, strict=True):
        covered: set[Id] = set()
        for one in some:
            hours[one.group] += Fraction(one.hours)
            cost += Fraction(one.cost)
            covered |= one.indicators
        developed += len((covered & each.missing) - each.developed)
    total = sum(hours.values())
    far = sum(abs(hours[group] / total - ADVISED[group]) for group in MethodGroup) if total else Fraction(2)
    return (
        [not some and not each.lines for some, each in zip(selection, gaps, strict=True)],
        -developed,
        far,
        cost,
        total,
        [[int(one.action_id) for one in some] for some in selection],
    )


METHODS = (PROJECT, COACHING, TRAINING)


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[GapToServe], Limits, Planned]:
    """At most four gaps of three actions, so that everything can be tried."""
    number = iter(range(1, 100))
    gaps = []
    for key in range(draw(st.integers(0, 4))):
        actions = tuple(
            action(
                next(number),
                *draw(st.sets(st.integers(1, 4), max_size=3)),
                hours=draw(st.integers(0, 12)),
                cost=draw(st.sampled_from([0, 0, 1, 3, 8])),
                weeks=draw(st.integers(1, 4)),
                method=draw(st.sampled_from(METHODS)),
            )
            for _ in range(draw(st.integers(0, 3)))
        )
        lines = draw(st.sampled_from([0, 0, 0, 1, 2]))
        ids = [each.action_id for each in actions]
        gaps.append(
            gap(
                key,
                *actions,
                missing=sorted(draw(st.sets(st.integers(1, 4)))),
                answered=frozenset(draw(st.sets(st.sampled_from(ids), max_size=1))) if ids else frozenset(),
                lines=lines,
                developed=frozenset(draw(st.sets(st.integers(1, 4), max_size=2))) if lines else frozenset(),
            )
        )
    with_lines = sum(1 for each in gaps if each.lines)
    planned = Planned(
        {group: draw(st.integers(0, 5)) for group in MethodGroup if with_lines},
        draw(st.integers(0, 3)),
        with_lines,
    )
    limits = Limits(
        hours=draw(st.integers(0, 50)),
        baht=draw(st.integers(0, 16)),
        weeks=draw(st.integers(1, 4)),
        priorities=draw(st.integers(1, 5)),
        per_gap=draw(st.integers(1, 3)),
    )
    return gaps, limits, planned


@settings(max_examples=250, deadline=None)
@given(questions())
def test_the_choice_is_the_best_of_all_that_keep_the_limits(
    question: tuple[list[GapToServe], Limits, Planned],
) -> None:
    gaps, limits, planned = question
    best = min(every_selection(gaps, limits, planned), key=lambda each: score(each, gaps, planned))
    found = propose(gaps, limits, planned)
    assert [list(each.chosen) for each in found.gaps] == [list(some) for some in best]
    assert -found.developed == score(best, gaps, planned)[1]
    assert found.baht == score(best, gaps, planned)[3] + planned.baht


@settings(max_examples=150, deadline=None)
@given(questions())
def test_everything_is_chosen_or_has_a_reason(question: tuple[list[GapToServe], Limits, Planned]) -> None:
    gaps, limits, planned = question
    found = propose(gaps, limits, planned)
    for answer, each in zip(found.gaps, gaps, strict=True):
        named = {one.action_id for one in answer.chosen} | {one.action_id for one, _why in answer.left_out}
        assert named == {one.action_id for one in each.actions}
        assert (answer.why is None) == bool(answer.chosen or each.lines)


@settings(max_examples=100, deadline=None)
@given(questions(), st.randoms(use_true_random=False))
def test_the_order_of_the_actions_changes_nothing(
    question: tuple[list[GapToServe], Limits, Planned], chance: random.Random
) -> None:
    gaps, limits, planned = question
    shuffled = [replace(each, actions=tuple(chance.sample(each.actions, len(each.actions)))) for each in gaps]
    assert propose(shuffled, limits, planned) == propose(gaps, limits, planned)


@settings(max_examples=100, deadline=None)
@given(questions(), st.integers(0, 20), st.integers(0, 10))
def test_wider_limits_never_serve_the_gaps_worse(
    question: tuple[list[GapToServe], Limits, Planned], hours: int, baht: int
) -> None:
    """In their order; of gaps equally served no fewer indicators are developed."""
    gaps, limits, planned = question
    wider = replace(limits, hours=limits.hours + hours, baht=limits.baht + baht)

    def served(found: Proposal) -> tuple[list[bool], int]:
        return [each.why is None for each in found.gaps], found.developed

    assert served(propose(gaps, wider, planned)) >= served(propose(gaps, limits, planned))


def many(seed: int, gaps: int = 12, actions: int = 8) -> list[GapToServe]:
    chance = random.Random(seed)
    return [
        gap(
            key,
            *(
                action(
                    100 * key + number,
                    *chance.sample(range(1, 6), chance.randint(1, 3)),
                    hours=chance.randint(4, 90),
                    cost=chance.choice((0, 0, 0, 500, 2500, 9900)),
                    weeks=chance.randint(2, 24),
                    method=chance.choice(METHODS),
                )
                for number in range(actions)
            ),
            missing=range(1, 6),
        )
        for key in range(gaps)
    ]


@pytest.mark.parametrize("followed", [1, 300])
@pytest.mark.parametrize("seed", range(12))
def test_three_gaps_of_six_actions_are_served_best_of_all(
    seed: int, followed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However little the first pass follows: it only sets the mark."""
    monkeypatch.setattr(plan_proposal_search, "FOLLOWED_FIRST", followed)
    gaps = many(seed, gaps=3, actions=6)
    limits = Limits(hours=40 + 15 * seed, baht=3000, weeks=20, priorities=3)
    best = min(
        every_selection(gaps, limits, NOTHING_PLANNED), key=lambda each: score(each, gaps, NOTHING_PLANNED)
    )
    assert [each.chosen for each in propose(gaps, limits).gaps] == list(best)


@pytest.mark.parametrize("seed", range(4))
def test_five_priorities_of_twelve_gaps_of_eight_actions(seed: int) -> None:
    """The largest question that a page asks keeps its limits and serves the first gaps that it can."""
    limits = Limits(hours=200, baht=20_000, weeks=24, priorities=MOST_PRIORITIES)
    found = propose(many(seed), limits)
    served = [each for each in found.gaps if each.why is None]
    assert len(served) == MOST_PRIORITIES and all(len(each.chosen) <= 2 for each in served)
    assert sum(found.hours.values()) <= 200 and found.baht <= 20_000


@pytest.mark.parametrize("seed", range(3))
def test_of_many_gaps_with_lines_the_first_five_get_further_actions(seed: int) -> None:
    """The others keep their lines, and the search stays small: fifteen gaps of twelve actions."""
    gaps = [replace(each, lines=1, developed=frozenset({1})) for each in many(seed, gaps=15, actions=12)]
    limits = Limits(hours=2000, baht=200_000, weeks=24, priorities=MOST_PRIORITIES)
    planned = Planned({MethodGroup.EXPERIENCE: 150}, 0, len(gaps))
    found = propose(gaps, limits, planned)
    assert [bool(each.chosen) for each in found.gaps] == [True] * 5 + [False] * 10
    assert found.gaps[:5] == propose(gaps[:5], limits, planned).gaps
    assert all(each.why is None for each in found.gaps)
    beyond = {why for each in found.gaps[5:] for _action, why in each.left_out}
    assert beyond <= {LeftOut.BEYOND_PRIORITIES, LeftOut.TOO_LONG, LeftOut.NOTHING_NEW}
    assert LeftOut.BEYOND_PRIORITIES in beyond
