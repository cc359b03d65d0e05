"""The committee asks a rater to think again before the release: who may, by when, and what the answer was."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Extension, HistoryEntry, Notice, Reconsideration
from idp.queries.assessments import assessment_page
from idp.queries.deadlines import day_of_record
from idp.queries.moderation_people import requests_of_assessment
from idp.rules.errors import (
    InvalidInputs,
    NotPermitted,
    NotVisible,
    RequirementNotMet,
    StaleVersion,
    TransitionNotAllowed,
)
from idp.rules.extensions import ExtensionState
from idp.rules.settings import OrganisationRules
from idp.rules.terms import AssessmentEvent, AssessmentState, PhaseKind, RaterKind, Relation, SecondOpinion
from idp.services import assessments, ratings
from idp.services.exemptions import exempt, reinstate
from idp.services.reconsiderations import DAYS_TO_ANSWER, ask_reconsideration, proposed_day
from idp.services.reopenings import reopen_rating
from idp.web.messages import MESSAGES
from tests.factories import steps
from tests.factories.committee import seat
from tests.factories.sample import PHASES, Sample, at, make_sample
from tests.services.assessment_events import moderated, not_started

REASON = "ผลสูงกว่ากลุ่มงานเดียวกันทุกสมรรถนะ ขอให้ทบทวนหลักฐาน"
UNTIL = date(2025, 11, 12)
RATING_DUE = PHASES[PhaseKind.RATING][1]


def ask(session: Session, sample: Sample, **given: Any) -> Reconsideration:
    values: dict[str, Any] = {
        "actor": sample.cast.malee,
        "reason": REASON,
        "until_on": UNTIL,
        "now": at(steps.SECOND_DAY),
    }
    values |= given
    return ask_reconsideration(
        session,
        values["actor"],
        sample.assessment.id,
        values["reason"],
        values["until_on"],
        values["now"],
        values.get("version"),
    )


def answer(session: Session, sample: Sample, levels: dict[str, int], day: date = steps.SECOND_DAY) -> None:
    form = steps.entries(sample, levels)
    ratings.save_ratings(session, sample.cast.suda, sample.assessment.id, RaterKind.SUPERVISOR, form, at(day))
    assessments.submit_rating(session, sample.cast.suda, sample.assessment.id, at(day))


@pytest.mark.parametrize("bring", [steps.rated, steps.second_opinion, moderated])
def test_a_member_asks_and_the_rating_is_with_the_rater_again(
    session: Session, sample: Sample, bring: Callable[[Session, Sample], object]
) -> None:
    member = seat(session, sample)
    bring(session, sample)
    asked = ask(session, sample, actor=member)
    assert sample.assessment.state is AssessmentState.RATING
    assert (asked.reason, asked.until_on, asked.asked_by_person_id) == (REASON, UNTIL, member.person_id)
    assert sorted(asked.levels_before.values()) == ["1", "2", "3"]
    assert sample.assessment.rated_at is None and sample.assessment.second_opinion is None
    line = session.scalars(
        select(HistoryEntry).where(HistoryEntry.event == AssessmentEvent.ASK_RECONSIDERATION)
    ).one()
    assert line.reason == REASON and line.detail["until_on"] == UNTIL.isoformat()
    told = session.scalars(select(Notice).where(Notice.event == "assessment:ask_reconsideration")).all()
    assert [each.recipient_person_id for each in told] == [sample.cast.suda.person_id]


def test_the_answer_may_keep_every_level(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    ask(session, sample)
    answer(session, sample, steps.SUPERVISOR_LEVELS)
    (found,) = requests_of_assessment(session, sample.assessment.id)
    assert found.answered_at is not None and found.changes == ()
    assert sample.assessment.state is AssessmentState.RATED


def test_the_answer_says_which_levels_changed_from_what_to_what(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    ask(session, sample)
    answer(session, sample, {**steps.SUPERVISOR_LEVELS, "c1": 1})
    (found,) = requests_of_assessment(session, sample.assessment.id)
    assert found.changes is not None
    assert [(each.before, each.after) for each in found.changes] == [(Decimal(2), Decimal(1))]


def test_what_is_handed_in_last_before_the_release_is_the_answer(session: Session, sample: Sample) -> None:
    """Taken back by the rater, returned by the second level or reopened: the committee reads what holds."""
    steps.second_opinion(session, sample)
    ask(session, sample)
    answer(session, sample, steps.SUPERVISOR_LEVELS)
    number, now = sample.assessment.id, at(steps.SECOND_DAY)
    assessments.withdraw_rating(session, sample.cast.suda, number, now)
    answer(session, sample, {**steps.SUPERVISOR_LEVELS, "c1": 1})
    (found,) = requests_of_assessment(session, number)
    assert [(each.before, each.after) for each in found.changes or ()] == [(Decimal(2), Decimal(1))]
    assessments.return_rating(session, sample.cast.prasit, number, "ขอหลักฐาน", now)
    answer(session, sample, {**steps.SUPERVISOR_LEVELS, "c1": 3})
    (found,) = requests_of_assessment(session, number)
    assert [(each.before, each.after) for each in found.changes or ()] == [(Decimal(2), Decimal(3))]
    reopen_rating(session, sample.cast.malee, number, UNTIL, "ขอเปิดใหม่", now)
    answer(session, sample, steps.SUPERVISOR_LEVELS)
    (found,) = requests_of_assessment(session, number)
    assert found.changes == ()


def test_only_the_latest_request_is_answered_anew(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    ask(session, sample)
    answer(session, sample, {**steps.SUPERVISOR_LEVELS, "c1": 1})
    ask(session, sample, reason="ขออีกครั้ง")
    answer(session, sample, {**steps.SUPERVISOR_LEVELS, "c1": 3})
    later, earlier = requests_of_assessment(session, sample.assessment.id)
    assert [(each.before, each.after) for each in earlier.changes or ()] == [(Decimal(2), Decimal(1))]
    assert [(each.before, each.after) for each in later.changes or ()] == [(Decimal(1), Decimal(3))]


def test_a_request_ends_without_an_answer_when_the_person_leaves_the_round(
    session: Session, sample: Sample
) -> None:
    steps.second_opinion(session, sample)
    ask(session, sample)
    malee, number, now = sample.cast.malee, sample.assessment.id, at(steps.SECOND_DAY)
    exempt(session, malee, number, "ลาศึกษาต่อ", now)
    (found,) = requests_of_assessment(session, number)
    assert (found.ended_at, found.answered_at, found.changes) == (now, None, None) and not found.is_open
    reinstate(session, malee, number, "กลับมาปฏิบัติราชการ", now)
    assessments.start_rating(session, sample.cast.suda, number, now)
    answer(session, sample, {**steps.SUPERVISOR_LEVELS, "c1": 1})
    (found,) = requests_of_assessment(session, number)
    assert found.answered_at is None and not found.is_open
    again = ask(session, sample, reason="ขออีกครั้ง")
    assert [each.is_open for each in requests_of_assessment(session, number)] == [True, False]
    assert again.levels_before != {}


def test_an_answer_given_before_the_exemption_stays_an_answer(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    ask(session, sample)
    answer(session, sample, steps.SUPERVISOR_LEVELS)
    exempt(session, sample.cast.malee, sample.assessment.id, "ลาศึกษาต่อ", at(steps.SECOND_DAY))
    (found,) = requests_of_assessment(session, sample.assessment.id)
    assert found.answered_at is not None and found.ended_at is None


def test_after_the_cycles_last_day_the_committee_may_still_ask_for_a_week(
    session: Session, sample: Sample
) -> None:
    steps.second_opinion(session, sample)
    today = sample.cycle.ends_on + timedelta(days=3)
    latest = proposed_day(sample.assessment, today)
    assert latest >= today + timedelta(days=DAYS_TO_ANSWER)
    member = seat(session, sample)
    for until_on, code in ((latest + timedelta(days=1), "after_latest_day"), (today.replace(day=1), None)):
        with pytest.raises(InvalidInputs) as refused:
            ask(session, sample, actor=member, until_on=until_on, now=at(today))
        (problem,) = refused.value.problems
        assert problem.field == "until_on" and problem.code == (code or "before_today")
        assert problem.code in MESSAGES
    assert ask(session, sample, actor=member, until_on=latest, now=at(today)).until_on == latest
    answer(session, sample, steps.SUPERVISOR_LEVELS, latest)


def test_the_second_level_speaks_anew_and_the_committee_may_ask_again(
    session: Session, sample: Sample
) -> None:
    steps.second_opinion(session, sample)
    ask(session, sample)
    answer(session, sample, steps.SUPERVISOR_LEVELS)
    number, now = sample.assessment.id, at(steps.SECOND_DAY)
    assessments.give_second_opinion(session, sample.cast.prasit, number, SecondOpinion.AGREES, "", now)
    ask(session, sample, reason="ขออีกครั้ง")
    assert [each.is_open for each in requests_of_assessment(session, number)] == [True, False]


def test_where_the_day_for_rating_is_earlier_the_rater_gets_the_time(
    session: Session, sample: Sample
) -> None:
    steps.rated(session, sample)
    ask(session, sample)
    assert RATING_DUE < UNTIL
    assert day_of_record(session, sample.assessment, PhaseKind.RATING) == UNTIL
    extension = session.scalars(select(Extension)).one()
    assert (extension.state, extension.phase) == (ExtensionState.GRANTED, PhaseKind.RATING)
    answer(session, sample, steps.SUPERVISOR_LEVELS, UNTIL)


def test_where_it_is_later_nothing_is_moved(session: Session, sample: Sample) -> None:
    steps.rated(session, sample)
    ask(session, sample, until_on=RATING_DUE, now=at(steps.RATING_DAY))
    assert session.scalars(select(Extension)).all() == []


@pytest.mark.parametrize("takes_late", [True, False])
def test_after_the_last_day_the_rule_on_late_entries_holds(session: Session, takes_late: bool) -> None:
    sample = make_sample(session, OrganisationRules(takes_late_entries=takes_late))
    steps.rated(session, sample)
    ask(session, sample)
    late = UNTIL + timedelta(days=1)
    if takes_late:
        answer(session, sample, steps.SUPERVISOR_LEVELS, late)
        return
    with pytest.raises(RequirementNotMet):
        answer(session, sample, steps.SUPERVISOR_LEVELS, late)


def test_a_last_day_on_a_holiday_is_the_next_working_day(session: Session, sample: Sample) -> None:
    steps.rated(session, sample)
    saturday = date(2025, 11, 15)
    assert ask(session, sample, until_on=saturday).until_on == date(2025, 11, 17)


def test_a_week_is_proposed(session: Session, sample: Sample) -> None:
    assert proposed_day(sample.assessment, date(2025, 11, 5)) == date(2025, 11, 12)
    assert proposed_day(sample.assessment, date(2026, 9, 28)) == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"reason": "  "}, {"reason": "missing"}),
        ({"until_on": None}, {"until_on": "required"}),
        ({"reason": "", "until_on": None}, {"reason": "missing", "until_on": "required"}),
        ({"until_on": date(2025, 10, 27)}, {"until_on": "before_today"}),
        ({"until_on": date(2026, 10, 1)}, {"until_on": "after_cycle"}),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_moves(
    session: Session, sample: Sample, given: dict[str, Any], fields: dict[str, str]
) -> None:
    steps.rated(session, sample)
    with pytest.raises(InvalidInputs) as refusal:
        ask(session, sample, **given)
    assert {each.field: each.code for each in refusal.value.problems} == fields
    assert sample.assessment.state is AssessmentState.RATED
    assert session.scalars(select(Reconsideration)).all() == []


def test_who_read_an_older_version_is_told(session: Session, sample: Sample) -> None:
    steps.rated(session, sample)
    with pytest.raises(StaleVersion):
        ask(session, sample, version=sample.assessment.version - 1)


@pytest.mark.parametrize("name", ["anong", "olan"])
def test_outsiders_see_no_such_record(session: Session, sample: Sample, name: str) -> None:
    steps.rated(session, sample)
    with pytest.raises(NotVisible):
        ask(session, sample, actor=getattr(sample.cast, name))


def test_a_member_of_another_organisations_committee_sees_none_either(
    session: Session, sample: Sample
) -> None:
    steps.rated(session, sample)
    with pytest.raises(NotVisible):
        ask(session, sample, actor=seat(session, sample, "olan"))


@pytest.mark.parametrize("name", ["somchai", "suda", "prasit"])
def test_those_of_the_record_do_not_ask(session: Session, sample: Sample, name: str) -> None:
    steps.rated(session, sample)
    with pytest.raises(NotPermitted):
        ask(session, sample, actor=getattr(sample.cast, name))


@pytest.mark.parametrize("name", ["somchai", "suda"])
def test_not_even_as_members_about_themselves(session: Session, sample: Sample, name: str) -> None:
    """Nobody asks for their own result, nor themself as the rater; the second level may, as a member."""
    steps.rated(session, sample)
    with pytest.raises(NotPermitted):
        ask(session, sample, actor=seat(session, sample, name))
    assert ask(session, sample, actor=seat(session, sample, "prasit"))


@pytest.mark.parametrize("bring", [not_started, steps.self_assessing, steps.self_submitted, steps.rating])
def test_before_the_rating_is_handed_in_there_is_nothing_to_ask(
    session: Session, sample: Sample, bring: Callable[[Session, Sample], object]
) -> None:
    bring(session, sample)
    with pytest.raises(TransitionNotAllowed):
        ask(session, sample)
    with pytest.raises(NotVisible):
        ask(session, sample, actor=seat(session, sample))


def test_after_the_release_nobody_asks_and_a_member_sees_no_more(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    with pytest.raises(TransitionNotAllowed):
        ask(session, sample, now=at(steps.RELEASE_DAY))
    with pytest.raises(NotVisible):
        ask(session, sample, actor=seat(session, sample), now=at(steps.RELEASE_DAY))


def test_a_member_records_that_the_committee_has_looked(session: Session, sample: Sample) -> None:
    member = seat(session, sample)
    steps.second_opinion(session, sample)
    assessments.moderate(session, member, sample.assessment.id, at(steps.SECOND_DAY))
    assert sample.assessment.state is AssessmentState.MODERATED


@pytest.mark.parametrize("name", ["suda", "somchai"])
def test_nobody_moderates_a_rating_of_their_own(session: Session, sample: Sample, name: str) -> None:
    """Neither the one who gave it nor the one it is about; the page offers it to neither."""
    member = seat(session, sample, name)
    steps.second_opinion(session, sample)
    number = sample.assessment.id
    with pytest.raises(NotPermitted):
        assessments.moderate(session, member, number, at(steps.SECOND_DAY))
    page = assessment_page(session, member, number, steps.SECOND_DAY)
    assert not page.may(AssessmentEvent.MODERATE) and not page.may(AssessmentEvent.ASK_RECONSIDERATION)
    other = seat(session, sample)
    assert assessment_page(session, other, number, steps.SECOND_DAY).may(AssessmentEvent.MODERATE)


@pytest.mark.parametrize("name", ["anong", "olan"])
def test_outsiders_moderate_nothing(session: Session, sample: Sample, name: str) -> None:
    steps.second_opinion(session, sample)
    with pytest.raises(NotVisible):
        assessments.moderate(session, getattr(sample.cast, name), sample.assessment.id, at(steps.SECOND_DAY))


def test_the_reason_is_about_the_rating() -> None:
    from idp.rules.assessment_workflow import ASSESSMENT_WORKFLOW, EVENTS_ABOUT_THE_RATING

    assert AssessmentEvent.ASK_RECONSIDERATION in EVENTS_ABOUT_THE_RATING
    rows = [
        row for row in ASSESSMENT_WORKFLOW.transitions if row.event is AssessmentEvent.ASK_RECONSIDERATION
    ]
    assert {row.by for row in rows} == {frozenset({Relation.MODERATOR, Relation.HR_OFFICER})}
