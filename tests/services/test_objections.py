"""An objection: by whom, until when, what it freezes, what a decision leaves beside the old result."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, HistoryEntry, Notice, Objection, ReportJob
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
from idp.services import closing, plans, results
from idp.services.access import load_assessment
from idp.services.employee_opinions import give_opinion
from idp.services.objections import (
    enter_objection,
    lodge_objection,
    state_on_objection,
    withdraw_objection,
)
from tests.factories import steps
from tests.factories.sample import Sample, at

LAST_DAY = steps.RECEIPT_DAY + timedelta(days=30)
A_DAY = steps.RECEIPT_DAY + timedelta(days=10)
GROUNDS = "ผลงานตามคำสั่งที่ 12/2568 ไม่ได้นำมาพิจารณา"


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
    said = give_opinion(session, cast.somchai, number, EmployeeOpinion.DISAGREES, "ต่ำไป", now)
    assert said.employee_opinion is EmployeeOpinion.DISAGREES


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
