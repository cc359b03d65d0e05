"""What is proposed for a gap, in which order, and why."""

import json
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.rules.levels import Ladder
from idp.rules.suggestions import (
    METHOD_GROUPS,
    Candidate,
    GapToClose,
    Id,
    NoAction,
    Reason,
    Suggested,
    rank_gaps,
    suggest,
)
from idp.rules.terms import CompetencyCategory, DevelopmentMethod, MethodGroup, SuggestionRule

CORE, FUNCTIONAL = CompetencyCategory.CORE, CompetencyCategory.FUNCTIONAL
FIVE = Ladder.of(dict.fromkeys(range(1, 6), 3))
NO_LEVEL_2 = Ladder.of(dict.fromkeys((0, 1, 3, 4, 5), 3))
TRAINING, COACHING, PROJECT = (
    DevelopmentMethod.TRAINING,
    DevelopmentMethod.COACHING,
    DevelopmentMethod.PROJECT,
)


def action(
    action_id: Id,
    level: int = 2,
    method: DevelopmentMethod = TRAINING,
    *,
    hours: int = 10,
    cost: int = 0,
    indicators: tuple[int, ...] = (),
    source: str = "",
) -> Candidate:
    return Candidate(
        action_id, level, method, METHOD_GROUPS[method], hours, 8, cost, frozenset(indicators), source
    )


def gap_of(
    expected: int = 3,
    attained: int | Decimal = 1,
    *,
    key: Id = "c1",
    category: CompetencyCategory = CORE,
    weight: int = 20,
    ladder: Ladder = FIVE,
    missing: dict[int, frozenset[Id]] | None = None,
) -> GapToClose:
    return GapToClose(
        key, category, expected, attained, weight, ladder, missing or {}, framework="civil-service-core 1"
    )


def ids(answer: list[Suggested | NoAction]) -> list[Id]:
    return [each.action.action_id for each in answer if isinstance(each, Suggested)]


def test_every_method_has_its_group() -> None:
    assert set(METHOD_GROUPS) == set(DevelopmentMethod)
    for group in MethodGroup:
        assert sum(each is group for each in METHOD_GROUPS.values()) == 6
    assert METHOD_GROUPS[DevelopmentMethod.ROTATION] is MethodGroup.EXPERIENCE
    assert METHOD_GROUPS[DevelopmentMethod.SHADOWING] is MethodGroup.SOCIAL
    assert METHOD_GROUPS[DevelopmentMethod.SELF_STUDY] is MethodGroup.FORMAL


def test_larger_gaps_first_then_core_then_weight_and_no_gap_is_left_out() -> None:
    in_order = [
        gap_of(4, 1, key="large", category=FUNCTIONAL),
        gap_of(3, 1, key="core heavy", weight=30),
        gap_of(3, 1, key="core light", weight=10),
        gap_of(3, 1, key="functional", category=FUNCTIONAL, weight=90),
        gap_of(3, Decimal("1.5"), key="fraction"),
        gap_of(2, 1, key=9),
        gap_of(2, 1, key=10),
        gap_of(2, 1, key="a"),
    ]
    for shuffled in (in_order, in_order[::-1], in_order[3:] + in_order[:3]):
        ranked = rank_gaps([*shuffled, gap_of(3, 3, key="met"), gap_of(3, 5, key="strength")])
        assert ranked == in_order


def test_the_next_level_above_the_attained_one_comes_first() -> None:
    candidates = [action("l1", 1), action("l2", 2), action("l3", 3), action("l4", 4)]
    assert ids(suggest(gap_of(3, 1), candidates)) == ["l2"]
    assert ids(suggest(gap_of(3, 0), candidates)) == ["l1"]
    assert ids(suggest(gap_of(3, Decimal("1.67")), candidates)) == ["l2"]
    assert ids(suggest(gap_of(3, 1), candidates, full_path=True)) == ["l2", "l3"]


def test_a_missing_level_is_stepped_over() -> None:
    answer = suggest(gap_of(4, 1, ladder=NO_LEVEL_2), [action("l3", 3), action("l4", 4)], full_path=True)
    assert ids(answer) == ["l3", "l4"]
    rules = [each.reason.rule for each in answer if isinstance(each, Suggested)]
    assert rules == [SuggestionRule.NEXT_LEVEL, SuggestionRule.FULL_PATH]
    assert suggest(gap_of(2, 1, ladder=NO_LEVEL_2), [action("l1", 1)]) == []


def test_a_level_without_an_action_is_said_and_never_an_error() -> None:
    assert suggest(gap_of(3, 1), []) == [NoAction(2)]
    answer = suggest(gap_of(4, 1), [action("l3", 3)], full_path=True)
    assert [each if isinstance(each, NoAction) else each.target_level for each in answer] == [
        NoAction(2),
        3,
        NoAction(4),
    ]


@pytest.mark.parametrize("attained", [3, 4, 5])
def test_without_a_gap_nothing_is_proposed(attained: int) -> None:
    assert suggest(gap_of(3, attained), [action("l4", 4), action("l5", 5)], full_path=True) == []


