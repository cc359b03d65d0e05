"""What helped: of those who carried an action out for a gap, how many then attained the level aimed for.

Source: this product's own; no public system that it was compared with looks back at its plans.

- Carried out: the line of an evaluated plan is achieved or nearly achieved. What was cancelled, carried over
  or not achieved says nothing about the action.
- For a gap: the line's competency was below the expected level in that year's result, and the line names the
  level aimed for. Preparing for another position is not counted.
- Helped: in the person's next released result, of a later fiscal year, the level attained in the same
  competency (or in its equivalent, by the crosswalk) is at least the level aimed for. Who has no such
  result yet, has left, or is not rated in the competency any more, is not counted at all.
- A person counts once for each action and each method: as helped where at least half of their lines with it
  reached the level aimed for. Of a line with several methods the main one counts.
- Fewer than five people are neither shown nor used (`rules.suppression`), nor can fewer be known from two
  counts that were shown one after the other: `to_be_kept`.

It is a count, not a proof: other things help too. It orders proposals and says so on each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from idp.rules.suppression import LEAST, is_small
from idp.rules.terms import DevelopmentMethod, EffectOf, PlanItemState

CARRIED_OUT = frozenset({PlanItemState.ACHIEVED, PlanItemState.NEARLY_ACHIEVED})

ENOUGH = Fraction(1, 2)
"""Of a person's lines with one action or method, those that reached their level, for it to have helped."""

Key = tuple[EffectOf, str]
"""An action by its key over its versions, or a method by its value."""


@dataclass(frozen=True)
class Helped:
    """`helped` of `tried` people; `tried` is above 0."""

    helped: int
    tried: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.helped, self.tried)


@dataclass(frozen=True)
class Trial:
    """One line that was carried out for a gap and can be judged; `action_key` None: a line of one's own."""

    employee_id: int
    method: DevelopmentMethod
    action_key: str | None
    reached: bool

    @property
    def keys(self) -> tuple[Key, ...]:
        method = (EffectOf.METHOD, self.method.value)
        return (method,) if self.action_key is None else ((EffectOf.ACTION, self.action_key), method)


def reached(target_level: int, attained: int | Decimal) -> bool:
    """Whether the level aimed for was attained, by levels of the same ladder."""
    return attained >= target_level


def add_up(trials: Iterable[Trial]) -> dict[Key, Helped]:
    """By action and by method; each person once."""
    lines: dict[Key, dict[int, list[bool]]] = {}
    for trial in trials:
        for key in trial.keys:
            lines.setdefault(key, {}).setdefault(trial.employee_id, []).append(trial.reached)
    return {
        key: Helped(sum(_helped(own) for own in people.values()), len(people))
        for key, people in lines.items()
    }


def sum_of(parts: Iterable[Mapping[Key, Helped]]) -> dict[Key, Helped]:
    """The counts of different people together."""
    whole: dict[Key, Helped] = {}
    for part in parts:
        for key, more in part.items():
            before = whole.get(key)
            whole[key] = Helped(before.helped + more.helped, before.tried + more.tried) if before else more
    return whole


def _helped(reached_by_line: list[bool]) -> bool:
    return Fraction(sum(reached_by_line), len(reached_by_line)) >= ENOUGH


