"""The form of an order to act for somebody."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from idp.rules.delegations import DelegationKind, DelegationScope
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.services.delegations import OrderFields
from idp.web.forms.days import typed_day
from idp.web.numbers import record_number

E = TypeVar("E", bound=StrEnum)


def read_order(form: Mapping[str, str]) -> OrderFields:
    """What was typed. Raises InvalidInputs naming at once each choice and each day that cannot be read."""
    problems: list[InvalidInput] = []

    def read(reading: Callable[..., Any], *arguments: object) -> Any:
        try:
            return reading(*arguments)
        except InvalidInput as problem:
            problems.append(problem)
            return None

    kind = read(_choice, form, "kind", DelegationKind)
    scope = read(_choice, form, "scope", DelegationScope)
    unit_id = read(_unit, form)
    from_on = read(typed_day, form, "from_on")
    until_on = read(typed_day, form, "until_on")
    if problems:
        raise InvalidInputs(problems)
    return OrderFields(
        represented=form.get("represented", ""),
        delegate=form.get("delegate", ""),
        order_number=form.get("order_number", ""),
        kind=kind,
        scope=scope,
        unit_id=unit_id,
        from_on=from_on,
        until_on=until_on,
    )


def _choice(form: Mapping[str, str], field: str, kind: type[E]) -> E:
    text = form.get(field, "")
    if text not in set(kind):
        raise InvalidInput(field, "unknown_choice" if text else "required")
    return kind(text)


def _unit(form: Mapping[str, str]) -> int | None:
    text = form.get("unit_id", "")
    if not text:
        return None
    unit_id = record_number(text)
    if unit_id is None:
        raise InvalidInput("unit_id", "unknown_choice")
    return unit_id
