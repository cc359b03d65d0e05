"""Carrying a plan out: progress, the result of each line, the end."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import HistoryEntry, ProgressEntry
from idp.rules.errors import (
    InvalidInput,
    NotPermitted,
    NotVisible,
    RequirementNotMet,
    TransitionNotAllowed,
)
from idp.rules.plan_results import RESULTS
from idp.rules.relations import SYSTEM
from idp.rules.terms import PlanItemState, PlanState, Requirement, SubjectType
from idp.services import plan_progress
from tests.factories import steps
from tests.factories.sample import Sample, at

NOW = at(steps.PROGRESS_DAY)
END = at(steps.EVALUATION_DAY)


def test_the_first_report_starts_the_approved_plan(session: Session, sample: Sample) -> None:
    plan = steps.approved(session, sample)
    item, other = plan.items
    entry = plan_progress.report_progress(session, sample.cast.somchai, item.id, 40, "เริ่มแล้ว", NOW)
    assert (plan.state, item.state, item.percent) == (PlanState.IN_PROGRESS, PlanItemState.IN_PROGRESS, 40)
    assert (entry.note, entry.by_person_id, entry.at) == ("เริ่มแล้ว", sample.cast.somchai.person_id, NOW)
    assert other.state is PlanItemState.PLANNED
    plan_progress.report_progress(
        session, sample.cast.somchai, item.id, 100, "", NOW, evidence_submitted=True
    )
    assert item.state is PlanItemState.EVIDENCE_SUBMITTED
    assert [each.percent for each in session.scalars(select(ProgressEntry).order_by(ProgressEntry.id))] == [
        40,
        100,
    ]
    reported = select(HistoryEntry).where(HistoryEntry.event == "report_progress").order_by(HistoryEntry.id)
    line = session.scalars(reported).first()
    assert line is not None
    assert (line.subject_type, line.subject_id) == (SubjectType.PLAN_ITEM, item.id)
    assert line.detail == {
        "percent": 40,
        "before": {"state": "planned", "percent": 0},
        "after": {"state": "in_progress", "percent": 40, "note": "เริ่มแล้ว"},
    }


@pytest.mark.parametrize("percent", [-1, 101])
def test_percent_has_its_range(session: Session, sample: Sample, percent: int) -> None:
    plan = steps.approved(session, sample)
    with pytest.raises(InvalidInput):
        plan_progress.report_progress(session, sample.cast.somchai, plan.items[0].id, percent, "", NOW)
    assert plan.state is PlanState.APPROVED


def test_only_the_owner_reports_progress(session: Session, sample: Sample) -> None:
    plan = steps.approved(session, sample)
    cast, number = sample.cast, plan.items[0].id
    for actor in (cast.suda, cast.prasit, cast.malee, SYSTEM):
        with pytest.raises(NotPermitted):
            plan_progress.report_progress(session, actor, number, 10, "", NOW)
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            plan_progress.report_progress(session, actor, number, 10, "", NOW)
    with pytest.raises(NotVisible):
        plan_progress.report_progress(session, cast.somchai, 99_999, 10, "", NOW)


def test_nothing_is_reported_on_a_plan_that_is_not_approved(session: Session, sample: Sample) -> None:
    plan = steps.submitted(session, sample)
    with pytest.raises(TransitionNotAllowed):
        plan_progress.report_progress(session, sample.cast.somchai, plan.items[0].id, 10, "", NOW)


def test_the_clock_may_begin_the_evaluation(session: Session, sample: Sample) -> None:
    plan = steps.approved(session, sample)
    plan_progress.start_plan(session, SYSTEM, plan.id, NOW)
    plan_progress.begin_plan_evaluation(session, SYSTEM, plan.id, "", END)
    assert plan.state is PlanState.IN_EVALUATION


NEEDS_REASON = {PlanItemState.NOT_ACHIEVED, PlanItemState.CANCELLED, PlanItemState.CARRIED_OVER}


@pytest.mark.parametrize("state", list(PlanItemState))
def test_the_supervisor_says_what_became_of_a_line(
    session: Session, sample: Sample, state: PlanItemState
) -> None:
    plan = steps.in_evaluation(session, sample)
    item = plan.items[0]
    suda = sample.cast.suda
    if state not in RESULTS:
        with pytest.raises(InvalidInput):
            plan_progress.evaluate_item(session, suda, item.id, state, 50, "เหตุผล", END)
        return
    if state in NEEDS_REASON:
        with pytest.raises(InvalidInput) as refusal:
            plan_progress.evaluate_item(session, suda, item.id, state, 50, " ", END)
        assert refusal.value.field == "reason"
    percent = 100 if state is PlanItemState.ACHIEVED else 80
    plan_progress.evaluate_item(session, suda, item.id, state, percent, "เหตุผล", END)
    assert (item.state, item.percent, item.result_reason) == (state, percent, "เหตุผล")
    line = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "evaluate_item")).one()
    assert (line.subject_id, line.detail["state"], line.detail["percent"]) == (item.id, state, percent)
    assert line.detail["after"] == {"state": state, "percent": percent, "result_reason": "เหตุผล"}
    plan_progress.evaluate_item(session, suda, item.id, state, percent, "เหตุผล", END)  # the same once more
    assert len(session.scalars(select(HistoryEntry).where(HistoryEntry.event == "evaluate_item")).all()) == 1
    with pytest.raises(TransitionNotAllowed):
        plan_progress.report_progress(session, sample.cast.somchai, item.id, 90, "", END)


def test_only_the_supervisor_evaluates(session: Session, sample: Sample) -> None:
    plan = steps.in_evaluation(session, sample)
    cast, number = sample.cast, plan.items[0].id
    for actor in (cast.somchai, cast.prasit, cast.malee):
        with pytest.raises(NotPermitted):
            plan_progress.evaluate_item(session, actor, number, PlanItemState.ACHIEVED, 100, "", END)
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            plan_progress.evaluate_item(session, actor, number, PlanItemState.ACHIEVED, 100, "", END)


def test_a_line_is_not_evaluated_before_its_time(session: Session, sample: Sample) -> None:
    plan = steps.approved(session, sample)
    with pytest.raises(TransitionNotAllowed):
        plan_progress.evaluate_item(
            session, sample.cast.suda, plan.items[0].id, PlanItemState.ACHIEVED, 100, "", NOW
        )


def test_a_plan_is_closed_once_every_line_has_its_result(session: Session, sample: Sample) -> None:
    plan = steps.in_evaluation(session, sample)
    first, second = plan.items
    suda = sample.cast.suda
    plan_progress.evaluate_item(session, suda, first.id, PlanItemState.NEARLY_ACHIEVED, 90, "", END)
    with pytest.raises(RequirementNotMet) as refusal:
        plan_progress.evaluate_plan(session, suda, plan.id, "ดี", END)
    assert refusal.value.missing == (Requirement.EVERY_ITEM_EVALUATED,)
    assert refusal.value.details == (second.title,)
    plan_progress.evaluate_item(session, suda, second.id, PlanItemState.CARRIED_OVER, 20, "รอหลักสูตร", END)
    plan_progress.evaluate_plan(session, suda, plan.id, "ดี", END)
    assert (plan.state, plan.evaluation_comment, plan.evaluated_at) == (PlanState.EVALUATED, "ดี", END)
    with pytest.raises(TransitionNotAllowed):
        plan_progress.evaluate_item(session, suda, first.id, PlanItemState.ACHIEVED, 100, "", END)
