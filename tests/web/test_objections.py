"""The pages of an objection: lodged, answered, decided, and what everybody sees of it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, Objection, ResultCorrection
from idp.rules.objections import ObjectionState
from idp.rules.terms import EmployeeOpinion
from idp.services.objections import lodge_objection
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.factories.website import Website
from tests.web.reading import value_of, version_on, words

A_DAY = steps.RECEIPT_DAY + timedelta(days=10)
LAST_DAY = steps.RECEIPT_DAY + timedelta(days=30)
GROUNDS = "ผลงานตามคำสั่งที่ 12/2568 ไม่ได้นำมาพิจารณา"


def lodge(session: Session, sample: Sample) -> int:
    steps.received(session, sample)
    return lodge_objection(session, sample.cast.somchai, sample.assessment.id, GROUNDS, at(A_DAY)).id


def lodged(website: Website) -> str:
    """The address of an objection under way."""
    number = website.do(lodge)
    website.clock.moment = at(A_DAY)
    return f"/objections/{number}"


def objections(website: Website) -> list[Objection]:
    return website.do(lambda session, _sample: list(session.scalars(select(Objection))))


def result(website: Website) -> str:
    return f"/assessments/{website.sample.assessment.id}"


def form(website: Website) -> str:
    return f"/objections/of/{website.sample.assessment.id}"


def test_the_employee_sees_the_time_left_and_lodges_it(website: Website) -> None:
    website.do(steps.received)
    website.clock.moment = at(A_DAY)
    client = website.sign_in("somchai")
    page = words(client.get(result(website)))
    assert "เหลือ 20 วัน" in page and "ยื่นคำร้องทุกข์" in page
    sheet = client.get(form(website))
    answer = client.post(form(website), data={"version": version_on(sheet), "grounds": GROUNDS})
    assert answer.status_code == 302
    shown = words(client.get(answer.location))
    assert GROUNDS in shown and "อยู่ระหว่างการพิจารณา" in shown
    page = words(client.get(result(website)))
    assert "แก้ไขไม่ได้จนกว่าจะมีคำวินิจฉัย" in page
    assert "แสดงความเห็นต่อผลการประเมิน" not in page.split("ประวัติการดำเนินการ")[0]


def test_missing_grounds_come_back_at_the_field(website: Website) -> None:
    website.do(steps.received)
    website.clock.moment = at(A_DAY)
    answer = website.sign_in("somchai").post(form(website), data={"grounds": "  "})
    assert answer.status_code == 422 and 'id="error-grounds"' in answer.text
    assert objections(website) == []


def test_on_the_31st_day_the_page_says_that_the_time_is_over_and_keeps_what_was_typed(
    website: Website,
) -> None:
    website.do(steps.received)
    website.clock.moment = at(LAST_DAY)
    client = website.sign_in("somchai")
    assert "ครบกำหนดวันนี้" in words(client.get(result(website)))
    website.clock.moment = at(LAST_DAY + timedelta(days=1), hour=0)
    client = website.sign_in("somchai")
    assert "สิทธิร้องทุกข์ต่อผลการประเมินนี้สิ้นสุด" in words(client.get(result(website)))
    answer = client.post(form(website), data={"grounds": GROUNDS})
    assert answer.status_code == 422
    assert "วันสุดท้ายที่ร้องทุกข์ได้คือ 12 ธันวาคม 2568" in words(answer) and GROUNDS in answer.text


def test_a_second_click_finds_the_first_and_a_stale_form_keeps_its_text(website: Website) -> None:
    website.do(steps.received)
    website.clock.moment = at(A_DAY)
    client = website.sign_in("somchai")
    version = version_on(client.get(form(website)))
    sent = {"version": version, "grounds": GROUNDS}
    assert client.post(form(website), data=sent).status_code == 302
    second = client.post(form(website), data=sent)
    assert second.status_code == 409 and GROUNDS in second.text
    assert len(objections(website)) == 1


def test_who_sees_it_and_who_does_not(website: Website) -> None:
    address = lodged(website)
    for name, status in (
        ("somchai", 200),
        ("suda", 200),
        ("prasit", 200),
        ("malee", 200),
        ("anong", 404),
        ("olan", 404),
    ):
        client = website.sign_in(name)
        assert client.get(address).status_code == status, name
        assert client.get("/objections/99999").status_code == 404
    for name in ("suda", "prasit"):
        page = website.sign_in(name).get(address).text
        assert "สำเนาเรื่องทั้งหมด" not in page and "/decision" not in page
        assert website.sign_in(name).get(form(website)).status_code == 403
    assert website.sign_in("olan").get(form(website)).status_code == 404
    assert website.sign_in("anong").post(form(website), data={"grounds": GROUNDS}).status_code == 404


def test_the_list_of_the_office_says_how_long_each_waits(website: Website) -> None:
    lodged(website)
    website.clock.moment = at(A_DAY + timedelta(days=4))
    page = words(website.sign_in("malee").get("/objections/"))
    assert "นายสมชาย ใจดี" in page and "4 วัน" in page
    assert 'href="/objections/"' in website.sign_in("malee").get("/").text
    assert "นายสมชาย ใจดี" not in words(website.sign_in("olan").get("/objections/"))
    for name in ("anong", "somchai", "suda"):
        assert website.sign_in(name).get("/objections/").status_code == 403


def test_hr_enters_one_from_paper_with_its_day(website: Website) -> None:
    website.do(steps.received)
    website.clock.moment = at(LAST_DAY + timedelta(days=5))
    client = website.sign_in("malee")
    refused = client.post(form(website), data={"grounds": GROUNDS, "arrived_on": "32/1/2568"})
    assert refused.status_code == 422 and 'id="error-arrived_on"' in refused.text and GROUNDS in refused.text
    late = client.post(form(website), data={"grounds": GROUNDS, "arrived_on": "13/12/2568"})
    assert late.status_code == 422 and "12 ธันวาคม 2568" in words(late)
    answer = client.post(form(website), data={"grounds": GROUNDS, "arrived_on": "12/12/2568"})
    assert answer.status_code == 302
    assert "หนังสือร้องทุกข์ บันทึกโดย" in words(client.get(answer.location))


def test_a_statement_and_a_withdrawal(website: Website) -> None:
    address = lodged(website)
    suda, somchai = website.sign_in("suda"), website.sign_in("somchai")
    assert suda.post(f"{address}/statement", data={"statement": " "}).status_code == 422
    assert suda.post(f"{address}/statement", data={"statement": "ได้พิจารณาแล้ว"}).status_code == 302
    assert "ได้พิจารณาแล้ว" in words(somchai.get(address))
    assert suda.post(f"{address}/withdraw").status_code == 403
    assert somchai.post(f"{address}/withdraw", data={"version": "99"}).status_code == 409
    assert somchai.post(f"{address}/withdraw").status_code == 302
    assert somchai.post(f"{address}/withdraw").status_code == 409
    assert objections(website)[0].state is ObjectionState.WITHDRAWN


def decision(website: Website, **more: str) -> dict[str, str]:
    item = website.sample.items["c2"].id
    return {
        "outcome": "upheld",
        "decision_number": "ที่ 5/2569",
        "decided_on": "25/11/2568",
        "decision_text": "มีหลักฐานว่าแสดงพฤติกรรมครบ",
        f"item-{item}-level": "3",
        f"item-{item}-reason": "คำสั่งที่ 12/2568",
        "results_score": "60",
        **more,
    }


def test_hr_upholds_it_after_seeing_what_changes_and_both_results_are_shown(website: Website) -> None:
    address = lodged(website)
    website.clock.moment = at(A_DAY + timedelta(days=5))
    client = website.sign_in("malee")
    sheet = client.get(f"{address}/decision")
    sent = decision(website, version=value_of(sheet, "version"))
    asked = client.post(f"{address}/decision", data=sent)
    assert asked.status_code == 200 and "26.67" in asked.text and "86.67" in asked.text
    assert website.do(lambda session, _s: session.scalar(select(ResultCorrection.id))) is None
    done = client.post(f"{address}/decision", data=sent | {"confirmed": "yes"})
    assert done.status_code == 302
    again = client.post(f"{address}/decision", data=sent | {"confirmed": "yes"})
    assert again.status_code == 409 and "ที่ 5/2569" in again.text
    for name in ("somchai", "suda", "malee"):
        page = words(website.sign_in(name).get(result(website)))
        assert "แก้ไขตามคำวินิจฉัย" in page and "ผลเดิมที่แจ้งเมื่อ" in page
        assert "26.67" in page and "20.00" in page and "ที่ 5/2569" in page
    listed = words(website.sign_in("somchai").get("/assessments/"))
    assert "86.67" in listed and "แก้ไขตามคำวินิจฉัย" in listed
    kept = website.do(lambda session, s: session.get_one(Assessment, s.assessment.id).competency_score)
    assert str(kept) == "20"


def test_a_refused_decision_comes_back_whole_with_the_error_at_its_field(website: Website) -> None:
    address = lodged(website)
    client = website.sign_in("malee")
    item = website.sample.items["c2"].id
    sent = decision(website, decided_on="ไม่ใช่วัน", **{f"item-{item}-level": "x"})
    answer = client.post(f"{address}/decision", data=sent)
    assert answer.status_code == 422
    assert 'id="error-decided_on"' in answer.text and "คำสั่งที่ 12/2568" in answer.text
    nothing = decision(website, decided_on="22/11/2568", results_score="", **{f"item-{item}-level": ""})
    answer = client.post(f"{address}/decision", data=nothing)
    assert answer.status_code == 422 and "อย่างน้อยหนึ่งรายการ" in words(answer)
    without = decision(website, decided_on="22/11/2568", **{f"item-{item}-reason": ""})
    assert client.post(f"{address}/decision", data=without).status_code == 422
    assert objections(website)[0].state is ObjectionState.LODGED


def test_nobody_else_decides(website: Website) -> None:
    address = lodged(website)
    for name, status in (("somchai", 403), ("suda", 403), ("prasit", 403), ("anong", 403), ("olan", 404)):
        client = website.sign_in(name)
        assert client.get(f"{address}/decision").status_code == status
        assert client.post(f"{address}/decision", data=decision(website)).status_code == status
    assert objections(website)[0].state is ObjectionState.LODGED


def test_a_dismissal_is_confirmed_and_leaves_the_result(website: Website) -> None:
    address = lodged(website)
    website.clock.moment = at(A_DAY + timedelta(days=5))
    client = website.sign_in("malee")
    sent = decision(website, outcome="dismissed")
    assert client.post(f"{address}/decision", data=sent).status_code == 200
    assert client.post(f"{address}/decision", data=sent | {"confirmed": "yes"}).status_code == 302
    page = words(website.sign_in("somchai").get(address))
    assert "ยกคำร้องทุกข์" in page and "ที่ 5/2569" in page
    assert website.do(lambda session, _s: session.scalar(select(ResultCorrection.id))) is None
    assert client.get(f"{address}/decision").status_code == 409


def test_the_closing_page_names_who_objects(website: Website) -> None:
    lodged(website)
    client = website.sign_in("malee")
    page = client.get(f"/cycles/{website.sample.cycle.id}/closing").text
    assert "เรื่องร้องทุกข์อยู่ระหว่างการพิจารณา" in page and "นายสมชาย ใจดี" in page
    assert 'value="begin_closing"' not in page


def test_the_opinion_is_given_after_the_receipt_and_refused_without_reasons(website: Website) -> None:
    website.do(steps.released)
    website.clock.moment = at(steps.RECEIPT_DAY)
    client = website.sign_in("somchai")
    receive = f"{result(website)}/steps/receive"
    assert client.post(receive, data={}).status_code == 422  # neither an opinion nor "later"
    asked = client.post(receive, data={"opinion": "later"})
    assert asked.status_code == 200 and "ยังไม่แสดงความเห็น" in words(asked)
    assert client.post(receive, data={"opinion": "later", "confirmed": "yes"}).status_code == 302
    assert "ยังไม่แสดงความเห็น" in words(client.get(result(website)))
    refused = client.post(f"{result(website)}/opinion", data={"opinion": "disagrees"})
    assert refused.status_code == 422 and 'id="error-employee_opinion_text"' in refused.text
    said = {"opinion": "disagrees", "employee_opinion_text": "ต่ำไป"}
    assert client.post(f"{result(website)}/opinion", data=said).status_code == 302
    assert website.sign_in("suda").post(f"{result(website)}/opinion", data=said).status_code == 403
    assert website.sign_in("olan").post(f"{result(website)}/opinion", data=said).status_code == 404
    kept = website.do(lambda session, s: session.get_one(Assessment, s.assessment.id).employee_opinion)
    assert kept is EmployeeOpinion.DISAGREES
