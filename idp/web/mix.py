"""How hours divide between the groups of methods, beside the 70:20:10 advised: for bars and their keys."""

from collections.abc import Mapping
from dataclasses import dataclass

from idp.rules.terms import MethodGroup

ADVISED_PERCENT = {MethodGroup.EXPERIENCE: 70, MethodGroup.SOCIAL: 20, MethodGroup.FORMAL: 10}


@dataclass(frozen=True)
class Share:
    """The hours of one group of methods, in percent of all of them, rounded down to whole ones."""

    group: MethodGroup
    hours: int
    percent: int
    starts_at: int
    advised: int


def shares_of(hours_by_group: Mapping[MethodGroup, int]) -> list[Share]:
    """Every group in the order of the 70:20:10; nothing without hours."""
    total = sum(hours_by_group.values())
    if not total:
        return []
    found: list[Share] = []
    for group in MethodGroup:
        hours = hours_by_group.get(group, 0)
        begins = sum(each.percent for each in found)
        found.append(Share(group, hours, hours * 100 // total, begins, ADVISED_PERCENT[group]))
    return found
