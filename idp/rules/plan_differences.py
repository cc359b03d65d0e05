"""What a later version of a plan changes in an earlier one: for whoever has to look at it again.

Lines are compared by their id, field by field, as the snapshots of a plan keep them (JSON's own types). A
line struck out counts as removed, also where it was struck out on either side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from idp.rules.terms import PlanItemState

FIELDS = (
    "title",
    "competency",
    "from_level",
    "target_level",
    "indicators",
    "method",
    "other_methods",
    "course",
    "course_run",
    "detail",
    "starts_on",
    "ends_on",
    "hours",
    "cost_baht",
    "measure",
    "evidence_expected",
    "mentor",
    "responsible",
)
"""What a person fills in for a line, in the order of the form."""


class DifferenceKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class FieldDifference:
    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class LineDifference:
    """One line; `fields` only of a changed one. `title` is the one that it has, or had."""

    kind: DifferenceKind
    line_id: int
    title: str
    fields: tuple[FieldDifference, ...] = ()


def differences(
    approved: Sequence[Mapping[str, Any]], amended: Sequence[Mapping[str, Any]]
) -> tuple[LineDifference, ...]:
    """The changed and removed lines in the order of the approved plan, then the added ones."""
    before, after = _live(approved), _live(amended)
    found = []
    for line_id, line in before.items():
        if line_id not in after:
            found.append(LineDifference(DifferenceKind.REMOVED, line_id, line["title"]))
            continue
        fields = _fields(line, after[line_id])
        if fields:
            found.append(LineDifference(DifferenceKind.CHANGED, line_id, after[line_id]["title"], fields))
    found += [
        LineDifference(DifferenceKind.ADDED, line_id, line["title"])
        for line_id, line in after.items()
        if line_id not in before
    ]
    return tuple(found)


def _live(lines: Sequence[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    return {line["id"]: line for line in lines if line["state"] != PlanItemState.CANCELLED}


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldDifference, ...]:
    """A version from before there was a field has nothing in it."""
    return tuple(
        FieldDifference(name, before.get(name), after.get(name))
        for name in FIELDS
        if not _are_the_same(name, before.get(name), after.get(name))
    )


def _are_the_same(name: str, before: Any, after: Any) -> bool:
    """Amounts are kept as texts: 0 and 0.00 are one; so are nothing, an empty text and an empty list."""
    if name == "cost_baht":
        return Decimal(before) == Decimal(after)
    return bool(before == after) or (before in EMPTY and after in EMPTY)


EMPTY: tuple[Any, ...] = (None, "", [])
