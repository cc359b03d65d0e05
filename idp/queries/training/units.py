"""Sums by unit, each with all below it: counted unit by unit in the database, added up the tree here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from idp.queries.figure_counts import UnitInTree

T = TypeVar("T")


@dataclass(frozen=True)
class UnitSums(Generic[T]):
    """A unit with all below it; `unit_id` None: the whole organisation. `depth` 0 at the first row shown;
    `has_below`: there are units below it to look at."""

    unit_id: int | None
    name_th: str
    name_en: str
    depth: int
    has_below: bool
    sums: T


def sums_up_the_tree(
    units: Sequence[UnitInTree], own: Mapping[int, T], nothing: T, add: Callable[[T, T], T]
) -> dict[int | None, T]:
    """By unit what it and everything below it have together; None for the whole organisation."""
    above = {unit.id: [int(part) for part in unit.path.split("/") if part] for unit in units}
    found: dict[int | None, T] = {unit.id: nothing for unit in units}
    found[None] = nothing
    for unit_id, sums in own.items():
        for each in (None, *above.get(unit_id, ())):
            found[each] = add(found.get(each, nothing), sums)
    return found


def rows_below(
    units: Sequence[UnitInTree], sums: Mapping[int | None, T], unit_id: int | None
) -> list[UnitSums[T]]:
    """The unit asked for (None: the whole organisation) and those right below it, in the order of their
    codes. An organisation with one unit at its top is shown from there on."""
    children = children_of(units)
    if unit_id is None and len(children.get(None, ())) == 1:
        unit_id = children[None][0].id
    asked = next((unit for unit in units if unit.id == unit_id), None)
    head = ("", "") if asked is None else (asked.name_th, asked.name_en)
    rows = [UnitSums(unit_id, *head, 0, False, sums[unit_id])]
    return rows + [
        UnitSums(unit.id, unit.name_th, unit.name_en, 1, bool(children.get(unit.id)), sums[unit.id])
        for unit in children.get(unit_id, ())
    ]


def children_of(units: Sequence[UnitInTree]) -> dict[int | None, list[UnitInTree]]:
    """By unit those right below it; None: those at the top."""
    found: dict[int | None, list[UnitInTree]] = {}
    for unit in units:
        above = [int(part) for part in unit.path.split("/") if part][:-1]
        found.setdefault(above[-1] if above else None, []).append(unit)
    return found
