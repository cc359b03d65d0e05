"""The statement that a former supervisor owes, and a result made of two supervisors' days."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Gap, Handover, HistoryEntry, Notice
from idp.queries.cycles import releasable
from idp.queries.handovers import statements_on, statements_owed
from idp.rules.errors import (
    InvalidInputs,
    NotVisible,
    RequirementNotMet,
    StaleVersion,
    TransitionNotAllowed,
)
from idp.rules.staff_changes import ChangeKind, Consequence, HandoverState
from idp.rules.terms import AssessmentState, RaterKind, Requirement, SecondOpinion, SubjectType
from idp.services import assessments, ratings, results
from idp.services.change_choices import Choices
from idp.services.exemptions import exempt
from idp.services.handover_statements import give_statement
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.services.change_cast import DAY, choosing, enter, fields, handovers

NOW = at(DAY)
OLD = {"c1": 2, "c2": 1, "c3": 3}
NEW = {"c1": 3, "c2": 3, "c3": 1}


def handed_over(
    session: Session, sample: Sample, consequence: Consequence = Consequence.SPLIT_BY_DAYS
) -> Handover:
    """Rated by Suda, then under Anong."""
    steps.rated(session, sample, OLD)
    enter(session, sample, fields(), choosing(sample.assessment, consequence))
    return handovers(session)[0]


def stated(sample: Sample, levels: Mapping[str, int]) -> dict[int, int | None]:
    return {sample.items[code].id: level for code, level in levels.items()}


def rated_by_anong(session: Session, sample: Sample) -> None:
    anong, assessment_id = sample.cast.anong, sample.assessment.id
    form = steps.entries(sample, NEW)
    ratings.save_ratings(session, anong, assessment_id, RaterKind.SUPERVISOR, form, NOW)
    assessments.submit_rating(session, anong, assessment_id, at(steps.RATING_DAY))
    assessments.give_second_opinion(session, sample.cast.prasit, assessment_id, SecondOpinion.AGREES, "", NOW)


def test_the_old_supervisor_states_once_and_the_new_one_is_told(session: Session, sample: Sample) -> None:
    handover = handed_over(session, sample)
    levels = stated(sample, OLD)
    give_statement(session, sample.cast.suda, handover.id, "งานเรียบร้อยดี", levels, NOW, handover.version)
    assert handover.state is HandoverState.STATED and handover.statement == "งานเรียบร้อยดี"
    assert handover.levels == {str(item_id): level for item_id, level in levels.items()}
    notice = session.scalars(select(Notice).where(Notice.event == "assessment:handover_stated")).one()
    assert notice.recipient_person_id == sample.cast.anong.person_id
    with pytest.raises(TransitionNotAllowed):
        give_statement(session, sample.cast.suda, handover.id, "อีกครั้ง", levels, NOW)
    (statement,) = statements_on(session, sample.assessment.id)
    assert (statement.text, statement.stated_by, statement.is_awaited) == ("งานเรียบร้อยดี", "", False)


def test_nobody_else_knows_of_it_not_the_person_nor_the_new_supervisor(
    session: Session, sample: Sample
) -> None:
    handover = handed_over(session, sample)
    for name in ("somchai", "prasit", "anong", "olan"):
        with pytest.raises(NotVisible):
            give_statement(session, getattr(sample.cast, name), handover.id, "x", {}, NOW)
    with pytest.raises(NotVisible):
        give_statement(session, sample.cast.suda, 99_999, "x", {}, NOW)
    assert handover.state is HandoverState.AWAITING_STATEMENT


def test_every_wrong_field_is_named_at_once(session: Session, sample: Sample) -> None:
    handover = handed_over(session, sample)
    c1, c2, c3 = (sample.items[code].id for code in ("c1", "c2", "c3"))
    with pytest.raises(InvalidInputs) as refusal:
        give_statement(session, sample.cast.suda, handover.id, " ", {c1: 3, c2: 2, c3: None}, NOW)
    assert [(each.field, each.code) for each in refusal.value.problems] == [
        ("statement", "missing"),
        (f"level-{c2}", "level_not_on_ladder"),
        (f"level-{c3}", "required"),
    ]
    assert handover.state is HandoverState.AWAITING_STATEMENT


def test_a_stale_version_is_refused(session: Session, sample: Sample) -> None:
    handover = handed_over(session, sample)
    with pytest.raises(StaleVersion):
        give_statement(session, sample.cast.suda, handover.id, "x", stated(sample, OLD), NOW, 99)


def test_the_officer_enters_it_for_somebody_who_cannot_with_the_reason(
    session: Session, sample: Sample
) -> None:
    handover = handed_over(session, sample, Consequence.HAND_OVER)
    with pytest.raises(InvalidInputs) as refusal:
        give_statement(session, sample.cast.malee, handover.id, "ตามบันทึกลงนาม", {}, NOW)
    assert refusal.value.field == "reason"
    give_statement(session, sample.cast.malee, handover.id, "ตามบันทึกลงนาม", {}, NOW, reason="ลาออกไปแล้ว")
    lines = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "state_handover")).all()
    assert {line.subject_type for line in lines} == {SubjectType.HANDOVER, SubjectType.ASSESSMENT}
    assert {line.on_behalf_of_person_id for line in lines} == {sample.cast.suda.person_id}
    assert {line.reason for line in lines} == {"ลาออกไปแล้ว"}
    (statement,) = statements_on(session, sample.assessment.id)
    assert statement.stated_by == "นางมาลี ศรีสุข"


def test_release_waits_for_the_statement_and_names_who_owes_it(session: Session, sample: Sample) -> None:
    handover = handed_over(session, sample)
    rated_by_anong(session, sample)
    with pytest.raises(RequirementNotMet) as refusal:
        results.release_assessment(session, sample.cast.malee, sample.assessment.id, NOW)
    assert refusal.value.missing == (Requirement.HANDOVER_STATED,)
    assert refusal.value.details == ("นางสาวสุดา รักงาน",)
    assert releasable(session, sample.cycle.id) == (), "nor is it offered with all the others"
    give_statement(session, sample.cast.suda, handover.id, "ส่งมอบ", stated(sample, OLD), NOW)
    results.release_assessment(session, sample.cast.malee, sample.assessment.id, NOW)
    assert sample.assessment.state is AssessmentState.RELEASED


def test_the_released_levels_are_weighted_by_the_days_of_each(session: Session, sample: Sample) -> None:
    handover = handed_over(session, sample)
    rated_by_anong(session, sample)
    give_statement(session, sample.cast.suda, handover.id, "ส่งมอบ", stated(sample, OLD), NOW)
    results.release_assessment(session, sample.cast.malee, sample.assessment.id, NOW)
    found = {gap.item_id: (gap.attained_level, gap.gap) for gap in session.scalars(select(Gap))}
    # 120 days of Suda, 245 of Anong: (120x2+245x3)/365, (120x1+245x3)/365, (120x3+245x1)/365
    assert {code: found[item.id] for code, item in sample.items.items()} == {
        "c1": (Decimal("2.67"), Decimal("0.33")),
        "c2": (Decimal("2.34"), Decimal("0.66")),
        "c3": (Decimal("1.66"), Decimal("0.34")),
    }
    explained = sample.assessment.score_explanation
    assert explained is not None
    split = explained["day_split"]
    assert split["parts"] == [["นางสาวสุดา รักงาน", 120], ["นางสาวอนงค์ แสงทอง", 245]]
    assert split["items"][0]["formula"] == "(120×2 + 245×3) ÷ 365 = 2.67"
    assert split["items"][0]["levels"] == ["2", "3"]
    # Every part of a level below counts as a whole one in the bar method: three times 2 of 3 points.
    assert sample.assessment.competency_score == Decimal("20.00")


def test_handed_over_whole_the_new_supervisors_levels_count_alone(session: Session, sample: Sample) -> None:
    handover = handed_over(session, sample, Consequence.HAND_OVER)
    assert sample.assessment.state is AssessmentState.RATED
    give_statement(session, sample.cast.suda, handover.id, "ส่งมอบ", {}, NOW)
    assessments.give_second_opinion(
        session, sample.cast.prasit, sample.assessment.id, SecondOpinion.AGREES, "", NOW
    )
    results.release_assessment(session, sample.cast.malee, sample.assessment.id, NOW)
    explained = sample.assessment.score_explanation
    assert explained is not None and "day_split" not in explained


def test_what_is_owed_stands_in_the_list_until_it_is_given_or_no_longer_needed(
    session: Session, sample: Sample
) -> None:
    handover = handed_over(session, sample)
    suda, organisation_id = sample.cast.suda.person_id, sample.organisation.id
    assert suda is not None
    (owed,) = statements_owed(session, suda, organisation_id, DAY)
    assert (owed.handover_id, owed.owner_name) == (handover.id, "นายสมชาย ใจดี")
    assert statements_owed(session, suda, sample.other_organisation.id, DAY) == ()
    exempt(session, sample.cast.malee, sample.assessment.id, "ลาออก", NOW)
    assert statements_owed(session, suda, organisation_id, DAY) == ()


def test_a_former_supervisor_who_left_has_no_page_any_more(session: Session, sample: Sample) -> None:
    handover = handed_over(session, sample)
    typed = fields(ChangeKind.RESIGNATION, effective_on=DAY)
    enter(session, sample, typed, Choices(supervisor="0003"), who="suda")
    with pytest.raises(NotVisible):
        give_statement(session, sample.cast.suda, handover.id, "x", stated(sample, OLD), NOW)
    give_statement(
        session, sample.cast.malee, handover.id, "ตามบันทึก", stated(sample, OLD), NOW, reason="ลาออก"
    )
