"""What helped: who counts, how often, and what of it may be shown."""

from fractions import Fraction

from idp.rules.effects import Effects, Helped, Trial, add_up, reached, shown, sum_of, to_be_kept
from idp.rules.suggestions import Reason
from idp.rules.terms import DevelopmentMethod, EffectOf, SuggestionRule

TRAINING, COACHING = DevelopmentMethod.TRAINING, DevelopmentMethod.COACHING
BY_TRAINING, BY_COACHING = (EffectOf.METHOD, TRAINING.value), (EffectOf.METHOD, COACHING.value)


def action(key: str) -> tuple[EffectOf, str]:
    return EffectOf.ACTION, key


def test_the_level_aimed_for_is_reached_from_itself_on() -> None:
    assert reached(2, 2) and reached(2, 3)
    assert not reached(2, 1)


def test_a_line_counts_for_its_action_and_for_its_method() -> None:
    counts = add_up([Trial(1, TRAINING, "a", True), Trial(2, TRAINING, None, False)])
    assert counts == {action("a"): Helped(1, 1), BY_TRAINING: Helped(1, 2)}


def test_a_person_counts_once_and_as_helped_where_half_of_their_lines_reached_their_level() -> None:
    half = [Trial(1, TRAINING, None, True), Trial(1, TRAINING, None, False)]
    assert add_up(half) == {BY_TRAINING: Helped(1, 1)}
    assert add_up([*half, Trial(1, TRAINING, None, False)]) == {BY_TRAINING: Helped(0, 1)}


def test_counts_of_different_people_add_up() -> None:
    one, other = add_up([Trial(1, TRAINING, "a", True)]), add_up([Trial(2, TRAINING, "b", False)])
    assert sum_of([one, other]) == {
        action("a"): Helped(1, 1),
        action("b"): Helped(0, 1),
        BY_TRAINING: Helped(1, 2),
    }


def test_fewer_than_five_people_are_not_spoken_of() -> None:
    found = shown({BY_TRAINING: Helped(4, 4), BY_COACHING: Helped(0, 5)}, {})
    assert found.methods == {COACHING: Helped(0, 5)}


def test_what_is_left_of_a_method_beside_its_actions_is_nobody_or_enough() -> None:
    counts = {BY_TRAINING: Helped(9, 14), action("a"): Helped(4, 6), action("b"): Helped(3, 5)}
    method_of = {"a": TRAINING, "b": TRAINING}
    found = shown(counts, method_of)
    assert found.actions == {"a": Helped(4, 6)}  # 14 - 6 - 5 would tell of three people
    assert found.hidden_actions == 1
    assert shown(counts | {BY_TRAINING: Helped(9, 11)}, method_of).actions.keys() == {"a", "b"}
    assert shown(counts | {BY_TRAINING: Helped(9, 16)}, method_of).actions.keys() == {"a", "b"}


def test_two_counts_one_after_the_other_tell_of_nobody_or_of_enough() -> None:
    """As the nights pass: what is kept, and from when on it is the latest."""
    kept: dict[tuple[EffectOf, str], Helped] = {}
    for counted, expected in (
        (Helped(2, 4), Helped(2, 4)),
        (Helped(3, 5), Helped(3, 5)),
        (Helped(3, 6), Helped(3, 5)),
        (Helped(4, 5), Helped(3, 5)),  # a result was corrected
        (Helped(6, 9), Helped(3, 5)),
        (Helped(7, 10), Helped(7, 10)),
        (Helped(7, 6), Helped(7, 10)),
        (Helped(4, 5), Helped(4, 5)),
        (Helped(3, 4), Helped(3, 4)),  # shown no more
    ):
        kept = to_be_kept(kept, {BY_TRAINING: counted}, {})
        assert kept == {BY_TRAINING: expected}
    assert to_be_kept(kept, {}, {}) == {}


def test_what_changes_beside_an_action_is_nobody_or_enough() -> None:
    method_of = {"a": TRAINING, "b": TRAINING}
    before = {BY_TRAINING: Helped(9, 19), action("a"): Helped(4, 7), action("b"): Helped(3, 6)}
    alone = before | {action("a"): Helped(6, 12), BY_TRAINING: Helped(9, 23)}
    assert to_be_kept(before, alone, method_of) == before  # the method's four wait
    one_more = {BY_TRAINING: Helped(9, 25), action("a"): Helped(6, 12), action("b"): Helped(3, 6)}
    moved = before | {BY_TRAINING: Helped(9, 25)}
    assert to_be_kept(before, one_more, method_of) == moved  # 25 - 12 would tell of one
    together = one_more | {BY_TRAINING: Helped(9, 24)}
    assert to_be_kept(before, together, method_of) == together
    of_both = {BY_TRAINING: Helped(9, 31), action("a"): Helped(6, 13), action("b"): Helped(3, 11)}
    assert to_be_kept(before, of_both, method_of) == of_both | {action("b"): Helped(3, 6)}


def test_an_action_counted_later_than_its_method_is_not_shown_as_more_than_it() -> None:
    found = shown({BY_TRAINING: Helped(5, 6), action("a"): Helped(5, 7)}, {"a": TRAINING})
    assert (found.actions, found.hidden_actions) == ({}, 1)


def test_an_action_is_known_by_itself_else_by_its_method_else_it_is_taken_as_usual() -> None:
    found = Effects({"a": Helped(14, 19)}, {TRAINING: Helped(10, 40), COACHING: Helped(10, 10)})
    own = found.known("a", TRAINING)
    assert (own.helped, own.tried, own.effect_of) == (14, 19, EffectOf.ACTION)
    by_method = found.known("b", TRAINING)
    assert (by_method.helped, by_method.tried, by_method.effect_of) == (10, 40, EffectOf.METHOD)
    unknown = found.known("c", DevelopmentMethod.PROJECT)
    assert (unknown.helped, unknown.tried, unknown.effect_of) == (0, 0, None)
    assert unknown.share == Fraction(20, 50)


def test_where_nothing_is_known_nothing_is_compared() -> None:
    assert Effects().known("a", TRAINING).share is None


def test_a_reason_keeps_what_was_known_and_an_older_one_knows_nothing() -> None:
    known = {"helped": 14, "tried": 19, "effect_of": EffectOf.ACTION}
    reason = Reason(SuggestionRule.NEXT_LEVEL, 3, 2, 1, 3, (), (), **known)  # type: ignore[arg-type]
    assert Reason.from_json(reason.as_json()) == reason
    assert known.items() <= reason.as_json().items()
    older = {key: value for key, value in reason.as_json().items() if key not in known}
    assert (Reason.from_json(older).tried, Reason.from_json(older).effect_of) == (0, None)
