"""The part of a record's page about more time: what was asked and granted, and the forms for it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from idp.database import db
from idp.models import Assessment
from idp.queries.extensions import (
    ExtensionRow,
    StepToExtend,
    extensions_of_record,
    steps_to_extend,
    without_reasons,
)
from idp.queries.phases import PhaseDates
from idp.queries.timeliness import is_in_time
from idp.rules.assessment_workflow import ASSESSMENT_WORKFLOW
from idp.rules.errors import NotVisible
from idp.rules.extensions import OF_THE_PLAN
from idp.rules.history_sight import shows_why_more_time
from idp.rules.permissions import allowed
from idp.rules.plan_workflow import PLAN_WORKFLOW
from idp.rules.terms import (
    AssessmentEvent,
    AssessmentState,
    Permission,
    PhaseKind,
    PlanEvent,
    PlanState,
    Relation,
)
from idp.services.access import check_version, load_plan
from idp.web import clock
from idp.web.attempts import sent_version
from idp.web.forms.extensions import MORE_DAYS
from idp.web.guards import current_actor, current_user

REOPENS: dict[AssessmentEvent | PlanEvent, PhaseKind] = {
    AssessmentEvent.REOPEN_SELF: PhaseKind.SELF_ASSESSMENT,
    AssessmentEvent.REOPEN_RATING: PhaseKind.RATING,
    PlanEvent.REOPEN_EVALUATION: PhaseKind.PLAN_EVALUATION,
}
HANDED_IN = {
    AssessmentState.SELF_ASSESSING: (PhaseKind.SELF_ASSESSMENT, Relation.OWNER),
    AssessmentState.RATING: (PhaseKind.RATING, Relation.SUPERVISOR),
    PlanState.DRAFT: (PhaseKind.PLAN_DRAFTING, Relation.OWNER),
}
"""What somebody is at work on, and hands in by a day."""


@dataclass(frozen=True)
class ExtensionPanel:
    """`steps`: those that the reader may ask for, or give, more time for; `reopens`: the steps that HR may
    reopen now; `late_for`: the step that the reader cannot hand in any more without more time."""

    assessment_id: int
    plan_id: int | None
    version: int
    rows: tuple[ExtensionRow, ...]
    steps: tuple[StepToExtend, ...]
    may_ask: bool
    may_decide: bool
    reopens: tuple[tuple[str, PhaseKind], ...]
    late_for: PhaseKind | None
    more_days: tuple[int, ...]
    person_id: int

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.steps or self.reopens)


def extension_panel(
    assessment_id: int,
    relations: frozenset[Relation],
    days: PhaseDates,
    *,
    plan: tuple[int, int, PlanState] | None = None,
) -> ExtensionPanel:
    """For the page of an assessment, or of the plan (its id, version and state) drawn from it. At most four
    statements."""
    session = db.session()
    assessment = session.get_one(Assessment, assessment_id)
    state = assessment.state if plan is None else plan[2]
    concerns = _concerns(plan is not None)
    may_decide = allowed(Permission.EXTENSION_DECIDE, relations)
    may_ask = allowed(Permission.EXTENSION_ASK, relations)
    shows_result = allowed(Permission.RESULT_VIEW, relations, assessment.state)
    steps = steps_to_extend(session, assessment, relations, days) if may_ask else ()
    table: Any = ASSESSMENT_WORKFLOW if plan is None else PLAN_WORKFLOW
    return ExtensionPanel(
        assessment_id=assessment_id,
        plan_id=None if plan is None else plan[0],
        version=assessment.version if plan is None else plan[1],
        rows=tuple(
            each if shows_why_more_time(each.phase, shows_result=shows_result) else without_reasons(each)
            for each in extensions_of_record(session, assessment_id)
            if each.phase in concerns
        ),
        steps=tuple(each for each in steps if each.phase in concerns),
        may_ask=may_ask,
        may_decide=may_decide,
        reopens=tuple(
            (row.event.value, REOPENS[row.event])
            for row in table.available(state, relations)
            if may_decide and row.event in REOPENS
        ),
        late_for=_late_for(assessment, state, relations, days),
        more_days=MORE_DAYS,
        person_id=current_user().person_id,
    )


def _concerns(is_plan: bool) -> Collection[PhaseKind]:
    return OF_THE_PLAN if is_plan else frozenset(PhaseKind) - OF_THE_PLAN


def _late_for(
    assessment: Assessment,
    state: AssessmentState | PlanState,
    relations: frozenset[Relation],
    days: PhaseDates,
) -> PhaseKind | None:
    phase, relation = HANDED_IN.get(state, (None, None))
    if phase is None or relation not in relations:
        return None
    in_time = is_in_time(db.session(), assessment, phase, clock.today(), days)
    return None if in_time else phase


def check_plan_seen(plan_id: int, assessment_id: int) -> None:
    """The form was drawn on the plan's page, from the plan's version. Raises NotVisible and StaleVersion."""
    plan, _standing = load_plan(db.session(), current_actor(), plan_id, Permission.PLAN_VIEW, clock.today())
    if plan.assessment_id != assessment_id:
        raise NotVisible
    check_version(plan, sent_version())
