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

READY = frozenset({Requirement.PLAN_HAS_ITEMS, Requirement.ITEMS_COMPLETE})
REASON = frozenset({Requirement.REASON_GIVEN})
LAST_CHECK = frozenset({Requirement.LAST_CHECK})
TO_SECOND_LEVEL = frozenset({Requirement.SECOND_LEVEL_CHECK_ASKED})
TO_HR = frozenset({Requirement.HR_CHECK_ASKED})
EVALUATED = frozenset({Requirement.EVERY_ITEM_EVALUATED})

CANCELLABLE = (S.DRAFT, S.SUBMITTED, S.RETURNED, S.SECOND_LEVEL_CHECK, S.HR_CHECK, S.APPROVED, S.IN_PROGRESS)

PLAN_WORKFLOW: Workflow[S, E] = Workflow(
    "plan",
    S.DRAFT,
    (
        Transition(S.DRAFT, E.SUBMIT, S.SUBMITTED, OWNER, READY, SUPERVISOR),
        Transition(S.RETURNED, E.SUBMIT, S.SUBMITTED, OWNER, READY, SUPERVISOR),
        Transition(S.SUBMITTED, E.WITHDRAW, S.DRAFT, OWNER, tells=SUPERVISOR),
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
    ),
)

EDITABLE_STATES = frozenset({S.DRAFT, S.RETURNED})
"""Where the employee may change the plan's items."""

SHARED_STATES = frozenset(set(S) - {S.DRAFT})
"""Where the supervisor and those above may see the plan: not while it is first being written."""
