"""The evaluation cycle (รอบการประเมิน): from draft to archive."""

from idp.rules.terms import CycleEvent as E
from idp.rules.terms import CycleState as S
from idp.rules.terms import Relation, Requirement
from idp.rules.workflow import Transition, Workflow

HR = frozenset({Relation.HR_OFFICER})
WORKERS = frozenset({Relation.SYSTEM})
NOTHING_PENDING = frozenset({Requirement.EVERY_RESULT_RELEASED, Requirement.NO_OPEN_OBJECTION})
EVERYBODY_CONCERNED = frozenset({Relation.OWNER, Relation.SUPERVISOR})

CYCLE_WORKFLOW: Workflow[S, E] = Workflow(
    "cycle",
    S.DRAFT,
    (
        Transition(S.DRAFT, E.PUBLISH, S.PUBLISHED, HR),
        Transition(S.PUBLISHED, E.UNPUBLISH, S.DRAFT, HR),
        # Opening freezes the snapshot in chunks: a state of its own, so that a cut-off opening is seen and
        # resumed.
        Transition(S.PUBLISHED, E.BEGIN_OPENING, S.OPENING, HR, frozenset({Requirement.PRE_FLIGHT_PASSED})),
        Transition(S.OPENING, E.FINISH_OPENING, S.OPEN, WORKERS, tells=EVERYBODY_CONCERNED),
        Transition(S.OPEN, E.BEGIN_CLOSING, S.CLOSING, HR, NOTHING_PENDING),
        Transition(S.CLOSING, E.FINISH_CLOSING, S.CLOSED, WORKERS),
        Transition(S.CLOSED, E.ARCHIVE, S.ARCHIVED, HR),
    ),
)

UNOPENED_STATES = frozenset({S.DRAFT, S.PUBLISHED})
"""Where nothing is frozen yet: frameworks, profiles and rules still come to bear."""
