"""Draft a development plan, hand it in, review it: the steps up to its approval, and its cancelling.

The functions raise NotVisible, NotPermitted, StaleVersion, TransitionNotAllowed, RequirementNotMet,
InvalidInput.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.calendar import local_day
from idp.rules.errors import NotPermitted, TransitionNotAllowed
from idp.rules.relations import SYSTEM, Actor, Standing
from idp.rules.terms import (
    Permission,
    PhaseKind,
    PlanEvent,
    PlanItemState,
    PlanState,
    Relation,
    Requirement,
    SubjectType,
)
from idp.rules.texts import checked_text
from idp.services.access import check_version, load_assessment, load_plan
from idp.services.history import record_history
from idp.services.plan_fields import incomplete
from idp.services.plan_notes import checked_notes, whole_reason, write_notes
from idp.services.plan_versions import keep_version
from idp.services.saving import save
from idp.services.settings import rules_of_cycle
from idp.services.timeliness import met_in_time
from idp.services.transitions import NOTHING_SPECIAL, Circumstances, move_plan


def draft_plan(session: Session, actor: Actor, assessment_id: int, now: datetime) -> DevelopmentPlan:
    """The employee's plan for the assessment's fiscal year; the one that is there, else a new empty one.

    Only the employee, once the result is released: before that TransitionNotAllowed.
    """
    assessment, standing = load_assessment(
        session, actor, assessment_id, Permission.SUGGESTION_ANSWER, local_day(now)
    )
    if Relation.OWNER not in standing.relations:
        raise NotPermitted(Permission.SUGGESTION_ANSWER)
    if assessment.state not in RELEASED_STATES:
        raise TransitionNotAllowed("assessment", assessment.state, "draft_plan")
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    created = session.scalar(
        insert(DevelopmentPlan)
        .values(
            organisation_id=assessment.organisation_id,
            employee_id=assessment.employee_id,
            owner_person_id=assessment.owner_person_id,
            supervisor_person_id=assessment.supervisor_person_id,
            second_level_person_id=assessment.second_level_person_id,
            fiscal_year=assessment.cycle.fiscal_year,
            assessment_id=assessment.id,
        )
        .on_conflict_do_nothing()  # a second click, or the other half-year's result
        .returning(DevelopmentPlan.id)
    )
    plan = session.scalars(
        select(DevelopmentPlan).where(
            DevelopmentPlan.employee_id == assessment.employee_id,
            DevelopmentPlan.fiscal_year == assessment.cycle.fiscal_year,
        )
    ).one()
    if created is not None:
        record_history(
            session,
            actor,
            (SubjectType.PLAN, plan.id),
            "draft",
            now,
            organisation_id=plan.organisation_id,
            states=(None, plan.state),
            detail={"assessment_id": assessment.id},
        )
        save(session)
    return plan


def submit_plan(
    session: Session,
    actor: Actor,
    plan_id: int,
    now: datetime,
    note: str = "",
    expected_version: int | None = None,
) -> DevelopmentPlan:
    """The employee hands the plan in: it has lines, and each has its dates and its measure."""
    plan, standing = _load(session, actor, plan_id, Permission.PLAN_EDIT, now, expected_version)
    items = [item for item in plan.items if item.state is not PlanItemState.CANCELLED]
    lacking = incomplete(items)
    met = set(met_in_time(session, actor, plan.assessment, PhaseKind.PLAN_DRAFTING, now))
    if items:
        met.add(Requirement.PLAN_HAS_ITEMS)
    if not lacking:
        met.add(Requirement.ITEMS_COMPLETE)
    note = checked_text("note", note)
    _move(session, actor, standing, plan, PlanEvent.SUBMIT, now, Circumstances(met, lacking))
    plan.employee_note = note
    plan.submitted_at = now
    save(session)
    keep_version(session, plan, PlanEvent.SUBMIT, now)  # with what the latest return had asked for
    write_notes(plan, {})
    save(session)
    return plan


def withdraw_plan(
    session: Session, actor: Actor, plan_id: int, now: datetime, expected_version: int | None = None
) -> DevelopmentPlan:
    """The employee takes it back, before anybody has acted on it."""
    plan, standing = _load(session, actor, plan_id, Permission.PLAN_EDIT, now, expected_version)
    _move(session, actor, standing, plan, PlanEvent.WITHDRAW, now, Circumstances(approval_of(plan)))
    plan.submitted_at = None
    save(session)
    return plan


def return_plan(
    session: Session,
    actor: Actor,
    plan_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
    notes: Mapping[int, str] | None = None,
) -> DevelopmentPlan:
    """Whoever has the plan before them gives it back with a reason for the whole, or `notes` by line on what
    is to change in it, or both; checks begin again when it is resubmitted. Raises InvalidInputs for notes
    (`plan_notes.checked_notes`)."""
    plan, standing = _load_for_review(session, actor, plan_id, now, expected_version)
    reason, asked = checked_text("reason", reason), checked_notes(plan, notes or {})
    detail = {"notes": {str(item_id): text for item_id, text in asked.items()}} if asked else {}
    given = Circumstances(reason=whole_reason(plan, reason, asked), detail=detail)
    _move(session, actor, standing, plan, PlanEvent.RETURN, now, given)
    plan.return_reason = reason
    write_notes(plan, asked)
    plan.supervisor_comment = ""
    plan.second_level_comment = ""
    save(session)
    return plan


def approve_plan(
    session: Session,
    actor: Actor,
    plan_id: int,
    now: datetime,
    comment: str = "",
    expected_version: int | None = None,
) -> DevelopmentPlan:
    """Agree to the plan: it goes to the next check that the organisation asks for, else it is approved.

    Never by the owner, whatever their office.
    """
    plan, standing = _load_for_review(session, actor, plan_id, now, expected_version)
    comment = checked_text("comment", comment)
    event, requirement = _next_check(plan)
    given = Circumstances(met={requirement}, detail={"comment": comment} if comment else {})
    before = plan.state
    _move(session, actor, standing, plan, event, now, given)
    if before is PlanState.SUBMITTED:
        plan.supervisor_comment = comment
    elif before is PlanState.SECOND_LEVEL_CHECK:
        plan.second_level_comment = comment
    if event is PlanEvent.APPROVE:
        plan.approved_at = now
        save(session)
        keep_version(session, plan, event, now)
        go_on_with_work(session, plan, now)
    save(session)
    return plan


def approval_of(plan: DevelopmentPlan) -> frozenset[Requirement]:
    """Whether the plan was ever approved: then a change of it is an amendment."""
    return frozenset({Requirement.EARLIER_APPROVAL if plan.approved_at else Requirement.NEVER_APPROVED})


def go_on_with_work(session: Session, plan: DevelopmentPlan, now: datetime) -> None:
    """A plan that was being carried out when it was amended is so again, without the employee starting it
    anew."""
    at_work = (PlanItemState.IN_PROGRESS, PlanItemState.EVIDENCE_SUBMITTED)
    if any(item.state in at_work for item in plan.items):
        system = Standing(frozenset({Relation.SYSTEM}))
        _move(session, SYSTEM, system, plan, PlanEvent.START, now)


def cancel_plan(
    session: Session,
    actor: Actor,
    plan_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> DevelopmentPlan:
    """HR ends a plan that will not be carried out, with a reason; never their own."""
    plan, standing = _load_for_review(session, actor, plan_id, now, expected_version)
    given = Circumstances(reason=checked_text("reason", reason))
    _move(session, actor, standing, plan, PlanEvent.CANCEL, now, given)
    save(session)
    return plan


def reinstate_plan(
    session: Session,
    actor: Actor,
    plan_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> DevelopmentPlan:
    """HR brings a cancelled plan back, with a reason, to be gone through by its owner; never their own.

    A year has one plan: without this a cancelled one would stand in the way of a new one.
    """
    plan, standing = _load_for_review(session, actor, plan_id, now, expected_version)
    reason = checked_text("reason", reason)
    _move(session, actor, standing, plan, PlanEvent.REINSTATE, now, Circumstances(reason=reason))
    plan.return_reason = reason
    save(session)
    return plan


def _next_check(plan: DevelopmentPlan) -> tuple[PlanEvent, Requirement]:
    """What agreeing means here, by the settings frozen in the cycle; in a state without review the plain
    approval, which the workflow refuses."""
    rules = rules_of_cycle(plan.assessment.cycle)
    asks_second = rules.second_level_checks_plan and plan.second_level_person_id is not None
    if plan.state is PlanState.SUBMITTED and asks_second:
        return PlanEvent.PASS_TO_SECOND_LEVEL, Requirement.SECOND_LEVEL_CHECK_ASKED
    if plan.state in (PlanState.SUBMITTED, PlanState.SECOND_LEVEL_CHECK) and rules.hr_checks_plan:
        return PlanEvent.PASS_TO_HR, Requirement.HR_CHECK_ASKED
    return PlanEvent.APPROVE, Requirement.LAST_CHECK


def _move(
    session: Session,
    actor: Actor,
    standing: Standing,
    plan: DevelopmentPlan,
    event: PlanEvent,
    now: datetime,
    given: Circumstances = NOTHING_SPECIAL,
) -> None:
    with session.no_autoflush:  # that somebody was quicker is for `save` to notice, and to name
        move_plan(session, actor, standing, plan, event, now, given)


def _load(
    session: Session,
    actor: Actor,
    plan_id: int,
    permission: Permission,
    now: datetime,
    expected_version: int | None,
) -> tuple[DevelopmentPlan, Standing]:
    plan, standing = load_plan(session, actor, plan_id, permission, local_day(now))
    check_version(plan, expected_version)
    return plan, standing


def _load_for_review(
    session: Session, actor: Actor, plan_id: int, now: datetime, expected_version: int | None
) -> tuple[DevelopmentPlan, Standing]:
    plan, standing = _load(session, actor, plan_id, Permission.PLAN_REVIEW, now, expected_version)
    if Relation.OWNER in standing.relations:
        raise NotPermitted("nobody reviews their own plan")
    return plan, standing
