"""What an action of the catalogue is to an organisation, and what its catalogue lacks.

The library is shared and read by all; an organisation writes actions of its own, adapts some of the library
and leaves some out. What covers a level well is this product's default: at least one action, every indicator
developed by one (an action without indicators develops the level as a whole, and so all of them), and more
than one group of methods (the 70:20:10 groups of the civil service).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from idp.rules.suggestions import METHOD_GROUPS
from idp.rules.terms import DevelopmentMethod, MethodGroup, VersionState


class ActionStanding(StrEnum):
    """One word for where an action comes from and whether it is proposed."""

    LIBRARY = "library"
    OWN = "own"
    ADAPTED = "adapted"
    DRAFT = "draft"
    RETIRED = "retired"
    EXCLUDED = "excluded"


PROPOSED = frozenset({ActionStanding.LIBRARY, ActionStanding.OWN, ActionStanding.ADAPTED})


def standing_of(
    state: VersionState, *, is_own: bool, is_adapted: bool = False, is_excluded: bool = False
) -> ActionStanding:
    """A draft and a retired action are that, whosever they are; only the library's are excluded."""
    if state is VersionState.DRAFT:
        return ActionStanding.DRAFT
    if state is VersionState.RETIRED:
        return ActionStanding.RETIRED
    if is_own:
        return ActionStanding.ADAPTED if is_adapted else ActionStanding.OWN
    return ActionStanding.EXCLUDED if is_excluded else ActionStanding.LIBRARY


OWN = "own"


def own_key(organisation_id: int, number: int) -> str:
    """The key of an organisation's own action, the same for all of its versions."""
    return f"{own_prefix(organisation_id)}{number}"


def own_prefix(organisation_id: int) -> str:
    return f"{OWN}/{organisation_id}/"


@dataclass(frozen=True)
class Developing:
    """As much of an action as says what it covers. `indicators` empty: the level as a whole."""

    method: DevelopmentMethod
    indicators: frozenset[int] = frozenset()


@dataclass(frozen=True)
class LevelCoverage:
    """`undeveloped`: the level's indicators that no action develops, in their order."""

    actions: int
    undeveloped: tuple[int, ...]
    groups: frozenset[MethodGroup]

    @property
    def has_none(self) -> bool:
        return self.actions == 0

    @property
    def has_one_group(self) -> bool:
        return len(self.groups) == 1

    @property
    def is_complete(self) -> bool:
        return not (self.has_none or self.undeveloped or self.has_one_group)


def coverage_of(indicators: Iterable[int], actions: Collection[Developing]) -> LevelCoverage:
    """What the actions proposed for one level leave open; `indicators` are the level's, in their order."""
    is_whole = any(not action.indicators for action in actions)
    developed = {indicator for action in actions for indicator in action.indicators}
    return LevelCoverage(
        len(actions),
        () if is_whole else tuple(each for each in indicators if each not in developed),
        frozenset(METHOD_GROUPS[action.method] for action in actions),
    )
