"""A released result stays what it was, whatever is changed around it and through whichever service."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, Competency, Gap, Rating, Suggestion
from idp.queries.forms import assessment_form
from idp.rules.calendar import local_day
from idp.rules.errors import NotPermitted, RuleViolation, TransitionNotAllowed
from idp.rules.settings import OrganisationRules
from idp.rules.terms import RaterKind, SecondOpinion
from idp.services import assessments, ratings, results
from idp.services.reconsiderations import ask_reconsideration
from idp.services.releases import begin_release, continue_release, release_ready
from idp.services.results_part import enter_results_score
from idp.services.settings import set_rules
from idp.services.suggestions import make_suggestions
from tests.factories import steps
from tests.factories.sample import Sample, at

LATER = at(steps.RECEIPT_DAY + timedelta(days=1))
RESULT = ("results_score", "competency_score", "total_score", "band", "score_explanation", "released_at")


def picture(session: Session, sample: Sample) -> tuple[Any, ...]:
    """Everything that was said at the release."""
    session.flush()
    session.expire_all()
    assessment = session.get_one(Assessment, sample.assessment.id)
    gaps = session.execute(
        select(Gap.item_id, Gap.expected_level, Gap.attained_level, Gap.gap).order_by(Gap.item_id)
    ).all()
    proposed = session.execute(
        select(Suggestion.assessment_item_id, Suggestion.action_id, Suggestion.target_level).order_by(
            Suggestion.id
        )
    ).all()
    return (
        [getattr(assessment, name) for name in RESULT],
        [tuple(row) for row in gaps],
        [tuple(row) for row in proposed],
    )


def every_service(sample: Sample) -> list[Callable[[Session], Any]]:
    """What could write a result, each tried by whoever could do it before the release."""
    cast, number, cycle_id = sample.cast, sample.assessment.id, sample.cycle.id
    form = steps.entries(sample, {"c1": 0, "c2": 0, "c3": 0})
    return [
        lambda s: results.release_assessment(s, cast.malee, number, LATER),
        lambda s: results.release_many(s, cast.malee, cycle_id, [number], LATER),
        lambda s: ratings.save_ratings(s, cast.suda, number, RaterKind.SUPERVISOR, form, LATER),
        lambda s: ratings.save_ratings(s, cast.somchai, number, RaterKind.SELF, form, LATER),
        lambda s: enter_results_score(s, cast.suda, number, Decimal(1), LATER),
        lambda s: assessments.start_rating(s, cast.suda, number, LATER),
        lambda s: assessments.submit_rating(s, cast.suda, number, LATER),
        lambda s: assessments.withdraw_rating(s, cast.suda, number, LATER),
        lambda s: assessments.return_rating(s, cast.prasit, number, "ทบทวน", LATER),
        lambda s: assessments.return_rating(s, cast.malee, number, "ทบทวน", LATER),
        lambda s: ask_reconsideration(s, cast.malee, number, "ทบทวน", local_day(LATER), LATER),
        lambda s: assessments.give_second_opinion(s, cast.prasit, number, SecondOpinion.AGREES, "", LATER),
        lambda s: assessments.moderate(s, cast.malee, number, LATER),
    ]


def test_every_service_refuses_and_nothing_moves(session: Session, sample: Sample) -> None:
    steps.received(session, sample)
    before = picture(session, sample)
    for attempt in every_service(sample):
        with pytest.raises(RuleViolation) as refusal:
            attempt(session)
        assert isinstance(refusal.value, TransitionNotAllowed | NotPermitted), refusal.value
        assert picture(session, sample) == before
    outcome = release_ready(session, sample.cast.malee, sample.cycle.id, [sample.assessment.id], LATER)
    assert outcome.released == 0
    run = begin_release(session, sample.cast.malee, sample.cycle.id, 1, LATER)
    assert continue_release(session, run.id, LATER)
    assert picture(session, sample) == before


def test_other_settings_dictionaries_and_rows_of_ratings_move_nothing(
    session: Session, sample: Sample
) -> None:
    steps.released(session, sample)
    before = picture(session, sample)
    printed = assessment_form(session, sample.assessment.id, steps.RECEIPT_DAY)
    rules = replace(OrganisationRules(), thai_digits=True).as_json()
    set_rules(session, sample.cast.malee, sample.organisation.id, rules, steps.RELEASE_DAY, LATER)
    for rating in session.scalars(select(Rating).where(Rating.rater_kind == RaterKind.SUPERVISOR)):
        rating.attained_level = Decimal(0)
    for competency in session.scalars(select(Competency)):
        competency.name_th = f"{competency.name_th} (แก้ไข)"
    make_suggestions(session, [sample.assessment.id])
    results.receive(session, sample.cast.somchai, sample.assessment.id, at(steps.RECEIPT_DAY))
    assert picture(session, sample) == before
    again = assessment_form(session, sample.assessment.id, steps.RECEIPT_DAY)
    assert (again.competency_score, again.total, again.parts, again.bands, again.score_explanation) == (
        printed.competency_score,
        printed.total,
        printed.parts,
        printed.bands,
        printed.score_explanation,
    )
