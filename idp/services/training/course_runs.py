"""The runs of a course: added, changed, cancelled with a reason; who planned for one is told.

Each function raises NotVisible, NotPermitted, StaleVersion (`expected_version` is the course's),
InvalidInputs naming every wrong field at once, and TransitionNotAllowed for a run that is cancelled.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Course, CourseRun, DevelopmentPlan, Notice, PlanItem
from idp.queries.training.lines import is_planned
from idp.rules.errors import InvalidInputs, NotVisible, TransitionNotAllowed
from idp.rules.relations import Actor
from idp.rules.terms import PlanState, SubjectType
from idp.rules.texts import required_text
from idp.rules.thai import thai_period
from idp.services.saving import save
from idp.services.training.course_fields import RunFields, changed, run_problems, run_values
from idp.services.training.courses import count_as_changed, load_course, record_course

TOLD_OF = frozenset({"starts_on", "ends_on", "place"})
"""A change of these moves the run: who planned for it is told."""


def add_run(
    session: Session,
    actor: Actor,
    course_id: int,
    typed: RunFields,
    now: datetime,
    expected_version: int | None = None,
    *,
    import_id: int | None = None,
) -> CourseRun:
    """The course once more. Days that have passed are taken: the list of a year may be entered late."""
    course = load_course(session, actor, course_id, now, expected_version)
    return begin_run(session, actor, course, typed, now, import_id)


def begin_run(
    session: Session,
    actor: Actor,
    course: Course,
    typed: RunFields,
    now: datetime,
    import_id: int | None = None,
) -> CourseRun:
    """As `add_run`, for one of many, of a course that was loaded and checked a moment ago."""
    _check(typed)
    run = CourseRun(course=course)
    _write(run, typed)
    session.add(run)
    count_as_changed(course)
    save(session)
    _record(session, actor, run, "add_run", now, {"from": None, "to": run_values(run)}, import_id=import_id)
    return run


def change_run(
    session: Session,
    actor: Actor,
    course_id: int,
    run_id: int,
    typed: RunFields,
    now: datetime,
    expected_version: int | None = None,
    *,
    import_id: int | None = None,
) -> CourseRun:
    """Other days, seats, price or place. Plans keep their dates: who planned for a run that moves is told."""
    run = _load(session, actor, course_id, run_id, "change_run", now, expected_version)
    return rewrite_run(session, actor, run, typed, now, import_id)


def rewrite_run(
    session: Session,
    actor: Actor,
    run: CourseRun,
    typed: RunFields,
    now: datetime,
    import_id: int | None = None,
) -> CourseRun:
    """As `change_run`, for one of many, of a course that was loaded and checked a moment ago; the run takes
    place."""
    _check(typed)
    before = run_values(run)
    _write(run, typed)
    detail = changed(before, run_values(run))
    if detail["to"]:
        count_as_changed(run.course)
        _record(session, actor, run, "change_run", now, detail, import_id=import_id)
        if TOLD_OF & detail["to"].keys():
            moved_to = " ".join(
                (thai_period(run.starts_on, run.ends_on, month="short"), run.place_th)
            ).strip()
            _tell(session, actor, run, "course:move_run", moved_to, now)
    save(session)
    return run


def cancel_run(
    session: Session,
    actor: Actor,
    course_id: int,
    run_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> CourseRun:
    """It will not take place, for a reason that everybody is told who planned for it."""
    run = _load(session, actor, course_id, run_id, "cancel_run", now, expected_version)
    reason = required_text("reason", reason)
    run.cancelled_at = now
    count_as_changed(run.course)
    _record(session, actor, run, "cancel_run", now, {"from": run_values(run), "to": None}, reason)
    _tell(session, actor, run, "course:cancel_run", reason, now)
    save(session)
    return run


def _load(
    session: Session,
    actor: Actor,
    course_id: int,
    run_id: int,
    event: str,
    now: datetime,
    expected_version: int | None,
) -> CourseRun:
    course = load_course(session, actor, course_id, now, expected_version)
    run = session.get(CourseRun, run_id)
    if run is None or run.course_id != course.id:
        raise NotVisible
    if run.cancelled_at is not None:
        raise TransitionNotAllowed("course_run", "cancelled", event)
    return run


def _check(typed: RunFields) -> None:
    problems = run_problems(typed)
    if problems:
        raise InvalidInputs(problems)


def _write(run: CourseRun, typed: RunFields) -> None:
    assert typed.starts_on and typed.ends_on and typed.seats  # checked
    run.starts_on, run.ends_on, run.seats = typed.starts_on, typed.ends_on, typed.seats
    run.price_baht, run.place_th = typed.price_baht, typed.place.strip()


def _record(
    session: Session,
    actor: Actor,
    run: CourseRun,
    event: str,
    now: datetime,
    detail: dict[str, Any],
    reason: str = "",
    import_id: int | None = None,
) -> None:
    course: Course = run.course
    imported = {} if import_id is None else {"import_id": import_id}
    detail = {"run_id": run.id, "run": run_values(run), **detail, **imported}
    record_course(session, actor, course, event, now, detail, reason)


def _tell(session: Session, actor: Actor, run: CourseRun, event: str, why: str, now: datetime) -> None:
    """The owner of each plan with a line for the run, drafts included: nobody else learns of it."""
    rows = session.execute(
        select(DevelopmentPlan.id, DevelopmentPlan.owner_person_id)
        .join(PlanItem, PlanItem.plan_id == DevelopmentPlan.id)
        .where(
            PlanItem.course_run_id == run.id,
            is_planned(),
            DevelopmentPlan.organisation_id == run.course.organisation_id,
            DevelopmentPlan.state.not_in((PlanState.CANCELLED, PlanState.EVALUATED)),
            DevelopmentPlan.owner_person_id != actor.person_id,
        )
        .distinct()
        .order_by(DevelopmentPlan.id)
    ).all()
    session.add_all(
        Notice(
            organisation_id=run.course.organisation_id,
            subject_type=SubjectType.PLAN,
            subject_id=plan_id,
            event=event,
            recipient_person_id=person_id,
            detail={"reason": f"{run.course.title_th}: {why}"},
            created_at=now,
        )
        for plan_id, person_id in rows
    )
