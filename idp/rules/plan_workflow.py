"""One person's development plan (แผนพัฒนารายบุคคล) for one fiscal year: drafted, reviewed, carried out,
evaluated.

Whether the second level and HR check a plan after the supervisor is a setting of the organisation; the
service turns it into requirements (`SECOND_LEVEL_CHECK_ASKED`, `HR_CHECK_ASKED`, `LAST_CHECK`).
"""

from idp.rules.terms import PlanEvent as E
from idp.rules.terms import PlanState as S
from idp.rules.terms import Relation, Requirement
from idp.rules.workflow import Transition, Workflow

OWNER = frozenset({Relation.OWNER})
SUPERVISOR = frozenset({Relation.SUPERVISOR})
SECOND_LEVEL = frozenset({Relation.SECOND_LEVEL})
HR = frozenset({Relation.HR_OFFICER})
OWNER_OR_WORKERS = frozenset({Relation.OWNER, Relation.SYSTEM})

OWNER_OR_SUPERVISOR = OWNER | SUPERVISOR
WORKERS = frozenset({Relation.SYSTEM})

READY = frozenset({Requirement.PLAN_HAS_ITEMS, Requirement.ITEMS_COMPLETE})
IN_TIME = frozenset({Requirement.IN_TIME})
NEVER_APPROVED = frozenset({Requirement.NEVER_APPROVED})
EARLIER_APPROVAL = frozenset({Requirement.EARLIER_APPROVAL})
REASON = frozenset({Requirement.REASON_GIVEN})
LAST_CHECK = frozenset({Requirement.LAST_CHECK})
TO_SECOND_LEVEL = frozenset({Requirement.SECOND_LEVEL_CHECK_ASKED})
TO_HR = frozenset({Requirement.HR_CHECK_ASKED})
EVALUATED = frozenset({Requirement.EVERY_ITEM_EVALUATED})
REOPENING = frozenset({Requirement.REASON_GIVEN, Requirement.REOPENING_GRANTED})
REOPENING_OVER = frozenset({Requirement.REOPENING_EXPIRED})

CANCELLABLE = (
    S.DRAFT,
    S.SUBMITTED,
    S.RETURNED,
    S.SECOND_LEVEL_CHECK,
    S.HR_CHECK,
    S.APPROVED,
    S.IN_PROGRESS,
    S.AMENDING,
)

PLAN_WORKFLOW: Workflow[S, E] = Workflow(
    "plan",
    S.DRAFT,
    (
        Transition(S.DRAFT, E.SUBMIT, S.SUBMITTED, OWNER, READY | IN_TIME, SUPERVISOR),
        Transition(S.RETURNED, E.SUBMIT, S.SUBMITTED, OWNER, READY, SUPERVISOR),
        Transition(S.SUBMITTED, E.WITHDRAW, S.DRAFT, OWNER, NEVER_APPROVED, SUPERVISOR),
        Transition(S.SUBMITTED, E.RETURN, S.RETURNED, SUPERVISOR, REASON, OWNER),
        Transition(S.SUBMITTED, E.APPROVE, S.APPROVED, SUPERVISOR, LAST_CHECK, OWNER),
        Transition(
            S.SUBMITTED,
            E.PASS_TO_SECOND_LEVEL,
            S.SECOND_LEVEL_CHECK,
            SUPERVISOR,
            TO_SECOND_LEVEL,
            SECOND_LEVEL,
        ),
        Transition(S.SUBMITTED, E.PASS_TO_HR, S.HR_CHECK, SUPERVISOR, TO_HR, HR),
        Transition(S.SECOND_LEVEL_CHECK, E.RETURN, S.RETURNED, SECOND_LEVEL, REASON, OWNER | SUPERVISOR),
        Transition(S.SECOND_LEVEL_CHECK, E.APPROVE, S.APPROVED, SECOND_LEVEL, LAST_CHECK, OWNER | SUPERVISOR),
        Transition(S.SECOND_LEVEL_CHECK, E.PASS_TO_HR, S.HR_CHECK, SECOND_LEVEL, TO_HR, HR),
        Transition(S.HR_CHECK, E.RETURN, S.RETURNED, HR, REASON, OWNER | SUPERVISOR),
        Transition(S.HR_CHECK, E.APPROVE, S.APPROVED, HR, LAST_CHECK, OWNER | SUPERVISOR),
        Transition(S.APPROVED, E.START, S.IN_PROGRESS, OWNER_OR_WORKERS),
        Transition(S.IN_PROGRESS, E.BEGIN_EVALUATION, S.IN_EVALUATION, OWNER_OR_WORKERS, tells=SUPERVISOR),
        Transition(S.IN_EVALUATION, E.EVALUATE, S.EVALUATED, SUPERVISOR, EVALUATED, OWNER),
        *(Transition(state, E.CANCEL, S.CANCELLED, HR, REASON, OWNER | SUPERVISOR) for state in CANCELLABLE),
        Transition(S.CANCELLED, E.REINSTATE, S.RETURNED, HR, REASON, OWNER | SUPERVISOR),
        # A change after the approval is an amendment, approved anew; until then the approved version holds.
        *(
            Transition(state, E.AMEND, S.AMENDING, OWNER_OR_SUPERVISOR, REASON, OWNER_OR_SUPERVISOR)
            for state in (S.APPROVED, S.IN_PROGRESS)
        ),
        Transition(S.AMENDING, E.SUBMIT, S.SUBMITTED, OWNER, READY, SUPERVISOR),
        Transition(S.SUBMITTED, E.WITHDRAW_AMENDMENT, S.AMENDING, OWNER, EARLIER_APPROVAL, SUPERVISOR),
        *(
            Transition(state, E.ABANDON_AMENDMENT, S.APPROVED, OWNER, EARLIER_APPROVAL, SUPERVISOR)
            for state in (S.AMENDING, S.RETURNED)
        ),
        Transition(S.EVALUATED, E.REOPEN_EVALUATION, S.IN_EVALUATION, HR, REOPENING, OWNER_OR_SUPERVISOR),
        Transition(
            S.IN_EVALUATION, E.LAPSE_EVALUATION, S.EVALUATED, WORKERS, REOPENING_OVER, OWNER_OR_SUPERVISOR
        ),
    ),
)

EDITABLE_STATES = frozenset({S.DRAFT, S.RETURNED, S.AMENDING})
"""Where the employee may change the plan's items."""

SHARED_STATES = frozenset(set(S) - {S.DRAFT})
"""Where the supervisor and those above may see the plan: not while it is first being written."""

APPROVED_STATES = frozenset({S.APPROVED, S.IN_PROGRESS, S.IN_EVALUATION, S.EVALUATED, S.AMENDING})
"""Where an approved version of the plan holds."""


def is_the_owners_alone(state: S, *, was_handed_in: bool) -> bool:
    """Nobody else reads the content: the plan is first being written, or it was cancelled (and perhaps
    brought back) before it was ever handed in."""
    return state is S.DRAFT or (state in (S.CANCELLED, S.RETURNED) and not was_handed_in)
