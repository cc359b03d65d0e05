"""The results part (ผลสัมฤทธิ์ของงาน): one number that the supervisor enters beside the competencies.

This product assesses competencies; the results come from the agreement on work that the office keeps
elsewhere.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from idp.models import Assessment
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, TransitionNotAllowed
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentState, Permission, Relation, SubjectType
from idp.services.access import check_version, load_assessment
from idp.services.history import record_history
from idp.services.saving import save

WHOLE = Decimal(100)
HUNDREDTH = Decimal("0.01")


def enter_results_score(
    session: Session,
    actor: Actor,
    assessment_id: int,
    score: Decimal | None,
    now: datetime,
    expected_version: int | None = None,
) -> Assessment:
    """Write the points of the results part, of (100 - competency part), or take them away (None).

    Only while the supervisor rates. Raises InvalidInput on `results_score` for a number out of range or
    with more than two places, TransitionNotAllowed in another state.
    """
    assessment, standing = load_assessment(
        session, actor, assessment_id, Permission.ASSESSMENT_RATE, local_day(now)
    )
    check_version(assessment, expected_version)
    if assessment.state is not AssessmentState.RATING:
        raise TransitionNotAllowed("assessment", assessment.state, "enter_results_score")
    if score is not None:
        check_score(assessment, score)
    if score == assessment.results_score:
        return assessment
    before, assessment.results_score = assessment.results_score, score
    record_history(
        session,
        actor,
        (SubjectType.ASSESSMENT, assessment.id),
        "enter_results_score",
        now,
        organisation_id=assessment.organisation_id,
        on_behalf_of=standing.represented_by(frozenset({Relation.SUPERVISOR})),
        detail={"from": None if before is None else str(before), "to": None if score is None else str(score)},
    )
    save(session)
    return assessment


def check_score(assessment: Assessment, score: Decimal) -> None:
    """Raises InvalidInput on `results_score` for points that the results part cannot have."""
    check_points(score, assessment.competency_part, "results_score")


def check_points(score: Decimal, competency_part: Decimal, field: str) -> None:
    """Raises InvalidInput at `field`: beside a competency part of so many points, the results have the rest
    of a hundred."""
    most = WHOLE - competency_part
    if not score.is_finite() or not 0 <= score <= most:
        raise InvalidInput(field, "out_of_range", minimum=0, maximum=most)
    if score != score.quantize(HUNDREDTH):
        raise InvalidInput(field, "too_many_places", maximum=2)
