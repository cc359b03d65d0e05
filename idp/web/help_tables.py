"""The tables of the help page "who may do what, when", read from the tables that are enforced.

Nothing is written here but how they are gathered: the workflows, the grants and the papers say the rest.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from idp.rules.paper import PAPER_STEPS, PaperStep
from idp.rules.permissions import GRANTS, relations_with
from idp.rules.terms import AssessmentState, CycleState, Permission, PlanState, Relation, Requirement
from idp.rules.workflow import Workflow


@dataclass(frozen=True)
class StepRow:
    """A step of a workflow with all states from which it leads to the same one in the same way."""

    event: StrEnum
    sources: tuple[StrEnum, ...]
    target: StrEnum
    by: frozenset[Relation]
    requires: frozenset[Requirement]
    tells: frozenset[Relation]


@dataclass(frozen=True)
class BoundGrant:
    """Who has a permission in some states alone. `states` are those, or with `is_except` the others:
    whichever are fewer."""

    relations: tuple[Relation, ...]
    states: tuple[StrEnum, ...]
    is_except: bool


@dataclass(frozen=True)
class PermissionRow:
    """Who has a permission; `bound`: those who have it only in some states of the record."""

    permission: Permission
    relations: frozenset[Relation]
    bound: frozenset[Relation]
    grants: tuple[BoundGrant, ...] = ()

    @property
    def feature(self) -> str:
        """What the permission is about: the word before the colon."""
        return self.permission.value.partition(":")[0]


def step_rows(workflow: Workflow[Any, Any], relation: Relation | None = None) -> tuple[StepRow, ...]:
    """The workflow's steps in table order, alike ones in one row; with `relation`, those that it may take or
    is told of."""
    gathered: dict[tuple[Any, ...], list[StrEnum]] = {}
    for row in workflow.transitions:
        if relation is None or relation in row.by | row.tells:
            key = (row.event, row.target, row.by, row.requires, row.tells)
            gathered.setdefault(key, []).append(row.source)
    return tuple(
        StepRow(event, tuple(sources), target, by, requires, tells)
        for (event, target, by, requires, tells), sources in gathered.items()
    )


def permission_rows(relation: Relation | None = None) -> tuple[PermissionRow, ...]:
    """The permission table, a row a permission; with `relation`, those that it has."""
    rows = []
    for permission in Permission:
        grants = [grant for grant in GRANTS if grant.permission is permission]
        always = {grant.relation for grant in grants if grant.states is None}
        relations = relations_with(permission)
        if relation is not None and relation not in relations:
            continue
        bound: dict[frozenset[StrEnum], list[Relation]] = {}
        for grant in grants:
            if grant.states is not None and grant.relation not in always:
                bound.setdefault(grant.states, []).append(grant.relation)
        rows.append(
            PermissionRow(
                permission,
                relations,
                relations - always,
                tuple(_bound(members, states) for states, members in bound.items()),
            )
        )
    return tuple(rows)


def by_feature(rows: Sequence[PermissionRow]) -> dict[str, list[PermissionRow]]:
    """The rows under what they are about, in the order of the permissions."""
    groups: dict[str, list[PermissionRow]] = {}
    for row in rows:
        groups.setdefault(row.feature, []).append(row)
    return groups


def paper_rows(relation: Relation | None = None) -> tuple[PaperStep, ...]:
    """What may be entered from paper; with `relation`, what it signs or enters."""
    return tuple(
        step for step in PAPER_STEPS if relation is None or relation in step.entered_by | {step.signer}
    )


def _bound(relations: Collection[Relation], states: frozenset[StrEnum]) -> BoundGrant:
    kinds = (AssessmentState, PlanState, CycleState)
    every: Sequence[StrEnum] = next(
        (tuple(kind) for kind in kinds if all(isinstance(state, kind) for state in states)), ()
    )
    others = tuple(state for state in every if state not in states)
    if 0 < len(others) < len(states):
        return BoundGrant(tuple(relations), others, True)
    return BoundGrant(tuple(relations), tuple(state for state in every if state in states), False)
