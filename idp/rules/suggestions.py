"""Which development actions to propose for a gap, in which order, and why.

Sources: the civil service's development system proposes the next level above the attained one; the order
of gaps and of actions is this product's default. The methods and their 70:20:10 groups are those of the
civil service.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from idp.rules.effects import NOTHING_KNOWN, Known
from idp.rules.gaps import gap as gap_between
from idp.rules.levels import Ladder, path
from idp.rules.terms import (
    CompetencyCategory,
    DevelopmentMethod,
    EffectOf,
    MethodGroup,
    SuggestionRule,
)

Id = int | str
"""Names a competency, an action or an indicator: a database key, or a key of the seeds."""

DEFAULT_LIMIT = 3

_SOCIAL = (
    DevelopmentMethod.COACHING,
    DevelopmentMethod.MENTORING,
    DevelopmentMethod.FEEDBACK,
    DevelopmentMethod.SHADOWING,
    DevelopmentMethod.KNOWLEDGE_SHARING,
    DevelopmentMethod.COUNSELLING,
)
_FORMAL = (
    DevelopmentMethod.TRAINING,
    DevelopmentMethod.WORKSHOP,
    DevelopmentMethod.ELEARNING,
    DevelopmentMethod.SELF_STUDY,
    DevelopmentMethod.STUDY_VISIT,
    DevelopmentMethod.CERTIFICATE,
)
METHOD_GROUPS: Mapping[DevelopmentMethod, MethodGroup] = MappingProxyType(
    dict.fromkeys(DevelopmentMethod, MethodGroup.EXPERIENCE)
    | dict.fromkeys(_SOCIAL, MethodGroup.SOCIAL)
    | dict.fromkeys(_FORMAL, MethodGroup.FORMAL)
)
"""The 70:20:10 group of every development method."""


@dataclass(frozen=True)
class Candidate:
    """A development action of the catalogue for one level of one competency.

    `hours` of the learner's time, `weeks` from start to end, `cost` in baht; `indicators`: the behavioural
    indicators of that level which it develops; `source`: where the catalogue has it from; `known`: how often
    it helped so far.
    """

    action_id: Id
    level: int
    method: DevelopmentMethod
    group: MethodGroup
    hours: Decimal | int
    weeks: int
    cost: Decimal | int
    indicators: frozenset[Id]
    source: str = ""
    known: Known = NOTHING_KNOWN

    @property
    def helped(self) -> int:
        return self.known.helped

    @property
    def tried(self) -> int:
        """0: too few people tried it for anything to be said."""
        return self.known.tried


@dataclass(frozen=True)
class GapToClose:
    """One person's gap in one competency.

    `weight` in percent; `missing`: for each level the indicators that were not shown. Of a level that was
    stated and not ticked, give all indicators. `framework` names the framework version that the person was
    rated against.
    """

    competency_key: Id
    category: CompetencyCategory
    expected: int
    attained: int | Decimal
    weight: Decimal | int
    ladder: Ladder
    missing: Mapping[int, frozenset[Id]] = field(default_factory=dict)
    framework: str = ""

    @property
    def size(self) -> int | Decimal:
        """Levels between expected and attained; 0 or less is no gap."""
        return gap_between(self.expected, self.attained)


@dataclass(frozen=True)
class Reason:
    """Why an action is proposed: numbers and keys only, worded in the reader's language when it is shown.

    `indicators_missing`: not shown at the target level; `indicators_developed`: those of them that this
    action develops; both sorted. `helped` of `tried` people: the action, or where too few tried it its
    method, as `effect_of` says; 0 of 0 is unknown. Kept as JSON with the suggestion, so that it says the same
    years later.
    """

    rule: SuggestionRule
    expected: int
    attained: int | Decimal
    gap: int | Decimal
    target_level: int
    indicators_missing: tuple[Id, ...]
    indicators_developed: tuple[Id, ...]
    framework: str = ""
    source: str = ""
    helped: int = 0
    tried: int = 0
    effect_of: EffectOf | None = None

    def as_json(self) -> dict[str, Any]:
        """JSON's own types only; fractional levels are texts, so that they stay exact."""
        known: dict[str, Any] = {}
        if self.tried and self.effect_of is not None:
            known = {"helped": self.helped, "tried": self.tried, "effect_of": self.effect_of.value}
        return {
            "rule": self.rule.value,
            "expected": self.expected,
            "attained": _number_as_json(self.attained),
            "gap": _number_as_json(self.gap),
            "target_level": self.target_level,
            "indicators_missing": list(self.indicators_missing),
            "indicators_developed": list(self.indicators_developed),
            "framework": self.framework,
            "source": self.source,
            **known,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Reason":
        """The way back of `as_json`. Raises KeyError or ValueError for what it did not write."""
        return cls(
            rule=SuggestionRule(stored["rule"]),
            expected=int(stored["expected"]),
            attained=_number_from_json(stored["attained"]),
            gap=_number_from_json(stored["gap"]),
            target_level=int(stored["target_level"]),
            indicators_missing=tuple(stored["indicators_missing"]),
            indicators_developed=tuple(stored["indicators_developed"]),
            framework=stored.get("framework", ""),
            source=stored.get("source", ""),
            helped=stored.get("helped", 0),
            tried=stored.get("tried", 0),
            effect_of=EffectOf(stored["effect_of"]) if "effect_of" in stored else None,
        )


def _number_as_json(number: int | Decimal) -> int | str:
    return int(number) if number == int(number) else str(number)


def _number_from_json(stored: int | str) -> int | Decimal:
    return stored if isinstance(stored, int) else Decimal(stored)


@dataclass(frozen=True)
class Suggested:
    """An action to propose; `rank` counts from 1 over the whole answer."""

    action: Candidate
    target_level: int
    rank: int
    reason: Reason


@dataclass(frozen=True)
class NoAction:
    """The catalogue has nothing for this level: say so, and offer a free line."""

    level: int


def rank_gaps(gaps: Iterable[GapToClose]) -> list[GapToClose]:
    """The real gaps, most urgent first: larger, core before functional, heavier (this product's default).

    Ties go by competency, so that the same gaps always come in the same order. What is no gap is left out.
    """
    return sorted(
        (gap for gap in gaps if gap.size > 0),
        key=lambda gap: (
            -gap.size,
            gap.category is not CompetencyCategory.CORE,
            -gap.weight,
            _id_order(gap.competency_key),
        ),
    )


def suggest(
    gap: GapToClose,
    candidates: Iterable[Candidate],
    *,
    full_path: bool = False,
    limit: int = DEFAULT_LIMIT,
) -> list[Suggested | NoAction]:
    """Proposes at most `limit` actions for the next level above the attained one, lowest level first.

    With `full_path` the same for every level up to the expected one; levels that the ladder lacks are
    stepped over. `candidates` are the actions of this competency, of any level. A level without one yields
    NoAction; no gap, or no level left to pass, yields an empty list. Raises ValueError for a limit below
    1.

    Within a level (this product's default) an action goes first that develops more of the indicators not
    shown; then one that develops some which those before it leave out; then one of a group of methods used
    less so far; then the cheaper; then the shorter in hours; then by its id. The same input always gives
    the same answer.
    """
    if limit < 1:
        raise ValueError(f"at least one suggestion must be allowed, not {limit}")
    levels = path(gap.ladder, gap.attained, gap.expected)
    available = list(candidates)
    used = dict.fromkeys(MethodGroup, 0)
    answer: list[Suggested | NoAction] = []
    rank = 0
    for level in levels if full_path else levels[:1]:
        rule = SuggestionRule.NEXT_LEVEL if level == levels[0] else SuggestionRule.FULL_PATH
        missing = gap.missing.get(level, frozenset())
        chosen = _choose([action for action in available if action.level == level], missing, used, limit)
        if not chosen:
            answer.append(NoAction(level))
        for action in chosen:
            rank += 1
            answer.append(Suggested(action, level, rank, _reason(gap, rule, level, missing, action)))
    return answer


def _choose(
    actions: list[Candidate], missing: frozenset[Id], used: dict[MethodGroup, int], limit: int
) -> list[Candidate]:
    """The best `limit` actions of one level, one by one; counts the groups of methods in `used`."""
    left = list(actions)
    uncovered = missing
    chosen: list[Candidate] = []

    def order(action: Candidate) -> tuple[Any, ...]:
        return (
            -len(action.indicators & missing),
            -len(action.indicators & uncovered),
            -(action.known.share or Fraction(0)),
            used[action.group],
            action.cost,
            action.hours,
            _id_order(action.action_id),
        )

    while left and len(chosen) < limit:
        best = min(left, key=order)
        left.remove(best)
        chosen.append(best)
        used[best.group] += 1
        uncovered -= best.indicators
    return chosen


def _reason(
    gap: GapToClose, rule: SuggestionRule, level: int, missing: frozenset[Id], action: Candidate
) -> Reason:
    return Reason(
        rule=rule,
        expected=gap.expected,
        attained=gap.attained,
        gap=gap.size,
        target_level=level,
        indicators_missing=_sorted(missing),
        indicators_developed=_sorted(missing & action.indicators),
        framework=gap.framework,
        source=action.source,
        helped=action.known.helped,
        tried=action.known.tried,
        effect_of=action.known.effect_of,
    )


def _id_order(identifier: Id) -> tuple[int, str]:
    """Numbers by size before texts by letters."""
    return (identifier, "") if isinstance(identifier, int) else (2**63, identifier)


def _sorted(identifiers: Iterable[Id]) -> tuple[Id, ...]:
    return tuple(sorted(identifiers, key=_id_order))
