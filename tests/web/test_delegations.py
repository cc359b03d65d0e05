"""The personnel office's pages of orders to act, and what those concerned see of them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from idp.models import Delegation, Notice
from tests.factories import steps
from tests.factories.sample import at
from tests.factories.website import Website


def form(**typed: str) -> dict[str, str]:
    """Anong acts for Suda from the day of the rating on; numbers as in the sample."""
    return {
        "order_number": "12/2569",
        "kind": "acting",
        "represented": "0002",
        "delegate": "0005 นางสาวอนงค์ แสงทอง",
        "from_on": "15/10/2568",
        "until_on": "25 ต.ค. 2568",
        "scope": "everything",
        "unit_id": "",
    } | typed


@pytest.fixture
def rating_day(website: Website) -> Website:
    website.do(steps.self_submitted)
    website.clock.moment = at(steps.RATING_DAY)
    return website


def entered(website: Website) -> list[Delegation]:
    with website.session() as session:
        return list(session.scalars(select(Delegation).order_by(Delegation.id)))


def enter(website: Website, **typed: str) -> int:
    answer = website.sign_in("malee").post("/delegations/new", data=form(**typed))
    assert answer.status_code == 302
    return entered(website)[-1].id


def test_the_list_begins_empty_and_says_what_it_is_for(rating_day: Website) -> None:
    page = rating_day.sign_in("malee").get("/delegations/").text
    assert "ยังไม่มีคำสั่งปฏิบัติหน้าที่แทน" in page and 'href="/delegations/new"' in page


def test_an_order_is_entered_and_shown_with_its_history(rating_day: Website) -> None:
    order_id = enter(rating_day, unit_id=str(rating_day.sample.unit.id), kind="performing")
    client = rating_day.sign_in("malee")
    page = client.get(f"/delegations/{order_id}").text
    for words in ("12/2569", "ปฏิบัติราชการแทน", "นางสาวอนงค์ แสงทอง", "เฉพาะสำนักปลัด", "บันทึกคำสั่ง", "มีผลอยู่"):
        assert words in page
    assert "นางสาวสุดา รักงาน" in client.get("/delegations/?standing=in_force&text=สุดา").text
    assert "ไม่พบคำสั่งตามเงื่อนไข" in client.get("/delegations/?standing=past").text


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"delegate": "0002"}, ["delegate"]),
        ({"delegate": "นายไม่มี ใครรู้จัก"}, ["delegate"]),
        ({"represented": "นายโอฬาร วงศ์ดี"}, ["represented"]),
        ({"kind": "something"}, ["kind"]),
        ({"scope": ""}, ["scope"]),
        ({"unit_id": "12345"}, ["unit_id"]),
        ({"unit_id": "9" * 30}, ["unit_id"]),
        ({"from_on": "พรุ่งนี้", "until_on": ""}, ["from_on", "until_on"]),
        ({"from_on": "26/10/2568"}, ["until_on"]),
        ({"order_number": "", "represented": ""}, ["order_number", "represented"]),
        ({"order_number": "ก" * 101}, ["order_number"]),
    ],
)
def test_what_is_wrong_is_told_at_its_field_with_everything_typed_kept(
    rating_day: Website, typed: dict[str, str], fields: list[str]
) -> None:
    sent = form(**typed)
    answer = rating_day.sign_in("malee").post("/delegations/new", data=sent)
    assert answer.status_code == 422
    for field in fields:
        assert f'id="error-{field}"' in answer.text
    for name in ("order_number", "represented", "delegate", "from_on", "until_on"):
        assert f'value="{sent[name]}"' in answer.text
    assert entered(rating_day) == []


def test_a_second_order_over_the_same_records_is_refused_by_the_first_ones_number(
    rating_day: Website,
) -> None:
    enter(rating_day)
    again = form(delegate="0003", order_number="99/2569")
    answer = rating_day.sign_in("malee").post("/delegations/new", data=again)
    assert answer.status_code == 422
    assert "คำสั่งที่ 12/2569 ให้นางสาวอนงค์ แสงทอง" in answer.text


def test_both_see_on_their_home_page_who_acts_for_whom_and_until_when(rating_day: Website) -> None:
    enter(rating_day)
    delegates = rating_day.sign_in("anong").get("/").text
    assert "ขณะนี้ท่านรักษาราชการแทนนางสาวสุดา รักงาน" in delegates
    assert "15 - 25 ตุลาคม 2568" in delegates
    assert "มีคำสั่งที่ 12/2569 ให้ท่านปฏิบัติหน้าที่แทนนางสาวสุดา รักงาน" in delegates
    represented = rating_day.sign_in("suda").get("/").text
    assert "ขณะนี้นางสาวอนงค์ แสงทอง รักษาราชการแทนท่าน" in represented
    assert "ให้นางสาวอนงค์ แสงทอง ปฏิบัติหน้าที่แทนท่าน" in represented
    assert "รักษาราชการแทน" not in rating_day.sign_in("prasit").get("/").text
    assert "นางสาวสุดา รักงาน" in rating_day.sign_in("anong").get("/team/").text


def test_an_order_is_ended_with_a_reason_and_stops_on_the_day_after(rating_day: Website) -> None:
    order_id = enter(rating_day)
    client = rating_day.sign_in("malee")
    sent = {"version": "1", "last_on": "15/10/2568", "reason": ""}
    refused = client.post(f"/delegations/{order_id}/end", data=sent)
    assert refused.status_code == 422 and 'id="error-reason"' in refused.text
    sent["reason"] = "กลับมาปฏิบัติราชการแล้ว"
    assert client.post(f"/delegations/{order_id}/end", data=sent).status_code == 302
    stale = client.post(f"/delegations/{order_id}/end", data=sent | {"reason": "อีกครั้ง"})
    assert stale.status_code == 409 and "อีกครั้ง" in stale.text
    record = f"/assessments/{rating_day.sample.assessment.id}"
    assert rating_day.sign_in("anong").get(record).status_code == 200
    rating_day.clock.moment = at(steps.SECOND_DAY)
    assert rating_day.sign_in("anong").get(record).status_code == 404
    with rating_day.session() as session:
        told = session.scalars(
            select(Notice.recipient_person_id).where(Notice.event == "delegation:end")
        ).all()
    cast = rating_day.sample.cast
    assert len(told) == 2 and set(told) == {cast.suda.person_id, cast.anong.person_id}


def test_a_coming_order_is_revoked_and_its_number_corrected(rating_day: Website) -> None:
    order_id = enter(rating_day, from_on="20/10/2568")
    client = rating_day.sign_in("malee")
    number = {"version": "1", "order_number": "21/2569"}
    assert client.post(f"/delegations/{order_id}/number", data=number).status_code == 302
    assert client.post(f"/delegations/{order_id}/number", data=number).status_code == 409
    sent = {"version": "2", "reason": "ออกคำสั่งผิดคน"}
    assert client.post(f"/delegations/{order_id}/end", data=sent).status_code == 302
    page = client.get(f"/delegations/{order_id}").text
    assert "ยกเลิกก่อนเริ่มมีผล" in page and "12/2569 → 21/2569" in page
    assert "/end" not in page


def test_a_delegate_rates_by_the_pages_and_the_record_says_for_whom(rating_day: Website) -> None:
    enter(rating_day)
    record = f"/assessments/{rating_day.sample.assessment.id}"
    client = rating_day.sign_in("anong")
    assert client.post(f"{record}/steps/start_rating", data={}).status_code == 302
    page = client.get(record).text
    assert "นางสาวอนงค์ แสงทอง ปฏิบัติหน้าที่แทน นางสาวสุดา รักงาน" in page
    acting = "ท่านรักษาราชการแทนนางสาวสุดา รักงาน ในเรื่องนี้ ตามคำสั่งที่ 12/2569 ถึงวันที่ 25 ตุลาคม 2568"
    assert acting in page
    assert "ในเรื่องนี้" not in rating_day.sign_in("suda").get(record).text


def test_who_may_not_neither_reads_nor_enters_orders(rating_day: Website) -> None:
    order_id = enter(rating_day)
    for name in ("somchai", "suda", "anong", "prasit"):
        client = rating_day.sign_in(name)
        for address in ("/delegations/", "/delegations/new", f"/delegations/{order_id}"):
            assert client.get(address).status_code == 403, (name, address)
        assert client.post("/delegations/new", data=form()).status_code == 403
        assert client.post(f"/delegations/{order_id}/end", data={}).status_code == 403
    olan = rating_day.sign_in("olan")
    assert olan.get(f"/delegations/{order_id}").status_code == 404
    ended = olan.post(f"/delegations/{order_id}/end", data={"reason": "x", "last_on": "15/10/2568"})
    assert ended.status_code == 404
    assert "12/2569" not in olan.get("/delegations/").text
    assert len(entered(rating_day)) == 1
