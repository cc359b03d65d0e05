"""What the assessment's transitions need: competencies rated, evidence given, phases open."""

from datetime import date

from sqlalchemy import Integer, select, type_coerce
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    AssessmentItem,
    BehaviouralIndicator,
    Competency,
    ProficiencyLevel,
    Rating,
    RatingTick,
)
from idp.queries.deadlines import days_of_records
from idp.queries.phases import met_by_dates
from idp.rules.rating_evidence import GivenRating, lacks_evidence
from idp.rules.terms import PhaseKind, RaterKind, Requirement
from idp.services.settings import rules_of_cycle
from idp.services.transitions import Circumstances


def completeness(session: Session, assessment: Assessment, kind: RaterKind) -> Circumstances:
    """Whether every competency is rated by this rater and has the evidence it needs
    (`rules.rating_evidence`); names what is missing. Two statements."""
    rules = rules_of_cycle(assessment.cycle)
    rows = session.execute(
        select(
            AssessmentItem.id,
            Competency.name_th,
            AssessmentItem.expected_level,
            Rating.attained_level,
            Rating.stated_level,
            Rating.average_level,
            Rating.evidence,
        )
        .select_from(AssessmentItem)
        .join(Competency, Competency.id == AssessmentItem.competency_id)
        .outerjoin(Rating, (Rating.item_id == AssessmentItem.id) & (Rating.rater_kind == kind))
        .where(AssessmentItem.assessment_id == assessment.id)
        .order_by(AssessmentItem.sort_order, AssessmentItem.id)
    ).all()
    unrated = [row.name_th for row in rows if row.attained_level is None]
    noted = _noted_at_level(session, assessment.id, kind)
    bare = [
        row.name_th
        for row in rows
        if row.attained_level is not None
        and lacks_evidence(
            GivenRating(
                attained=row.attained_level,
                expected=row.expected_level,
                is_derived=row.stated_level is None and row.average_level is None,
                evidence=row.evidence,
                noted_at_level=row.id in noted,
            ),
            at_expected=rules.evidence_at_expected,
        )
    ]
    met = set()
    if rows and not unrated:
        met.add(Requirement.EVERY_COMPETENCY_RATED)
    if not bare:
        met.add(Requirement.EVIDENCE_GIVEN)
    missing = unrated + bare if kind is RaterKind.SUPERVISOR else unrated
    return Circumstances(met=frozenset(met), missing_names=tuple(missing))


def _noted_at_level(session: Session, assessment_id: int, kind: RaterKind) -> frozenset[int]:
    """The items with a note at an indicator of the very level that was attained."""
    attained = type_coerce(Rating.attained_level, Integer)  # hundredths, as it is stored
    return frozenset(
        session.scalars(
            select(Rating.item_id)
            .join(AssessmentItem, AssessmentItem.id == Rating.item_id)
            .join(RatingTick, RatingTick.rating_id == Rating.id)
            .join(BehaviouralIndicator, BehaviouralIndicator.id == RatingTick.indicator_id)
            .join(ProficiencyLevel, ProficiencyLevel.id == BehaviouralIndicator.level_id)
            .where(
                AssessmentItem.assessment_id == assessment_id,
                Rating.rater_kind == kind,
                RatingTick.note != "",
                ProficiencyLevel.number * 100 == attained,
            )
        )
    )


def phase_requirements(
    session: Session, assessment: Assessment, kind: PhaseKind, day: date
) -> frozenset[Requirement]:
    """What the record's dates allow on `day` for the step `kind` (`idp.queries.phases.met_by_dates`)."""
    days = days_of_records(session, [assessment])[assessment.id]
    return met_by_dates(assessment.cycle, days, kind, day)
