"""What the fields of one line may be, read for the plan that it is in."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from idp.models import AssessmentItem, Course, CourseRun, DevelopmentPlan, PlanItem
from idp.queries.corrections import current_levels
from idp.queries.ladders import ladders_of
from idp.queries.mentoring import mentor_choices
from idp.services.plan_fields import Choices, PlanItemFields


def choices_for(
    session: Session, plan: DevelopmentPlan, fields: PlanItemFields, day: date, item: PlanItem | None = None
) -> Choices:
    """For what was filled in on `day`; what `item` has already stays a choice, also where it is no longer
    offered."""
    mentors = _mentors(session, plan, fields, day, item)
    runs = _runs(session, plan, fields, item)
    rated = _rated(session, plan)
    known = frozenset(rated) | ({item.competency_id} if item and item.competency_id else frozenset())
    competency_id = fields.competency_id
    if competency_id is None or competency_id not in known:
        return Choices(plan.fiscal_year, known, mentor_ids=mentors, run_ids=runs)
    ladder = ladders_of(session, {competency_id})[competency_id]
    return Choices(
        plan.fiscal_year,
        known,
        ladder.ladder,
        frozenset(ladder.level_of),
        rated.get(competency_id),
        mentors,
        runs,
    )


def _rated(session: Session, plan: DevelopmentPlan) -> dict[int, int | None]:
    """By competency the level that a line starts from: a whole one."""
    items = session.execute(
        select(AssessmentItem.competency_id, AssessmentItem.id).where(
            AssessmentItem.assessment_id == plan.assessment_id
        )
    )
    levels = current_levels(session, plan.assessment_id)
    attained = {competency_id: levels.get(item_id) for competency_id, item_id in items}
    return {each: None if level is None else int(level) for each, level in attained.items()}


def _mentors(
    session: Session, plan: DevelopmentPlan, fields: PlanItemFields, day: date, item: PlanItem | None
) -> frozenset[int]:
    """The chosen person, if they offered and have room (`queries.mentoring`), or are the line's mentor
    already."""
    chosen = fields.mentor_person_id
    if chosen is None:
        return frozenset()
    if item is not None and item.mentor_person_id == chosen and item.competency_id == fields.competency_id:
        return frozenset({chosen})
    offers = mentor_choices(session, plan, fields.competency_id, fields.target_level, day)
    return frozenset(offer.person_id for offer in offers)


def _runs(
    session: Session, plan: DevelopmentPlan, fields: PlanItemFields, item: PlanItem | None
) -> dict[int, frozenset[int]]:
    """The chosen course with its runs, if the organisation offers it."""
    if fields.course_id is None:
        return {}
    kept = (item.course_id, item.course_run_id) if item else (None, None)
    course = session.scalar(
        select(Course.id).where(
            Course.id == fields.course_id,
            Course.organisation_id == plan.organisation_id,
            or_(Course.retired_at.is_(None), Course.id == kept[0]),
        )
    )
    if course is None:
        return {}
    runs = session.scalars(
        select(CourseRun.id).where(
            CourseRun.course_id == course,
            or_(CourseRun.cancelled_at.is_(None), CourseRun.id == kept[1]),
        )
    )
    return {course: frozenset(runs)}
