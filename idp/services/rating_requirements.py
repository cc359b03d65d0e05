"""What the assessment's transitions need: competencies rated, evidence given, phases open."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, AssessmentItem, Competency, Rating
from idp.queries.deadlines import days_of_records
from idp.queries.phases import met_by_dates
from idp.rules.settings import OrganisationRules
from idp.rules.terms import PhaseKind, RaterKind, Requirement
from idp.services.settings import rules_of_cycle
from idp.services.transitions import Circumstances


def completeness(session: Session, assessment: Assessment, kind: RaterKind) -> Circumstances:
    """Whether every competency is rated by this rater and has the evidence it needs; names what is
    missing."""
    rules = rules_of_cycle(assessment.cycle)
    rows = session.execute(
        select(
            Competency.name_th,
            AssessmentItem.expected_level,
            Rating.attained_level,
            Rating.stated_level,
            Rating.evidence,
        )
        .select_from(AssessmentItem)
        .join(Competency, Competency.id == AssessmentItem.competency_id)
        .outerjoin(Rating, (Rating.item_id == AssessmentItem.id) & (Rating.rater_kind == kind))
        .where(AssessmentItem.assessment_id == assessment.id)
        .order_by(AssessmentItem.sort_order, AssessmentItem.id)
    ).all()
    unrated = [row.name_th for row in rows if row.attained_level is None]
    bare = [
        row.name_th
        for row in rows
        if row.attained_level is not None
        and not row.evidence
        and _needs_evidence(rules, row.stated_level is not None, row.attained_level >= row.expected_level)
    ]
    met = set()
    if rows and not unrated:
        met.add(Requirement.EVERY_COMPETENCY_RATED)
    if not bare:
        met.add(Requirement.EVIDENCE_GIVEN)
    missing = unrated + bare if kind is RaterKind.SUPERVISOR else unrated
    return Circumstances(met=frozenset(met), missing_names=tuple(missing))


def _needs_evidence(rules: OrganisationRules, stated: bool, reaches_expected: bool) -> bool:
    """A level stated outright always needs words; one derived from ticks only at or above the expected level,
    where the organisation asks for it (results are known to be inflated there)."""
    return stated or (rules.evidence_at_expected and reaches_expected)


def phase_requirements(
    session: Session, assessment: Assessment, kind: PhaseKind, day: date
) -> frozenset[Requirement]:
    """What the record's dates allow on `day` for the step `kind` (`idp.queries.phases.met_by_dates`)."""
    days = days_of_records(session, [assessment])[assessment.id]
    return met_by_dates(assessment.cycle, days, kind, day)
