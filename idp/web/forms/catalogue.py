"""The form of one development action: amounts with commas or Thai digits."""

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from idp.models import DevelopmentAction
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.terms import DevelopmentMethod
from idp.rules.thai import to_arabic_digits
from idp.services.catalogue.action_fields import ActionFields, read_columns
from idp.web.numbers import LONGEST, record_number

T = TypeVar("T")
FIGURES = ("hours", "weeks", "cost_baht")
"""Nothing is 0 only because nothing was written."""


def read_action(form: MultiDict[str, str], of_the_level: Sequence[int] | None) -> ActionFields:
    """What was filled in. `of_the_level`: its indicators' ids; None while the level is not known.

    Raises InvalidInputs with everything that is wrong where a field cannot be read at all; else the service
    checks.
    """
    problems: list[InvalidInput] = []

    def read(name: str, reader: Callable[[str], T], code: str, otherwise: T) -> T:
        text = to_arabic_digits(form.get(name, "")).replace(",", "").strip()
        if not text:
            if name in FIGURES:
                problems.append(InvalidInput(name, "missing"))
            return otherwise
        try:
            return reader(text)
        except (ValueError, InvalidOperation):
            problems.append(InvalidInput(name, code))
            return otherwise

    chosen = [record_number(text) for text in form.getlist("indicator_ids")]
    fields = ActionFields(
        title=form.get("title", ""),
        method=read("method", DevelopmentMethod, "unknown_choice", None),
        indicator_ids=tuple(-1 if each is None else each for each in chosen),
        detail=form.get("detail", ""),
        hours=read("hours", _whole, "not_a_whole_number", 0),
        weeks=read("weeks", _whole, "not_a_whole_number", 1),
        cost_baht=read("cost_baht", _amount, "not_a_number", Decimal(0)),
        evidence=form.get("evidence", ""),
        measure=form.get("measure", ""),
    )
    if problems:
        unread = {each.field for each in problems}
        ids = fields.indicator_ids if of_the_level is None else of_the_level
        _values, others = read_columns(fields, ids)
        raise InvalidInputs([*problems, *(each for each in others if each.field not in unread)])
    return fields


def form_of_action(action: DevelopmentAction, indicator_ids: Sequence[int]) -> MultiDict[str, str]:
    """The action as its form shows it."""
    form: MultiDict[str, str] = MultiDict(
        {
            "title": action.title_th,
            "method": action.method.value,
            "detail": action.detail_th,
            "hours": str(action.hours),
            "weeks": str(action.weeks),
            "cost_baht": f"{action.cost_baht:f}",
            "evidence": action.evidence_th,
            "measure": action.measure_th,
        }
    )
    form.setlist("indicator_ids", [str(each) for each in indicator_ids])
    return form


def _whole(text: str) -> int:
    if len(text) > LONGEST or not (text.isascii() and text.removeprefix("-").isdigit()):
        raise ValueError(text)
    return int(text)


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not amount.is_finite():
        raise ValueError(text)
    return amount
