"""What the office fills in for one development action, and what it must have before it is proposed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from idp.models import DevelopmentAction
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.terms import DevelopmentMethod
from idp.rules.texts import checked_text, required_text
from idp.services.plan_fields import LONGEST_TITLE, MOST_COST_BAHT, MOST_HOURS

MOST_WEEKS = 104
"""Two years: what takes longer is more than one action."""


@dataclass(frozen=True)
class ActionFields:
    """One action as typed. `indicator_ids` of its level; none of them: it develops the level as a whole.
    `hours` of the employee's time over `weeks`, `cost_baht` a person."""

    title: str
    method: DevelopmentMethod | None
    indicator_ids: tuple[int, ...] = ()
    detail: str = ""
    hours: int = 0
    weeks: int = 1
    cost_baht: Decimal = Decimal(0)
    evidence: str = ""
    measure: str = ""


TEXTS = {"detail": "detail_th", "evidence": "evidence_th", "measure": "measure_th"}
"""The form's name of each longer text, and its column."""

COLUMNS = (
    "method",
    "title_th",
    "detail_th",
    "hours",
    "weeks",
    "cost_baht",
    "evidence_th",
    "measure_th",
)
NEEDED = {"detail_th": "detail", "measure_th": "measure", "evidence_th": "evidence"}
"""What must be written before an action is proposed: the plan and its printed form are made of it."""


def checked_columns(fields: ActionFields, of_the_level: Sequence[int]) -> dict[str, Any]:
    """The action's columns. Raises InvalidInputs naming every field that is wrong."""
    values, problems = read_columns(fields, of_the_level)
    if problems:
        raise InvalidInputs(problems)
    return values


def read_columns(
    fields: ActionFields, of_the_level: Sequence[int]
) -> tuple[dict[str, Any], list[InvalidInput]]:
    """The columns as far as they can be read, and every problem. `of_the_level`: the ids of its indicators in
    their order."""
    problems: list[InvalidInput] = []
    values: dict[str, Any] = {}
    try:
        values["title_th"] = required_text("title", fields.title, LONGEST_TITLE)
    except InvalidInput as problem:
        problems.append(problem)
    for name, column in TEXTS.items():
        try:
            values[column] = checked_text(name, getattr(fields, name))
        except InvalidInput as problem:
            problems.append(problem)
    if fields.method is None:
        problems.append(InvalidInput("method", "missing"))
    if not set(fields.indicator_ids) <= set(of_the_level):
        problems.append(InvalidInput("indicator_ids", "unknown"))
    problems += _wrong_amounts(fields)
    for name in ("method", "hours", "weeks", "cost_baht"):
        values[name] = getattr(fields, name)
    return values, problems


def _wrong_amounts(fields: ActionFields) -> list[InvalidInput]:
    problems = []
    if not 0 <= fields.hours <= MOST_HOURS:
        problems.append(InvalidInput("hours", "out_of_range", minimum=0, maximum=MOST_HOURS))
    if not 1 <= fields.weeks <= MOST_WEEKS:
        problems.append(InvalidInput("weeks", "out_of_range", minimum=1, maximum=MOST_WEEKS))
    cost = fields.cost_baht
    if not cost.is_finite() or not 0 <= cost <= MOST_COST_BAHT:
        problems.append(InvalidInput("cost_baht", "out_of_range", minimum=0, maximum=int(MOST_COST_BAHT)))
    elif cost * 100 != (cost * 100).to_integral_value():
        problems.append(InvalidInput("cost_baht", "too_many_places", maximum=2))
    return problems


def lacking(columns: Mapping[str, Any]) -> list[InvalidInput]:
    """What is still missing before it may be published, each at its field."""
    problems = [
        InvalidInput(name, "missing") for column, name in NEEDED.items() if not columns.get(column, "")
    ]
    if columns["hours"] < 1:
        problems.append(InvalidInput("hours", "out_of_range", minimum=1, maximum=MOST_HOURS))
    return problems


def columns_of(action: DevelopmentAction) -> dict[str, Any]:
    return {name: getattr(action, name) for name in COLUMNS}


def described(columns: Mapping[str, Any], positions: Sequence[int]) -> dict[str, Any]:
    """What an action says, as the history keeps it; `positions` of its indicators in the level, from 1."""
    return {
        **{name: columns[name] for name in COLUMNS},
        "method": columns["method"].value,
        "cost_baht": f"{columns['cost_baht']:.2f}",
        "indicators": sorted(positions),
    }


def hash_of(key: str, columns: Mapping[str, Any], positions: Sequence[int]) -> str:
    """A hexadecimal hash of all that an action says, as the library's have one."""
    said = {"key": key, **described(columns, positions)}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
