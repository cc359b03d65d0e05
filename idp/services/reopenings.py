"""Let a step that was handed in be done again until a day, and put the old entries back if it is not.

The personnel office reopens, with a reason and a last day; never a released result (the workflow's table has
no such event), never on one's own record. What was handed in is kept in the reopening. Handing in again ends
it; if the day passes unused, `services.lapsing` makes what was handed in before hold again, and keeps what
was typed meanwhile in the history. The functions raise NotVisible, NotPermitted, StaleVersion,
TransitionNotAllowed, and InvalidInput at the fields `phase`, `until_on`, `reason`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, DevelopmentPlan, Extension, Unit
from idp.queries.timeliness import running_reopening
from idp.rules.calendar import local_day
from idp.rules.errors import (
    InvalidInput,
    InvalidInputs,
    NotVisible,
    RequirementNotMet,
    RuleViolation,
    StaleVersion,
)
from idp.rules.extensions import ExtensionKind, ExtensionState
from idp.rules.relations import Actor
from idp.rules.terms import (
    AssessmentEvent,
    Permission,
    PhaseKind,
    PlanEvent,
    RaterKind,
    Requirement,
)
from idp.rules.texts import required_text
from idp.rules.thai import full_name
from idp.services.access import check_version, load_assessment, load_cycle, load_plan
from idp.services.extension_days import problems_with_day, working
from idp.services.extension_record import record_extension
from idp.services.kept_entries import entries_of, evaluation_of
from idp.services.reconsiderations import take_back_rating
from idp.services.saving import save
from idp.services.transitions import Circumstances, move_assessment, move_plan

REOPENABLE: tuple[PhaseKind, ...] = (
    PhaseKind.SELF_ASSESSMENT,
    PhaseKind.RATING,
    PhaseKind.PLAN_EVALUATION,
)
"""A plan already approved is changed by amending it instead."""

Reopen = Callable[[Session, Actor, int, date, str, datetime, int | None], Extension]


def reopen_self(
    session: Session,
    actor: Actor,
    assessment_id: int,
    until_on: date,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> Extension:
    """The employee may change the self-assessment again; a rating already begun waits with its entries."""
    return _reopen(session, actor, assessment_id, RaterKind.SELF, until_on, reason, now, expected_version)


def reopen_rating(
    session: Session,
    actor: Actor,
    assessment_id: int,
    until_on: date,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> Extension:
    """The supervisor may rate again. A second opinion already given spoke of the old rating: it is taken off
    and kept with it."""
    return _reopen(
        session, actor, assessment_id, RaterKind.SUPERVISOR, until_on, reason, now, expected_version
    )


def reopen_evaluation(
    session: Session,
    actor: Actor,
    plan_id: int,
    until_on: date,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> Extension:
    """The supervisor may say again what came of the plan."""
    plan, standing = load_plan(session, actor, plan_id, Permission.PLAN_VIEW, local_day(now))
    assessment, _ = load_assessment(
        session, actor, plan.assessment_id, Permission.EXTENSION_DECIDE, local_day(now)
    )
    check_version(plan, expected_version)
    until_on, reason = _checked(assessment, until_on, reason, now)
    kept = evaluation_of(plan)
    given = _given(until_on, reason)
    move_plan(session, actor, standing, plan, PlanEvent.REOPEN_EVALUATION, now, given)
    plan.evaluated_at = None
    return _keep(session, actor, assessment, PhaseKind.PLAN_EVALUATION, until_on, reason, kept, now)


@dataclass(frozen=True)
class ReopenResult:
    """What became of one person of a unit; `refusal` None: reopened."""

    assessment_id: int
    employee_number: str
    name: str
    refusal: RuleViolation | None


def reopen_unit(
    session: Session,
    actor: Actor,
    cycle_id: int,
    unit_id: int,
    phase: PhaseKind,
    until_on: date,
    reason: str,
    now: datetime,
) -> tuple[ReopenResult, ...]:
    """The step of everybody in the unit and below it, each for themself: who cannot be reopened is named
    with the reason and stops nobody else."""
    cycle, _ = load_cycle(session, actor, cycle_id, Permission.EXTENSION_DECIDE, local_day(now))
    unit = session.get(Unit, unit_id)
    if unit is None or unit.organisation_id != cycle.organisation_id:
        raise InvalidInput("unit", "unknown_choice")
    if phase not in REOPENABLE:
        raise InvalidInput("phase", "unknown_choice")
    problems = problems_with_day(cycle, None, until_on, local_day(now))
    try:
        required_text("reason", reason)
    except InvalidInput as error:
        problems.append(error)
    if problems:
        raise InvalidInputs(problems)
    people = session.scalars(
        select(Assessment)
        .join(Unit, Unit.id == Assessment.unit_id)
        .where(Assessment.cycle_id == cycle.id, Unit.path.startswith(unit.path))
        .order_by(Assessment.employee_number)
    ).all()
    rows = [(each.id, each.employee_number, _name(each)) for each in people]
    return tuple(
        ReopenResult(*row, _try(session, actor, row[0], phase, until_on, reason, now)) for row in rows
    )


def end_used(session: Session, actor: Actor, assessment_id: int, phase: PhaseKind, now: datetime) -> None:
    """The step was handed in again: its reopening, if one runs, has served. The flush is the caller's.

    Raises RequirementNotMet after the reopening's last day: then what was handed in before holds again.
    """
    reopening = running_reopening(session, assessment_id, phase)
    if reopening is not None and reopening.until_on < local_day(now):
        raise RequirementNotMet({Requirement.IN_TIME})
    if reopening is not None:
        reopening.state = ExtensionState.ENDED
        record_extension(session, actor, reopening, "use_reopening", now)


def _try(
    session: Session,
    actor: Actor,
    assessment_id: int,
    phase: PhaseKind,
    until_on: date,
    reason: str,
    now: datetime,
) -> RuleViolation | None:
    try:
        with session.begin_nested():
            if phase is PhaseKind.SELF_ASSESSMENT:
                reopen_self(session, actor, assessment_id, until_on, reason, now)
            elif phase is PhaseKind.RATING:
                reopen_rating(session, actor, assessment_id, until_on, reason, now)
            else:
                reopen_evaluation(session, actor, _plan_of(session, assessment_id), until_on, reason, now)
    except RuleViolation as refusal:
        return refusal
    return None


def _plan_of(session: Session, assessment_id: int) -> int:
    plan_id = session.scalar(select(DevelopmentPlan.id).where(DevelopmentPlan.assessment_id == assessment_id))
    if plan_id is None:
        raise NotVisible
    return plan_id


def _reopen(
    session: Session,
    actor: Actor,
    assessment_id: int,
    kind: RaterKind,
    until_on: date,
    reason: str,
    now: datetime,
    expected_version: int | None,
) -> Extension:
    assessment, standing = load_assessment(
        session, actor, assessment_id, Permission.EXTENSION_DECIDE, local_day(now)
    )
    check_version(assessment, expected_version)
    until_on, reason = _checked(assessment, until_on, reason, now)
    kept = entries_of(session, assessment, kind)
    is_self = kind is RaterKind.SELF
    event = AssessmentEvent.REOPEN_SELF if is_self else AssessmentEvent.REOPEN_RATING
    move_assessment(session, actor, standing, assessment, event, now, _given(until_on, reason))
    if is_self:
        assessment.self_submitted_at = None
    else:
        take_back_rating(assessment)
    phase = PhaseKind.SELF_ASSESSMENT if is_self else PhaseKind.RATING
    return _keep(session, actor, assessment, phase, until_on, reason, kept, now)


def _checked(assessment: Assessment, until_on: date, reason: str, now: datetime) -> tuple[date, str]:
    problems = problems_with_day(assessment.cycle, None, until_on, local_day(now))
    try:
        reason = required_text("reason", reason)
    except InvalidInput as error:
        problems.append(error)
    if problems:
        raise InvalidInputs(problems)
    return working(assessment.cycle, until_on), reason


def _given(until_on: date, reason: str) -> Circumstances:
    return Circumstances(
        met={Requirement.REOPENING_GRANTED}, reason=reason, detail={"until_on": until_on.isoformat()}
    )


def _keep(
    session: Session,
    actor: Actor,
    assessment: Assessment,
    phase: PhaseKind,
    until_on: date,
    reason: str,
    kept: dict[str, Any],
    now: datetime,
) -> Extension:
    if running_reopening(session, assessment.id, phase) is not None:
        raise StaleVersion  # it is reopened already
    reopening = Extension(
        organisation_id=assessment.organisation_id,
        cycle_id=assessment.cycle_id,
        phase=phase,
        kind=ExtensionKind.REOPEN,
        assessment_id=assessment.id,
        until_on=until_on,
        reason=reason,
        state=ExtensionState.GRANTED,
        asked_at=now,
        decided_by_person_id=actor.person_id,
        decided_at=now,
        decision_reason="",
        snapshot=kept,
    )
    session.add(reopening)
    save(session)
    record_extension(session, actor, reopening, "reopen", now, reason)
    return reopening


def _name(assessment: Assessment) -> str:
    return full_name(assessment.title_th, assessment.first_name, assessment.last_name)
