"""More time for one person or unit, and the reopening of what was handed in.

Source: this product's default; offices grant both by a memo with a reason and a last day.
"""

from collections.abc import Mapping
from enum import StrEnum

from idp.rules.terms import AssessmentState as A
from idp.rules.terms import CycleState, PhaseKind, Relation
from idp.rules.terms import PlanState as P


class ExtensionKind(StrEnum):
    EXTEND = "extend"  # a later day for a step
    REOPEN = "reopen"  # a step already done may be done again until a day


class ExtensionState(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"  # a reopening that was used, or ran out


EXTENDABLE = tuple(kind for kind in PhaseKind if kind is not PhaseKind.RELEASE)
"""Steps that one person may be given more time for. The personnel office releases: it moves its own date."""

OF_THE_PLAN = frozenset(
    {PhaseKind.PLAN_DRAFTING, PhaseKind.PLAN_REVIEW, PhaseKind.PROGRESS, PhaseKind.PLAN_EVALUATION}
)
"""Steps on the plan drawn from the assessment; they go on beyond the cycle's closing."""

_ROUND = (
    A.NOT_STARTED,
    A.SELF_ASSESSING,
    A.SELF_SUBMITTED,
    A.RATING,
    A.RATED,
    A.SECOND_OPINION,
    A.MODERATED,
    A.RELEASED,
)
_LAST_OF_ROUND: Mapping[PhaseKind, A] = {
    PhaseKind.AGREEMENT: A.NOT_STARTED,
    PhaseKind.SELF_ASSESSMENT: A.SELF_ASSESSING,
    PhaseKind.RATING: A.RATING,
    PhaseKind.SECOND_OPINION: A.RATED,
    PhaseKind.RECEIPT: A.RELEASED,
}
_DRAFTED = frozenset({None, P.DRAFT, P.RETURNED})
_REVIEWED = _DRAFTED | {P.SUBMITTED, P.SECOND_LEVEL_CHECK, P.HR_CHECK}
_CARRIED_OUT = _REVIEWED | {P.APPROVED, P.IN_PROGRESS, P.AMENDING}
_PLAN_STATES: Mapping[PhaseKind, frozenset[P | None]] = {
    PhaseKind.PLAN_DRAFTING: _DRAFTED,
    PhaseKind.PLAN_REVIEW: _REVIEWED,
    PhaseKind.PROGRESS: _CARRIED_OUT,
    PhaseKind.PLAN_EVALUATION: _CARRIED_OUT | {P.IN_EVALUATION},
}
"""None: no plan has been drawn from the assessment yet."""

_OWNERS_STEPS = frozenset(
    {
        PhaseKind.AGREEMENT,
        PhaseKind.SELF_ASSESSMENT,
        PhaseKind.RECEIPT,
        PhaseKind.PLAN_DRAFTING,
        PhaseKind.PROGRESS,
        PhaseKind.PLAN_EVALUATION,
    }
)


def is_still_to_do(phase: PhaseKind, assessment: A, plan: P | None) -> bool:
    """Whether the step lies before somebody whose records are in these states."""
    if assessment is A.EXEMPTED or phase not in EXTENDABLE:
        return False
    if phase in OF_THE_PLAN:
        return plan in _PLAN_STATES[phase]
    return assessment in _ROUND[: _ROUND.index(_LAST_OF_ROUND[phase]) + 1]


def runs_in(phase: PhaseKind) -> frozenset[CycleState]:
    """The states of a cycle in which the step can be done at all."""
    after_closing = {CycleState.CLOSING, CycleState.CLOSED} if phase in OF_THE_PLAN else set()
    return frozenset({CycleState.OPEN} | after_closing)


def may_be_asked_by(phase: PhaseKind, relations: frozenset[Relation]) -> bool:
    """The employee asks for their own steps; those above, and the personnel office, for any."""
    return phase in _OWNERS_STEPS or bool(relations - {Relation.OWNER})
