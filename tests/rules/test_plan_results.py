"""A result and its percent say the same."""

import pytest

from idp.rules.errors import InvalidInput
from idp.rules.plan_results import RESULTS, percent_of_result
from idp.rules.terms import PlanItemState as S

PARTLY = (S.NEARLY_ACHIEVED, S.NOT_ACHIEVED, S.CANCELLED, S.CARRIED_OVER)


def refusal(result: S, given: int | None, reported: int = 60) -> str:
    with pytest.raises(InvalidInput) as refused:
        percent_of_result(result, given, reported)
    assert refused.value.field == "percent"
    return refused.value.code


def test_achieved_is_the_whole() -> None:
    assert percent_of_result(S.ACHIEVED, None, 60) == percent_of_result(S.ACHIEVED, 100, 60) == 100
    assert refusal(S.ACHIEVED, 99) == "achieved_in_part"


def test_nearly_achieved_says_how_nearly() -> None:
    assert refusal(S.NEARLY_ACHIEVED, None) == "required"
    assert refusal(S.NEARLY_ACHIEVED, 0) == "out_of_range"
    assert percent_of_result(S.NEARLY_ACHIEVED, 1, 60) == 1


@pytest.mark.parametrize("result", PARTLY)
def test_what_is_not_achieved_is_not_whole(result: S) -> None:
    assert refusal(result, 100) == "not_wholly_achieved"
    assert percent_of_result(result, 99, 60) == 99


@pytest.mark.parametrize("result", [S.NOT_ACHIEVED, S.CANCELLED, S.CARRIED_OVER])
def test_without_a_percent_what_was_reported_stands(result: S) -> None:
    assert percent_of_result(result, None, 60) == 60
    assert refusal(result, None, reported=100) == "not_wholly_achieved"


@pytest.mark.parametrize("result", RESULTS)
@pytest.mark.parametrize("given", [-1, 101])
def test_a_percent_has_its_range(result: S, given: int) -> None:
    assert refusal(result, given) == "out_of_range"
