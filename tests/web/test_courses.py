"""The pages of courses: for everybody to read, for the personnel office to keep, one's own plan to fill."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from idp.models import Course, CourseLevel, CourseRun, DevelopmentPlan, Notice, PlanItem
from idp.rules.terms import DevelopmentMethod, PlanState
from tests.factories import steps
from tests.factories.sample import at
from tests.factories.website import Website
from tests.services.training_cast import level_id, person_with_result, plan_of, use_dictionary

COURSE = {
    "code": "HR-01",
    "title": "การบริหารทรัพยากรบุคคล",
    "provider": "สถาบันพัฒนา",
    "method": "training",
    "hours": "๑๘",
    "price_baht": "3,500.50",
    "detail": "บรรยายและฝึกปฏิบัติ",
    "measure": "ผ่านการทดสอบร้อยละ 80",
    "evidence": "ใบรับรอง",
}
RUN = {
    "starts_on": "๒ ก.พ. ๒๕๖๙",
    "ends_on": "4/2/2569",
    "seats": "๓๐",
    "price_baht": "",
    "place": "ห้องประชุม 1",
}
REASON = "วิทยากรไม่สามารถมาบรรยายได้"


@pytest.fixture
def site(website: Website) -> Website:
    website.do(steps.drafted)
    website.clock.moment = at(steps.PLAN_DAY)
    website.do(use_dictionary)
    return website


def add_course(site: Website, **columns: Any) -> tuple[int, int]:
    """A course with one run, both by their numbers."""
    with site.session() as session:
        course = Course(
            **{
                "organisation_id": site.sample.organisation.id,
                "code": "HR-01",
                "title_th": "การบริหารทรัพยากรบุคคล",
                "method": DevelopmentMethod.TRAINING,
                "hours": 18,
                "levels": [CourseLevel(level_id=level_id(session, site.sample, "c1", 3))],
                "runs": [CourseRun(starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 4), seats=1)],
            }
            | columns
        )
        session.add(course)
        session.flush()
        return course.id, course.runs[0].id


def plan_id(site: Website) -> int:
    with site.session() as session:
        owner = site.sample.cast.somchai.person_id
        return session.scalars(
            select(DevelopmentPlan.id).where(DevelopmentPlan.owner_person_id == owner)
        ).one()


def one(site: Website, table: Any) -> Any:
    with site.session() as session:
        return session.scalars(select(table)).one()


def test_the_personnel_office_adds_a_course_and_a_run_in_thai_digits(site: Website) -> None:
    client = site.sign_in("malee")
    with site.session() as session:
        level = level_id(session, site.sample, "c1", 2)
    assert f'value="{level}"' in client.get("/courses/new").text
    answer = client.post("/courses/new", data=COURSE | {"level_ids": [str(level)]})
    assert answer.status_code == 302
    course = one(site, Course)
    assert (course.hours, str(course.price_baht)) == (18, "3500.5")
    assert one(site, CourseLevel).level_id == level
    answer = client.post(f"/courses/{course.id}/runs/new", data=RUN)
    assert answer.status_code == 302
    run = one(site, CourseRun)
    assert (run.starts_on, run.ends_on, run.seats) == (date(2026, 2, 2), date(2026, 2, 4), 30)
    page = client.get(f"/courses/{course.id}").text
    for text in ("2 - 4 ก.พ. 2569", "ว่าง 30 จาก 30 ที่นั่ง", "3,500.50 บาท", "เพิ่มรุ่น", "นางมาลี ศรีสุข"):
        assert text in page
    assert "2 - 4 ก.พ. 2569" in client.get("/courses/?shown=upcoming").text


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"code": "", "hours": "สิบ", "price_baht": "แพง"}, {"code", "hours", "price_baht"}),
        ({"method": "rotation"}, {"method"}),
        ({"method": "ไม่รู้จัก", "title": ""}, {"method", "title"}),
        ({"hours": "1.5"}, {"hours"}),
        ({"price_baht": "1e400"}, {"price_baht"}),
        ({"level_ids": "999999"}, {"level_ids"}),
    ],
)
def test_a_wrong_course_comes_back_with_what_was_typed(
    site: Website, typed: dict[str, str], wrong: set[str]
) -> None:
    answer = site.sign_in("malee").post("/courses/new", data=COURSE | typed)
    assert answer.status_code == 422
    for name in wrong:
        assert f'id="error-{name}"' in answer.text
    assert 'value="สถาบันพัฒนา"' in answer.text


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"starts_on": "31/2/2569", "seats": "0"}, {"starts_on", "seats"}),
        ({"ends_on": "1/2/2569"}, {"ends_on"}),
        ({"seats": "", "price_baht": "-5"}, {"seats", "price_baht"}),
    ],
)
def test_a_wrong_run_comes_back_with_what_was_typed(
    site: Website, typed: dict[str, str], wrong: set[str]
) -> None:
    course, run = add_course(site)
    client = site.sign_in("malee")
    for address in (f"/courses/{course}/runs/new", f"/courses/{course}/runs/{run}"):
        answer = client.post(address, data=RUN | typed)
        assert answer.status_code == 422
        for name in wrong:
            assert f'id="error-{name}"' in answer.text
        assert 'value="ห้องประชุม 1"' in answer.text


def test_a_code_in_use_is_told_at_its_field(site: Website) -> None:
    add_course(site)
    answer = site.sign_in("malee").post("/courses/new", data=COURSE)
    assert answer.status_code == 422 and 'id="error-code"' in answer.text


def test_a_course_is_retired_with_a_reason_and_offered_again(site: Website) -> None:
    course, _run = add_course(site)
    client = site.sign_in("malee")
    answer = client.post(f"/courses/{course}/retire", data={"reason": " "})
    assert answer.status_code == 422 and 'id="error-reason"' in answer.text
    assert client.post(f"/courses/{course}/retire", data={"reason": REASON}).status_code == 302
    assert "HR-01" not in client.get("/courses/").text
    assert "HR-01" in client.get("/courses/?shown=retired").text
    assert REASON in client.get(f"/courses/{course}").text
    assert "take-title" not in site.sign_in("somchai").get(f"/courses/{course}").text
    assert client.post(f"/courses/{course}/offer").status_code == 302
    assert "HR-01" in client.get("/courses/").text


def test_who_came_second_is_told_and_loses_nothing(site: Website) -> None:
    course, run = add_course(site)
    client, stale = site.sign_in("malee"), {"version": "0"}
    for address, typed in (
        (f"/courses/{course}/edit", COURSE),
        (f"/courses/{course}/retire", {"reason": REASON}),
        (f"/courses/{course}/offer", {}),
        (f"/courses/{course}/runs/new", RUN),
        (f"/courses/{course}/runs/{run}", RUN),
        (f"/courses/{course}/runs/{run}/cancel", {"reason": REASON}),
    ):
        answer = client.post(address, data=typed | stale)
        assert answer.status_code == 409, address
        for text in typed.values():
            assert len(text) < 12 or text in answer.text, address
    address = f"/courses/{course}/plans/{plan_id(site)}"
    assert site.sign_in("somchai").post(address, data={"run_id": str(run), "version": "0"}).status_code == 409


def test_the_owner_chooses_a_run_into_the_plan(site: Website) -> None:
    course, run = add_course(site)
    client, plan = site.sign_in("somchai"), plan_id(site)
    page = client.get(f"/courses/{course}").text
    assert f'action="/courses/{course}/plans/{plan}"' in page and f'value="{run}" checked' in page
    (level,) = re.findall(r'<option value="(\d+)" selected>', page.split('id="field-level_id"')[1])
    typed = {"run_id": str(run), "level_id": level}
    answer = client.post(f"/courses/{course}/plans/{plan}", data=typed)
    assert answer.status_code == 302 and f"/plans/{plan}#item-" in answer.headers["Location"]
    with site.session() as session:
        line = session.scalars(select(PlanItem).where(PlanItem.course_id == course)).one()
    assert (line.course_run_id, line.target_level) == (run, 3)
    assert "ที่นั่งของรุ่นนี้เต็มแล้ว" not in client.get(f"/plans/{plan}").text
    assert "มีหลักสูตรนี้แล้ว" in client.get(f"/courses/{course}").text
    again = client.post(f"/courses/{course}/plans/{plan}", data={"run_id": str(run)})
    assert again.status_code == 422 and 'id="error-run_id"' in again.text


def test_a_full_run_is_chosen_with_a_warning(site: Website) -> None:
    course, run = add_course(site)
    line = {"course_id": course, "course_run_id": run}
    site.do(lambda session, sample: plan_of(session, person_with_result(session, sample, 1), line))
    client, plan = site.sign_in("somchai"), plan_id(site)
    assert "ที่นั่งเต็ม" in client.get(f"/courses/{course}").text
    answer = client.post(f"/courses/{course}/plans/{plan}", data={"run_id": str(run)}, follow_redirects=True)
    assert answer.status_code == 200 and "ที่นั่งของรุ่นนี้เต็มแล้ว" in answer.text


@pytest.mark.parametrize("typed", [{"run_id": "ก"}, {"run_id": "999999"}, {"run_id": "", "level_id": "5x"}])
def test_a_choice_that_is_not_offered_is_refused_at_its_field(site: Website, typed: dict[str, str]) -> None:
    course, _run = add_course(site)
    answer = site.sign_in("somchai").post(f"/courses/{course}/plans/{plan_id(site)}", data=typed)
    assert answer.status_code == 422
    assert f'id="error-{next(name for name in reversed(typed) if typed[name])}"' in answer.text


@pytest.mark.parametrize("who", ["suda", "malee", "anong", "olan"])
def test_nobody_puts_a_course_into_somebody_elses_plan(site: Website, who: str) -> None:
    course, run = add_course(site)
    answer = site.sign_in(who).post(f"/courses/{course}/plans/{plan_id(site)}", data={"run_id": str(run)})
    assert answer.status_code in (403, 404)


def test_everybody_of_the_organisation_reads_and_only_the_office_writes(site: Website) -> None:
    course, run = add_course(site)
    reading = ("/courses/", f"/courses/{course}")
    writing = (
        "/courses/new",
        f"/courses/{course}/edit",
        f"/courses/{course}/runs/new",
        f"/courses/{course}/runs/{run}",
    )
    for who in ("somchai", "suda", "anong"):
        client = site.sign_in(who)
        assert [client.get(each).status_code for each in reading] == [200, 200]
        assert {client.get(each).status_code for each in writing} == {403}
        assert {client.post(each, data=RUN).status_code for each in writing} == {403}
        page = client.get(f"/courses/{course}").text
        assert "ประวัติการดำเนินการ" not in page and "/training/" not in page
    olan = site.sign_in("olan")
    assert "HR-01" not in olan.get("/courses/").text
    for address in (reading[1], *writing[1:]):
        assert olan.get(address).status_code == 404


def test_who_planned_for_a_run_reads_why_it_was_cancelled(site: Website) -> None:
    course, run = add_course(site)
    client, plan = site.sign_in("somchai"), plan_id(site)
    client.post(f"/courses/{course}/plans/{plan}", data={"run_id": str(run)})
    answer = site.sign_in("malee").post(f"/courses/{course}/runs/{run}/cancel", data={"reason": REASON})
    assert answer.status_code == 302
    page = client.get("/notifications/").text
    assert "ยกเลิกการจัด" in page and REASON in page and f"/plans/{plan}" in page
    with site.session() as session:
        told = session.scalars(select(Notice).where(Notice.event == "course:cancel_run")).one()
    assert told.recipient_person_id == site.sample.cast.somchai.person_id
    page = client.get(f"/courses/{course}").text
    assert '<span class="state state-danger">ยกเลิก</span>' in page


def test_the_list_goes_on_with_the_next_page(site: Website) -> None:
    with site.session() as session:
        session.add_all(
            Course(
                organisation_id=site.sample.organisation.id,
                code=f"C{number:03}",
                title_th="หลักสูตร",
                method=DevelopmentMethod.TRAINING,
                hours=1,
            )
            for number in range(35)
        )
    client = site.sign_in("somchai")
    page = client.get("/courses/").text
    assert "C029" in page and "C030" not in page and "after=C029" in page
    assert "C030" in client.get("/courses/?after=C029").text


def test_a_draft_of_somebody_else_takes_no_seat(site: Website) -> None:
    course, run = add_course(site)
    line = {"course_id": course, "course_run_id": run}
    site.do(
        lambda session, sample: plan_of(
            session, person_with_result(session, sample, 1), line, state=PlanState.DRAFT
        )
    )
    assert "ว่าง 1 จาก 1 ที่นั่ง" in site.sign_in("somchai").get(f"/courses/{course}").text