@pytest.mark.parametrize(
    "in_order",
    [
        # More of the indicators not shown, whatever it costs; indicators already shown do not count.
        [
            action("a", indicators=(21, 22), cost=900),
            action("b", indicators=(21,), cost=5),
            action("c", indicators=(23,)),
        ],
        # Among equals the group of methods not used yet, then cost, then hours, then the id.
        [action("t1", cost=1), action("p", method=PROJECT, cost=50), action("t2", cost=2)],
        [action("c", method=COACHING), action("t", cost=1), action("p", method=PROJECT, cost=2)],
        [action("z", cost=1, hours=90), action("y", cost=2, hours=10)],
        [action("z", hours=5), action("y", hours=6)],
        [action(9), action(10), action("1"), action("2")],
        # Then what the first ones leave out.
        [
            action("a", indicators=(21,), cost=1),
            action("c", indicators=(22,), cost=9),
            action("b", indicators=(21,), cost=2),
        ],
    ],
)
def test_the_order_of_the_actions_of_one_level(in_order: list[Candidate]) -> None:
    gap = gap_of(missing={2: frozenset({21, 22})})
    for shuffled in permutations(in_order):
        answer = suggest(gap, shuffled, limit=9)
        assert ids(answer) == [each.action_id for each in in_order]
        assert [each.rank for each in answer if isinstance(each, Suggested)] == list(
            range(1, len(in_order) + 1)
        )


def test_not_three_trainings_where_other_methods_do_as_well() -> None:
    trainings = [action(f"t{number}", hours=number) for number in range(1, 6)]
    others = [action("c", method=COACHING, hours=40), action("p", method=PROJECT, hours=60)]
    assert ids(suggest(gap_of(), trainings + others)) == ["t1", "c", "p"]


def test_the_limit_holds_for_each_level() -> None:
    candidates = [action(f"{level}{letter}", level) for level in (2, 3) for letter in "abc"]
    assert ids(suggest(gap_of(), candidates, full_path=True, limit=2)) == ["2a", "2b", "3a", "3b"]
    with pytest.raises(ValueError, match="at least one"):
        suggest(gap_of(), candidates, limit=0)


def test_a_suggestion_says_why() -> None:
    gap = gap_of(3, 1, missing={2: frozenset({22, 9}), 3: frozenset({31})})
    (suggested,) = suggest(gap, [action("a", indicators=(9, 21), source="catalogue 4")])
    assert isinstance(suggested, Suggested)
    assert suggested.reason == Reason(
        rule=SuggestionRule.NEXT_LEVEL,
        expected=3,
        attained=1,
        gap=2,
        target_level=2,
        indicators_missing=(9, 22),
        indicators_developed=(9,),
        framework="civil-service-core 1",
        source="catalogue 4",
    )


@pytest.mark.parametrize("attained", [1, Decimal("1.50"), Decimal("2.00")])
def test_a_reason_is_kept_as_json_and_reads_back_as_itself(attained: int | Decimal) -> None:
    gap = gap_of(3, attained, missing={2: frozenset({22, "i"}), 3: frozenset({31})})
    for suggested in suggest(gap, [action("a", indicators=(22,)), action("b", 3, indicators=(31,))]):
        assert isinstance(suggested, Suggested)
        stored = json.loads(json.dumps(suggested.reason.as_json()))
        assert Reason.from_json(stored) == suggested.reason


def test_json_of_another_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        Reason.from_json({})
    (suggested,) = suggest(gap_of(), [action("a")])
    assert isinstance(suggested, Suggested)
    with pytest.raises(ValueError, match="whim"):
        Reason.from_json(suggested.reason.as_json() | {"rule": "whim"})


candidates_strategy = st.lists(
    st.builds(
        lambda number, level, method, hours, cost, indicators: action(
            number, level, method, hours=hours, cost=cost, indicators=tuple(indicators)
        ),
        st.integers(1, 99),
        st.integers(1, 5),
        st.sampled_from(DevelopmentMethod),
        st.integers(1, 3),
        st.integers(0, 2),
        st.sets(st.integers(1, 4)),
    ),
    unique_by=lambda each: each.action_id,
    max_size=12,
)


@given(candidates_strategy, st.integers(0, 5), st.integers(0, 5), st.booleans())
def test_the_answer_does_not_depend_on_the_order_of_the_catalogue(
    candidates: list[Candidate], expected: int, attained: int, full_path: bool
) -> None:
    gap = gap_of(expected, attained, missing={level: frozenset({1, 2, 3}) for level in range(1, 6)})
    answer = suggest(gap, candidates, full_path=full_path)
    assert suggest(gap, sorted(candidates, key=str), full_path=full_path) == answer
    levels = [each.level if isinstance(each, NoAction) else each.target_level for each in answer]
    wanted = range(attained + 1, expected + 1) if full_path else range(attained + 1, expected + 1)[:1]
    assert sorted(set(levels)) == list(wanted) and levels == sorted(levels)
    for level in wanted:
        developed = [
            len(each.reason.indicators_developed)
            for each in answer
            if isinstance(each, Suggested) and each.target_level == level
        ]
        best = sorted(
            (len(each.indicators & {1, 2, 3}) for each in candidates if each.level == level), reverse=True
        )
        assert developed == best[:3]
