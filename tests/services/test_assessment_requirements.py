"""What each step of an assessment needs before it can be taken."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from idp.models import Delegation, HistoryEntry, RoleGrant
from idp.rules.errors import NotPermitted, RequirementNotMet
from idp.rules.settings import OrganisationRules
from idp.rules.terms import (
    AssessmentEvent,
    AssessmentState,
    CycleState,
    RaterKind,
    Requirement,
    Role,
    SecondOpinion,
)
from idp.services import assessments, ratings, results
from idp.services.ratings import RatingEntry
from idp.services.reconsiderations import ask_reconsideration
from tests.factories import steps
from tests.factories.sample import Sample, at, make_sample
from tests.services.assessment_events import moderated

LAST_SELF_DAY = date(2025, 10, 20)


def test_the_self_assessment_begins_on_the_day_its_phase_opens_and_may_begin_late(
    session: Session, sample: Sample
) -> None:
    with pytest.raises(RequirementNotMet) as refusal:
        assessments.start_self(session, sample.cast.somchai, sample.assessment.id, at(date(2025, 9, 30), 23))
    assert refusal.value.missing == (Requirement.PHASE_OPEN,)
    late = at(LAST_SELF_DAY + timedelta(days=5))
    assert assessments.start_self(session, sample.cast.somchai, sample.assessment.id, late)


def test_nothing_begins_before_the_cycle_is_open(session: Session) -> None:
    sample = make_sample(session, cycle_state=CycleState.OPENING)
    with pytest.raises(RequirementNotMet) as refusal:
        assessments.start_self(session, sample.cast.somchai, sample.assessment.id, at(steps.SELF_DAY))
    assert refusal.value.missing == (Requirement.PHASE_OPEN,)


@pytest.mark.parametrize("began", [False, True])
def test_the_supervisor_waits_for_the_self_assessment_until_its_day_has_passed(
    session: Session, sample: Sample, began: bool
) -> None:
    if began:
        steps.self_assessing(session, sample)
    with pytest.raises(RequirementNotMet) as refusal:
        assessments.start_rating(session, sample.cast.suda, sample.assessment.id, at(LAST_SELF_DAY))
    assert refusal.value.missing == (Requirement.SELF_PHASE_OVER,)
    after = at(LAST_SELF_DAY + timedelta(days=1))
    assessments.start_rating(session, sample.cast.suda, sample.assessment.id, after)
    assert sample.assessment.state is AssessmentState.RATING


def test_a_self_assessment_is_handed_in_whole_and_the_unrated_are_named(
    session: Session, sample: Sample
) -> None:
    steps.self_assessing(session, sample)
    form = steps.entries(sample, {"c1": 2})
    ratings.save_ratings(
        session, sample.cast.somchai, sample.assessment.id, RaterKind.SELF, form, at(steps.SELF_DAY)
    )
    with pytest.raises(RequirementNotMet) as refusal:
        assessments.submit_self(session, sample.cast.somchai, sample.assessment.id, at(steps.SELF_DAY))
    assert refusal.value.missing == (Requirement.EVERY_COMPETENCY_RATED,)
    assert refusal.value.details == ("การทำงานเป็นทีม", "บริการที่ดี")


def test_level_0_is_a_rating_but_an_empty_line_is_not(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    form = {item.id: RatingEntry(stated_level=0) for item in sample.items.values()}
    ratings.save_ratings(
        session, sample.cast.somchai, sample.assessment.id, RaterKind.SELF, form, at(steps.SELF_DAY)
    )
    assessments.submit_self(session, sample.cast.somchai, sample.assessment.id, at(steps.SELF_DAY))
    assert sample.assessment.state is AssessmentState.SELF_SUBMITTED


def submit_without_evidence(
    session: Session, sample: Sample, levels: dict[str, int], stated: str | None = None
) -> None:
    steps.rating(session, sample)
    form = steps.entries(sample, levels, evidence="")
    if stated is not None:
        entry = form[sample.items[stated].id]
        form[sample.items[stated].id] = replace(entry, stated_level=levels[stated])
    ratings.save_ratings(
        session, sample.cast.suda, sample.assessment.id, RaterKind.SUPERVISOR, form, at(steps.RATING_DAY)
    )
    assessments.submit_rating(session, sample.cast.suda, sample.assessment.id, at(steps.RATING_DAY))


def test_a_rating_at_or_above_the_expected_level_needs_evidence(session: Session, sample: Sample) -> None:
    with pytest.raises(RequirementNotMet) as refusal:
        submit_without_evidence(session, sample, {"c1": 3, "c2": 1, "c3": 3})
    assert refusal.value.missing == (Requirement.EVIDENCE_GIVEN,)
    assert refusal.value.details == ("การมุ่งผลสัมฤทธิ์", "บริการที่ดี")


def test_ratings_below_the_expected_level_need_no_evidence(session: Session, sample: Sample) -> None:
    submit_without_evidence(session, sample, {"c1": 2, "c2": 1, "c3": 1})
    assert sample.assessment.state is AssessmentState.RATED


def test_an_organisation_may_ask_for_no_evidence_but_a_stated_level_always_needs_it(session: Session) -> None:
    sample = make_sample(session, OrganisationRules(evidence_at_expected=False))
    with pytest.raises(RequirementNotMet) as refusal:
        submit_without_evidence(session, sample, {"c1": 3, "c2": 3, "c3": 2}, stated="c2")
    assert refusal.value.details == ("การทำงานเป็นทีม",)


def test_without_that_rule_ticks_alone_are_enough(session: Session) -> None:
    sample = make_sample(session, OrganisationRules(evidence_at_expected=False))
    submit_without_evidence(session, sample, {"c1": 3, "c2": 3, "c3": 2})
    assert sample.assessment.state is AssessmentState.RATED


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_a_return_needs_a_reason(session: Session, sample: Sample, reason: str) -> None:
    steps.self_submitted(session, sample)
    with pytest.raises(RequirementNotMet) as refusal:
        assessments.return_self(session, sample.cast.suda, sample.assessment.id, reason, at(steps.RATING_DAY))
    assert refusal.value.missing == (Requirement.REASON_GIVEN,)


def test_a_differing_second_opinion_needs_words_an_agreeing_one_does_not(
    session: Session, sample: Sample
) -> None:
    steps.rated(session, sample)
    number, now = sample.assessment.id, at(steps.SECOND_DAY)
    with pytest.raises(RequirementNotMet) as refusal:
        assessments.give_second_opinion(session, sample.cast.prasit, number, SecondOpinion.DIFFERS, " ", now)
    assert refusal.value.missing == (Requirement.OPINION_GIVEN,)
    assessments.give_second_opinion(session, sample.cast.prasit, number, SecondOpinion.AGREES, "", now)
    assert sample.assessment.second_opinion is SecondOpinion.AGREES


def test_a_refusal_needs_a_witness_with_name_and_position(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    for name, position in (("", ""), ("นายพยาน รู้เห็น", ""), ("", "นิติกร")):
        with pytest.raises(RequirementNotMet) as refusal:
            results.record_refusal(
                session,
                sample.cast.suda,
                sample.assessment.id,
                at(steps.RECEIPT_DAY),
                steps.RECEIPT_DAY,
                name,
                position,
            )
        assert refusal.value.missing == (Requirement.WITNESS_NAMED,)


def test_hr_releases_from_the_rating_only_where_nobody_stands_above_the_supervisor(
    session: Session, sample: Sample
) -> None:
    steps.rated(session, sample)
    with pytest.raises(RequirementNotMet) as refusal:
        results.release_assessment(session, sample.cast.malee, sample.assessment.id, at(steps.RELEASE_DAY))
    assert refusal.value.missing == (Requirement.NO_SECOND_LEVEL,)


def test_without_a_second_level_the_result_is_released_from_the_rating(session: Session) -> None:
    sample = make_sample(session, second_level=False)
    steps.rated(session, sample)
    results.release_assessment(session, sample.cast.malee, sample.assessment.id, at(steps.RELEASE_DAY))
    assert sample.assessment.state is AssessmentState.RELEASED


def test_a_rating_to_reconsider_loses_its_second_opinion_which_the_history_keeps(
    session: Session, sample: Sample
) -> None:
    moderated(session, sample)
    sample.assessment.second_opinion_text = "เห็นพ้อง"
    ask_reconsideration(
        session,
        sample.cast.malee,
        sample.assessment.id,
        "คะแนนสูงทั้งหน่วย",
        steps.RELEASE_DAY,
        at(steps.SECOND_DAY),
    )
    assert sample.assessment.second_opinion is None
    assert sample.assessment.second_opinion_text == ""
    line = session.query(HistoryEntry).filter_by(event=AssessmentEvent.ASK_RECONSIDERATION).one()
    assert line.reason == "คะแนนสูงทั้งหน่วย"
    before = {"second_opinion": "agrees", "second_opinion_text": "เห็นพ้อง"}
    assert before.items() <= line.detail.items()


def test_an_hr_officer_neither_moderates_nor_returns_their_own_assessment(
    session: Session, sample: Sample
) -> None:
    steps.second_opinion(session, sample)
    session.add(
        RoleGrant(
            organisation_id=sample.organisation.id,
            person_id=sample.cast.somchai.person_id,
            role=Role.HR_OFFICER,
            from_on=date(2025, 1, 1),
        )
    )
    session.flush()
    number, now = sample.assessment.id, at(steps.SECOND_DAY)
    with pytest.raises(NotPermitted):
        assessments.moderate(session, sample.cast.somchai, number, now)
    with pytest.raises(NotPermitted):
        assessments.return_rating(session, sample.cast.somchai, number, "ขอสูงขึ้น", now)
    with pytest.raises(NotPermitted):
        ask_reconsideration(session, sample.cast.somchai, number, "ขอสูงขึ้น", steps.RELEASE_DAY, now)


def test_who_acts_for_the_supervisor_by_order_rates_and_the_history_says_for_whom(
    session: Session, sample: Sample
) -> None:
    steps.self_submitted(session, sample)
    session.add(
        Delegation(
            organisation_id=sample.organisation.id,
            from_person_id=sample.cast.suda.person_id,
            to_person_id=sample.cast.anong.person_id,
            order_number="1/2568",
            from_on=steps.RATING_DAY,
            until_on=steps.RATING_DAY,
        )
    )
    session.flush()
    assessments.start_rating(session, sample.cast.anong, sample.assessment.id, at(steps.RATING_DAY))
    line = session.query(HistoryEntry).filter_by(event=AssessmentEvent.START_RATING).one()
    assert line.actor_person_id == sample.cast.anong.person_id
    assert line.on_behalf_of_person_id == sample.cast.suda.person_id
