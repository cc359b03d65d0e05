"""No column of a plan's line is forgotten: by versions, differences, the form, an amendment given up."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from idp.models import Course, CourseRun, MentorOffer, Person, PlanItem
from idp.queries.plan_amendments import lines_now
from idp.queries.plan_snapshots import lines_as_kept
from idp.rules.plan_differences import FIELDS, differences
from idp.rules.terms import DevelopmentMethod
from idp.services import plan_items
from idp.services.plan_amendments import (
    AS_THEY_ARE,
    NOT_BROUGHT_BACK,
    NOT_IN_EARLIER_SNAPSHOTS,
    abandon_amendment,
    amend_plan,
)
from idp.services.plan_fields import COLUMNS, PlanItemFields, fields_of
from idp.services.plans import approve_plan, submit_plan
from idp.web.names.plan_lines import FIELD_NAMES
from tests.factories import steps
from tests.factories.sample import Sample, at

NOW = at(steps.PROGRESS_DAY)
EVERY_COLUMN = {column.key for column in PlanItem.__mapper__.column_attrs}
IN_WORDS = {
    "competency_id": "competency",
    "indicator_ids": "indicators",
    "mentor_person_id": "mentor",
    "course_id": "course",
    "course_run_id": "course_run",
}
"""Columns that a difference tells by the name of what they stand for."""

NOT_IN_VERSIONS = {"plan_id": "the version's own"}
NOT_TYPED = {
    "id": "the line's own",
    "plan_id": "the line's own",
    "sort_order": "its place: shown by the order of the lines",
    "suggestion_id": "where it came from",
    "action_id": "where it came from",
    "carried_from_item_id": "where it came from",
    "return_note": "the reviewer's",
    "hours_done": "reported",
    "spent_baht": "reported",
    "state": "reported; a line struck out is told as removed",
    "percent": "reported",
    "result_reason": "evaluated",
}


def a_course(session: Session, sample: Sample, code: str = "K-01") -> CourseRun:
    course = Course(
        organisation_id=sample.organisation.id,
        code=code,
        title_th="การเขียนหนังสือราชการ",
        method=DevelopmentMethod.TRAINING,
        hours=12,
    )
    run = CourseRun(
        course=course,
        starts_on=date(2026, 5, 4),
        ends_on=date(2026, 5, 5),
        seats=20,
        place_th="ศาลากลาง",
    )
    session.add_all((course, run))
    session.flush()
    return run


def a_mentor(session: Session, sample: Sample, name: str = "anong", competency: str = "c1") -> int:
    """The person, who offers to be a mentor for the competency."""
    employee = sample.employees[name]
    session.add(
        MentorOffer(
            organisation_id=employee.organisation_id,
            employee_id=employee.id,
            competency_id=sample.dictionary.competencies[competency].id,
            level=4,
            offered_at=NOW,
        )
    )
    session.flush()
    return employee.person_id


def name_of_mentor(session: Session, sample: Sample) -> str:
    return session.get_one(Person, sample.employees["anong"].person_id).display_name


def full_fields(session: Session, sample: Sample) -> PlanItemFields:
    """A line with something in every field."""
    run = a_course(session, sample)
    return PlanItemFields(
        title="ฝึกเขียนหนังสือราชการ",
        method=DevelopmentMethod.ROTATION,
        competency_id=sample.dictionary.competencies["c1"].id,
        target_level=3,
        indicator_ids=tuple(sample.dictionary.indicators["c1", 3])[:1],
        detail="ร่างหนังสือเดือนละสองฉบับ",
        starts_on=date(2026, 5, 4),
        ends_on=date(2026, 12, 31),
        hours=24,
        cost_baht=Decimal("1500.50"),
        measure="หัวหน้าตรวจหนังสือ",
        evidence_expected="สำเนาหนังสือ",
        responsible="หัวหน้าฝ่ายอำนวยการ",
        other_methods=(DevelopmentMethod.COACHING, DevelopmentMethod.TRAINING),
        mentor_person_id=a_mentor(session, sample),
        course_id=run.course_id,
        course_run_id=run.id,
    )


@pytest.mark.parametrize("column", sorted(EVERY_COLUMN))
def test_a_column_is_in_the_version_or_named_as_left_out(
    session: Session, sample: Sample, column: str
) -> None:
    plan = steps.drafted(session, sample)
    (line, *_others) = lines_as_kept(session, plan.items)
    assert (column in line) != (column in NOT_IN_VERSIONS)


@pytest.mark.parametrize("column", sorted(EVERY_COLUMN))
def test_a_column_is_compared_and_filled_in_or_named_as_not_typed(column: str) -> None:
    name = IN_WORDS.get(column, column)
    assert (name in FIELDS) != (column in NOT_TYPED)
    assert (column in COLUMNS) != (column in NOT_TYPED)
    assert (name in FIELD_NAMES) == (name in FIELDS)


@pytest.mark.parametrize("column", sorted(EVERY_COLUMN))
def test_a_column_is_brought_back_by_giving_up_or_named_as_left_alone(column: str) -> None:
    converted = {"method", "starts_on", "ends_on", "cost_baht"}
    brought_back = {*AS_THEY_ARE, *NOT_IN_EARLIER_SNAPSHOTS, *converted}
    assert (column in brought_back) != (column in NOT_BROUGHT_BACK)


def test_each_field_of_a_line_shows_up_as_a_difference(session: Session, sample: Sample) -> None:
    plan = steps.drafted(session, sample)
    somchai, item = sample.cast.somchai, plan.items[1]
    before = lines_now(session, plan.id)
    plan_items.update_item(session, somchai, item.id, full_fields(session, sample), NOW)
    (difference,) = differences(before, lines_now(session, plan.id))
    # it was for c2, to level 3 too
    unchanged = {"target_level"}
    assert {field.name for field in difference.fields} == set(FIELDS) - unchanged
    after = {field.name: field.after for field in difference.fields}
    assert after["mentor"] == name_of_mentor(session, sample)
    assert after["course"] == "การเขียนหนังสือราชการ"
    assert after["course_run"] == {"starts_on": "2026-05-04", "ends_on": "2026-05-05", "place": "ศาลากลาง"}
    assert after["other_methods"] == ["coaching", "training"]


def test_a_version_from_before_there_was_a_field_has_nothing_in_it(session: Session, sample: Sample) -> None:
    plan = steps.drafted(session, sample)
    now = lines_now(session, plan.id)
    new = ("other_methods", "mentor", "course", "course_run")
    earlier: list[dict[str, Any]] = [
        {name: value for name, value in line.items() if name not in new} for line in now
    ]
    assert differences(earlier, now) == ()


def test_giving_an_amendment_up_brings_every_column_back(session: Session, sample: Sample) -> None:
    plan = steps.drafted(session, sample)
    somchai, number = sample.cast.somchai, plan.items[0].id
    plan_items.update_item(session, somchai, number, full_fields(session, sample), at(steps.PLAN_DAY))
    steps_to_approval(session, sample, plan.id)
    item = session.get_one(PlanItem, number)
    before = {name: getattr(item, name) for name in EVERY_COLUMN}
    amend_plan(session, somchai, plan.id, "งานเปลี่ยน", NOW)
    changed = PlanItemFields("อื่น", DevelopmentMethod.COACHING, starts_on=steps.PROGRESS_DAY)
    plan_items.update_item(session, somchai, number, changed, NOW)
    assert fields_of(item) == changed
    abandon_amendment(session, somchai, plan.id, NOW)
    session.expire_all()
    assert {name: getattr(item, name) for name in EVERY_COLUMN} == before


def steps_to_approval(session: Session, sample: Sample, plan_id: int) -> None:
    submit_plan(session, sample.cast.somchai, plan_id, at(steps.PLAN_DAY))
    approve_plan(session, sample.cast.suda, plan_id, at(steps.REVIEW_DAY))
