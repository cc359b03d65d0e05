"""The agreement at the start of the round: written by either, signed by both, in either order."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Agreement, HistoryEntry, Notice, Phase
from idp.queries.home import todo_list
from idp.queries.team import team_list
from idp.rules.errors import (
    InvalidInput,
    NotPermitted,
    NotVisible,
    RequirementNotMet,
    StaleVersion,
    TransitionNotAllowed,
)
from idp.rules.terms import AssessmentState, PhaseKind, Relation, Requirement
from idp.services import agreements, assessments
from tests.factories.sample import Sample, at, make_sample

DAY = date(2025, 10, 6)
NOW = at(DAY)
TEXT = "จัดทำแผนอัตรากำลังสามปี"


@pytest.fixture
def sample(session: Session) -> Sample:
    """The sample, whose round begins with an agreement."""
    sample = make_sample(session)
    sample.cycle.phases.append(
        Phase(kind=PhaseKind.AGREEMENT, opens_on=date(2025, 10, 1), due_on=date(2025, 10, 10))
    )
    session.flush()
    return sample


def write(session: Session, sample: Sample, by: str = "suda", text: str = TEXT, **more: Any) -> Agreement:
    return agreements.write_agreement(
        session, getattr(sample.cast, by), sample.assessment.id, text, NOW, **more
    )


def sign(session: Session, sample: Sample, by: str, **more: Any) -> Agreement:
    return agreements.sign_agreement(session, getattr(sample.cast, by), sample.assessment.id, NOW, **more)


def start(session: Session, sample: Sample) -> None:
    assessments.start_self(session, sample.cast.somchai, sample.assessment.id, NOW)


def owed(session: Session, sample: Sample, by: str) -> set[PhaseKind]:
    return {todo.phase for todo in todo_list(session, getattr(sample.cast, by), DAY)}


@pytest.mark.parametrize("order", [("somchai", "suda"), ("suda", "somchai")])
def test_both_sign_in_either_order_and_then_the_self_assessment_begins(
    session: Session, sample: Sample, order: tuple[str, str]
) -> None:
    assert PhaseKind.AGREEMENT in owed(session, sample, "somchai") & owed(session, sample, "suda")
    write(session, sample)
    for name in order:
        with pytest.raises(RequirementNotMet) as refused:
            start(session, sample)
        assert refused.value.missing == (Requirement.AGREEMENT_SIGNED,)
        sign(session, sample, name)
        assert PhaseKind.AGREEMENT not in owed(session, sample, name)
    start(session, sample)
    assert sample.assessment.state is AssessmentState.SELF_ASSESSING
    told = {each.recipient_person_id for each in session.query(Notice) if each.event == "agreement:sign"}
    assert told == {sample.cast.somchai.person_id, sample.cast.suda.person_id}
    lines = [each.event for each in session.query(HistoryEntry).order_by(HistoryEntry.id)]
    assert lines == ["write_agreement", "sign_agreement", "sign_agreement", "start_self"]


def test_what_was_expected_is_frozen_with_the_first_signature(session: Session, sample: Sample) -> None:
    agreement = write(session, sample)
    assert agreement.content == {}
    sign(session, sample, "suda")
    assert [each["expected"] for each in agreement.content["items"]] == [3, 3, 2]
    assert [float(each["weight"]) for each in agreement.content["items"]] == [40, 35, 25]


def test_other_words_take_the_signatures_off_and_the_history_keeps_both(
    session: Session, sample: Sample
) -> None:
    agreement = write(session, sample)
    sign(session, sample, "suda")
    write(session, sample, "somchai", TEXT)  # the same words: nothing happens
    assert agreement.supervisor_signed_at is not None
    write(session, sample, "somchai", "งานอื่น")
    assert agreement.supervisor_signed_at is None and agreement.content == {}
    line = session.scalars(
        select(HistoryEntry).where(HistoryEntry.event == "write_agreement").order_by(HistoryEntry.id.desc())
    ).first()
    assert line is not None
    assert line.detail["before"] == TEXT and line.detail["signatures_taken_off"] == ["supervisor"]
    assert PhaseKind.AGREEMENT in owed(session, sample, "suda")


def test_nobody_signs_nothing_nor_twice(session: Session, sample: Sample) -> None:
    with pytest.raises(InvalidInput, match="expected_text: missing"):
        sign(session, sample, "suda")
    write(session, sample)
    sign(session, sample, "suda")
    with pytest.raises(StaleVersion):
        sign(session, sample, "suda")


def test_a_version_read_too_early_is_refused(session: Session, sample: Sample) -> None:
    agreement = write(session, sample, expected_version=0)
    for version in (0, agreement.version + 1):
        with pytest.raises(StaleVersion):
            write(session, sample, "somchai", "อีกอย่าง", expected_version=version)
        with pytest.raises(StaleVersion):
            sign(session, sample, "somchai", expected_version=version)


def test_a_refusal_on_record_lets_the_round_go_on_and_the_employee_may_still_sign(
    session: Session, sample: Sample
) -> None:
    write(session, sample)

    def refuse(by: str, reason: str = "ไม่เห็นด้วยกับตัวชี้วัด") -> Agreement:
        return agreements.record_agreement_refusal(
            session, getattr(sample.cast, by), sample.assessment.id, reason, NOW
        )

    with pytest.raises(InvalidInput, match="supervisor_signs_first"):
        refuse("suda")
    sign(session, sample, "suda")
    with pytest.raises(InvalidInput, match="reason: missing"):
        refuse("suda", "  ")
    with pytest.raises(NotPermitted):
        refuse("somchai")
    agreement = refuse("suda")
    assert PhaseKind.AGREEMENT not in owed(session, sample, "somchai")
    sign(session, sample, "somchai")
    assert agreement.refusal_recorded_at is None and agreement.owner_signed_at is not None
    with pytest.raises(StaleVersion):
        refuse("suda")


def test_a_recorded_refusal_is_enough_to_begin(session: Session, sample: Sample) -> None:
    write(session, sample)
    sign(session, sample, "suda")
    agreements.record_agreement_refusal(session, sample.cast.suda, sample.assessment.id, "ไม่ลงนาม", NOW)
    start(session, sample)


def test_only_the_two_sign_and_outsiders_learn_nothing(session: Session, sample: Sample) -> None:
    for name, refusal in (
        ("prasit", NotPermitted),
        ("malee", NotPermitted),
        ("anong", NotVisible),
        ("olan", NotVisible),
    ):
        with pytest.raises(refusal):
            write(session, sample, name)
        with pytest.raises(refusal):
            sign(session, sample, name)


def test_it_is_written_before_the_self_assessment_and_from_its_day_on(
    session: Session, sample: Sample
) -> None:
    with pytest.raises(RequirementNotMet):
        agreements.write_agreement(
            session, sample.cast.suda, sample.assessment.id, TEXT, at(date(2025, 9, 30))
        )
    write(session, sample)
    sign(session, sample, "suda")
    sign(session, sample, "somchai")
    start(session, sample)
    with pytest.raises(TransitionNotAllowed):
        write(session, sample, text="อีกอย่าง")


def test_a_round_without_one_asks_for_none(session: Session) -> None:
    sample = make_sample(session)
    with pytest.raises(TransitionNotAllowed):
        write(session, sample)
    assert PhaseKind.AGREEMENT not in owed(session, sample, "somchai")
    start(session, sample)


def test_the_supervisors_list_says_who_has_to_sign_first(session: Session, sample: Sample) -> None:
    (row,) = team_list(session, sample.cast.suda, DAY)
    assert row.next_step and row.next_step.phase is PhaseKind.AGREEMENT
    write(session, sample)
    sign(session, sample, "somchai")
    (row,) = team_list(session, sample.cast.suda, DAY)
    assert row.next_step and row.next_step.relation is Relation.SUPERVISOR
    sign(session, sample, "suda")
    (row,) = team_list(session, sample.cast.suda, DAY)
    assert row.next_step and row.next_step.phase is PhaseKind.SELF_ASSESSMENT
