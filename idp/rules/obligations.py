"""Who owes which step on a record, and in which phase of the cycle: one table for reminders and to-do
lists.

A row says: while a record is in `state`, and `condition` holds, somebody in `relation` owes the step that
the cycle's `phase` dates. Every state that does not rest has at least one row (a test counts them), so that
no record can stand still without anybody being told.

Source: the steps of the civil-service appraisal as offices carry them out; that HR releases where nobody
stands above the appraiser, that a supervisor is reminded of a rating whose self-assessment never came, and
that progress once reported in its phase is enough, are this product's defaults.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from idp.rules.terms import AssessmentState as A
from idp.rules.terms import PhaseKind as Phase
from idp.rules.terms import PlanState as P
from idp.rules.terms import Relation as R
from idp.rules.terms import SubjectType


class Condition(StrEnum):
    """What else must hold beside the state."""

    ALWAYS = "always"
    SELF_PHASE_OVER = "self_phase_over"  # the day for the self-assessment has passed
    PHASE_OPENED = "phase_opened"  # the row's own phase has begun
    HAS_SECOND_LEVEL = "has_second_level"
    NO_SECOND_LEVEL = "no_second_level"
    OWNER_UNSIGNED = "owner_unsigned"  # the agreement lacks the employee's signature
    SUPERVISOR_UNSIGNED = "supervisor_unsigned"
    NO_PLAN = "no_plan"  # no plan has been drawn from the assessment yet
    NO_PROGRESS = "no_progress"  # nothing was reported on the plan since the phase began


@dataclass(frozen=True)
class Obligation:
    """One row of the table."""

    subject_type: SubjectType
    state: A | P
    relation: R
    phase: Phase
    condition: Condition = Condition.ALWAYS

    @property
    def is_gathered(self) -> bool:
        """HR owes the same step on many records at once: told once per cycle, not once per record."""
        return self.relation is R.HR_OFFICER


def _rows(
    subject_type: SubjectType,
    states: Collection[A | P],
    relation: R,
    phase: Phase,
    condition: Condition = Condition.ALWAYS,
) -> tuple[Obligation, ...]:
    return tuple(Obligation(subject_type, state, relation, phase, condition) for state in states)


ASSESSMENT, PLAN = SubjectType.ASSESSMENT, SubjectType.PLAN
UNASSESSED = (A.NOT_STARTED, A.SELF_ASSESSING)

RESTING_STATES = frozenset({A.CLOSED, A.EXEMPTED, P.EVALUATED, P.CANCELLED})
"""Where nobody owes anything: only a decision of the personnel office moves such a record again."""

OBLIGATIONS: tuple[Obligation, ...] = (
    *_rows(ASSESSMENT, (A.NOT_STARTED,), R.OWNER, Phase.AGREEMENT, Condition.OWNER_UNSIGNED),
    *_rows(ASSESSMENT, (A.NOT_STARTED,), R.SUPERVISOR, Phase.AGREEMENT, Condition.SUPERVISOR_UNSIGNED),
    *_rows(ASSESSMENT, UNASSESSED, R.OWNER, Phase.SELF_ASSESSMENT),
    *_rows(ASSESSMENT, UNASSESSED, R.SUPERVISOR, Phase.RATING, Condition.SELF_PHASE_OVER),
    *_rows(ASSESSMENT, (A.SELF_SUBMITTED, A.RATING), R.SUPERVISOR, Phase.RATING),
    *_rows(ASSESSMENT, (A.RATED,), R.SECOND_LEVEL, Phase.SECOND_OPINION, Condition.HAS_SECOND_LEVEL),
    *_rows(ASSESSMENT, (A.RATED,), R.HR_OFFICER, Phase.RELEASE, Condition.NO_SECOND_LEVEL),
    *_rows(ASSESSMENT, (A.SECOND_OPINION, A.MODERATED), R.HR_OFFICER, Phase.RELEASE),
    *_rows(ASSESSMENT, (A.RELEASED,), R.OWNER, Phase.RECEIPT),
    *_rows(ASSESSMENT, (A.RECEIVED, A.REFUSED), R.OWNER, Phase.PLAN_DRAFTING, Condition.NO_PLAN),
    *_rows(PLAN, (P.DRAFT, P.RETURNED), R.OWNER, Phase.PLAN_DRAFTING),
    *_rows(PLAN, (P.SUBMITTED,), R.SUPERVISOR, Phase.PLAN_REVIEW),
    *_rows(PLAN, (P.SECOND_LEVEL_CHECK,), R.SECOND_LEVEL, Phase.PLAN_REVIEW),
    *_rows(PLAN, (P.HR_CHECK,), R.HR_OFFICER, Phase.PLAN_REVIEW),
    *_rows(PLAN, (P.APPROVED, P.IN_PROGRESS), R.OWNER, Phase.PROGRESS, Condition.NO_PROGRESS),
    *_rows(PLAN, (P.APPROVED, P.IN_PROGRESS), R.OWNER, Phase.PLAN_EVALUATION, Condition.PHASE_OPENED),
    *_rows(PLAN, (P.IN_EVALUATION,), R.SUPERVISOR, Phase.PLAN_EVALUATION),
    *_rows(PLAN, (P.AMENDING,), R.OWNER, Phase.PROGRESS),
)


@dataclass(frozen=True)
class Duty:
    """The rows of one subject, relation, phase and condition: one statement serves all their states."""

    subject_type: SubjectType
    relation: R
    phase: Phase
    condition: Condition
    states: tuple[A | P, ...]

    @property
    def is_gathered(self) -> bool:
        """See `Obligation.is_gathered`."""
        return self.relation is R.HR_OFFICER


def duties() -> tuple[Duty, ...]:
    """The table folded into as few rows as statements are needed."""
    folded: dict[tuple[SubjectType, R, Phase, Condition], list[A | P]] = {}
    for row in OBLIGATIONS:
        folded.setdefault((row.subject_type, row.relation, row.phase, row.condition), []).append(row.state)
    return tuple(Duty(*key, tuple(states)) for key, states in folded.items())


DUTIES = duties()


def obligations_of(state: A | P) -> tuple[Obligation, ...]:
    """The rows of one state, in table order."""
    return tuple(row for row in OBLIGATIONS if row.state is state)
