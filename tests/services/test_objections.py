"""An objection: by whom, until when, what it freezes, what a decision leaves beside the old result."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, HistoryEntry, Notice, Objection, ReportJob, ResultCorrection
from idp.queries.corrections import current_levels, holding
from idp.queries.gaps import suggestions_for
from idp.queries.relations import standing_on_record
from idp.rules.errors import (
    InvalidInput,
    NotPermitted,
    NotVisible,
    RequirementNotMet,
    StaleVersion,
    TransitionNotAllowed,
)
from idp.rules.objections import FROZEN_PERMISSIONS, ObjectionState, may_object_until
from idp.rules.permissions import relations_with
from idp.rules.terms import (
    AssessmentState,
    CycleState,
    EmployeeOpinion,
    JobState,
    Permission,
    ReportKind,
    Requirement,
)
from idp.services import closing, plan_items, plans, results
from idp.services.access import load_assessment
from idp.services.employee_opinions import give_opinion
from idp.services.objection_decisions import (
    CorrectedLevel,
    Decision,
    dismiss_objection,
    uphold_objection,
)
from idp.services.objections import (
    enter_objection,
    lodge_objection,
    state_on_objection,
    withdraw_objection,
)
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.services.test_results import crowd

LAST_DAY = steps.RECEIPT_DAY + timedelta(days=30)
A_DAY = steps.RECEIPT_DAY + timedelta(days=10)
GROUNDS = "ผลงานตามคำสั่งที่ 12/2568 ไม่ได้นำมาพิจารณา"
DECISION = Decision("ที่ 5/2569", A_DAY + timedelta(days=20), "เห็นว่ามีเหตุตามที่ร้อง")
DECIDED_AT = at(A_DAY + timedelta(days=20))


def lodged(session: Session, sample: Sample) -> Objection:
    steps.received(session, sample)
    return lodge_objection(session, sample.cast.somchai, sample.assessment.id, GROUNDS, at(A_DAY))


def refused_to_sign(session: Session, sample: Sample) -> Assessment:
    steps.released(session, sample)
    return results.record_refusal(
        session,
        sample.cast.suda,
        sample.assessment.id,
        at(steps.RECEIPT_DAY),
        steps.RECEIPT_DAY,
        "นายพยาน รู้เห็น",
        "นิติกร",
    )


@pytest.mark.parametrize("bring", [steps.received, refused_to_sign], ids=["received", "refused"])
def test_the_last_minute_of_the_thirtieth_day_is_in_time_in_bangkok(
    session: Session, sample: Sample, bring: Callable[[Session, Sample], Any]
) -> None:
    bring(session, sample)
    assert may_object_until(steps.RECEIPT_DAY) == LAST_DAY
    last_minute = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 16, 59, tzinfo=UTC)  # 23.59 there
    objection = lodge_objection(session, sample.cast.somchai, sample.assessment.id, GROUNDS, last_minute)
    assert objection.state is ObjectionState.LODGED and objection.lodged_on == LAST_DAY


@pytest.mark.parametrize("bring", [steps.received, refused_to_sign], ids=["received", "refused"])
def test_the_first_minute_of_the_day_after_is_too_late_and_names_the_last_day(
    session: Session, sample: Sample, bring: Callable[[Session, Sample], Any]
) -> None:
    bring(session, sample)
    midnight = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 17, 0, tzinfo=UTC)
    with pytest.raises(InvalidInput) as refusal:
        lodge_objection(session, sample.cast.somchai, sample.assessment.id, GROUNDS, midnight)
    assert (refusal.value.field, refusal.value.code) == ("grounds", "objection_too_late")
    assert refusal.value.values == {"day": LAST_DAY}
    assert session.scalar(select(Objection.id)) is None


def test_nobody_but_the_owner_lodges_it_and_grounds_are_needed(session: Session, sample: Sample) -> None:
    steps.received(session, sample)
    cast, number, now = sample.cast, sample.assessment.id, at(A_DAY)
    for actor in (cast.suda, cast.prasit, cast.malee):
        with pytest.raises(NotPermitted):
            lodge_objection(session, actor, number, GROUNDS, now)
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            lodge_objection(session, actor, number, GROUNDS, now)
    with pytest.raises(NotVisible):
        lodge_objection(session, cast.somchai, 99_999, GROUNDS, now)
    with pytest.raises(InvalidInput) as refusal:
        lodge_objection(session, cast.somchai, number, "  ", now)
    assert (refusal.value.field, refusal.value.code) == ("grounds", "missing")
    with pytest.raises(StaleVersion):
        lodge_objection(session, cast.somchai, number, GROUNDS, now, sample.assessment.version - 1)


def test_it_is_lodged_only_once_the_result_is_acknowledged(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    with pytest.raises(TransitionNotAllowed):
        lodge_objection(session, sample.cast.somchai, sample.assessment.id, GROUNDS, at(A_DAY))


def test_those_concerned_are_told_and_the_whole_record_is_asked_for(session: Session, sample: Sample) -> None:
    objection = lodged(session, sample)
    told = session.scalars(select(Notice.recipient_person_id).where(Notice.event == "objection:lodge")).all()
    assert set(told) == {getattr(sample.cast, name).person_id for name in ("suda", "prasit", "malee")}
    job = session.get_one(ReportJob, objection.export_job_id)
    assert (job.kind, job.state, job.subject_id) == (
        ReportKind.WHOLE_RECORD,
        JobState.QUEUED,
        sample.assessment.id,
    )
    line = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert line is not None and line.event == "lodge_objection" and line.reason == GROUNDS
    assert line.detail["objection_id"] == objection.id


def test_a_second_one_is_refused_while_one_is_under_way_and_taken_after_a_withdrawal(
    session: Session, sample: Sample
) -> None:
    objection = lodged(session, sample)
    somchai, number = sample.cast.somchai, sample.assessment.id
    with pytest.raises(TransitionNotAllowed):
        lodge_objection(session, somchai, number, GROUNDS, at(A_DAY))
    for name in ("suda", "prasit", "malee"):
        with pytest.raises(NotPermitted):
            withdraw_objection(session, getattr(sample.cast, name), objection.id, at(A_DAY))
    for outsider in sample.cast.outsiders:
        with pytest.raises(NotVisible):
            withdraw_objection(session, outsider, objection.id, at(A_DAY))
    with pytest.raises(StaleVersion):
        withdraw_objection(session, somchai, objection.id, at(A_DAY), objection.version - 1)
    withdraw_objection(session, somchai, objection.id, at(A_DAY), objection.version)
    with pytest.raises(TransitionNotAllowed):
        withdraw_objection(session, somchai, objection.id, at(A_DAY))
    assert objection.state is ObjectionState.WITHDRAWN
    again = lodge_objection(session, somchai, number, GROUNDS, at(A_DAY))
    assert again.id != objection.id


def test_hr_enters_one_that_came_on_paper_and_the_day_of_its_arrival_counts(
    session: Session, sample: Sample
) -> None:
    steps.received(session, sample)
    malee, number, later = sample.cast.malee, sample.assessment.id, at(LAST_DAY + timedelta(days=20))
    for day, code in (
        (LAST_DAY + timedelta(days=1), "objection_too_late"),
        (LAST_DAY + timedelta(days=21), "in_the_future"),
        (steps.RECEIPT_DAY - timedelta(days=1), "before_acknowledgement"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            enter_objection(session, malee, number, GROUNDS, day, later)
        assert (refusal.value.field, refusal.value.code) == ("arrived_on", code)
    for name in ("somchai", "suda", "prasit"):
        with pytest.raises(NotPermitted):
            enter_objection(session, getattr(sample.cast, name), number, GROUNDS, LAST_DAY, later)
    for outsider in sample.cast.outsiders:
        with pytest.raises(NotVisible):
            enter_objection(session, outsider, number, GROUNDS, LAST_DAY, later)
    objection = enter_objection(session, malee, number, GROUNDS, LAST_DAY, later)
    assert objection.lodged_on == LAST_DAY and objection.lodged_by_person_id == malee.person_id


def test_while_it_is_under_way_nothing_of_the_result_changes(session: Session, sample: Sample) -> None:
    objection = lodged(session, sample)
    cast, number, now = sample.cast, sample.assessment.id, at(A_DAY)
    tries: list[Callable[[], Any]] = [
        lambda: give_opinion(session, cast.somchai, number, EmployeeOpinion.DISAGREES, "ต่ำไป", now),
        lambda: results.receive(session, cast.somchai, number, now, EmployeeOpinion.AGREES),
        lambda: results.record_refusal(session, cast.suda, number, now, A_DAY, "พยาน", "นิติกร"),
        lambda: results.release_assessment(session, cast.malee, number, now),
    ]
    for attempt in tries:
        with pytest.raises(RequirementNotMet) as refusal:
            attempt()
        assert refusal.value.missing == (Requirement.NO_OPEN_OBJECTION,)
    assert sample.assessment.employee_opinion is EmployeeOpinion.AGREES
    withdraw_objection(session, cast.somchai, objection.id, now)
    give_opinion(session, cast.somchai, number, EmployeeOpinion.DISAGREES, "ต่ำไป", now)
    assert sample.assessment.employee_opinion is EmployeeOpinion.DISAGREES


@pytest.mark.parametrize("permission", sorted(FROZEN_PERMISSIONS))
def test_whoever_may_change_the_result_otherwise_may_not_while_it_is_under_way(
    session: Session, sample: Sample, permission: Permission
) -> None:
    objection = lodged(session, sample)
    able = [
        actor
        for actor in (sample.cast.somchai, sample.cast.suda, sample.cast.prasit, sample.cast.malee)
        if not relations_with(permission).isdisjoint(
            standing_on_record(session, actor, sample.assessment, A_DAY).relations
        )
    ]
    assert able or permission is Permission.HANDOVER_STATE
    for actor in able:
        with pytest.raises(RequirementNotMet):
            load_assessment(session, actor, sample.assessment.id, permission, A_DAY)
    withdraw_objection(session, sample.cast.somchai, objection.id, at(A_DAY))
    for actor in able:
        load_assessment(session, actor, sample.assessment.id, permission, A_DAY)


def test_the_plan_goes_on_meanwhile(session: Session, sample: Sample) -> None:
    lodged(session, sample)
    plan = plans.draft_plan(session, sample.cast.somchai, sample.assessment.id, at(A_DAY))
    assert plan.assessment_id == sample.assessment.id


def test_the_cycle_does_not_close_and_names_who_objects(session: Session, sample: Sample) -> None:
    objection = lodged(session, sample)
    with pytest.raises(RequirementNotMet) as refusal:
        closing.begin_closing(session, sample.cast.malee, sample.cycle.id, at(A_DAY))
    assert refusal.value.missing == (Requirement.NO_OPEN_OBJECTION,)
    assert refusal.value.details == ("นายสมชาย ใจดี",)
    withdraw_objection(session, sample.cast.somchai, objection.id, at(A_DAY))
    cycle = closing.begin_closing(session, sample.cast.malee, sample.cycle.id, at(A_DAY))
    assert cycle.state is CycleState.CLOSING
    with pytest.raises(TransitionNotAllowed):  # a minute later it may be lodged again
        lodge_objection(session, sample.cast.somchai, sample.assessment.id, GROUNDS, at(A_DAY))


def test_a_result_closed_unsigned_may_be_objected_to_for_30_days_from_the_closing(
    session: Session, sample: Sample
) -> None:
    steps.released(session, sample)
    closing.begin_closing(session, sample.cast.malee, sample.cycle.id, at(A_DAY))
    while not closing.continue_closing(session, sample.cycle.id, at(A_DAY)):
        pass
    session.refresh(sample.assessment)
    assert sample.assessment.state is AssessmentState.CLOSED
    number, somchai = sample.assessment.id, sample.cast.somchai
    with pytest.raises(InvalidInput):
        lodge_objection(session, somchai, number, GROUNDS, at(A_DAY + timedelta(days=31)))
    lodge_objection(session, somchai, number, GROUNDS, at(A_DAY + timedelta(days=30)))


def test_statements_stay_in_the_history_and_outsiders_add_none(session: Session, sample: Sample) -> None:
    objection = lodged(session, sample)
    for name in ("suda", "prasit", "malee", "somchai"):
        state_on_objection(session, getattr(sample.cast, name), objection.id, f"คำชี้แจงของ {name}", at(A_DAY))
    for outsider in sample.cast.outsiders:
        with pytest.raises(NotVisible):
            state_on_objection(session, outsider, objection.id, "คำชี้แจง", at(A_DAY))
    with pytest.raises(InvalidInput):
        state_on_objection(session, sample.cast.suda, objection.id, " ", at(A_DAY))
    said = session.scalars(
        select(HistoryEntry.reason).where(HistoryEntry.event == "state_on_objection")
    ).all()
    assert len(said) == 4
    withdraw_objection(session, sample.cast.somchai, objection.id, at(A_DAY))
    with pytest.raises(TransitionNotAllowed):
        state_on_objection(session, sample.cast.suda, objection.id, "คำชี้แจง", at(A_DAY))


Decide = Callable[[Session, Any, int, int | None], Any]


def dismiss(session: Session, actor: Any, number: int, version: int | None) -> Any:
    return dismiss_objection(session, actor, number, DECISION, DECIDED_AT, version)


def uphold(session: Session, actor: Any, number: int, version: int | None) -> Any:
    return uphold_objection(session, actor, number, DECISION, {}, Decimal("61.5"), DECIDED_AT, version)


@pytest.mark.parametrize("decide", [dismiss, uphold], ids=["dismiss", "uphold"])
def test_hr_alone_decides_once_and_of_the_version_that_they_read(
    session: Session, sample: Sample, decide: Decide
) -> None:
    objection = lodged(session, sample)
    for name in ("somchai", "suda", "prasit"):
        with pytest.raises(NotPermitted):
            decide(session, getattr(sample.cast, name), objection.id, None)
    for outsider in sample.cast.outsiders:
        with pytest.raises(NotVisible):
            decide(session, outsider, objection.id, None)
    with pytest.raises(StaleVersion):
        decide(session, sample.cast.malee, objection.id, objection.version - 1)
    decide(session, sample.cast.malee, objection.id, objection.version)
    with pytest.raises(TransitionNotAllowed):
        decide(session, sample.cast.malee, objection.id, None)
    assert objection.decision_number == "ที่ 5/2569"
    told = session.scalars(select(Notice.recipient_person_id).where(Notice.event == "objection:decide")).all()
    assert set(told) == {getattr(sample.cast, name).person_id for name in ("somchai", "suda", "prasit")}


def test_hr_never_decides_on_their_own_result(session: Session, sample: Sample) -> None:
    objection = lodged(session, sample)
    sample.assessment.owner_person_id = sample.cast.malee.person_id
    session.flush()
    with pytest.raises(NotPermitted):
        dismiss(session, sample.cast.malee, objection.id, None)
    with pytest.raises(NotPermitted):
        uphold(session, sample.cast.malee, objection.id, None)


def test_a_decision_needs_its_number_its_text_and_a_day_between(session: Session, sample: Sample) -> None:
    objection = lodged(session, sample)
    for day, code in ((date(2027, 1, 1), "in_the_future"), (A_DAY - timedelta(days=1), "before_objection")):
        with pytest.raises(InvalidInput) as refusal:
            dismiss_objection(session, sample.cast.malee, objection.id, Decision(" ", day, ""), DECIDED_AT)
        problems = [(each.field, each.code) for each in refusal.value.problems]  # type: ignore[attr-defined]
        assert problems == [
            ("decision_number", "missing"),
            ("decision_text", "missing"),
            ("decided_on", code),
        ]
        session.refresh(objection)


def test_a_successful_one_adds_a_corrected_result_and_leaves_the_old_one(
    session: Session, sample: Sample
) -> None:
    objection = lodged(session, sample)
    assessment = sample.assessment
    old = (
        assessment.competency_score,
        assessment.total_score,
        assessment.band,
        assessment.score_explanation,
    )
    c2 = sample.items["c2"].id
    correction = uphold_objection(
        session,
        sample.cast.malee,
        objection.id,
        DECISION,
        {c2: CorrectedLevel(3, "มีหลักฐานการแสดงพฤติกรรมครบ")},
        Decimal("60.00"),
        DECIDED_AT,
    )
    # Points of the released levels 2, 1, 3 against 3, 3, 2: 2 + 1 + 3 of 9; corrected 2 + 3 + 3 of 9.
    assert old[0] == Decimal("20.00")
    assert correction.competency_score == Decimal("26.67")
    assert correction.total_score == Decimal("86.67") and correction.band == "very_good"
    assert correction.levels == {str(c2): {"from": "1", "to": 3, "reason": "มีหลักฐานการแสดงพฤติกรรมครบ"}}
    session.refresh(assessment)
    assert old == (
        assessment.competency_score,
        assessment.total_score,
        assessment.band,
        assessment.score_explanation,
    )
    assert objection.state is ObjectionState.UPHELD
    (other,) = crowd(session, sample, range(1))
    shown = session.execute(
        select(Assessment.id, holding(Assessment.total_score, ResultCorrection.total_score))
    ).all()
    assert dict(shown) == {assessment.id: Decimal("86.67"), other: None}


def test_suggestions_and_lines_of_the_plan_go_by_the_corrected_levels(
    session: Session, sample: Sample
) -> None:
    objection = lodged(session, sample)
    c1, c2 = sample.items["c1"].id, sample.items["c2"].id
    assert {gap.item_id for gap in suggestions_for(session, sample.assessment.id)} == {c1, c2}
    uphold_objection(
        session,
        sample.cast.malee,
        objection.id,
        DECISION,
        {c1: CorrectedLevel(3, "ครบ"), c2: CorrectedLevel(0, "ไม่ปรากฏพฤติกรรม")},
        None,
        DECIDED_AT,
    )
    (gap,) = suggestions_for(session, sample.assessment.id)
    assert (gap.item_id, gap.attained, gap.gap) == (c2, 0, 3)
    assert current_levels(session, sample.assessment.id)[c1] == 3
    plan = plans.draft_plan(session, sample.cast.somchai, sample.assessment.id, DECIDED_AT)
    item = plan_items.accept_suggestion(session, sample.cast.somchai, plan.id, gap.cards[0].id, DECIDED_AT)
    assert item.from_level == 0


def test_a_correction_is_of_levels_on_the_ladder_each_with_a_reason_and_something_changes(
    session: Session, sample: Sample
) -> None:
    objection = lodged(session, sample)
    c1, c2, malee = sample.items["c1"].id, sample.items["c2"].id, sample.cast.malee

    def refused(levels: dict[int, CorrectedLevel], score: Decimal | None = None) -> list[tuple[str, str]]:
        with session.begin_nested() as point, pytest.raises(InvalidInput) as refusal:
            uphold_objection(session, malee, objection.id, DECISION, levels, score, DECIDED_AT)
        if point.is_active:
            point.rollback()
        session.refresh(objection)
        objection.state = ObjectionState.LODGED
        session.flush()
        return [(each.field, each.code) for each in getattr(refusal.value, "problems", (refusal.value,))]

    assert refused({}) == [("correction", "nothing_corrected")]
    assert refused({c1: CorrectedLevel(2, "ครบ")}) == [(f"item-{c1}-level", "unchanged")]
    assert refused({c2: CorrectedLevel(2, " ")}) == [
        (f"item-{c2}-level", "level_not_on_ladder"),
        (f"item-{c2}-reason", "missing"),
    ]
    assert refused({99_999: CorrectedLevel(1, "ครบ")}) == [("correction", "unknown")]
    assert refused({}, Decimal("70.01")) == [("results_score", "out_of_range")]
    assert refused({}, Decimal("1.001")) == [("results_score", "too_many_places")]
    assert session.scalar(select(ResultCorrection.id)) is None


def test_the_opinion_is_apart_from_the_receipt_and_what_was_said_before_stays_in_the_history(
    session: Session, sample: Sample
) -> None:
    steps.released(session, sample)
    cast, number, now = sample.cast, sample.assessment.id, at(steps.RECEIPT_DAY)
    with pytest.raises(TransitionNotAllowed):
        give_opinion(session, cast.somchai, number, EmployeeOpinion.AGREES, "", now)
    results.receive(session, cast.somchai, number, now)
    assert sample.assessment.employee_opinion is None
    with pytest.raises(InvalidInput):
        give_opinion(session, cast.somchai, number, EmployeeOpinion.DISAGREES, " ", now)
    give_opinion(session, cast.somchai, number, EmployeeOpinion.AGREES, "", now)
    give_opinion(session, cast.somchai, number, EmployeeOpinion.DISAGREES, "ต่ำไป", now)
    give_opinion(session, cast.somchai, number, EmployeeOpinion.DISAGREES, "ต่ำไป", now)  # says nothing new
    said = session.scalars(
        select(HistoryEntry.detail).where(HistoryEntry.event == "give_opinion").order_by(HistoryEntry.id)
    ).all()
    assert [(each["from"]["opinion"], each["to"]["opinion"]) for each in said] == [
        (None, "agrees"),
        ("agrees", "disagrees"),
    ]
    for actor in (cast.suda, cast.prasit, cast.malee):
        with pytest.raises(NotPermitted):
            give_opinion(session, actor, number, EmployeeOpinion.AGREES, "", now)
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            give_opinion(session, actor, number, EmployeeOpinion.AGREES, "", now)
    with pytest.raises(StaleVersion):
        give_opinion(
            session, cast.somchai, number, EmployeeOpinion.AGREES, "", now, sample.assessment.version - 1
        )


def test_who_refused_to_sign_may_still_give_an_opinion(session: Session, sample: Sample) -> None:
    refused_to_sign(session, sample)
    give_opinion(
        session,
        sample.cast.somchai,
        sample.assessment.id,
        EmployeeOpinion.DISAGREES,
        "ไม่เป็นธรรม",
        at(A_DAY),
    )
    assert sample.assessment.employee_opinion_text == "ไม่เป็นธรรม"
    assert sample.assessment.state is AssessmentState.REFUSED
