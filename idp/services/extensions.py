"""More time for one person: asked for, granted or refused with a reason, withdrawn.

The personnel office may grant without being asked. Nobody decides on their own record or their own request.
The functions raise NotVisible,
NotPermitted, StaleVersion, and InvalidInput at the fields `phase`, `until_on`, `reason`.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, DevelopmentPlan, Extension
from idp.queries.deadlines import day_of_record
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotPermitted, NotVisible, StaleVersion
from idp.rules.extensions import (
    ExtensionKind,
    ExtensionState,
    is_still_to_do,
    may_be_asked_by,
    runs_in,
)
from idp.rules.relations import Actor, Standing
from idp.rules.terms import Permission, PhaseKind
from idp.rules.texts import checked_text, required_text
from idp.services.access import check_version, load_assessment
from idp.services.extension_days import problems_with_day, working
from idp.services.extension_record import record_and_tell
from idp.services.saving import save


def ask_for_time(
    session: Session,
    actor: Actor,
    assessment_id: int,
    phase: PhaseKind,
    until_on: date,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> Extension:
    """The employee, or somebody above them, asks for a later day for a step that is still to be done."""
    assessment, standing = load_assessment(
        session, actor, assessment_id, Permission.EXTENSION_ASK, local_day(now)
    )
    check_version(assessment, expected_version)
    reason = _checked(session, assessment, standing, phase, until_on, reason, now)
    if _open_request(session, assessment.id, phase):
        raise InvalidInput("phase", "asked_already")
    extension = Extension(
        organisation_id=assessment.organisation_id,
        cycle_id=assessment.cycle_id,
        phase=phase,
        kind=ExtensionKind.EXTEND,
        assessment_id=assessment.id,
        until_on=working(assessment.cycle, until_on),
        reason=reason,
        state=ExtensionState.ASKED,
        asked_by_person_id=actor.person_id,
        asked_at=now,
    )
    session.add(extension)
    save(session)
    record_and_tell(session, actor, standing, assessment, extension, "ask_extension", now, reason)
    return extension


def withdraw_request(
    session: Session, actor: Actor, extension_id: int, now: datetime, expected_version: int | None = None
) -> Extension:
    """Who asked takes the request back before it was decided."""
    extension, assessment, standing = _load(
        session, actor, extension_id, Permission.EXTENSION_ASK, now, expected_version
    )
    if extension.asked_by_person_id != actor.person_id:
        raise NotPermitted("only who asked withdraws")
    _still_asked(extension)
    extension.state = ExtensionState.WITHDRAWN
    save(session)
    record_and_tell(session, actor, standing, assessment, extension, "withdraw_extension", now)
    return extension


def grant_request(
    session: Session,
    actor: Actor,
    extension_id: int,
    now: datetime,
    until_on: date | None = None,
    reason: str = "",
    expected_version: int | None = None,
) -> Extension:
    """The personnel office agrees, to the day asked for or to another one."""
    extension, assessment, standing = _load_to_decide(session, actor, extension_id, now, expected_version)
    wanted = extension.until_on
    granted = wanted if until_on is None else until_on
    _check_step(session, assessment, standing, extension.phase)
    problem = _problem_with_day(session, assessment, extension.phase, granted, now)
    if problem is not None:
        raise problem
    extension.until_on = working(assessment.cycle, granted)
    decide(extension, actor, ExtensionState.GRANTED, checked_text("reason", reason), now)
    save(session)
    detail = {"wanted": wanted.isoformat()} if wanted != extension.until_on else {}
    record_and_tell(
        session,
        actor,
        standing,
        assessment,
        extension,
        "grant_extension",
        now,
        extension.decision_reason,
        detail,
    )
    return extension


def refuse_request(
    session: Session,
    actor: Actor,
    extension_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> Extension:
    """The personnel office does not agree, and says why."""
    extension, assessment, standing = _load_to_decide(session, actor, extension_id, now, expected_version)
    reason = required_text("reason", reason)
    decide(extension, actor, ExtensionState.REFUSED, reason, now)
    save(session)
    record_and_tell(session, actor, standing, assessment, extension, "refuse_extension", now, reason)
    return extension


def grant_time(
    session: Session,
    actor: Actor,
    assessment_id: int,
    phase: PhaseKind,
    until_on: date,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> Extension:
    """The personnel office gives one person more time without being asked; an open request for the same
    step is granted with it."""
    assessment, standing = load_assessment(
        session, actor, assessment_id, Permission.EXTENSION_DECIDE, local_day(now)
    )
    check_version(assessment, expected_version)
    reason = _checked(session, assessment, standing, phase, until_on, reason, now)
    asked = _open_request(session, assessment.id, phase)
    if asked is not None:
        return grant_request(session, actor, asked.id, now, until_on, reason)
    extension = Extension(
        organisation_id=assessment.organisation_id,
        cycle_id=assessment.cycle_id,
        phase=phase,
        kind=ExtensionKind.EXTEND,
        assessment_id=assessment.id,
        until_on=working(assessment.cycle, until_on),
        reason=reason,
        asked_at=now,
        decision_reason="",
    )
    decide(extension, actor, ExtensionState.GRANTED, "", now)
    session.add(extension)
    save(session)
    record_and_tell(session, actor, standing, assessment, extension, "grant_extension", now, reason)
    return extension


def _checked(
    session: Session,
    assessment: Assessment,
    standing: Standing,
    phase: PhaseKind,
    until_on: date,
    reason: str,
    now: datetime,
) -> str:
    """The reason; every problem of the form at once."""
    problems: list[InvalidInput] = []
    try:
        _check_step(session, assessment, standing, phase)
    except InvalidInput as error:
        problems.append(error)
    else:
        problem = _problem_with_day(session, assessment, phase, until_on, now)
        problems += [problem] if problem else []
    reason = reason_or_problem(reason, problems)
    if problems:
        raise InvalidInputs(problems)
    return reason


def reason_or_problem(text: str, problems: list[InvalidInput]) -> str:
    """The reason; what is wrong with it goes to the form's other problems."""
    try:
        return required_text("reason", text)
    except InvalidInput as error:
        problems.append(error)
        return ""


