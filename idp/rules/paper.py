"""Steps that somebody without a computer takes on a signed paper form, and who enters them.

The workflow's own table says what each step needs and who may take it: here stands only who may bring the
paper. Never the signer (who has a log-in acts in the system), never anybody on their own record.

Source: the rules for keeping staff files let an office keep the signed form and enter what it says; that the
supervisor enters for the staff alone, and the personnel office for everybody, is this product's default.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from idp.rules.permissions import allowed
from idp.rules.plan_workflow import EDITABLE_STATES
from idp.rules.terms import AssessmentEvent as A
from idp.rules.terms import AssessmentState, Permission, PhaseKind, PlanState, Relation, SubjectType
from idp.rules.terms import PlanEvent as P

REPORT_PROGRESS = "report_progress"
"""No step of the workflow, but written on the same paper form."""

HR = frozenset({Relation.HR_OFFICER})
HR_OR_SUPERVISOR = HR | {Relation.SUPERVISOR}


@dataclass(frozen=True)
class PaperSigning:
    """What an actor carries while entering a paper: who signed it as what, when, and the form's row (None
    while it has none yet)."""

    relation: Relation
    signer_id: int
    signed_on: date
    form_id: int | None = None


@dataclass(frozen=True)
class PaperStep:
    """`signer` took the step `event` by hand; those in `entered_by` may enter it. `key`: its word in
    addresses. `states`: where it may be entered. `after`: the step before it; the paper was not signed
    earlier. `phase`: nor before this phase opened. `scan_needs`: what whoever opens the scan may see."""

    key: str

    subject_type: SubjectType
    event: str
    signer: Relation
    entered_by: frozenset[Relation]
    states: frozenset[AssessmentState] | frozenset[PlanState]
    after: frozenset[str]
    scan_needs: Permission
    phase: PhaseKind | None = None


PAPER_STEPS: tuple[PaperStep, ...] = (
    PaperStep(
        "self",
        SubjectType.ASSESSMENT,
        A.SUBMIT_SELF,
        Relation.OWNER,
        HR_OR_SUPERVISOR,
        frozenset({AssessmentState.NOT_STARTED, AssessmentState.SELF_ASSESSING}),
        frozenset({A.RETURN_SELF, A.REOPEN_SELF}),
        Permission.SELF_RATING_VIEW,
        PhaseKind.SELF_ASSESSMENT,
    ),
    PaperStep(
        "rating",
        SubjectType.ASSESSMENT,
        A.SUBMIT_RATING,
        Relation.SUPERVISOR,
        HR,
        frozenset(
            {
                AssessmentState.NOT_STARTED,
                AssessmentState.SELF_ASSESSING,
                AssessmentState.SELF_SUBMITTED,
                AssessmentState.RATING,
            }
        ),
        frozenset({A.RETURN_RATING, A.ASK_RECONSIDERATION, A.REOPEN_RATING}),
        Permission.RESULT_VIEW,
        PhaseKind.RATING,
    ),
    PaperStep(
        "second-opinion",
        SubjectType.ASSESSMENT,
        A.GIVE_SECOND_OPINION,
        Relation.SECOND_LEVEL,
        HR,
        frozenset({AssessmentState.RATED}),
        frozenset({A.SUBMIT_RATING}),
        Permission.RESULT_VIEW,
    ),
    PaperStep(
        "receipt",
        SubjectType.ASSESSMENT,
        A.RECEIVE,
        Relation.OWNER,
        HR_OR_SUPERVISOR,
        frozenset({AssessmentState.RELEASED}),
        frozenset({A.RELEASE}),
        Permission.RESULT_VIEW,
    ),
    PaperStep(
        "plan",
        SubjectType.PLAN,
        P.SUBMIT,
        Relation.OWNER,
        HR_OR_SUPERVISOR,
        EDITABLE_STATES,
        frozenset({P.RETURN, P.AMEND}),
        Permission.PLAN_VIEW,
    ),
    PaperStep(
        "plan-approval",
        SubjectType.PLAN,
        P.APPROVE,
        Relation.SUPERVISOR,
        HR,
        frozenset({PlanState.SUBMITTED}),
        frozenset({P.SUBMIT}),
        Permission.PLAN_VIEW,
    ),
    PaperStep(
        "plan-check",
        SubjectType.PLAN,
        P.APPROVE,
        Relation.SECOND_LEVEL,
        HR,
        frozenset({PlanState.SECOND_LEVEL_CHECK}),
        frozenset({P.PASS_TO_SECOND_LEVEL}),
        Permission.PLAN_VIEW,
    ),
    PaperStep(
        "progress",
        SubjectType.PLAN,
        REPORT_PROGRESS,
        Relation.OWNER,
        HR_OR_SUPERVISOR,
        frozenset({PlanState.APPROVED, PlanState.IN_PROGRESS, PlanState.IN_EVALUATION}),
        frozenset({P.APPROVE}),
        Permission.PLAN_VIEW,
    ),
    PaperStep(
        "plan-results",
        SubjectType.PLAN,
        P.BEGIN_EVALUATION,
        Relation.OWNER,
        HR_OR_SUPERVISOR,
        frozenset({PlanState.IN_PROGRESS}),
        frozenset({P.APPROVE}),
        Permission.PLAN_VIEW,
    ),
)
"""In the order of the year."""

STEP_OF_KEY = {step.key: step for step in PAPER_STEPS}


def may_enter(step: PaperStep, relations: Collection[Relation]) -> bool:
    """Whether somebody with these relations to the record may enter the paper of this step."""
    return allowed(Permission.PAPER_ENTER, relations) and not step.entered_by.isdisjoint(relations)


def may_bring(relations: Collection[Relation], signer: Relation) -> bool:
    """Whether somebody with these relations to the record may enter what `signer` signed."""
    return any(step.signer is signer and may_enter(step, relations) for step in PAPER_STEPS)


def permission_for_scan(subject_type: SubjectType, event: str | None) -> Permission:
    """What it takes to open a file about a record: for the scan of a paper form that of its step, for any
    other file about an assessment or a plan that of the record's documents."""
    for step in PAPER_STEPS:
        if (step.subject_type, step.event) == (subject_type, event):
            return step.scan_needs
    return Permission.DOCUMENT_VIEW
