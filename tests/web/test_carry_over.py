"""The pages on which an employee goes on with what was not finished, or says why not."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, DevelopmentPlan, Employee, PlanItem
from idp.rules.relations import Actor
from idp.services.carry_over import carry_over, decline
from idp.services.plans import draft_plan, submit_plan
from tests.factories.sample import Sample, at
from tests.factories.website import Website
from tests.services.carry_over_cast import NEXT_DAY, evaluated, lines, next_result, transferred


@pytest.fixture
def places(website: Website) -> dict[str, int]:
    """The ids: `old` plan, its lines `c1` and `c2`, the `result` of the next year."""

    def prepare(session, sample: Sample) -> dict[str, int]:  # type: ignore[no-untyped-def]
        old = evaluated(session, sample)
        result = next_result(session, sample, sample.dictionary)
        of = lines(old)
        return {"old": old.id, "c1": of["c1"].id, "c2": of["c2"].id, "result": result.id}

    found: dict[str, int] = website.do(prepare)
    website.clock.moment = at(NEXT_DAY)
    return found


def plan_of(website: Website, result: int) -> tuple[int, int]:
    """Its id and version."""
    with website.session() as session:
        plan = session.scalars(select(DevelopmentPlan).where(DevelopmentPlan.assessment_id == result)).one()
        return plan.id, plan.version


def begun(website: Website, places: dict[str, int]) -> tuple[int, int]:
    website.do(
        lambda session, sample: draft_plan(session, sample.cast.somchai, places["result"], at(NEXT_DAY))
    )
    return plan_of(website, places["result"])


def test_unfinished_lines_stand_first_on_the_page_of_suggestions(
    website: Website, places: dict[str, int]
) -> None:
    page = website.sign_in("somchai").get(f"/assessments/{places['result']}/suggestions").text
    assert "รายการที่ยังไม่แล้วเสร็จจากแผนก่อน" in page
    assert page.index('id="carry-over"') < page.index('class="section gap"')
    assert f"carry-over-{places['c1']}" in page and f"carry-over-{places['c2']}" in page
    assert "แผนปีงบประมาณ พ.ศ. 2569" in page and "ยกมาทั้งหมด 2 รายการ" in page


def test_the_first_answer_begins_the_plan_and_both_plans_say_so(
    website: Website, places: dict[str, int]
) -> None:
    client = website.sign_in("somchai")
    address = f"/assessments/{places['result']}/carry-over/{places['c1']}"
    answer = client.post(address, data={"then": "suggestions"})
    assert answer.status_code == 302 and answer.location.endswith("/suggestions#carry-over")
    plan_id, _version = plan_of(website, places["result"])
    page = client.get(f"/plans/{plan_id}").text
    assert "ยกมาจาก" in page and f'href="/plans/{places["old"]}"' in page
    assert "ยกมาแล้ว 1 รายการ" in page
    old = client.get(f"/plans/{places['old']}").text
    assert "ยกไป" in old and f'href="/plans/{plan_id}"' in old
    assert client.post(address, data={"version": "1"}).status_code == 302  # a second click
    with website.session() as session:
        there = select(PlanItem).where(PlanItem.carried_from_item_id == places["c1"])
        assert len(session.scalars(there).all()) == 1


def test_a_line_marked_for_the_next_year_says_so_before_there_is_a_plan(
    website: Website, places: dict[str, int]
) -> None:
    page = website.sign_in("somchai").get(f"/plans/{places['old']}").text
    assert "จะเสนอเป็นลำดับแรกเมื่อจัดทำแผนปีถัดไป" in page


def test_the_supervisor_reads_where_a_line_goes_on_only_once_that_plan_was_handed_in(
    website: Website, places: dict[str, int]
) -> None:
    client = website.sign_in("somchai")
    client.post(f"/assessments/{places['result']}/carry-over/{places['c1']}", data={})
    suda = website.sign_in("suda")
    goes_on = "แผนปีงบประมาณ พ.ศ. 2570"
    assert goes_on not in suda.get(f"/plans/{places['old']}").text
    plan_id, version = plan_of(website, places["result"])
    client.post(f"/plans/{plan_id}/steps/submit", data={"version": str(version)})
    page = suda.get(f"/plans/{places['old']}").text
    assert goes_on in page and f'href="/plans/{plan_id}"' not in page


def test_all_at_once_from_the_page_of_the_plan(website: Website, places: dict[str, int]) -> None:
    plan_id, version = begun(website, places)
    client = website.sign_in("somchai")
    assert 'id="carry-over"' in client.get(f"/plans/{plan_id}").text
    fields = {"then": "plan", "version": str(version)}
    answer = client.post(f"/assessments/{places['result']}/carry-over", data=fields)
    assert answer.location.endswith(f"/plans/{plan_id}#carry-over")
    page = client.get(f"/plans/{plan_id}").text
    assert "ยกมาแล้ว 2 รายการ" in page and "ยกมาแผนปีนี้<" not in page


def test_a_missing_reason_comes_back_at_its_field(website: Website, places: dict[str, int]) -> None:
    _plan_id, version = begun(website, places)
    address = f"/assessments/{places['result']}/carry-over/{places['c1']}/decline"
    answer = website.sign_in("somchai").post(address, data={"reason": " ", "version": str(version)})
    assert answer.status_code == 422
    assert f'id="error-carry-{places["c1"]}"' in answer.text


def test_what_was_declined_is_kept_with_its_reason(website: Website, places: dict[str, int]) -> None:
    plan_id, version = begun(website, places)
    client = website.sign_in("somchai")
    address = f"/assessments/{places['result']}/carry-over/{places['c1']}/decline"
    fields = {"reason": "เปลี่ยนหน้าที่แล้ว", "version": str(version), "then": "plan"}
    assert client.post(address, data=fields).status_code == 302
    page = client.get(f"/plans/{plan_id}").text
    assert "ไม่ยกมา 1 รายการ" in page and page.count("เปลี่ยนหน้าที่แล้ว") >= 2  # and in the history


def test_a_stale_form_brings_the_reason_back(website: Website, places: dict[str, int]) -> None:
    begun(website, places)
    address = f"/assessments/{places['result']}/carry-over/{places['c1']}/decline"
    fields = {"reason": "เหตุผลยาวที่พิมพ์ไว้", "version": "0"}
    answer = website.sign_in("somchai").post(address, data=fields)
    assert answer.status_code == 409 and "เหตุผลยาวที่พิมพ์ไว้" in answer.text


def test_nobody_else_sees_or_answers(website: Website, places: dict[str, int]) -> None:
    plan_id, version = begun(website, places)
    base = f"/assessments/{places['result']}/carry-over"
    for who, status in (("suda", 403), ("malee", 403), ("anong", 404), ("olan", 404)):
        client = website.sign_in(who)
        assert client.get(base).status_code == status
        for address in (base, f"{base}/{places['c1']}", f"{base}/{places['c1']}/decline"):
            fields = {"version": str(version), "reason": "เหตุผล"}
            assert client.post(address, data=fields).status_code == status
    for who in ("suda", "malee"):
        assert (
            'id="carry-over"'
            not in website.sign_in(who).get(f"/assessments/{places['result']}/suggestions").text
        )
    with website.session() as session:
        assert session.scalars(select(PlanItem).where(PlanItem.plan_id == plan_id)).all() == []


def test_a_plan_handed_in_offers_nothing_more(website: Website, places: dict[str, int]) -> None:
    client = website.sign_in("somchai")
    client.post(f"/assessments/{places['result']}/carry-over/{places['c1']}", data={})
    plan_id, version = plan_of(website, places["result"])
    client.post(f"/plans/{plan_id}/steps/submit", data={"version": str(version)})
    assert 'id="carry-over"' not in client.get(f"/plans/{plan_id}").text
    _plan_id, version = plan_of(website, places["result"])
    address = f"/assessments/{places['result']}/carry-over/{places['c2']}"
    assert client.post(address, data={"version": str(version)}).status_code == 409


def gone(session: Session, sample: Sample) -> tuple[Actor, Assessment]:
    """Somchai in the other organisation, where Olan rates him."""
    somchai = session.get_one(Employee, sample.employees["somchai"].id)
    here = replace(sample, employees={**sample.employees, "somchai": somchai})
    return transferred(session, here, sample.dictionary)


def test_the_new_organisation_reads_no_title_of_a_line_of_the_old_one_that_was_declined(
    website: Website,
) -> None:
    def declined(session: Session, sample: Sample) -> tuple[int, str]:
        before = evaluated(session, sample)
        somchai, result = gone(session, sample)
        old = lines(before)
        old["c1"].title = "งานของหน่วยงานก่อนโอน"
        plan = draft_plan(session, somchai, result.id, at(NEXT_DAY))
        carry_over(session, somchai, plan.id, old["c2"].id, at(NEXT_DAY))
        decline(session, somchai, plan.id, old["c1"].id, "เหตุผลส่วนตัว", at(NEXT_DAY))
        submit_plan(session, somchai, plan.id, at(NEXT_DAY))
        return plan.id, old["c1"].title

    plan_id, title = website.do(declined)
    website.clock.moment = at(NEXT_DAY)
    page = website.sign_in("olan").get(f"/plans/{plan_id}")
    assert page.status_code == 200 and "รายการจากหน่วยงานเดิม" in page.text
    assert title not in page.text and "เหตุผลส่วนตัว" not in page.text
    assert website.sign_in("suda").get(f"/plans/{plan_id}").status_code == 404


def test_no_reason_is_asked_for_a_line_of_the_old_organisation(website: Website) -> None:
    def moved(session: Session, sample: Sample) -> tuple[int, int]:
        before = evaluated(session, sample)
        _somchai, result = gone(session, sample)
        return result.id, lines(before)["c1"].id

    result_id, item_id = website.do(moved)
    website.clock.moment = at(NEXT_DAY)
    client = website.sign_in("somchai")
    address = f"/assessments/{result_id}/carry-over"
    page = client.get(address)
    assert page.status_code == 200 and 'name="reason"' not in page.text
    assert "จึงไม่ต้องระบุเหตุผล" in page.text
    assert client.post(f"{address}/{item_id}/decline", data={}).status_code == 302
    assert "ไม่ยกมา 1 รายการ" in client.get(address).text