def _check_step(session: Session, assessment: Assessment, standing: Standing, phase: PhaseKind) -> None:
    if not may_be_asked_by(phase, standing.relations):
        raise InvalidInput("phase", "unknown_choice")
    if assessment.cycle.state not in runs_in(phase):
        raise InvalidInput("phase", "step_not_running")
    plan_state = session.scalar(
        select(DevelopmentPlan.state).where(
            DevelopmentPlan.employee_id == assessment.employee_id,
            DevelopmentPlan.fiscal_year == assessment.cycle.fiscal_year,
        )
    )
    if not is_still_to_do(phase, assessment.state, plan_state):
        raise InvalidInput("phase", "step_done")


def _problem_with_day(
    session: Session, assessment: Assessment, phase: PhaseKind, until_on: date, now: datetime
) -> InvalidInput | None:
    due_on = day_of_record(session, assessment, phase)
    if due_on is None:
        return InvalidInput("phase", "unknown_choice")
    return next(iter(problems_with_day(assessment.cycle, due_on, until_on, local_day(now))), None)


def _open_request(session: Session, assessment_id: int, phase: PhaseKind) -> Extension | None:
    return session.scalar(
        select(Extension).where(
            Extension.assessment_id == assessment_id,
            Extension.phase == phase,
            Extension.state == ExtensionState.ASKED,
        )
    )


def _load(
    session: Session,
    actor: Actor,
    extension_id: int,
    permission: Permission,
    now: datetime,
    expected_version: int | None,
) -> tuple[Extension, Assessment, Standing]:
    extension = session.get(Extension, extension_id)
    if extension is None or extension.assessment_id is None:
        raise NotVisible
    assessment, standing = load_assessment(
        session, actor, extension.assessment_id, permission, local_day(now)
    )
    if expected_version is not None and extension.version != expected_version:
        raise StaleVersion
    return extension, assessment, standing


def _load_to_decide(
    session: Session, actor: Actor, extension_id: int, now: datetime, expected_version: int | None
) -> tuple[Extension, Assessment, Standing]:
    extension, assessment, standing = _load(
        session, actor, extension_id, Permission.EXTENSION_DECIDE, now, expected_version
    )
    if extension.asked_by_person_id == actor.person_id:
        raise NotPermitted("nobody decides on their own request")
    _still_asked(extension)
    return extension, assessment, standing


def _still_asked(extension: Extension) -> None:
    """Somebody else was first: the page shows what they decided."""
    if extension.state is not ExtensionState.ASKED:
        raise StaleVersion


def decide(extension: Extension, actor: Actor, state: ExtensionState, reason: str, now: datetime) -> None:
    """Who decided, how, when and why."""
    extension.state = state
    extension.decided_by_person_id = actor.person_id
    extension.decided_at = now
    extension.decision_reason = reason
