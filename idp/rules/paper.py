"""Steps that somebody without a computer takes on a signed paper form, and who enters them.

The workflow's own table says what each step needs and who may take it: here stands only who may bring the
paper. Never the signer (who has a log-in acts in the system), never anybody on their own record.

Source: the rules for keeping staff files let an office keep the signed form and enter what it says; that the
supervisor enters for the staff alone, and the personnel office for everybody, is this product's default.
"""

from dataclasses import dataclass
from datetime import date

from idp.rules.terms import AssessmentEvent, Permission, PlanEvent, Relation, SubjectType

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
    """`signer` took the step `event` by hand; those in `entered_by` may enter it. `scan_needs`: what whoever
    opens the scan may see besides the record."""

    subject_type: SubjectType
    event: str
    signer: Relation
    entered_by: frozenset[Relation]
    scan_needs: Permission


PAPER_STEPS: tuple[PaperStep, ...] = (
    PaperStep(
        SubjectType.ASSESSMENT,
        AssessmentEvent.SUBMIT_SELF,
        Relation.OWNER,
        HR_OR_SUPERVISOR,
        Permission.SELF_RATING_VIEW,
    ),
    PaperStep(
        SubjectType.ASSESSMENT,
        AssessmentEvent.SUBMIT_RATING,
        Relation.SUPERVISOR,
        HR,
        Permission.RESULT_VIEW,
    ),
    PaperStep(
        SubjectType.ASSESSMENT,
        AssessmentEvent.GIVE_SECOND_OPINION,
        Relation.SECOND_LEVEL,
        HR,
        Permission.RESULT_VIEW,
    ),
    PaperStep(
        SubjectType.ASSESSMENT,
        AssessmentEvent.RECEIVE,
        Relation.OWNER,
        HR_OR_SUPERVISOR,
        Permission.RESULT_VIEW,
    ),
    PaperStep(SubjectType.PLAN, PlanEvent.SUBMIT, Relation.OWNER, HR_OR_SUPERVISOR, Permission.PLAN_VIEW),
    PaperStep(SubjectType.PLAN, PlanEvent.APPROVE, Relation.SUPERVISOR, HR, Permission.PLAN_VIEW),
    PaperStep(SubjectType.PLAN, PlanEvent.APPROVE, Relation.SECOND_LEVEL, HR, Permission.PLAN_VIEW),
    PaperStep(SubjectType.PLAN, REPORT_PROGRESS, Relation.OWNER, HR_OR_SUPERVISOR, Permission.PLAN_VIEW),
    PaperStep(
        SubjectType.PLAN, PlanEvent.BEGIN_EVALUATION, Relation.OWNER, HR_OR_SUPERVISOR, Permission.PLAN_VIEW
    ),
)


def permission_for_scan(subject_type: SubjectType, event: str | None) -> Permission:
    """What it takes to open a file about a record: for the scan of a paper form that of its step, for any
    other file about an assessment or a plan that of the record's documents."""
    for step in PAPER_STEPS:
        if (step.subject_type, step.event) == (subject_type, event):
            return step.scan_needs
    return Permission.DOCUMENT_VIEW
