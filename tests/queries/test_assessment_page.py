"""The page of an assessment shows its reader what the permission table grants in its state, and no more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from idp.models import RoleGrant
from idp.queries.assessments import assessment_page, my_assessments
from idp.rules.errors import NotVisible
from idp.rules.terms import AssessmentEvent, RaterKind, Requirement, Role, Standing
from idp.services import assessments, ratings
from idp.services.ratings import RatingEntry
from tests.factories import steps
from tests.factories.fixtures import sample, session, shared_engine
from tests.factories.sample import Sample, at, make_sample

__all__ = ["sample", "session", "shared_engine"]

DAY = steps.RATING_DAY


def self_filled(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    form = steps.entries(sample, steps.SELF_LEVELS)
    number = sample.assessment.id
    ratings.save_ratings(session, sample.cast.somchai, number, RaterKind.SELF, form, at(steps.SELF_DAY))


EVERYBODY = ("somchai", "suda", "prasit", "malee")
ABOVE = ("suda", "prasit", "malee")


@pytest.mark.parametrize(
    ("bring", "see_self", "see_result"),
    [
        (self_filled, ("somchai",), ABOVE),
        (steps.self_submitted, EVERYBODY, ABOVE),
        (steps.rated, EVERYBODY, ABOVE),
        (steps.second_opinion, EVERYBODY, ABOVE),
        (steps.released, EVERYBODY, EVERYBODY),
        (steps.received, EVERYBODY, EVERYBODY),
    ],
)
def test_ratings_show_only_to_those_who_may_see_them(
    session: Session,
    sample: Sample,
    bring: Callable[[Session, Sample], object],
    see_self: tuple[str, ...],
    see_result: tuple[str, ...],
) -> None:
    bring(session, sample)
    is_rated = any(item.ratings for item in sample.items.values())
    assert is_rated
    for name in EVERYBODY:
        page = assessment_page(session, getattr(sample.cast, name), sample.assessment.id, DAY)
        assert page.shows_self_rating is (name in see_self)
        assert page.shows_result is (name in see_result)
        if name not in see_self:
            assert {item.self_rating for item in page.items} == {None}
        if name not in see_result:
            assert {item.supervisor_rating for item in page.items} == {None}
            assert {item.gap for item in page.items} == {None}
            assert {item.standing for item in page.items} == {None}
            header = page.header
            assert (header.competency_score, header.score_explanation) == (None, None)
            assert (header.second_opinion, header.second_opinion_text, header.rated_at) == (None, "", None)
    for outsider in sample.cast.outsiders:
        with pytest.raises(NotVisible):
            assessment_page(session, outsider, sample.assessment.id, DAY)


def test_an_office_does_not_open_ones_own_rating_before_its_release(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    session.add(
        RoleGrant(
            organisation_id=sample.organisation.id,
            person_id=sample.cast.somchai.person_id,
            role=Role.HR_OFFICER,
            from_on=date(2025, 1, 1),
        )
    )
    page = assessment_page(session, sample.cast.somchai, sample.assessment.id, DAY)
    assert not page.shows_result
    assert not page.may(AssessmentEvent.MODERATE)
    assert not page.may(AssessmentEvent.RETURN_RATING)


def test_a_released_page_has_levels_ratings_gaps_and_the_result(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    page = assessment_page(session, sample.cast.somchai, sample.assessment.id, DAY)
    first, second, third = page.items
    assert [level.number for level in second.levels] == [0, 1, 3, 4, 5]
    assert [len(level.indicators) for level in second.levels] == [0, 3, 3, 3, 3]
    assert first.self_rating is not None
    assert first.supervisor_rating is not None
    assert first.self_rating.attained == 3
    assert first.supervisor_rating.attained == 2
    assert first.supervisor_rating.ticked == sample.dictionary.up_to("c1", 2)
    assert [item.gap for item in page.items] == [1, 2, -1]
    assert [item.standing for item in page.items] == [Standing.GAP, Standing.GAP, Standing.STRENGTH]
    assert third.levels[-1].number == 6
    assert str(page.header.competency_score) in ("20", "20.00")
    assert page.header.first_name == "สมชาย"
    assert page.plan_id is None


def test_a_broken_ladder_is_explained(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    ticks = frozenset(sample.dictionary.indicators["c1", 1] + sample.dictionary.indicators["c1", 3])
    ratings.save_ratings(
        session,
        sample.cast.somchai,
        sample.assessment.id,
        RaterKind.SELF,
        {
            sample.items["c1"].id: RatingEntry(ticks),
            sample.items["c2"].id: RatingEntry(stated_level=3, evidence="เหตุการณ์"),
        },
        at(steps.SELF_DAY),
    )
    first, second, third = assessment_page(session, sample.cast.somchai, sample.assessment.id, DAY).items
    assert first.self_rating is not None
    reading = first.self_rating.reading
    assert reading is not None
    assert (reading.attained, reading.broken, reading.blocked_by) == (1, True, 2)
    assert reading.short_by[2] == 2
    assert second.self_rating is not None
    assert (second.self_rating.reading, second.self_rating.stated) == (None, 3)
    assert third.self_rating is None


def test_unrated_competencies_are_counted_for_the_rater_at_work(session: Session, sample: Sample) -> None:
    assert assessment_page(session, sample.cast.somchai, sample.assessment.id, DAY).unrated == 3
    self_filled(session, sample)
    assert assessment_page(session, sample.cast.somchai, sample.assessment.id, DAY).unrated == 0


def test_steps_that_only_wait_for_a_day_are_named_with_what_they_wait_for(
    session: Session, sample: Sample
) -> None:
    steps.self_assessing(session, sample)
    page = assessment_page(session, sample.cast.suda, sample.assessment.id, DAY)
    [step] = page.events
    assert (step.event, step.waits_for) == (
        AssessmentEvent.START_RATING,
        frozenset({Requirement.SELF_PHASE_OVER}),
    )
    assert not page.may(AssessmentEvent.START_RATING)
    later = assessment_page(session, sample.cast.suda, sample.assessment.id, date(2025, 10, 21))
    assert later.may(AssessmentEvent.START_RATING)


def test_who_may_fill_in_what(session: Session, sample: Sample) -> None:
    steps.self_assessing(session, sample)
    number = sample.assessment.id
    assert assessment_page(session, sample.cast.somchai, number, DAY).may_self_rate
    assert not assessment_page(session, sample.cast.suda, number, DAY).may_rate
    later = make_rating(session, sample)
    assert not assessment_page(session, sample.cast.somchai, later, DAY).may_self_rate
    assert assessment_page(session, sample.cast.suda, later, DAY).may_rate


def make_rating(session: Session, sample: Sample) -> int:
    form = steps.entries(sample, steps.SELF_LEVELS)
    number = sample.assessment.id
    ratings.save_ratings(session, sample.cast.somchai, number, RaterKind.SELF, form, at(steps.SELF_DAY))
    assessments.submit_self(session, sample.cast.somchai, number, at(steps.SELF_DAY))
    assessments.start_rating(session, sample.cast.suda, number, at(DAY))
    return number


def test_release_from_the_rating_is_offered_only_without_a_second_level(
    session: Session, sample: Sample
) -> None:
    steps.rated(session, sample)
    page = assessment_page(session, sample.cast.malee, sample.assessment.id, DAY)
    assert AssessmentEvent.RELEASE not in {each.event for each in page.events}


def test_release_from_the_rating_is_offered_without_a_second_level(session: Session) -> None:
    sample = make_sample(session, second_level=False)
    steps.rated(session, sample)
    assert assessment_page(session, sample.cast.malee, sample.assessment.id, DAY).may(AssessmentEvent.RELEASE)


def test_the_page_costs_the_same_number_of_statements_however_full_it_is(
    session: Session, sample: Sample
) -> None:
    counts = []
    for bring in (None, steps.released):
        if bring is not None:
            bring(session, sample)
        session.flush()
        session.expire_all()
        session.info.clear()
        statements: list[str] = []

        def note(*arguments: object) -> None:
            statements.append(str(arguments[2]))  # noqa: B023

        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        assessment_page(session, sample.cast.suda, sample.assessment.id, DAY)
        event.remove(connection, "before_cursor_execute", note)
        counts.append(len(statements))
    assert counts[1] <= counts[0] + 3  # ticks, and the plan drawn from a released result
    assert counts[1] <= 16


def test_a_persons_own_list_shows_no_score_before_release(session: Session, sample: Sample) -> None:
    steps.rated(session, sample)
    [row] = my_assessments(session, sample.cast.somchai, DAY)
    assert (row.id, row.fiscal_year, row.competency_score) == (sample.assessment.id, 2569, None)
    elsewhere = replace(sample.cast.somchai, organisation_id=sample.other_organisation.id)
    assert my_assessments(session, elsewhere, DAY) == ()
    assert my_assessments(session, sample.cast.anong, DAY) == ()
