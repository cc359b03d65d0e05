"""Bring the sample to a given step through the services, on sensible days."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, DevelopmentPlan, Suggestion
from idp.rules.terms import EmployeeOpinion, RaterKind, SecondOpinion
from idp.services import assessments, plan_items, plan_progress, plans, ratings, results
from idp.services.ratings import RatingEntry
from tests.factories.sample import Sample, at

SELF_DAY = date(2025, 10, 6)
RATING_DAY = date(2025, 10, 15)
SECOND_DAY = date(2025, 10, 28)
RELEASE_DAY = date(2025, 11, 10)
RECEIPT_DAY = date(2025, 11, 12)
PLAN_DAY = date(2025, 11, 20)
REVIEW_DAY = date(2025, 12, 1)
PROGRESS_DAY = date(2026, 3, 2)
EVALUATION_DAY = date(2026, 9, 10)

SELF_LEVELS = {"c1": 3, "c2": 1, "c3": 2}
SUPERVISOR_LEVELS = {"c1": 2, "c2": 1, "c3": 3}
"""With the sample's expectations 3, 3, 2: a gap of 1, a gap of 2 over a missing level, a strength of 1."""


def entries(
    sample: Sample, levels: Mapping[str, int], evidence: str = "เหตุการณ์ที่แสดง"
) -> dict[int, RatingEntry]:
    """A filled form: every indicator up to each competency's level ticked."""
    return {
        sample.items[code].id: RatingEntry(sample.dictionary.up_to(code, level), None, evidence)
        for code, level in levels.items()
    }


def self_assessing(session: Session, sample: Sample) -> Assessment:
    return assessments.start_self(session, sample.cast.somchai, sample.assessment.id, at(SELF_DAY))


def self_submitted(session: Session, sample: Sample) -> Assessment:
    self_assessing(session, sample)
    form = entries(sample, SELF_LEVELS)
    ratings.save_ratings(
        session, sample.cast.somchai, sample.assessment.id, RaterKind.SELF, form, at(SELF_DAY)
    )
    return assessments.submit_self(session, sample.cast.somchai, sample.assessment.id, at(SELF_DAY))


def rating(session: Session, sample: Sample) -> Assessment:
    self_submitted(session, sample)
    return assessments.start_rating(session, sample.cast.suda, sample.assessment.id, at(RATING_DAY))


def rated(session: Session, sample: Sample, levels: Mapping[str, int] = SUPERVISOR_LEVELS) -> Assessment:
    rating(session, sample)
    form = entries(sample, levels)
    ratings.save_ratings(
        session, sample.cast.suda, sample.assessment.id, RaterKind.SUPERVISOR, form, at(RATING_DAY)
    )
    return assessments.submit_rating(session, sample.cast.suda, sample.assessment.id, at(RATING_DAY))


def second_opinion(
    session: Session, sample: Sample, levels: Mapping[str, int] = SUPERVISOR_LEVELS
) -> Assessment:
    rated(session, sample, levels)
    return assessments.give_second_opinion(
        session, sample.cast.prasit, sample.assessment.id, SecondOpinion.AGREES, "", at(SECOND_DAY)
    )


def released(session: Session, sample: Sample, levels: Mapping[str, int] = SUPERVISOR_LEVELS) -> Assessment:
    second_opinion(session, sample, levels)
    return results.release_assessment(session, sample.cast.malee, sample.assessment.id, at(RELEASE_DAY))


def received(session: Session, sample: Sample) -> Assessment:
    released(session, sample)
    return results.receive(
        session, sample.cast.somchai, sample.assessment.id, at(RECEIPT_DAY), EmployeeOpinion.AGREES
    )


def drafted(session: Session, sample: Sample) -> DevelopmentPlan:
    """A plan with one line from the first suggestion of each gap."""
    received(session, sample)
    plan = plans.draft_plan(session, sample.cast.somchai, sample.assessment.id, at(PLAN_DAY))
    first = select(Suggestion).where(Suggestion.rank == 1).order_by(Suggestion.assessment_item_id)
    for suggestion in session.scalars(first).all():
        plan_items.accept_suggestion(session, sample.cast.somchai, plan.id, suggestion.id, at(PLAN_DAY))
    return plan


def submitted(session: Session, sample: Sample) -> DevelopmentPlan:
    plan = drafted(session, sample)
    return plans.submit_plan(session, sample.cast.somchai, plan.id, at(PLAN_DAY), "ขอความเห็นชอบ")


def approved(session: Session, sample: Sample) -> DevelopmentPlan:
    plan = submitted(session, sample)
    return plans.approve_plan(session, sample.cast.suda, plan.id, at(REVIEW_DAY), "เห็นชอบ")


def in_evaluation(session: Session, sample: Sample) -> DevelopmentPlan:
    plan = approved(session, sample)
    for item in plan.items:
        plan_progress.report_progress(
            session, sample.cast.somchai, item.id, 60, "ดำเนินการแล้วบางส่วน", at(PROGRESS_DAY)
        )
    return plan_progress.begin_plan_evaluation(
        session, sample.cast.somchai, plan.id, "ได้เรียนรู้งานใหม่", at(EVALUATION_DAY)
    )
