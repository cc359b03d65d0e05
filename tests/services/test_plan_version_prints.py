"""A kept version of a plan prints as the same document for ever, with the people and texts of its day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from idp.models import Assessment, Course, Person, PlanFollowUp, PlanVersion
from idp.queries.plan_forms import plan_form
from idp.rules.errors import NotVisible
from idp.rules.terms import Half, ReportKind
from idp.services import plan_items, plan_progress, plans
from idp.services.plan_amendments import abandon_amendment, amend_plan
from idp.services.report_making import render_subject
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.services.test_plan_columns import full_fields, name_of_mentor

NOW = at(steps.PROGRESS_DAY)
LATER = steps.PROGRESS_DAY + timedelta(days=800)


def amended(session: Session, sample: Sample) -> int:
    """Handed in, approved, followed up, amended: versions 1, 2 and 3."""
    plan, somchai = steps.drafted(session, sample), sample.cast.somchai
    fields = full_fields(session, sample)
    plan_items.update_item(session, somchai, plan.items[0].id, fields, at(steps.PLAN_DAY))
    plans.submit_plan(session, somchai, plan.id, at(steps.PLAN_DAY), "ขอความเห็นชอบ")
    plans.approve_plan(session, sample.cast.suda, plan.id, at(steps.REVIEW_DAY), "เห็นชอบ")
    plan_progress.report_progress(session, somchai, plan.items[0].id, 40, "ทำแล้วบางส่วน", NOW)
    session.add(
        PlanFollowUp(
            plan_id=plan.id,
            half=Half.FIRST,
            employee_text="ดำเนินการตามแผน",
            employee_at=NOW,
            supervisor_text="เห็นความก้าวหน้า",
            supervisor_at=NOW,
            supervisor_person_id=sample.cast.suda.person_id,
        )
    )
    session.flush()
    amend_plan(session, somchai, plan.id, "งานเปลี่ยน", NOW)
    return plan.id


def change_everything(session: Session, sample: Sample, plan_id: int) -> None:
    """Lines, names, the supervisor, the course, the follow-up; and the amendment is given up."""
    plan_items.remove_item(session, sample.cast.somchai, first_line(session, plan_id), NOW)
    later = NOW + timedelta(hours=1)
    abandon_amendment(session, sample.cast.somchai, plan_id, later)
    plan_progress.report_progress(
        session, sample.cast.somchai, first_line(session, plan_id), 90, "ใกล้เสร็จ", later
    )
    session.execute(update(Person).values(first_name="เปลี่ยน", last_name="แล้ว", display_name="นายเปลี่ยน แล้ว"))
    session.execute(update(Course).values(title_th="หลักสูตรที่เปลี่ยนชื่อ"))
    session.execute(update(PlanFollowUp).values(employee_text="เขียนใหม่", employee_at=later))
    session.execute(
        update(Assessment).values(
            supervisor_name="นายใหม่ มาแทน", supervisor_person_id=sample.cast.anong.person_id
        )
    )
    session.flush()
    session.expire_all()


def first_line(session: Session, plan_id: int) -> int:
    version = session.scalars(select(PlanVersion).where(PlanVersion.plan_id == plan_id)).first()
    assert version is not None
    return int(version.content["items"][0]["id"])


@pytest.mark.parametrize("number", [1, 2, 3])
def test_its_form_is_the_same_whatever_happens_later(session: Session, sample: Sample, number: int) -> None:
    plan_id = amended(session, sample)
    before = plan_form(session, plan_id, steps.PROGRESS_DAY, number)
    change_everything(session, sample, plan_id)
    after = plan_form(session, plan_id, steps.PROGRESS_DAY, number)
    assert after == before


def test_its_print_is_the_same_to_the_byte_on_another_day(session: Session, sample: Sample) -> None:
    plan_id = amended(session, sample)
    before = render_subject(session, ReportKind.PLAN_FORM, plan_id, steps.PROGRESS_DAY, 2)
    change_everything(session, sample, plan_id)
    assert render_subject(session, ReportKind.PLAN_FORM, plan_id, LATER, 2) == before


def test_it_says_its_number_its_day_and_everything_of_a_line(session: Session, sample: Sample) -> None:
    plan_id = amended(session, sample)
    form = plan_form(session, plan_id, LATER, 2)
    assert (form.identity.version, form.identity.as_of) == ("ฉบับที่ 2", steps.REVIEW_DAY)
    line = form.lines[0]
    assert line.methods == ("การหมุนเวียนงาน", "การสอนงาน", "ฝึกอบรม")
    assert (line.course, line.course_days) == (
        "การเขียนหนังสือราชการ",
        (date(2026, 5, 4), date(2026, 5, 5)),
    )
    assert (line.goes_on_to, line.mentor) == (2570, name_of_mentor(session, sample))
    assert form.follow_ups[0].employee_text == ""  # nobody had written yet
    third = plan_form(session, plan_id, LATER, 3)
    assert third.lines[0].percent == 40
    first_half, second_half = third.follow_ups
    assert (first_half.employee_text, first_half.supervisor_text) == ("ดำเนินการตามแผน", "เห็นความก้าวหน้า")
    assert first_half.supervisor_name == sample.assessment.supervisor_name
    assert (second_half.half, second_half.employee_text) == (2, "")


def test_a_version_from_before_there_were_these_columns_still_prints(
    session: Session, sample: Sample
) -> None:
    plan_id = amended(session, sample)
    version = session.scalars(select(PlanVersion).where(PlanVersion.number == 2)).one()
    new = ("other_methods", "mentor", "course", "course_run", "hours_done", "spent_baht", "return_note")
    numbers = ("owner_person_id", "supervisor_person_id", "second_level_person_id")
    content = {name: value for name, value in version.content.items() if name not in EARLIER_LACKED}
    content["items"] = [
        {name: value for name, value in line.items() if name not in new} for line in content["items"]
    ]
    content["person"] = {name: text for name, text in content["person"].items() if name not in numbers}
    version.content = content
    session.flush()
    form = plan_form(session, plan_id, LATER, 2)
    assert form.lines[0].methods == ("การหมุนเวียนงาน",)
    assert form.start_signatures[1].name == sample.assessment.supervisor_name


EARLIER_LACKED = ("organisation", "follow_ups", "return_reason")


def test_the_plan_as_it_is_counts_no_struck_out_line(session: Session, sample: Sample) -> None:
    plan_id = amended(session, sample)
    whole = plan_form(session, plan_id, LATER)
    plan_items.remove_item(session, sample.cast.somchai, first_line(session, plan_id), NOW)
    form = plan_form(session, plan_id, LATER)
    assert form.lines[0].is_cancelled and form.lines[0].result == "ยกเลิก"
    assert form.total_hours == (whole.total_hours or 0) - 24


def test_a_version_that_is_not_there(session: Session, sample: Sample) -> None:
    plan_id = amended(session, sample)
    with pytest.raises(NotVisible):
        plan_form(session, plan_id, LATER, 9)
