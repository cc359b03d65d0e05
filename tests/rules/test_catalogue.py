"""What an action is to an organisation, in one word; what the actions of a level leave open."""

import pytest

from idp.rules.catalogue import PROPOSED, ActionStanding, Developing, coverage_of, own_key, standing_of
from idp.rules.terms import DevelopmentMethod as Method
from idp.rules.terms import MethodGroup, VersionState

D, P, R = VersionState.DRAFT, VersionState.PUBLISHED, VersionState.RETIRED

STANDINGS = [
    # state, own, adapted, excluded
    (P, False, False, False, ActionStanding.LIBRARY),
    (P, False, False, True, ActionStanding.EXCLUDED),
    (P, True, False, False, ActionStanding.OWN),
    (P, True, True, False, ActionStanding.ADAPTED),
    (D, True, False, False, ActionStanding.DRAFT),
    (D, True, True, False, ActionStanding.DRAFT),
    (R, True, True, False, ActionStanding.RETIRED),
    (R, False, False, True, ActionStanding.RETIRED),
]


@pytest.mark.parametrize(("state", "own", "adapted", "excluded", "standing"), STANDINGS)
def test_one_word_says_where_it_comes_from_and_whether_it_is_proposed(
    state: VersionState, own: bool, adapted: bool, excluded: bool, standing: ActionStanding
) -> None:
    assert standing_of(state, is_own=own, is_adapted=adapted, is_excluded=excluded) is standing
    assert (standing in PROPOSED) is (state is P and not excluded)


def test_own_keys_name_their_organisation() -> None:
    assert own_key(7, 12) == "own/7/12"


def test_a_level_without_an_action_lacks_everything() -> None:
    found = coverage_of((1, 2, 3), [])
    assert (found.actions, found.undeveloped) == (0, (1, 2, 3))
    assert found.has_none and not found.has_one_group and not found.is_complete


def test_what_no_action_develops_is_named_in_the_order_of_the_level() -> None:
    found = coverage_of(
        (3, 1, 2),
        [Developing(Method.COACHING, frozenset({1})), Developing(Method.TRAINING, frozenset({1}))],
    )
    assert found.undeveloped == (3, 2)
    assert not found.is_complete and not found.has_one_group


def test_an_action_for_the_level_as_a_whole_develops_every_indicator() -> None:
    found = coverage_of((1, 2), [Developing(Method.PROJECT), Developing(Method.COACHING, frozenset({2}))])
    assert found.undeveloped == ()
    assert found.is_complete


def test_one_kind_of_method_only_is_told() -> None:
    whole = [Developing(Method.PROJECT), Developing(Method.ROTATION)]
    found = coverage_of((1,), whole)
    assert found.groups == {MethodGroup.EXPERIENCE}
    assert found.has_one_group and not found.is_complete
    assert coverage_of((1,), [*whole, Developing(Method.ELEARNING)]).is_complete


def test_a_level_without_indicators_needs_actions_all_the_same() -> None:
    assert coverage_of((), []).has_none
    assert coverage_of((), [Developing(Method.PROJECT), Developing(Method.COACHING)]).is_complete
