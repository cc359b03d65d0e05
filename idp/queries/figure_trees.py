"""The organisation's units as the tree of groups that the rules of small groups work on, and which of its
groups are divided at the release: what every figure of released results begins with."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from decimal import Decimal

from idp.queries.figure_counts import BEFORE, WITHOUT_BAND, Category, UnitInTree
from idp.rules.settings import OrganisationRules
from idp.rules.suppression import Group, Shown

WHOLE_ORGANISATION = 0
"""Stands for the organisation where a unit's number is asked for."""

Key = tuple[int, bool]
"""A unit with all below it, or (True) those serving in the unit itself."""


def categories_of(rules: OrganisationRules) -> list[Category]:
    """The stages before the release, a result without a band, the bands from the highest."""
    lowest: dict[str, int] = {}
    for rule in rules.scoring.values():
        for code, at_least in rule.bands:
            lowest[code] = min(lowest.get(code, at_least), at_least)
    bands = sorted(lowest, key=lambda code: -lowest[code])
    return [*((stage, "") for stage in BEFORE), (None, WITHOUT_BAND), *((None, band) for band in bands)]


def tree_of(units: Sequence[UnitInTree], counts: Mapping[int, Sequence[int]], width: int) -> Group:
    """The organisation, its units below one another; those who serve in a unit that has others below it are
    a part of their own."""
    below: dict[int, list[int]] = defaultdict(list)
    for unit in units:
        steps = [int(step) for step in unit.path.split("/") if step]
        below[steps[-2] if len(steps) > 1 else WHOLE_ORGANISATION].append(unit.id)

    def group(unit_id: int) -> Group:
        parts = [group(each) for each in below[unit_id]]
        own = tuple(counts.get(unit_id, (0,) * width))
        if parts and any(own):
            parts.append(Group((unit_id, True), own))
        total = tuple(sum(column) for column in zip(*(part.counts for part in parts), strict=True))
        return Group((unit_id, False), total if parts else own, tuple(parts))

    return group(WHOLE_ORGANISATION)


def rated_tree(
    units: Sequence[UnitInTree],
    released: Mapping[int, int],
    counts: Mapping[Hashable, Sequence[int]],
    *,
    is_fine: bool = False,
) -> Group:
    """The people with a released result by one competency: (not rated in it, not below what is expected, with
    a gap); `is_fine`: (not rated, meets it, with a gap, exceeds it).

    `released`: by unit how many have a result; `counts`: as of `gaps_by_competency`.
    """
    rows: dict[int, tuple[int, ...]] = {}
    for unit_id, people in released.items():
        met, short, over = counts.get(unit_id, (0, 0, 0))
        rated = (met, short, over) if is_fine else (met + over, short)
        rows[unit_id] = (people - sum(rated), *rated)
    return tree_of(units, rows, 4 if is_fine else 3)


def groups_of(group: Group) -> Iterable[Group]:
    """The group itself and all below it."""
    yield group
    for part in group.parts:
        yield from groups_of(part)


def divided_at_release(shown: Mapping[Hashable, Shown], border: int) -> frozenset[Hashable]:
    """The groups of which it is shown how many have a released result."""
    return frozenset(
        key
        for key, each in shown.items()
        if each.grouping and any(places[0] == border for places in each.grouping)
    )


def names_of_unit(units: Sequence[UnitInTree], unit_id: int) -> tuple[str, str]:
    return next(((unit.name_th, unit.name_en) for unit in units if unit.id == unit_id), ("", ""))


def sum_below(units: Sequence[UnitInTree], sums: Mapping[Hashable, Decimal], unit_id: int) -> Decimal:
    inside = [unit.id for unit in units if unit_id == WHOLE_ORGANISATION or f"/{unit_id}/" in unit.path]
    return sum((sums.get(each, Decimal(0)) for each in inside), Decimal(0))
