"""One small engine for every workflow: a workflow is a table of transitions, and this reads it.

A row of a table says all there is to say about a step: from which state, by which event, to which state,
which relations to the record may do it, what it requires, and who is told. Pages draw their buttons from
`available`, services ask `decide`, the help page and the state diagram print the rows.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from idp.rules.errors import NotPermitted, RequirementNotMet, TransitionNotAllowed
from idp.rules.terms import Relation, Requirement

State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)


@dataclass(frozen=True)
class Transition(Generic[State, Event]):
    """One step. `by`: the relations that may; `tells`: the relations that get a notice."""

    source: State
    event: Event
    target: State
    by: frozenset[Relation]
    requires: frozenset[Requirement] = frozenset()
    tells: frozenset[Relation] = frozenset()


class Workflow(Generic[State, Event]):
    """A named table of transitions, at most one per state and event."""

    def __init__(self, name: str, initial: State, transitions: Iterable[Transition[State, Event]]) -> None:
        self.name = name
        self.initial = initial
        self.transitions = tuple(transitions)
        self._by_key = {(row.source, row.event): row for row in self.transitions}
        if len(self._by_key) != len(self.transitions):
            raise ValueError(f"{name}: two transitions for one state and event")

    @property
    def states(self) -> tuple[State, ...]:
        """Every state of the table, in the order of first mention, the initial one first."""
        seen: dict[State, None] = {self.initial: None}
        for row in self.transitions:
            seen.setdefault(row.source)
            seen.setdefault(row.target)
        return tuple(seen)

    def is_final(self, state: State) -> bool:
        return all(row.source is not state for row in self.transitions)

    def decide(
        self,
        state: State,
        event: Event,
        relations: Collection[Relation],
        met: Collection[Requirement] = (),
        details: Collection[str] = (),
    ) -> Transition[State, Event]:
        """The row that applies.

        Raises TransitionNotAllowed when the state has no such event, NotPermitted when none of `relations`
        may, RequirementNotMet (with `details`) when something it requires is not among `met`.
        """
        row = self._by_key.get((state, event))
        if row is None:
            raise TransitionNotAllowed(self.name, state, event)
        if row.by.isdisjoint(relations):
            raise NotPermitted(f"{self.name}: {event}")
        missing = row.requires.difference(met)
        if missing:
            raise RequirementNotMet(missing, details)
        return row

    def available(
        self, state: State, relations: Collection[Relation]
    ) -> tuple[Transition[State, Event], ...]:
        """The rows that somebody with these relations may take from this state, in table order."""
        return tuple(
            row for row in self.transitions if row.source is state and not row.by.isdisjoint(relations)
        )
