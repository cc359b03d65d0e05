"""The half-year follow-up on the plan's page, on the home page and in the supervisor's list; hours and baht
of a report."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import PlanFollowUp, PlanItem, ProgressEntry
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.factories.website import Website
from tests.web.reading import value_of, words

DAY = date(2026, 3, 10)


def lines(website: Website) -> list[PlanItem]:
    return website.do(lambda session, _sample: list(session.scalars(select(PlanItem).order_by(PlanItem.id))))


def reports(website: Website) -> int:
    return website.do(lambda session, _sample: len(session.scalars(select(ProgressEntry)).all()))


def plan(website: Website) -> str:
    return f"/plans/{lines(website)[0].plan_id}"


def ready(website: Website, day: date = DAY) -> None:
    website.do(steps.approved)
    website.clock.moment = at(day)


def test_both_parts_stand_side_by_side(website: Website) -> None:
    ready(website)
    owner, supervisor = website.sign_in("somchai"), website.sign_in("suda")
    place = f"{plan(website)}/follow-ups/first"
    assert owner.post(place, data={"text": "เรียนแล้วสองเรื่อง"}).status_code == 302
    assert supervisor.post(place, data={"text": "เป็นไปตามแผน"}).status_code == 302
    for name in ("somchai", "suda", "prasit", "malee"):
        said = words(website.sign_in(name).get(plan(website)))
        assert "เรียนแล้วสองเรื่อง" in said and "เป็นไปตามแผน" in said
    assert "ขอให้ท่านบันทึกในส่วนของผู้บังคับบัญชา" in words(supervisor.get("/notifications/"))
    assert "บันทึกการติดตามแผนพัฒนาครึ่งปีของท่านแล้ว" in words(owner.get("/notifications/"))


def test_a_refused_part_comes_back_with_its_text_and_its_error(website: Website) -> None:
    ready(website)
    client = website.sign_in("somchai")
    answer = client.post(f"{plan(website)}/follow-ups/first", data={"text": "ก" * 4001})
    assert answer.status_code == 422 and 'id="error-follow-up-first-text"' in answer.text
    assert "ก" * 4001 in answer.text
    answer = client.post(f"{plan(website)}/follow-ups/second", data={"text": "ยังไม่ถึงเวลา"})
    assert answer.status_code == 422 and "เริ่มบันทึกได้ 1 เม" in words(answer)
    assert client.post(f"{plan(website)}/follow-ups/third", data={"text": "x"}).status_code == 404


def test_others_read_and_do_not_write(website: Website) -> None:
    ready(website)
    for name, status in (("prasit", 403), ("malee", 403), ("anong", 404), ("olan", 404)):
        client = website.sign_in(name)
        answer = client.post(f"{plan(website)}/follow-ups/first", data={"text": "x"})
        assert answer.status_code == status
        page = client.get(plan(website))
        assert 'id="follow-up-first-text"' not in page.text
    assert website.do(lambda session, _sample: session.scalar(select(PlanFollowUp))) is None


def test_it_stands_among_the_things_to_do_until_it_is_written(website: Website) -> None:
    ready(website)
    owner, supervisor = website.sign_in("somchai"), website.sign_in("suda")
    assert "บันทึกการติดตามแผนของท่าน" in words(owner.get("/"))
    assert "บันทึกการติดตามแผนของ" not in words(supervisor.get("/"))
    owner.post(f"{plan(website)}/follow-ups/first", data={"text": "เรียนแล้ว"})
    assert "บันทึกการติดตามแผนของท่าน" not in words(owner.get("/"))
    assert "บันทึกการติดตามแผนของ" in words(supervisor.get("/"))


def test_the_supervisor_sees_who_has_not_written(website: Website) -> None:
    ready(website)
    client = website.sign_in("suda")
    page = client.get("/follow-ups")
    assert "ผู้รับการประเมินยังไม่ได้บันทึก 1 คน ท่านยังไม่ได้บันทึก 1 คน จาก 1 คน" in words(page)
    assert f'href="{plan(website)}#follow-ups"' in page.text
    for name in ("prasit", "malee", "anong", "olan"):
        assert plan(website) not in website.sign_in(name).get("/follow-ups").text


def test_hours_and_baht_are_reported_and_shown(website: Website) -> None:
    ready(website)
    client, line = website.sign_in("somchai"), lines(website)[0]
    place, name = f"{plan(website)}/items/progress", f"item-{line.id}"
    wrong = {
        f"{name}-percent": "๔๐",
        f"{name}-hours_done": "สิบ",
        f"{name}-spent_baht": "1.234",
        f"{name}-note": "เริ่มแล้ว",
    }
    answer = client.post(place, data=wrong)
    assert answer.status_code == 422 and f'id="error-{name}-hours_done"' in answer.text
    assert value_of(answer, f"{name}-spent_baht") == "1.234"
    answer = client.post(place, data=wrong | {f"{name}-hours_done": "๑๒"})
    assert answer.status_code == 422 and f'id="error-{name}-spent_baht"' in answer.text
    right = wrong | {f"{name}-hours_done": "๑๒", f"{name}-spent_baht": "1,250.50"}
    assert client.post(place, data=right).status_code == 302
    changed = lines(website)[0]
    assert (changed.percent, changed.hours_done, changed.spent_baht) == (40, 12, Decimal("1250.50"))
    said = words(website.sign_in("suda").get(plan(website)))
    assert "ใช้เวลาแล้ว 12 จาก" in said and "1,250.50 บาท" in said
    assert "ชั่วโมงที่ใช้แล้ว" in said


def test_nothing_spent_of_nothing_planned_is_not_spoken_of(website: Website) -> None:
    ready(website)
    line = lines(website)[0].id

    def free_of_charge(session: Session, _sample: Sample) -> None:
        item = session.get_one(PlanItem, line)
        item.cost_baht, item.spent_baht, item.hours_done = Decimal(0), Decimal(0), 3

    website.do(free_of_charge)
    said = words(website.sign_in("suda").get(plan(website)))
    assert "ใช้เวลาแล้ว 3 จาก" in said and "ใช้งบประมาณแล้ว" not in said


def test_an_unchanged_form_reports_nothing_and_an_emptied_field_takes_back(website: Website) -> None:
    ready(website)
    client, line = website.sign_in("somchai"), lines(website)[0]
    place, name = f"{plan(website)}/items/progress", f"item-{line.id}"
    said = {
        f"{name}-percent": "40",
        f"{name}-hours_done": "12",
        f"{name}-spent_baht": "100",
        f"{name}-note": "",
    }
    client.post(place, data=said)
    before = reports(website)
    assert "ยังไม่มีความก้าวหน้าใหม่" in words(client.post(place, data=said, follow_redirects=True))
    assert reports(website) == before == 1
    client.post(place, data=said | {f"{name}-hours_done": ""})
    assert lines(website)[0].hours_done is None and lines(website)[0].spent_baht == 100


def test_a_result_without_a_choice_and_a_percent_that_contradicts_are_told_at_the_line(
    website: Website,
) -> None:
    website.do(steps.in_evaluation)
    website.clock.moment = at(steps.EVALUATION_DAY)
    client = website.sign_in("suda")
    first, second = lines(website)[:2]
    place = f"{plan(website)}/items/evaluation"
    sent = {
        f"item-{first.id}-state": "achieved",
        f"item-{first.id}-percent": "80",
        f"item-{second.id}-reason": "เหตุผลที่พิมพ์ไว้ก่อนเลือกผล",
    }
    answer = client.post(place, data=sent)
    assert answer.status_code == 422
    assert f'id="error-item-{first.id}-percent"' in answer.text
    assert f'id="error-item-{second.id}-state"' in answer.text
    assert value_of(answer, f"item-{second.id}-reason") == "เหตุผลที่พิมพ์ไว้ก่อนเลือกผล"
    assert [line.percent for line in lines(website)[:2]] == [60, 60]
    one = {f"item-{first.id}-state": "achieved", f"item-{first.id}-percent": ""}
    assert client.post(place, data=one).status_code == 302  # line by line
    two = {f"item-{second.id}-state": "nearly_achieved", f"item-{second.id}-percent": "85"}
    assert client.post(place, data=two).status_code == 302
    assert [line.percent for line in lines(website)[:2]] == [100, 85]
