"""Courses and their runs: kept by the personnel office, full of seats, chosen into a plan, told about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Course, CourseRun, DevelopmentPlan, HistoryEntry, Notice
from idp.queries.training.course_choices import course_choices, courses_for
from idp.queries.training.courses import CourseFilter, course_list, course_page
from idp.rules.errors import (
    InvalidInput,
    InvalidInputs,
    NotPermitted,
    NotVisible,
    StaleVersion,
    TransitionNotAllowed,
)
from idp.rules.terms import DevelopmentMethod, PlanItemState, PlanState, SubjectType
from idp.rules.training import CoursesShown
from idp.services import plans
from idp.services.training.course_lines import add_course_line
from idp.services.training.course_runs import add_run, cancel_run, change_run
from idp.services.training.courses import create_course, edit_course, offer_course_again, retire_course
from tests.factories import steps
from tests.factories.sample import Sample
from tests.services.training_cast import (
    COURSE,
    NOW,
    RUN,
    level_id,
    make_course,
    make_run,
    person_with_result,
    plan_of,
    use_dictionary,
)

DAY = steps.PLAN_DAY


def other(fields: Any, **changes: Any) -> Any:
    return type(fields)(**{**vars(fields), **changes})


def history(session: Session) -> list[HistoryEntry]:
    of_courses = select(HistoryEntry).where(HistoryEntry.subject_type == SubjectType.COURSE)
    return list(session.scalars(of_courses.order_by(HistoryEntry.id)))


def empty_plan(session: Session, sample: Sample) -> DevelopmentPlan:
    steps.released(session, sample)
    return plans.draft_plan(session, sample.cast.somchai, sample.assessment.id, NOW)


def test_a_course_is_kept_with_its_levels_and_history(session: Session, sample: Sample) -> None:
    use_dictionary(session, sample)
    levels = frozenset({level_id(session, sample, "c1", 2), level_id(session, sample, "c1", 3)})
    course = make_course(session, sample, level_ids=levels)
    assert {each.level_id for each in course.levels} == levels
    edit_course(session, sample.cast.malee, course.id, other(COURSE, hours=12), NOW, course.version)
    assert not course.levels
    (first, second) = history(session)
    assert (first.event, first.detail["from"]) == ("create_course", None)
    assert second.detail == {
        "from": {"hours": 18, "level_ids": sorted(levels)},
        "to": {"hours": 12, "level_ids": []},
    }


def test_the_same_again_writes_nothing(session: Session, sample: Sample) -> None:
    course = make_course(session, sample)
    version = course.version
    edit_course(session, sample.cast.malee, course.id, COURSE, NOW)
    assert course.version == version and len(history(session)) == 1


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"code": " "}, {"code"}),
        ({"code": "HR 01"}, {"code"}),
        ({"code": "x" * 41}, {"code"}),
        ({"title": ""}, {"title"}),
        ({"method": None}, {"method"}),
        ({"method": DevelopmentMethod.ROTATION}, {"method"}),
        ({"hours": None}, {"hours"}),
        ({"hours": 0}, {"hours"}),
        ({"hours": 5000}, {"hours"}),
        ({"price_baht": Decimal(-1)}, {"price_baht"}),
        ({"price_baht": Decimal("1.005")}, {"price_baht"}),
        ({"price_baht": Decimal("NaN")}, {"price_baht"}),
        ({"level_ids": frozenset({0})}, {"level_ids"}),
        ({"title": "", "hours": 0, "provider": "x" * 251}, {"title", "hours", "provider"}),
    ],
)
def test_everything_wrong_is_told_at_once(
    session: Session, sample: Sample, changes: dict[str, Any], wrong: set[str]
) -> None:
    with pytest.raises(InvalidInputs) as refused:
        make_course(session, sample, **changes)
    assert {each.field for each in refused.value.problems} == wrong
    assert session.scalar(select(Course.id)) is None


def test_a_level_of_a_dictionary_that_is_not_in_use_is_not_chosen(session: Session, sample: Sample) -> None:
    with pytest.raises(InvalidInputs):
        make_course(session, sample, level_ids=frozenset({level_id(session, sample, "c1", 2)}))


def test_a_code_is_used_once_in_an_organisation(session: Session, sample: Sample) -> None:
    make_course(session, sample)
    with pytest.raises(InvalidInputs) as refused:
        make_course(session, sample, title="อีกหลักสูตร")
    assert [(each.field, each.code) for each in refused.value.problems] == [("code", "taken")]
    create_course(session, sample.cast.olan, COURSE, NOW)  # another organisation has its own


Act = Callable[[Session, Sample, Course, CourseRun, Any], Any]
ACTS: dict[str, Act] = {
    "create": lambda s, sample, course, run, who: create_course(s, who, other(COURSE, code="X"), NOW),
    "edit": lambda s, sample, course, run, who: edit_course(s, who, course.id, COURSE, NOW),
    "retire": lambda s, sample, course, run, who: retire_course(s, who, course.id, "เหตุผล", NOW),
    "offer": lambda s, sample, course, run, who: offer_course_again(s, who, course.id, NOW),
    "add run": lambda s, sample, course, run, who: add_run(s, who, course.id, RUN, NOW),
    "change run": lambda s, sample, course, run, who: change_run(s, who, course.id, run.id, RUN, NOW),
    "cancel run": lambda s, sample, course, run, who: cancel_run(s, who, course.id, run.id, "เหตุ", NOW),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["somchai", "suda", "prasit", "anong"])
def test_nobody_but_the_personnel_office_keeps_courses(
    session: Session, sample: Sample, act: str, who: str
) -> None:
    course = make_course(session, sample)
    run = make_run(session, sample, course)
    with pytest.raises(NotPermitted):
        ACTS[act](session, sample, course, run, getattr(sample.cast, who))


@pytest.mark.parametrize("act", [name for name in ACTS if name != "create"])
def test_a_course_of_another_organisation_is_as_good_as_missing(
    session: Session, sample: Sample, act: str
) -> None:
    course = make_course(session, sample)
    run = make_run(session, sample, course)
    with pytest.raises(NotVisible):
        ACTS[act](session, sample, course, run, sample.cast.olan)
    assert course_page(session, sample.other_organisation.id, course.id) is None


def test_a_stale_form_is_refused(session: Session, sample: Sample) -> None:
    course = make_course(session, sample)
    run = make_run(session, sample, course)
    stale, who = course.version - 1, sample.cast.malee
    for act in (
        lambda: edit_course(session, who, course.id, COURSE, NOW, stale),
        lambda: retire_course(session, who, course.id, "เหตุผล", NOW, stale),
        lambda: add_run(session, who, course.id, RUN, NOW, stale),
        lambda: change_run(session, who, course.id, run.id, RUN, NOW, stale),
        lambda: cancel_run(session, who, course.id, run.id, "เหตุผล", NOW, stale),
    ):
        with pytest.raises(StaleVersion):
            act()


def test_a_reason_is_asked_for(session: Session, sample: Sample) -> None:
    course = make_course(session, sample)
    run = make_run(session, sample, course)
    for act in (
        lambda: retire_course(session, sample.cast.malee, course.id, " ", NOW),
        lambda: cancel_run(session, sample.cast.malee, course.id, run.id, "", NOW),
    ):
        with pytest.raises(InvalidInput, match="reason"):
            act()


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"starts_on": None}, {"starts_on"}),
        ({"ends_on": date(2026, 2, 1)}, {"ends_on"}),
        ({"ends_on": date(2027, 2, 4)}, {"ends_on"}),
        ({"seats": 0}, {"seats"}),
        ({"seats": None}, {"seats"}),
        ({"price_baht": Decimal(-5)}, {"price_baht"}),
        ({"starts_on": None, "seats": 0, "place": "x" * 251}, {"starts_on", "seats", "place"}),
    ],
)
def test_wrong_days_seats_and_prices_of_a_run_are_told_at_once(
    session: Session, sample: Sample, changes: dict[str, Any], wrong: set[str]
) -> None:
    course = make_course(session, sample)
    with pytest.raises(InvalidInputs) as refused:
        make_run(session, sample, course, **changes)
    assert {each.field for each in refused.value.problems} == wrong


def test_seats_are_taken_by_plans_that_others_may_read_and_by_lines_that_stand(
    session: Session, sample: Sample
) -> None:
    course = make_course(session, sample)
    run = make_run(session, sample, course)
    line = {"course_id": course.id, "course_run_id": run.id}
    states = [
        (PlanState.SUBMITTED, PlanItemState.PLANNED),
        (PlanState.APPROVED, PlanItemState.IN_PROGRESS),
        (PlanState.DRAFT, PlanItemState.PLANNED),
        (PlanState.CANCELLED, PlanItemState.PLANNED),
        (PlanState.APPROVED, PlanItemState.CANCELLED),
        (PlanState.APPROVED, PlanItemState.CARRIED_OVER),
        (PlanState.RETURNED, PlanItemState.PLANNED),
    ]
    for number, (plan, item) in enumerate(states):
        plan_of(session, person_with_result(session, sample, number), line | {"state": item}, state=plan)
    page = course_page(session, sample.organisation.id, course.id)
    assert page is not None
    assert (page.runs[0].taken, page.runs[0].left, page.runs[0].is_full) == (2, 0, True)
    full = course_list(session, sample.organisation.id, DAY, CourseFilter(shown=CoursesShown.FULL))
    assert [row.code for row in full.rows] == ["HR-01"]


def test_the_list_finds_by_words_competency_and_state_page_by_page(session: Session, sample: Sample) -> None:
    use_dictionary(session, sample)
    first = make_course(session, sample, level_ids=frozenset({level_id(session, sample, "c1", 2)}))
    second = make_course(session, sample, code="IT-02", title="ระบบสารสนเทศ")
    make_run(session, sample, second)
    retire_course(session, sample.cast.malee, make_course(session, sample, code="Z").id, "เลิกจัด", NOW)
    create_course(session, sample.cast.olan, other(COURSE, code="A"), NOW)
    competency = sample.dictionary.competencies["c1"].id

    def codes(**wanted: Any) -> list[str]:
        found = course_list(session, sample.organisation.id, DAY, CourseFilter(**wanted))
        return [row.code for row in found.rows]

    assert codes() == ["HR-01", "IT-02"]
    assert codes(text="สารสนเทศ it") == ["IT-02"]
    assert codes(competency_id=competency) == ["HR-01"]
    assert codes(shown=CoursesShown.UPCOMING) == ["IT-02"]
    assert codes(shown=CoursesShown.RETIRED) == ["Z"]
    page = course_list(session, sample.organisation.id, DAY, limit=1)
    assert page.next_after == first.code
    following = course_list(session, sample.organisation.id, DAY, after=first.code, limit=1)
    assert [row.code for row in following.rows] == ["IT-02"] and following.next_after is None


def test_courses_are_offered_for_a_level_with_the_runs_to_come(session: Session, sample: Sample) -> None:
    use_dictionary(session, sample)
    level = level_id(session, sample, "c1", 3)
    course = make_course(session, sample, level_ids=frozenset({level}))
    run = make_run(session, sample, course)
    make_run(session, sample, course, starts_on=date(2025, 11, 3), ends_on=date(2025, 11, 4))
    cancel_run(session, sample.cast.malee, course.id, make_run(session, sample, course).id, "วิทยากรป่วย", NOW)
    organisation = sample.organisation.id
    offered = courses_for(session, organisation, [level, level_id(session, sample, "c2", 3)], DAY)
    assert list(offered) == [level]
    assert [each.id for each in offered[level][0].upcoming(DAY)] == [run.id]
    competency = sample.dictionary.competencies["c1"].id
    choices = course_choices(session, organisation, competency, 3, DAY)
    assert [each.value for each in choices] == [f"{course.id}.{run.id}", str(course.id)]
    assert not course_choices(session, organisation, competency, 1, DAY)
    assert not course_choices(session, sample.other_organisation.id, None, None, DAY)


def test_the_owner_puts_a_course_into_the_plan(session: Session, sample: Sample) -> None:
    use_dictionary(session, sample)
    level = level_id(session, sample, "c1", 3)
    course = make_course(session, sample, level_ids=frozenset({level}))
    run = make_run(session, sample, course, price_baht=Decimal(900))
    plan = empty_plan(session, sample)
    version = plan.version
    item = add_course_line(session, sample.cast.somchai, plan.id, course.id, run.id, NOW, level_id=level)
    assert (item.title, item.method, item.hours) == (course.title_th, DevelopmentMethod.TRAINING, 18)
    assert (item.cost_baht, item.starts_on, item.ends_on) == (Decimal(900), RUN.starts_on, RUN.ends_on)
    assert (item.course_id, item.course_run_id) == (course.id, run.id)
    assert item.competency_id == sample.dictionary.competencies["c1"].id
    assert (item.from_level, item.target_level) == (2, 3)
    assert plan.version == version + 1
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.event == "add_course_line")).one()
    assert entry.subject_id == plan.id and entry.detail["item_id"] == item.id


def test_a_line_begins_with_the_courses_measure_and_evidence(session: Session, sample: Sample) -> None:
    """So that a plan of courses can be handed in without the owner's making them up."""
    said = {"measure": "ผ่านการทดสอบร้อยละ 80", "evidence": "ใบรับรอง"}
    course, plan = make_course(session, sample, **said), empty_plan(session, sample)
    item = add_course_line(session, sample.cast.somchai, plan.id, course.id, None, NOW)
    assert (item.measure, item.evidence_expected) == (said["measure"], said["evidence"])


