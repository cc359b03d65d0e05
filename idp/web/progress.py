"""The six steps of a year as the employee sees them, and where a record stands among them."""

from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from idp.queries.phases import PhaseDates
from idp.rules.terms import AssessmentState, PhaseKind, PlanState

STEPS: tuple[tuple[LazyString, PhaseKind], ...] = (
    (_("ประเมินตนเอง"), PhaseKind.SELF_ASSESSMENT),
    (_("ผู้บังคับบัญชาประเมิน"), PhaseKind.RATING),
    (_("แจ้งและรับทราบผล"), PhaseKind.RECEIPT),
    (_("จัดทำแผนพัฒนา"), PhaseKind.PLAN_DRAFTING),
    (_("ดำเนินการตามแผน"), PhaseKind.PROGRESS),
    (_("ประเมินผลตามแผน"), PhaseKind.PLAN_EVALUATION),
)
"""Each with the phase whose due date it carries."""

SELF, RATING, RESULT, PLAN, PROGRESS, EVALUATION = range(6)
FINISHED = len(STEPS)
NOT_TAKING_PART = -1

STEP_OF_ASSESSMENT = {
    AssessmentState.NOT_STARTED: SELF,
    AssessmentState.SELF_ASSESSING: SELF,
    AssessmentState.SELF_SUBMITTED: RATING,
    AssessmentState.RATING: RATING,
    AssessmentState.RATED: RATING,
    AssessmentState.SECOND_OPINION: RESULT,
    AssessmentState.MODERATED: RESULT,
    AssessmentState.RELEASED: RESULT,
    AssessmentState.RECEIVED: PLAN,
    AssessmentState.REFUSED: PLAN,
    AssessmentState.CLOSED: PLAN,
    AssessmentState.EXEMPTED: NOT_TAKING_PART,
}
STEP_OF_PLAN = {
    PlanState.DRAFT: PLAN,
    PlanState.SUBMITTED: PLAN,
    PlanState.RETURNED: PLAN,
    PlanState.SECOND_LEVEL_CHECK: PLAN,
    PlanState.HR_CHECK: PLAN,
    PlanState.APPROVED: PROGRESS,
    PlanState.IN_PROGRESS: PROGRESS,
    PlanState.IN_EVALUATION: EVALUATION,
    PlanState.EVALUATED: FINISHED,
    PlanState.CANCELLED: PLAN,
    PlanState.AMENDING: PROGRESS,
}


@dataclass(frozen=True)
class Step:
    """One step: passed, the one at hand, or still to come."""

    name: LazyString
    due_on: date | None
    is_done: bool
    is_current: bool


def current_step(assessment: AssessmentState, plan: PlanState | None) -> int:
    """The place of the step at hand; FINISHED when nothing is left. A plan may be begun before the receipt:
    then the receipt is still what is owed."""
    place = STEP_OF_ASSESSMENT[assessment]
    return place if plan is None or place < PLAN else STEP_OF_PLAN[plan]


def steps(assessment: AssessmentState, plan: PlanState | None, phases: PhaseDates) -> tuple[Step, ...]:
    """All six, with their due dates."""
    at = current_step(assessment, plan)
    return tuple(
        Step(name, phases[kind][1] if kind in phases else None, place < at, place == at)
        for place, (name, kind) in enumerate(STEPS)
    )
