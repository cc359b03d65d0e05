"""Exempt a person from a round, with a reason, and take them back into it: nothing typed is lost.

An exempted record keeps its ratings as they were typed; nobody is reminded of it, and the cycle closes
without it. The functions raise NotVisible, NotPermitted, StaleVersion, TransitionNotAllowed,
RequirementNotMet, InvalidInput.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, DevelopmentPlan
from idp.queries.relations import standing_on_record
from idp.queries.timeliness import running_reopening
from idp.rules.calendar import local_day
from idp.rules.errors import NotPermitted
from idp.rules.extensions import ExtensionState
from idp.rules.plan_workflow import CANCELLABLE
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentEvent, Permission, PhaseKind, PlanEvent, Relation
from idp.rules.texts import checked_text
from idp.services.access import check_version, load_assessment
from idp.services.extension_record import record_extension
from idp.services.freezing import refuse_unless_open
from idp.services.reconsiderations import end_request, take_back_rating
from idp.services.saving import save
from idp.services.transitions import Circumstances, move_assessment, move_plan


def exempt(
    session: Session,
    actor: Actor,
    assessment_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
    *,
    cancels_plan: bool = False,
) -> Assessment:
    """HR takes somebody out of the round before a result is released; never themself.

    With `cancels_plan` the plan of that year ends too, for the same reason, a draft as well: HR may end it
    without reading it.
    """
    assessment, standing = load_assessment(
        session, actor, assessment_id, Permission.ASSESSMENT_VIEW, local_day(now)
    )
    if Relation.OWNER in standing.relations:
        raise NotPermitted("nobody decides on their own assessment")
    check_version(assessment, expected_version)
    given = Circumstances(reason=checked_text("reason", reason))
    with session.no_autoflush:  # that somebody was quicker is for `save` to notice, and to name
        move_assessment(session, actor, standing, assessment, AssessmentEvent.EXEMPT, now, given)
    save(session)
    _end_reopenings(session, actor, assessment, now, given.reason)
    end_request(session, assessment, now)
    save(session)
    if cancels_plan:
        plan = plan_of_the_year(session, assessment)
        if plan is not None and plan.state in CANCELLABLE:
            cancel_unread(session, actor, plan, reason, now)
    return assessment


def reinstate(
    session: Session,
    actor: Actor,
    assessment_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> Assessment:
    """HR takes somebody back into the round: from its beginning, with all that was typed before.

    Only while the cycle is open: nobody could begin in one that closes. When it had been handed in and what
    the second level said is kept in the history.
    """
    assessment, standing = load_assessment(
        session, actor, assessment_id, Permission.ASSESSMENT_VIEW, local_day(now)
    )
    if Relation.OWNER in standing.relations:
        raise NotPermitted("nobody decides on their own assessment")
    check_version(assessment, expected_version)
    given = Circumstances(reason=checked_text("reason", reason), detail=_what_was_signed(assessment))
    refuse_unless_open(session, assessment.cycle_id, AssessmentEvent.REINSTATE)
    with session.no_autoflush:
        move_assessment(session, actor, standing, assessment, AssessmentEvent.REINSTATE, now, given)
    assessment.self_submitted_at = None
    take_back_rating(assessment)
    save(session)
    return assessment


def _end_reopenings(
    session: Session, actor: Actor, assessment: Assessment, now: datetime, reason: str
) -> None:
    """They end with the round: on their last day nothing is put back over what is typed after a return."""
    for phase in (PhaseKind.SELF_ASSESSMENT, PhaseKind.RATING):
        reopening = running_reopening(session, assessment.id, phase)
        if reopening is not None:
            reopening.state = ExtensionState.ENDED
            save(session)
            record_extension(session, actor, reopening, "lapse_reopening", now, reason)


def plan_of_the_year(session: Session, assessment: Assessment) -> DevelopmentPlan | None:
    """The plan of the assessment's employee and fiscal year, drawn from it or from the year's other half."""
    return session.scalar(
        select(DevelopmentPlan).where(
            DevelopmentPlan.employee_id == assessment.employee_id,
            DevelopmentPlan.fiscal_year == assessment.cycle.fiscal_year,
        )
    )


def cancel_unread(
    session: Session, actor: Actor, plan: DevelopmentPlan, reason: str, now: datetime
) -> DevelopmentPlan:
    """HR ends a plan whose content they need not see: also a draft that only its owner reads.

    Nothing of the plan is shown by it. Raises NotPermitted on one's own, TransitionNotAllowed where the plan
    has come to its end.
    """
    standing = standing_on_record(session, actor, plan, local_day(now))
    given = Circumstances(reason=checked_text("reason", reason))
    with session.no_autoflush:
        move_plan(session, actor, standing, plan, PlanEvent.CANCEL, now, given)
    save(session)
    return plan


def _what_was_signed(assessment: Assessment) -> dict[str, str]:
    signed = {
        "self_submitted_at": assessment.self_submitted_at,
        "rated_at": assessment.rated_at,
        "second_opinion_at": assessment.second_opinion_at,
    }
    kept = {name: at.isoformat() for name, at in signed.items() if at is not None}
    if assessment.second_opinion is not None:
        kept["second_opinion"] = assessment.second_opinion.value
        kept["second_opinion_text"] = assessment.second_opinion_text
    return kept