def test_without_a_run_the_line_has_no_days_and_the_courses_price(session: Session, sample: Sample) -> None:
    course, plan = make_course(session, sample), empty_plan(session, sample)
    item = add_course_line(session, sample.cast.somchai, plan.id, course.id, None, NOW)
    assert (item.starts_on, item.cost_baht, item.competency_id) == (None, Decimal("3500.50"), None)


def test_without_a_level_the_line_is_about_no_competency_although_one_fits(
    session: Session, sample: Sample
) -> None:
    use_dictionary(session, sample)
    course = make_course(session, sample, level_ids=frozenset({level_id(session, sample, "c1", 3)}))
    plan = empty_plan(session, sample)
    item = add_course_line(session, sample.cast.somchai, plan.id, course.id, None, NOW)
    assert (item.competency_id, item.from_level, item.target_level) == (None, None, None)


def test_of_several_levels_that_fit_the_owner_says_which(session: Session, sample: Sample) -> None:
    use_dictionary(session, sample)
    levels = [level_id(session, sample, "c1", 2), level_id(session, sample, "c1", 3)]
    course = make_course(session, sample, level_ids=frozenset(levels))
    plan = empty_plan(session, sample)
    foreign = level_id(session, sample, "c2", 3)
    with pytest.raises(InvalidInputs, match="level_id"):
        add_course_line(session, sample.cast.somchai, plan.id, course.id, None, NOW, level_id=foreign)
    item = add_course_line(session, sample.cast.somchai, plan.id, course.id, None, NOW, level_id=levels[1])
    assert item.target_level == 3


