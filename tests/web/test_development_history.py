"""The page of a person's development over the years."""

from sqlalchemy.orm import Session

from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.factories.website import Website
from tests.services.carry_over_cast import NEXT_DAY, evaluated, next_result


def two_years(website: Website) -> int:
    """Somchai's assessment of the second."""

    def prepare(session: Session, sample: Sample) -> int:
        evaluated(session, sample)
        return next_result(session, sample, sample.dictionary).id

    found = website.do(prepare)
    website.clock.moment = at(NEXT_DAY)
    return found


def test_ones_own_history_draws_the_levels_and_lists_the_lines(website: Website) -> None:
    two_years(website)
    page = website.sign_in("somchai").get("/development-history").text
    assert "การมุ่งผลสัมฤทธิ์" in page and "chart-years" in page
    assert "ยกไปปีถัดไป" in page or "ยกไป" in page
    assert "ใช้ 4 จาก" in page and "ดูแลรถยนต์ส่วนกลาง" in page


def test_without_anything_the_page_says_when_it_begins(website: Website) -> None:
    assert "ยังไม่มีประวัติการพัฒนา" in website.sign_in("anong").get("/development-history").text


def test_the_pages_of_result_plan_list_and_home_lead_there(website: Website) -> None:
    plan_id = website.do(lambda session, sample: steps.approved(session, sample).id)
    website.clock.moment = at(steps.REVIEW_DAY)
    client = website.sign_in("somchai")
    assessment = website.sample.assessment.id
    link = f'href="/assessments/{assessment}/development-history"'
    assert link in client.get(f"/assessments/{assessment}").text
    assert link in client.get(f"/plans/{plan_id}").text
    for address in ("/plans/", "/"):
        assert 'href="/development-history"' in client.get(address).text
    answer = client.get(f"/assessments/{assessment}/development-history")
    assert answer.status_code == 302 and answer.location.endswith("/development-history")


def test_those_who_may_read_the_records_see_them_and_the_look_is_written_down(website: Website) -> None:
    assessment = two_years(website)
    for who in ("suda", "malee"):
        page = website.sign_in(who).get(f"/assessments/{assessment}/development-history").text
        assert "สมชาย" in page and "ใช้ 4 จาก" in page
    looks = website.sign_in("somchai").get("/looks/").text
    assert "สุดา" in looks and "มาลี" in looks


def test_the_outsider_is_told_of_nothing(website: Website) -> None:
    assessment = two_years(website)
    for who in ("anong", "olan"):
        assert website.sign_in(who).get(f"/assessments/{assessment}/development-history").status_code == 404


def test_the_list_of_ones_plans_says_what_each_year_comes_to(website: Website) -> None:
    two_years(website)
    page = website.sign_in("somchai").get("/plans/").text
    assert "สำเร็จ 1" in page and "ชั่วโมงที่ใช้ / ตามแผน" in page
