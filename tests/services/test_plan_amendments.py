"""An amendment: what was reported stays, the approved version holds, and giving it up brings it back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan, PlanItem, PlanVersion, ProgressEntry
from idp.queries.plan_amendments import amendment_of, kept_version
from idp.queries.plan_forms import plan_form
from idp.queries.plans import plan_page
from idp.rules.errors import (
    NotPermitted,
    NotVisible,
    RequirementNotMet,
    StaleVersion,
    TransitionNotAllowed,
)
from idp.rules.plan_differences import DifferenceKind
from idp.rules.terms import DevelopmentMethod, PlanEvent, PlanItemState, PlanState
from idp.services import plan_items, plan_progress, plans
from idp.services.plan_amendments import abandon_amendment, amend_plan, withdraw_amendment
from idp.services.plan_fields import PlanItemFields
from tests.factories import steps
from tests.factories.sample import Sample, at

NOW = at(steps.PROGRESS_DAY)
REASON = "งานเปลี่ยนไปตามคำสั่งใหม่"


def under_way(session: Session, sample: Sample) -> DevelopmentPlan:
    """Approved, and 40 percent of the first line reported."""
    plan = steps.approved(session, sample)
    plan_progress.report_progress(
        session, sample.cast.somchai, plan.items[0].id, 40, "เริ่มแล้ว", NOW, evidence_submitted=True
    )
    assert plan.state is PlanState.IN_PROGRESS
    return plan


def amend(session: Session, sample: Sample) -> DevelopmentPlan:
    plan = under_way(session, sample)
    return amend_plan(session, sample.cast.somchai, plan.id, REASON, NOW)


def fields(**values: Any) -> PlanItemFields:
    plain: dict[str, Any] = {
        "title": "เรียนรู้ระบบใหม่",
        "method": DevelopmentMethod.PROJECT,
        "starts_on": date(2026, 3, 2),
        "ends_on": date(2026, 6, 30),
        "measure": "ผู้บังคับบัญชาตรวจงาน",
    }
    return PlanItemFields(**(plain | values))


def columns(item: PlanItem) -> dict[str, Any]:
    return {column.key: getattr(item, column.key) for column in PlanItem.__mapper__.column_attrs}


def test_it_takes_a_reason_and_an_approved_plan(session: Session, sample: Sample) -> None:
    plan = steps.submitted(session, sample)
    with pytest.raises(TransitionNotAllowed):
        amend_plan(session, sample.cast.somchai, plan.id, REASON, NOW)
    plans.approve_plan(session, sample.cast.suda, plan.id, at(steps.REVIEW_DAY))
    with pytest.raises(RequirementNotMet):
        amend_plan(session, sample.cast.somchai, plan.id, "  ", NOW)
    assert plan.state is PlanState.APPROVED


def test_what_was_reported_stays_and_the_work_goes_on_after_the_approval(
    session: Session, sample: Sample
) -> None:
    plan = amend(session, sample)
    somchai, item = sample.cast.somchai, plan.items[0]
    plan_items.update_item(session, somchai, item.id, fields(hours=12, cost_baht=Decimal(500)), NOW)
    plan_items.add_item(session, somchai, plan.id, fields(title="เพิ่มใหม่"), NOW)
    assert (item.state, item.percent) == (PlanItemState.EVIDENCE_SUBMITTED, 40)
    with pytest.raises(TransitionNotAllowed):
        plan_progress.report_progress(session, somchai, item.id, 50, "", NOW)
    plans.submit_plan(session, somchai, plan.id, NOW)
    plans.approve_plan(session, sample.cast.suda, plan.id, NOW, "เห็นชอบฉบับปรับปรุง")
    assert plan.state is PlanState.IN_PROGRESS
    assert (item.state, item.percent, len(item.progress)) == (PlanItemState.EVIDENCE_SUBMITTED, 40, 1)


def test_a_struck_out_line_is_kept_with_its_reports_and_can_be_put_back(
    session: Session, sample: Sample
) -> None:
    plan = amend(session, sample)
    somchai, item = sample.cast.somchai, plan.items[0]
    plan_items.remove_item(session, somchai, item.id, NOW)
    assert item.state is PlanItemState.CANCELLED and session.scalar(select(ProgressEntry.id)) is not None
    for actor in (sample.cast.suda, sample.cast.prasit, sample.cast.malee):
        with pytest.raises(NotPermitted):
            plan_items.restore_item(session, actor, item.id, NOW)
    for outsider in sample.cast.outsiders:
        with pytest.raises(NotVisible):
            plan_items.restore_item(session, outsider, item.id, NOW)
    with pytest.raises(StaleVersion):
        plan_items.restore_item(session, somchai, item.id, NOW, plan.version - 1)
    restored = plan_items.restore_item(session, somchai, item.id, NOW)
    assert restored.state is PlanItemState.EVIDENCE_SUBMITTED
    with pytest.raises(TransitionNotAllowed):
        plan_items.restore_item(session, somchai, item.id, NOW)


def test_giving_it_up_brings_the_approved_lines_back_exactly(session: Session, sample: Sample) -> None:
    plan = amend(session, sample)
    somchai = sample.cast.somchai
    before = {item.id: columns(item) for item in plan.items}
    first, second = plan.items[:2]
    plan_items.update_item(session, somchai, first.id, fields(title="เปลี่ยนทั้งหมด", hours=99), NOW)
    plan_items.remove_item(session, somchai, second.id, NOW)
    added = plan_items.add_item(session, somchai, plan.id, fields(title="เพิ่มใหม่"), NOW)
    plans.submit_plan(session, somchai, plan.id, NOW, "ข้อความใหม่")
    plans.return_plan(session, sample.cast.suda, plan.id, "ยังไม่ชัดเจน", NOW)
    abandon_amendment(session, somchai, plan.id, NOW)
    assert plan.state is PlanState.IN_PROGRESS  # the work had begun
    assert {item.id: columns(item) for item in plan.items} == before
    assert session.get(PlanItem, added.id) is None
    assert session.scalar(select(ProgressEntry.percent)) == 40
    assert (plan.employee_note, plan.supervisor_comment) == ("ขอความเห็นชอบ", "เห็นชอบ")


def test_a_plan_never_approved_is_withdrawn_and_an_amended_one_is_not(
    session: Session, sample: Sample
) -> None:
    plan = steps.submitted(session, sample)
    somchai = sample.cast.somchai
    with pytest.raises(RequirementNotMet):
        withdraw_amendment(session, somchai, plan.id, NOW)
    plans.return_plan(session, sample.cast.suda, plan.id, "เพิ่มตัวชี้วัด", NOW)
    with pytest.raises(RequirementNotMet):
        abandon_amendment(session, somchai, plan.id, NOW)
    plans.submit_plan(session, somchai, plan.id, NOW)
    plans.approve_plan(session, sample.cast.suda, plan.id, NOW)
    amend_plan(session, somchai, plan.id, REASON, NOW)
    plans.submit_plan(session, somchai, plan.id, NOW)
    with pytest.raises(RequirementNotMet):
        plans.withdraw_plan(session, somchai, plan.id, NOW)
    withdraw_amendment(session, somchai, plan.id, NOW)
    assert plan.state is PlanState.AMENDING


def test_the_page_offers_what_holds_and_names_the_differences(session: Session, sample: Sample) -> None:
    plan = amend(session, sample)
    somchai = sample.cast.somchai
    page = plan_page(session, somchai, plan.id, steps.PROGRESS_DAY)
    assert set(page.events) == {PlanEvent.SUBMIT, PlanEvent.ABANDON_AMENDMENT}
    assert page.may_edit and not page.may_report
    plan_items.update_item(session, somchai, plan.items[0].id, fields(title="ชื่อใหม่"), NOW)
    plans.submit_plan(session, somchai, plan.id, NOW)
    page = plan_page(session, somchai, plan.id, steps.PROGRESS_DAY)
    assert set(page.events) == {PlanEvent.WITHDRAW_AMENDMENT}
    found = amendment_of(session, plan_page(session, sample.cast.suda, plan.id, steps.PROGRESS_DAY))
    assert found is not None and found.reason == REASON and found.asked_by == "นายสมชาย ใจดี"
    (difference,) = found.differences
    assert difference.kind is DifferenceKind.CHANGED
    assert "title" in {field.name for field in difference.fields}


def test_the_approved_version_stays_readable_and_printable_as_it_was_signed(
    session: Session, sample: Sample
) -> None:
    plan = amend(session, sample)
    title = plan.items[0].title
    plan_items.update_item(session, sample.cast.somchai, plan.items[0].id, fields(title="ชื่อใหม่"), NOW)
    approved = session.scalars(
        select(PlanVersion.number).where(PlanVersion.plan_id == plan.id, PlanVersion.event == "approve")
    ).one()
    assert kept_version(session, plan.id, approved).content["items"][0]["title"] == title
    printed = plan_form(session, plan.id, steps.PROGRESS_DAY, approved)
    assert printed.identity.status == "อนุมัติแล้ว" and printed.lines[0].title == title
    assert printed.start_signatures[1].signed_on == steps.REVIEW_DAY
    current = plan_form(session, plan.id, steps.PROGRESS_DAY)
    assert current.lines[0].title == "ชื่อใหม่" and current.identity.status == "อยู่ระหว่างปรับปรุง"
    assert all(place.signed_on is None for place in current.start_signatures)
    abandon_amendment(session, sample.cast.somchai, plan.id, NOW)
    again = plan_form(session, plan.id, steps.PROGRESS_DAY)
    assert again.start_signatures[1].signed_on == steps.REVIEW_DAY
    with pytest.raises(NotVisible):
        kept_version(session, plan.id, 99)
