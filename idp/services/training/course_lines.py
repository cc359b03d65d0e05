"""A course becomes a line of a plan, by its owner's hand."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    AssessmentItem,
    Course,
    CourseLevel,
    CourseRun,
    DevelopmentPlan,
    PlanItem,
    ProficiencyLevel,
)
from idp.queries.corrections import current_levels
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible
from idp.rules.relations import Actor
from idp.rules.terms import PlanItemState
from idp.services.plan_fields import values_of
from idp.services.plan_lines import new_line, plan_to_edit, record_lines
from idp.services.saving import save


def add_course_line(
    session: Session,
    actor: Actor,
    plan_id: int,
    course_id: int,
    run_id: int | None,
    now: datetime,
    *,
    level_id: int | None = None,
    expected_version: int | None = None,
) -> PlanItem:
    """The course as a line: its title, method, hours and price, the days of the run (None: not chosen yet).

    `level_id`: the level of one of the person's own competencies that it is chosen for; None: about none of
    them, although one may fit. Seats are not held against the plan: a full run is the
    personnel office's to decide (this product's default). Raises InvalidInputs at `run_id` and `level_id`,
    NotVisible, NotPermitted, StaleVersion, TransitionNotAllowed.
    """
    plan = plan_to_edit(session, actor, plan_id, now, "add_course_line", expected_version)
    course = session.get(Course, course_id)
    if course is None or course.organisation_id != plan.organisation_id:
        raise NotVisible
    run, problems = _chosen_run(session, plan, course, run_id)
    levels = levels_that_fit(session, plan, course.id)
    if level_id is not None and level_id not in levels:
        problems.append(InvalidInput("level_id", "unknown_choice"))
    if problems:
        raise InvalidInputs(problems)
    about = levels[level_id] if level_id is not None else {}
    item = new_line(plan, **_columns(course, run), **about)
    session.add(item)
    save(session)
    detail = {"item_id": item.id, "title": item.title, "course_id": course.id, "after": values_of(item)}
    record_lines(session, actor, plan, "add_course_line", now, detail)
    return item


def _chosen_run(
    session: Session, plan: DevelopmentPlan, course: Course, run_id: int | None
) -> tuple[CourseRun | None, list[InvalidInput]]:
    """The run, and why the plan does not take it."""
    problems: list[InvalidInput] = []
    if course.retired_at is not None:
        problems.append(InvalidInput("run_id", "course_retired"))
    elif any(
        item.course_id == course.id and item.state is not PlanItemState.CANCELLED for item in plan.items
    ):
        problems.append(InvalidInput("run_id", "course_in_plan"))
    run = None if run_id is None else session.get(CourseRun, run_id)
    if run_id is not None and (run is None or run.course_id != course.id):
        problems.append(InvalidInput("run_id", "unknown_choice"))
    elif run is not None and run.cancelled_at is not None:
        problems.append(InvalidInput("run_id", "run_cancelled"))
    return run, problems


def levels_that_fit(session: Session, plan: DevelopmentPlan, course_id: int) -> dict[int, dict[str, Any]]:
    """By level, the columns of a line about it: the levels of the course whose competency the person was
    rated on; two statements."""
    rows = session.execute(
        select(
            ProficiencyLevel.id, ProficiencyLevel.competency_id, ProficiencyLevel.number, AssessmentItem.id
        )
        .join(CourseLevel, CourseLevel.level_id == ProficiencyLevel.id)
        .join(AssessmentItem, AssessmentItem.competency_id == ProficiencyLevel.competency_id)
        .where(CourseLevel.course_id == course_id, AssessmentItem.assessment_id == plan.assessment_id)
        .order_by(AssessmentItem.sort_order, ProficiencyLevel.number)
    ).all()
    attained = current_levels(session, plan.assessment_id) if rows else {}
    found = {}
    for level_id, competency_id, number, item_id in rows:
        level = attained.get(item_id)
        found[level_id] = {
            "competency_id": competency_id,
            "from_level": None if level is None else int(level),
            "target_level": number,
        }
    return found


def _columns(course: Course, run: CourseRun | None) -> dict[str, Any]:
    price: Decimal = course.price_baht
    if run is not None and run.price_baht is not None:
        price = run.price_baht
    return {
        "course_id": course.id,
        "course_run_id": run.id if run else None,
        "method": course.method,
        "title": course.title_th,
        "detail": course.detail_th,
        "measure": course.measure_th,
        "evidence_expected": course.evidence_th,
        "hours": course.hours,
        "cost_baht": price,
        "starts_on": run.starts_on if run else None,
        "ends_on": run.ends_on if run else None,
        "responsible": course.provider_th,
    }
