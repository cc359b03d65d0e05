"""Drafting a plan and what its steps need."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import HistoryEntry, RoleGrant
from idp.rules.errors import NotPermitted, NotVisible, RequirementNotMet, TransitionNotAllowed
from idp.rules.settings import OrganisationRules
from idp.rules.terms import DevelopmentMethod, PlanState, Requirement, Role
from idp.services import plan_items, plans, results
from idp.services.plan_fields import PlanItemFields
from tests.factories import steps
from tests.factories.sample import Sample, at, make_sample

NOW = at(steps.PLAN_DAY)


def test_a_plan_is_drafted_once_from_the_released_result(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    plan = plans.draft_plan(session, sample.cast.somchai, sample.assessment.id, NOW)
    assert (plan.state, plan.fiscal_year, plan.items) == (PlanState.DRAFT, 2569, [])
    assert plan.supervisor_person_id == sample.cast.suda.person_id
    assert plans.draft_plan(session, sample.cast.somchai, sample.assessment.id, NOW) is plan
    lines = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "draft")).all()
    assert [line.to_state for line in lines] == [PlanState.DRAFT]


def test_no_plan_before_the_result_is_released(session: Session, sample: Sample) -> None:
    steps.second_opinion(session, sample)
    with pytest.raises(TransitionNotAllowed):
        plans.draft_plan(session, sample.cast.somchai, sample.assessment.id, NOW)


def test_only_the_owner_drafts(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    cast, number = sample.cast, sample.assessment.id
    for actor in (cast.suda, cast.prasit, cast.malee):
        with pytest.raises(NotPermitted):
            plans.draft_plan(session, actor, number, NOW)
    for actor in cast.outsiders:
        with pytest.raises(NotVisible):
            plans.draft_plan(session, actor, number, NOW)


def test_an_empty_plan_cannot_be_handed_in(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    plan = plans.draft_plan(session, sample.cast.somchai, sample.assessment.id, NOW)
    with pytest.raises(RequirementNotMet) as refusal:
        plans.submit_plan(session, sample.cast.somchai, plan.id, NOW)
    assert refusal.value.missing == (Requirement.PLAN_HAS_ITEMS,)


@pytest.mark.parametrize("lacking", ["starts_on", "ends_on", "measure"])
def test_a_line_without_dates_or_measure_is_named(session: Session, sample: Sample, lacking: str) -> None:
    plan = steps.drafted(session, sample)
    setattr(plan.items[1], lacking, "" if lacking == "measure" else None)
    with pytest.raises(RequirementNotMet) as refusal:
        plans.submit_plan(session, sample.cast.somchai, plan.id, NOW)
    assert refusal.value.missing == (Requirement.ITEMS_COMPLETE,)
    assert refusal.value.details == (plan.items[1].title,)


def test_a_plan_of_free_lines_alone_is_enough(session: Session, sample: Sample) -> None:
    steps.released(session, sample)
    plan = plans.draft_plan(session, sample.cast.somchai, sample.assessment.id, NOW)
    fields = PlanItemFields(
        "ฝึกขับรถอย่างปลอดภัย",
        DevelopmentMethod.ON_THE_JOB,
        starts_on=steps.PLAN_DAY,
        ends_on=steps.PLAN_DAY,
        measure="ไม่มีอุบัติเหตุ",
    )
    plan_items.add_item(session, sample.cast.somchai, plan.id, fields, NOW)
    plans.submit_plan(session, sample.cast.somchai, plan.id, NOW, "เสนอแผน")
    assert (plan.state, plan.employee_note, plan.submitted_at) == (PlanState.SUBMITTED, "เสนอแผน", NOW)


def test_a_return_and_a_cancelling_need_a_reason(session: Session, sample: Sample) -> None:
    plan = steps.submitted(session, sample)
    for refuse, actor in ((plans.return_plan, sample.cast.suda), (plans.cancel_plan, sample.cast.malee)):
        with pytest.raises(RequirementNotMet) as refusal:
            refuse(session, actor, plan.id, " ", at(steps.REVIEW_DAY))
        assert refusal.value.missing == (Requirement.REASON_GIVEN,)


def test_comments_stay_with_who_made_them_and_go_when_the_plan_is_returned(session: Session) -> None:
    sample = make_sample(session, OrganisationRules(second_level_checks_plan=True, hr_checks_plan=True))
    plan = steps.submitted(session, sample)
    cast, now = sample.cast, at(steps.REVIEW_DAY)
    plans.approve_plan(session, cast.suda, plan.id, now, "หัวหน้าเห็นชอบ")
    plans.approve_plan(session, cast.prasit, plan.id, now, "ปลัดเห็นชอบ")
    assert (plan.supervisor_comment, plan.second_level_comment) == ("หัวหน้าเห็นชอบ", "ปลัดเห็นชอบ")
    assert plan.approved_at is None
    plans.return_plan(session, cast.malee, plan.id, "งบประมาณไม่พอ", now)
    assert (plan.supervisor_comment, plan.second_level_comment) == ("", "")
    assert plan.return_reason == "งบประมาณไม่พอ"


def test_without_a_second_level_that_check_is_left_out(session: Session) -> None:
    sample = make_sample(session, OrganisationRules(second_level_checks_plan=True), second_level=False)
    steps.rated(session, sample)
    results.release_assessment(session, sample.cast.malee, sample.assessment.id, at(steps.RELEASE_DAY))
    plan = plans.draft_plan(session, sample.cast.somchai, sample.assessment.id, NOW)
    fields = PlanItemFields(
        "เรียนรู้งาน",
        DevelopmentMethod.COACHING,
        starts_on=steps.PLAN_DAY,
        ends_on=steps.PLAN_DAY + timedelta(days=30),
        measure="สังเกต",
    )
    plan_items.add_item(session, sample.cast.somchai, plan.id, fields, NOW)
    plans.submit_plan(session, sample.cast.somchai, plan.id, NOW)
    plans.approve_plan(session, sample.cast.suda, plan.id, at(steps.REVIEW_DAY))
    assert plan.state is PlanState.APPROVED


def test_an_hr_officer_does_not_check_their_own_plan(session: Session) -> None:
    sample = make_sample(session, OrganisationRules(hr_checks_plan=True))
    plan = steps.submitted(session, sample)
    plans.approve_plan(session, sample.cast.suda, plan.id, at(steps.REVIEW_DAY))
    session.add(
        RoleGrant(
            organisation_id=sample.organisation.id,
            person_id=sample.cast.somchai.person_id,
            role=Role.HR_OFFICER,
            from_on=date(2025, 1, 1),
        )
    )
    session.flush()
    with pytest.raises(NotPermitted):
        plans.approve_plan(session, sample.cast.somchai, plan.id, at(steps.REVIEW_DAY))
    for refuse in (plans.return_plan, plans.cancel_plan):
        with pytest.raises(NotPermitted):
            refuse(session, sample.cast.somchai, plan.id, "ขอแก้", at(steps.REVIEW_DAY))
    assert plan.state is PlanState.HR_CHECK