def test_a_full_run_is_still_chosen_and_a_wrong_one_is_not(session: Session, sample: Sample) -> None:
    course = make_course(session, sample)
    run = make_run(session, sample, course, seats=1)
    line = {"course_id": course.id, "course_run_id": run.id}
    plan_of(session, person_with_result(session, sample, 1), line)
    elsewhere = make_run(session, sample, make_course(session, sample, code="B"))
    cancelled = make_run(session, sample, course)
    cancel_run(session, sample.cast.malee, course.id, cancelled.id, "ผู้สมัครน้อย", NOW)
    plan, who = empty_plan(session, sample), sample.cast.somchai
    for run_id, code in (
        (elsewhere.id, "unknown_choice"),
        (0, "unknown_choice"),
        (cancelled.id, "run_cancelled"),
    ):
        with pytest.raises(InvalidInputs) as refused:
            add_course_line(session, who, plan.id, course.id, run_id, NOW)
        assert [(each.field, each.code) for each in refused.value.problems] == [("run_id", code)]
    add_course_line(session, who, plan.id, course.id, run.id, NOW)
    with pytest.raises(InvalidInputs) as refused:
        add_course_line(session, who, plan.id, course.id, run.id, NOW)
    assert refused.value.code == "course_in_plan"


def test_only_the_owner_and_only_while_the_plan_is_theirs_to_change(session: Session, sample: Sample) -> None:
    course = make_course(session, sample)
    plan = empty_plan(session, sample)
    for who in (sample.cast.suda, sample.cast.malee, *sample.cast.outsiders):
        with pytest.raises((NotVisible, NotPermitted)):
            add_course_line(session, who, plan.id, course.id, None, NOW)
    with pytest.raises(StaleVersion):
        add_course_line(
            session, sample.cast.somchai, plan.id, course.id, None, NOW, expected_version=plan.version - 1
        )
    foreign = create_course(session, sample.cast.olan, COURSE, NOW)
    with pytest.raises(NotVisible):
        add_course_line(session, sample.cast.somchai, plan.id, foreign.id, None, NOW)
    retire_course(session, sample.cast.malee, course.id, "เลิกจัด", NOW)
    with pytest.raises(InvalidInputs, match="course_retired"):
        add_course_line(session, sample.cast.somchai, plan.id, course.id, None, NOW)