def to_be_kept(
    before: Mapping[Key, Helped], counted: Mapping[Key, Helped], method_of: Mapping[str, DevelopmentMethod]
) -> dict[Key, Helped]:
    """What takes the place of the counts kept `before`: 14 of 19 on one day and 14 of 20 on the next would
    tell what became of a single person.

    A count that five or more people tried stays as it is until five or more have been added to them or left
    them; a smaller one, which nobody sees, is always the latest. An action's moves on with its method's
    only, and so that the method's other people change by nobody or by five or more too: where not, the
    action with the smallest change waits. `method_of`: the method of each action.
    """
    kept = dict(counted)
    changes: dict[Key, int] = {}
    for key, old in before.items():
        if key in counted and min(old.tried, counted[key].tried) >= LEAST:
            kept[key] = old
            change = counted[key].tried - old.tried
            if abs(change) >= LEAST:
                changes[key] = change
    actions: dict[Key, list[Key]] = {}
    for key in changes:
        effect_of, name = key
        method = (EffectOf.METHOD, method_of[name].value) if name in method_of else key
        if effect_of is EffectOf.ACTION and method in before and method in kept:
            actions.setdefault(method, []).append(key)
        else:
            kept[key] = counted[key]
    for method, own in actions.items():
        if method in changes:
            for key in _moving_together(changes[method], own, changes):
                kept[key] = counted[key]
    return kept


def _moving_together(change: int, actions: list[Key], changes: Mapping[Key, int]) -> list[Key]:
    """Of the actions of a method those that may change with it."""
    own = sorted(actions, key=lambda key: (abs(changes[key]), key), reverse=True)
    while own and is_small(abs(change - sum(changes[key] for key in own))):
        own.pop()
    return own


@dataclass(frozen=True)
class Known:
    """What an action is ranked by. `helped`, `tried` are shown with it: the action's own, else its method's,
    as `effect_of` says; 0 of 0: nothing is known of either. `share` is compared: None where the organisation
    knows nothing at all."""

    helped: int = 0
    tried: int = 0
    effect_of: EffectOf | None = None
    share: Fraction | None = None


NOTHING_KNOWN = Known()


@dataclass(frozen=True)
class Effects:
    """What may be shown and used, by action key and by method. `hidden_actions`: others that were tried."""

    actions: Mapping[str, Helped] = field(default_factory=dict)
    methods: Mapping[DevelopmentMethod, Helped] = field(default_factory=dict)
    hidden_actions: int = 0

    @property
    def usual(self) -> Fraction | None:
        """The share over all methods that are shown, each by its people."""
        tried = sum(each.tried for each in self.methods.values())
        return Fraction(sum(each.helped for each in self.methods.values()), tried) if tried else None

    def known(self, action_key: str, method: DevelopmentMethod) -> Known:
        """The action's own, else its method's. Where neither is known it ranks as the usual share does: above
        what helped less often than things do here, below what helped more often."""
        if action_key in self.actions:
            return _known(self.actions[action_key], EffectOf.ACTION)
        if method in self.methods:
            return _known(self.methods[method], EffectOf.METHOD)
        return Known(share=self.usual)


def shown(counts: Mapping[Key, Helped], method_of: Mapping[str, DevelopmentMethod]) -> Effects:
    """What of the counts may be shown. `method_of`: the method of each action.

    Neither an action nor a method that fewer than five people tried; and what the other actions of a method
    come to together, its people less those of the actions shown, is nobody or five or more: where not, the
    action with the fewest people is left out too. So is an action with more people than its method, counted
    later than that (`to_be_kept`). As in `rules.suppression` that is about how many people are
    spoken of, not about how many of them were helped.
    """
    methods = {
        DevelopmentMethod(name): each
        for (effect_of, name), each in counts.items()
        if effect_of is EffectOf.METHOD and each.tried >= LEAST
    }
    tried = {name: each for (effect_of, name), each in counts.items() if effect_of is EffectOf.ACTION}
    actions = {key: each for key, each in tried.items() if each.tried >= LEAST}

    def order(key: str) -> tuple[int, str]:
        return actions[key].tried, key

    for method, whole in methods.items():
        own = sorted((key for key in actions if method_of.get(key) is method), key=order)
        while own and actions[own[-1]].tried > whole.tried:
            del actions[own.pop()]
        while own and is_small(whole.tried - sum(actions[key].tried for key in own)):
            del actions[own.pop(0)]
    return Effects(actions, methods, len(tried) - len(actions))


def _known(found: Helped, effect_of: EffectOf) -> Known:
    return Known(found.helped, found.tried, effect_of, found.share)
