"""The results part (ผลสัมฤทธิ์ของงาน): one number that the supervisor enters beside the competencies.

This product assesses competencies; the results come from the agreement on work that the office keeps
elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from sqlalchemy import CursorResult, Table, bindparam, or_, update
from sqlalchemy.orm import Session

from idp.models import Assessment
from idp.models.base import Hundredths
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, StaleVersion, TransitionNotAllowed
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentState, Permission, Relation, SubjectType
from idp.services.access import check_organisation, check_version, load_assessment
from idp.services.history import Deed, record_history, record_history_many
from idp.services.saving import save

WHOLE = Decimal(100)
HUNDREDTH = Decimal("0.01")

TAKES_IMPORTED_SCORE = frozenset(
    {
        AssessmentState.RATING,
        AssessmentState.RATED,
        AssessmentState.SECOND_OPINION,
        AssessmentState.MODERATED,
    }
)
"""From the beginning of the rating until the release: the personnel office may hand in the points of the
agreements on work, which it keeps, after the supervisor is done too."""


@dataclass(frozen=True)
class ImportedScore:
    """Points for one assessment, which had `before`."""

    assessment_id: int
    before: Decimal | None
    after: Decimal


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


def import_results_scores(
    session: Session, actor: Actor, import_id: int | None, scores: Sequence[ImportedScore], now: datetime
) -> None:
    """Write these points, already checked, of assessments of the actor's organisation: all or none, in a
    number of statements that does not grow with them.

    Raises NotPermitted, StaleVersion when one of them has other points by now, or is in a state that takes
    none.
    """
    check_organisation(session, actor, Permission.IMPORT_RUN, local_day(now))
    table = cast(Table, Assessment.__table__)
    written = session.connection().execute(
        update(table)
        .where(
            table.c.id == bindparam("assessment_id"),
            table.c.organisation_id == actor.organisation_id,
            or_(*(table.c.state == state for state in sorted(TAKES_IMPORTED_SCORE))),
            table.c.results_score.is_not_distinct_from(bindparam("before", type_=Hundredths)),
        )
        .values(results_score=bindparam("after", type_=Hundredths), version=table.c.version + 1),
        [
            {"assessment_id": each.assessment_id, "before": each.before, "after": each.after}
            for each in scores
        ],
    )
    assert isinstance(written, CursorResult)
    if written.rowcount != len(scores):
        raise StaleVersion
    record_history_many(
        session,
        actor,
        SubjectType.ASSESSMENT,
        "enter_results_score",
        now,
        [_imported(each, import_id) for each in scores],
        organisation_id=actor.organisation_id,
    )


def _imported(score: ImportedScore, import_id: int | None) -> Deed:
    before = None if score.before is None else str(score.before)
    detail = {"from": before, "to": str(score.after), "import_id": import_id}
    return Deed(score.assessment_id, detail=detail)


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