def test_a_plan_that_is_handed_in_takes_no_course(session: Session, sample: Sample) -> None:
    course = make_course(session, sample)
    plan = steps.submitted(session, sample)
    with pytest.raises(TransitionNotAllowed):
        add_course_line(session, sample.cast.somchai, plan.id, course.id, None, NOW)


def test_who_planned_for_a_run_is_told_when_it_moves_or_is_cancelled(
    session: Session, sample: Sample
) -> None:
    course = make_course(session, sample)
    run = make_run(session, sample, course)
    plan = empty_plan(session, sample)
    add_course_line(session, sample.cast.somchai, plan.id, course.id, run.id, NOW)
    left = plan_of(
        session,
        person_with_result(session, sample, 1),
        {"course_id": course.id, "course_run_id": run.id, "state": PlanItemState.CANCELLED},
    )
    malee = sample.cast.malee
    change_run(session, malee, course.id, run.id, other(RUN, seats=5), NOW)
    assert not session.scalars(select(Notice).where(Notice.event.startswith("course:"))).all()
    change_run(session, malee, course.id, run.id, other(RUN, starts_on=date(2026, 2, 3)), NOW)
    cancel_run(session, malee, course.id, run.id, "วิทยากรไม่ว่าง", NOW)
    told = session.scalars(select(Notice).where(Notice.event.startswith("course:")).order_by(Notice.id)).all()
    assert [(each.event, each.recipient_person_id, each.subject_id) for each in told] == [
        ("course:move_run", sample.cast.somchai.person_id, plan.id),
        ("course:cancel_run", sample.cast.somchai.person_id, plan.id),
    ]
    assert "วิทยากรไม่ว่าง" in told[1].detail["reason"] and left.id not in {each.subject_id for each in told}
    with pytest.raises(TransitionNotAllowed):
        change_run(session, malee, course.id, run.id, RUN, NOW)
    with pytest.raises(TransitionNotAllowed):
        cancel_run(session, malee, course.id, run.id, "อีกครั้ง", NOW)


def test_a_run_of_another_course_is_as_good_as_missing(session: Session, sample: Sample) -> None:
    course, another = make_course(session, sample), make_course(session, sample, code="B")
    run = make_run(session, sample, another)
    with pytest.raises(NotVisible):
        change_run(session, sample.cast.malee, course.id, run.id, RUN, NOW)
