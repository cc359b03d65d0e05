"""The form of a trial: up to three other expectations, another pass rule, another weight; all in the address,
so that a trial can be sent to a colleague."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.levels import PassRule
from idp.rules.profiles import LEAST_LEVEL, MOST_LEVEL
from idp.rules.terms import PassRuleKind
from idp.rules.thai import to_arabic_digits
from idp.rules.what_if import ExpectedChange, Scenario, WeightChange
from idp.web.numbers import record_number

CHANGES = (1, 2, 3)
STEPS = {"up": 1, "down": -1}


def read_scenario(
    form: Mapping[str, str], competencies: Collection[int], levels: Collection[int]
) -> Scenario:
    """What is tried out. Raises InvalidInputs with each problem at its field."""
    problems: list[InvalidInput] = []
    changes: list[ExpectedChange] = []
    for number in CHANGES:
        try:
            changes.extend(_change(form, number, competencies, levels))
        except InvalidInput as error:
            problems.append(error)
    rule, weight = None, None
    try:
        rule = _pass_rule(form)
    except InvalidInput as error:
        problems.append(error)
    try:
        weight = _weight(form, competencies)
    except InvalidInput as error:
        problems.append(error)
    if problems:
        raise InvalidInputs(problems)
    return Scenario(tuple(changes), rule, weight)


def _change(
    form: Mapping[str, str], number: int, competencies: Collection[int], levels: Collection[int]
) -> Iterator[ExpectedChange]:
    competency = _chosen(form, f"competency{number}", competencies)
    to = form.get(f"to{number}", "").strip()
    if competency is None and not to:
        return
    if competency is None:
        raise InvalidInput(f"competency{number}", "required")
    if not to:
        raise InvalidInput(f"to{number}", "required")
    position_level = _chosen(form, f"level{number}", levels)
    if to in STEPS:
        yield ExpectedChange(competency, position_level, steps=STEPS[to])
        return
    level = record_number(to)
    if level is None or not LEAST_LEVEL <= level <= MOST_LEVEL:
        raise InvalidInput(f"to{number}", "unknown_choice")
    yield ExpectedChange(competency, position_level, level=level)


def _pass_rule(form: Mapping[str, str]) -> PassRule | None:
    kind = form.get("pass_rule", "")
    if not kind:
        return None
    if kind not in set(PassRuleKind):
        raise InvalidInput("pass_rule", "unknown_choice")
    if kind != PassRuleKind.PERCENTAGE:
        return PassRule(PassRuleKind(kind))
    percentage = _number(form, "percentage")
    if percentage is None:
        raise InvalidInput("percentage", "required")
    if percentage != int(percentage) or not 1 <= percentage <= 100:
        raise InvalidInput("percentage", "out_of_range", minimum=1, maximum=100)
    return PassRule(PassRuleKind.PERCENTAGE, int(percentage))


def _weight(form: Mapping[str, str], competencies: Collection[int]) -> WeightChange | None:
    competency = _chosen(form, "weight_of", competencies)
    percent = _number(form, "weight")
    if competency is None and percent is None:
        return None
    if competency is None:
        raise InvalidInput("weight_of", "required")
    if percent is None:
        raise InvalidInput("weight", "required")
    if not 0 <= percent <= 100:
        raise InvalidInput("weight", "out_of_range", minimum=0, maximum=100)
    if percent != round(percent, 2):
        raise InvalidInput("weight", "too_many_places", maximum=2)
    return WeightChange(competency, percent)


def _chosen(form: Mapping[str, str], field: str, choices: Collection[int]) -> int | None:
    text = form.get(field, "")
    if not text:
        return None
    number = record_number(text)
    if number not in choices:
        raise InvalidInput(field, "unknown_choice")
    return number


def _number(form: Mapping[str, str], field: str) -> Decimal | None:
    text = to_arabic_digits(form.get(field, "")).strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise InvalidInput(field, "not_a_number") from error
    if not number.is_finite():
        raise InvalidInput(field, "not_a_number")
    return number
