"""The change desk: what is shown before, what is written, and what each choice does to rounds under way."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import HistoryEntry, Notice, StaffChange
from idp.queries.relations import standing_on_record
from idp.rules.errors import (
    InvalidInput,
    InvalidInputs,
    NotPermitted,
    NotVisible,
    StaleVersion,
)
from idp.rules.staff_changes import ChangeKind, Consequence, HandoverState
from idp.rules.terms import AssessmentState, Relation
from idp.services.staff_changes import preview_change
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.services.change_cast import DAY, choosing, enter, fields, handovers, posts, transfer

KEEP, HAND_OVER, SPLIT, EXEMPT = (
    Consequence.KEEP,
    Consequence.HAND_OVER,
    Consequence.SPLIT_BY_DAYS,
    Consequence.EXEMPT,
)


def test_the_preview_writes_nothing_and_names_what_it_would_touch(session: Session, sample: Sample) -> None:
    employee_id = sample.employees["somchai"].id
    move, shown = preview_change(session, sample.cast.malee, employee_id, fields(), at(DAY))
    assert not session.new and not session.dirty
    assert move.supervisor_id == sample.cast.anong.person_id
    (record,) = shown.own
    assert record.choices == (HAND_OVER, SPLIT, KEEP, EXEMPT)
    assert record.days == (120, 245)
    assert shown.below == () and shown.roles == () and shown.orders == ()


def test_a_supervisor_is_shown_with_everybody_below_them(session: Session, sample: Sample) -> None:
    typed = fields(ChangeKind.RESIGNATION)
    _move, shown = preview_change(session, sample.cast.malee, sample.employees["suda"].id, typed, at(DAY))
    assert [person.number for person in shown.below] == ["0001"]
    (record,) = shown.records_below
    assert record.relation is Relation.SUPERVISOR and record.assessment_id == sample.assessment.id
    _move, shown = preview_change(session, sample.cast.malee, sample.employees["prasit"].id, typed, at(DAY))
    assert {person.number: person.is_direct for person in shown.below} == {
        "0001": False,
        "0002": True,
        "0005": True,
    }


def test_the_new_supervisor_takes_over_and_the_old_one_owes_a_statement(
    session: Session, sample: Sample
) -> None:
    steps.self_submitted(session, sample)
    enter(session, sample, fields())
    assessment = sample.assessment
    assert assessment.supervisor_person_id == sample.cast.anong.person_id
    assert assessment.supervisor_name == "นางสาวอนงค์ แสงทอง"
    assert assessment.supervisor_position == "นักทรัพยากรบุคคลชำนาญการ"
    assert assessment.state is AssessmentState.SELF_SUBMITTED
    (handover,) = handovers(session)
    assert handover.state is HandoverState.AWAITING_STATEMENT
    assert (handover.from_person_id, handover.to_person_id) == (
        sample.cast.suda.person_id,
        sample.cast.anong.person_id,
    )
    line = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "hand_over")).one()
    assert line.detail["before"]["supervisor_name"] == "นางสาวสุดา รักงาน"
    told = session.scalars(select(Notice).where(Notice.created_at == at(DAY)))
    cast = sample.cast
    assert {(notice.event, notice.recipient_person_id) for notice in told} == {
        ("handover:statement_asked", cast.suda.person_id),
        ("assessment:hand_over", cast.somchai.person_id),
        ("assessment:hand_over", cast.anong.person_id),
        ("assessment:hand_over", cast.prasit.person_id),
    }


def test_the_old_supervisor_loses_sight_and_the_new_one_sees(session: Session, sample: Sample) -> None:
    enter(session, sample, fields())
    standing = standing_on_record(session, sample.cast.suda, sample.assessment, DAY)
    assert standing.relations == frozenset()
    standing = standing_on_record(session, sample.cast.anong, sample.assessment, DAY)
    assert standing.relations == {Relation.SUPERVISOR}


def test_a_rating_in_progress_is_kept_and_the_new_supervisor_goes_on_with_a_copy(
    session: Session, sample: Sample
) -> None:
    steps.rated(session, sample)
    ratings = [rating for item in sample.assessment.items for rating in item.ratings]
    before = {(each.item_id, each.rater_kind): (each.attained_level, each.evidence) for each in ratings}
    enter(session, sample, fields())
    (handover,) = handovers(session)
    assert {int(item): kept["level"] for item, kept in handover.kept_rating.items()} == {
        sample.items[code].id: level for code, level in steps.SUPERVISOR_LEVELS.items()
    }
    assert all(kept["evidence"] and kept["ticks"] for kept in handover.kept_rating.values())
    session.expire_all()
    ratings = [rating for item in sample.assessment.items for rating in item.ratings]
    assert {
        (each.item_id, each.rater_kind): (each.attained_level, each.evidence) for each in ratings
    } == before
    assert sample.assessment.state is AssessmentState.RATED


def test_splitting_by_days_opens_a_rating_again_that_was_handed_in(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    enter(session, sample, fields(), choosing(sample.assessment, SPLIT))
    assert sample.assessment.state is AssessmentState.RATING
    assert sample.assessment.second_opinion is None and sample.assessment.rated_at is None
    (handover,) = handovers(session)
    assert (handover.days_before, handover.days_after) == (120, 245)


@pytest.mark.parametrize("day", [date(2025, 10, 1), date(2025, 9, 1)])
def test_a_day_that_does_not_divide_the_round_is_not_offered_for_splitting(
    session: Session, sample: Sample, day: date
) -> None:
    typed = fields(effective_on=day)
    employee_id = sample.employees["somchai"].id
    _move, shown = preview_change(session, sample.cast.malee, employee_id, typed, at(DAY))
    assert SPLIT not in shown.own[0].choices
    with pytest.raises(InvalidInputs) as refusal:
        enter(session, sample, typed, choosing(sample.assessment, SPLIT), day=DAY)
    assert refusal.value.field == f"choice-{sample.assessment.id}"


def test_keeping_leaves_the_round_as_it_is_and_the_post_changes(session: Session, sample: Sample) -> None:
    enter(session, sample, transfer(sample), choosing(sample.assessment, KEEP))
    assert sample.assessment.supervisor_person_id == sample.cast.suda.person_id
    assert [each.consequence for each in handovers(session)] == [KEEP]
    before, after = posts(session, sample)
    assert before.until_on == DAY - timedelta(days=1) and after.from_on == DAY
    assert after.supervisor_person_id == sample.cast.anong.person_id
    assert after.full_position == "นักวิเคราะห์นโยบายและแผนชำนาญการ"


def test_a_transfer_inside_the_round_keeps_its_snapshot_and_expected_levels(
    session: Session, sample: Sample
) -> None:
    expected = {item.id: item.expected_level for item in sample.assessment.items}
    enter(session, sample, transfer(sample))
    assert sample.assessment.position_name == "นักทรัพยากรบุคคล"
    assert {item.id: item.expected_level for item in sample.assessment.items} == expected


def test_an_exemption_takes_its_reason_from_the_record_else_from_the_change(
    session: Session, sample: Sample
) -> None:
    typed = fields(ChangeKind.LEAVE, until_on=date(2026, 9, 30))
    with pytest.raises(InvalidInputs) as refusal:
        enter(session, sample, typed, choosing(sample.assessment, EXEMPT))
    assert refusal.value.field == f"reason-{sample.assessment.id}"
    enter(session, sample, typed, choosing(sample.assessment, EXEMPT, "ลาศึกษาต่อเต็มเวลา"))
    assert sample.assessment.state is AssessmentState.EXEMPTED
    assert len(posts(session, sample)) == 1, "who is on leave keeps the post"


def test_a_secondment_with_a_last_day_leads_back_to_the_old_post(session: Session, sample: Sample) -> None:
    typed = replace(transfer(sample), kind=ChangeKind.SECONDMENT, until_on=date(2026, 4, 30))
    enter(session, sample, typed)
    first, away, back = posts(session, sample)
    assert (away.from_on, away.until_on) == (DAY, date(2026, 4, 30))
    assert (back.from_on, back.until_on) == (date(2026, 5, 1), None)
    assert back.position_name == first.position_name
    assert back.supervisor_person_id == sample.cast.suda.person_id


def test_a_change_before_the_planned_return_takes_its_place(session: Session, sample: Sample) -> None:
    typed = replace(transfer(sample), kind=ChangeKind.SECONDMENT, until_on=date(2026, 4, 30))
    enter(session, sample, typed)
    enter(
        session, sample, transfer(sample, effective_on=date(2026, 3, 1), supervisor="0003", second_level="")
    )
    _first, away, last = posts(session, sample)
    assert away.until_on == date(2026, 2, 28) and last.until_on is None
    dropped = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "drop_assignment")).one()
    assert dropped.detail["from_on"] == "2026-05-01", "what was planned stays in the history"
    assert dropped.detail["supervisor_person_id"] == sample.cast.suda.person_id


def test_three_supervisors_in_one_round_each_owe_theirs(session: Session, sample: Sample) -> None:
    enter(session, sample, fields(), choosing(sample.assessment, SPLIT))
    later = fields(effective_on=date(2026, 4, 1), supervisor="0004")
    enter(session, sample, later, choosing(sample.assessment, SPLIT))
    first, second = handovers(session)
    assert (first.days_before, second.days_before, second.days_after) == (120, 62, 183)
    assert second.from_person_id == sample.cast.anong.person_id
    assert sample.assessment.supervisor_person_id == sample.cast.malee.person_id
    earlier = fields(effective_on=date(2026, 3, 1), supervisor="0002")
    with pytest.raises(InvalidInput):
        enter(session, sample, earlier, choosing(sample.assessment, SPLIT), day=date(2026, 4, 2))


def test_the_second_click_is_told_that_it_is_there(session: Session, sample: Sample) -> None:
    change = enter(session, sample, fields())
    with pytest.raises(InvalidInputs) as refusal:
        enter(session, sample, fields(), seen="whatever")
    assert refusal.value.code == "entered_already"
    assert refusal.value.values == {"change_id": change.id}
    assert len(session.scalars(select(StaffChange)).all()) == 1


def test_when_something_moved_since_the_preview_nothing_is_written(session: Session, sample: Sample) -> None:
    employee_id = sample.employees["somchai"].id
    _move, shown = preview_change(session, sample.cast.malee, employee_id, fields(), at(DAY))
    steps.self_assessing(session, sample)
    with pytest.raises(StaleVersion):
        enter(session, sample, fields(), seen=shown.seen)
    assert session.scalars(select(StaffChange)).all() == []


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        ({"effective_on": DAY + timedelta(days=1)}, "effective_on", "change_in_the_future"),
        ({"effective_on": date(2020, 9, 1)}, "effective_on", "before_hiring"),
        ({"supervisor": ""}, "supervisor", "required"),
        ({"supervisor": "0001"}, "supervisor", "self"),
        ({"supervisor": "9999"}, "supervisor", "no_such_person"),
        ({"supervisor": "0006"}, "supervisor", "no_such_person"),
        ({"second_level": "0005"}, "second_level", "same_as_supervisor"),
        ({"order_number": "x" * 101}, "order_number", "too_long"),
    ],
)
def test_a_wrong_field_is_named(
    session: Session, sample: Sample, typed: dict[str, Any], field: str, code: str
) -> None:
    employee_id = sample.employees["somchai"].id
    with pytest.raises(InvalidInputs) as refusal:
        preview_change(session, sample.cast.malee, employee_id, fields(**typed), at(DAY))
    assert (field, code) in [(each.field, each.code) for each in refusal.value.problems]


def test_a_new_post_needs_a_unit_a_name_and_a_level_of_the_organisation(
    session: Session, sample: Sample
) -> None:
    employee_id = sample.employees["somchai"].id
    typed = fields(ChangeKind.TRANSFER, unit_id=99_999, position_level_id=99_999, line_of_work_id=99_999)
    with pytest.raises(InvalidInputs) as refusal:
        preview_change(session, sample.cast.malee, employee_id, typed, at(DAY))
    assert {each.field for each in refusal.value.problems} == {
        "unit_id",
        "position_name",
        "position_level_id",
        "line_of_work_id",
    }


def test_nobody_but_the_personnel_officer_of_the_organisation_enters_changes(
    session: Session, sample: Sample
) -> None:
    for name in ("somchai", "suda", "prasit", "anong"):
        with pytest.raises(NotPermitted):
            enter(session, sample, fields(), actor=getattr(sample.cast, name))
    with pytest.raises(NotVisible):
        enter(session, sample, fields(), actor=sample.cast.olan)
    assert session.scalars(select(StaffChange)).all() == []
