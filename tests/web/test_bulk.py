"""Tick, look, confirm, read what came of each: for a supervisor and for the personnel office."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from idp.models import BulkRun, DevelopmentPlan, Notice
from idp.rules.bulk import MOST_ROWS
from idp.rules.terms import AssessmentState, PlanState
from idp.services import plans
from idp.services.bulk_work import continue_runs
from tests.factories.sample import at
from tests.factories.steps import RATING_DAY, REVIEW_DAY
from tests.factories.website import Website
from tests.services.bulk_cast import add_assessment, add_plan
from tests.web.reading import words


@pytest.fixture
def team(website: Website) -> dict[str, list[int]]:
    """Two plans that wait for Suda and one that was given back: their ids and the assessments'."""
    website.clock.moment = at(REVIEW_DAY)

    def act(session, sample):
        found = [
            add_plan(session, sample, number, state)
            for number, state in enumerate(
                (PlanState.SUBMITTED, PlanState.SUBMITTED, PlanState.RETURNED), start=1
            )
        ]
        return {"plans": [each.id for each in found], "ids": [each.assessment_id for each in found]}

    return website.do(act)


def choose(client: FlaskClient, action: str, ids: list[int], **more: str):
    data = {"action": action, "assessment": [str(each) for each in ids], "back": "/team/?show=mine", **more}
    return client.post("/bulk/", data=data)


def states(website: Website, team: dict[str, list[int]]) -> list[PlanState]:
    with website.session() as session:
        return [session.get_one(DevelopmentPlan, each).state for each in team["plans"]]


def test_the_team_page_offers_a_box_for_each_and_the_steps(website: Website, team) -> None:
    page = website.sign_in("suda").get("/team/").text
    ticks = re.findall(r'name="assessment" value="(\d+)" form="bulk-form"', page)
    assert {int(each) for each in ticks} >= set(team["ids"])
    assert 'action="/bulk/"' in page and "เห็นชอบแผนพัฒนา" in page and "แจ้งผลการประเมิน</option>" not in page


def test_a_preview_a_confirmation_and_a_result_that_can_be_reloaded(website: Website, team) -> None:
    client = website.sign_in("suda")
    answer = choose(client, "approve_plans", team["ids"])
    assert answer.status_code == 303
    address = answer.headers["Location"]
    page = client.get(address).text
    assert "จะดำเนินการ 2 รายการ" in page and "ดำเนินการไม่ได้ 1 รายการ" in page
    assert "นายคนที่1" in page and "สถานะปัจจุบันไม่รองรับการดำเนินการนี้" in page
    assert 'href="/team/?show=mine"' in page
    assert states(website, team) == [PlanState.SUBMITTED, PlanState.SUBMITTED, PlanState.RETURNED]
    answer = client.post(f"{address}/carry-out", data={"reason": "เห็นชอบ"})
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    after = [PlanState.APPROVED, PlanState.APPROVED, PlanState.RETURNED]
    assert states(website, team) == after
    shown = client.get(address)
    assert "ดำเนินการแล้ว 2 รายการ" in shown.text and "carry-out" not in shown.text
    with website.session() as session:
        told = len(session.scalars(select(Notice.id)).all())
    assert client.post(f"{address}/carry-out", data={"reason": "อีกครั้ง"}).status_code == 303
    assert words(client.get(address)) == words(shown)
    with website.session() as session:
        assert len(session.scalars(select(Notice.id)).all()) == told


def test_a_missing_reason_is_said_at_its_field_and_nothing_is_done(website: Website, team) -> None:
    client = website.sign_in("suda")
    address = choose(client, "return_plans", team["ids"]).headers["Location"]
    answer = client.post(f"{address}/carry-out", data={"reason": " "})
    assert answer.status_code == 422 and 'id="error-reason"' in answer.text
    assert states(website, team)[0] is PlanState.SUBMITTED
    answer = client.post(f"{address}/carry-out", data={"reason": "ก" * 4001})
    assert answer.status_code == 422 and "ก" * 4001 in answer.text
    client.post(f"{address}/carry-out", data={"reason": "เพิ่มตัวชี้วัด"})
    assert states(website, team) == [PlanState.RETURNED] * 3


def test_one_that_changed_meanwhile_is_named_as_not_done(website: Website, team) -> None:
    client = website.sign_in("suda")
    address = choose(client, "approve_plans", team["ids"]).headers["Location"]

    def give_back(session, sample):
        plans.return_plan(session, sample.cast.suda, team["plans"][0], "แก้ไข", at(REVIEW_DAY))

    website.do(give_back)
    client.post(f"{address}/carry-out")
    page = client.get(address).text
    assert states(website, team)[:2] == [PlanState.RETURNED, PlanState.APPROVED]
    assert "มีการเปลี่ยนแปลงหลังจากที่แสดงให้ท่านตรวจสอบ จึงไม่ได้ดำเนินการ" in page
    assert "ไม่ได้ดำเนินการ 1 รายการ" in page


def test_a_note_reminds_those_who_owe(website: Website, team) -> None:
    client = website.sign_in("malee")
    address = choose(client, "remind", team["ids"]).headers["Location"]
    assert "เตือนผู้บังคับบัญชา" in client.get(address).text or "เตือนผู้ประเมิน" in client.get(address).text
    client.post(f"{address}/carry-out", data={"reason": "โปรดพิจารณาภายในสัปดาห์นี้"})
    page = website.sign_in("suda").get("/notifications/").text
    assert "ขอเตือนให้ท่านพิจารณาแผนพัฒนารายบุคคลของนายคนที่1" in page
    assert "ข้อความ: โปรดพิจารณาภายในสัปดาห์นี้" in page


def test_all_that_match_the_filter_beyond_the_page_shown(website: Website) -> None:
    website.clock.moment = at(RATING_DAY)

    def act(session, sample):
        for number in range(1, 56):
            add_assessment(session, sample, number, AssessmentState.NOT_STARTED)
        return sample.cycle.id

    cycle_id = website.do(act)
    client = website.sign_in("malee")
    page = client.get(f"/cycles/{cycle_id}/people?text=คนที่").text
    assert page.count('form="bulk-form"') == 50
    assert "ทุกรายการที่ตรงตามเงื่อนไข 55 รายการ" in page
    data = {"action": "remind", "scope": "all", "cycle": cycle_id, "text": "คนที่"}
    address = client.post("/bulk/", data=data).headers["Location"]
    assert "จะดำเนินการ 55 รายการ" in client.get(address).text
    assert choose(website.sign_in("suda"), "remind", [], scope="all", cycle="999999").status_code == 404
    answer = website.sign_in("olan").post("/bulk/", data=data)
    assert answer.status_code == 404


def test_more_time_for_many_asks_for_a_day_and_a_reason(website: Website) -> None:
    website.clock.moment = at(RATING_DAY)
    ids = website.do(
        lambda session, sample: [
            add_assessment(session, sample, number, AssessmentState.RATING).id for number in (1, 2)
        ]
    )
    client = website.sign_in("malee")
    address = choose(client, "extend", ids).headers["Location"]
    assert "ขยายเวลาขั้นตอน" in client.get(address).text
    answer = client.post(f"{address}/carry-out", data={"until_on": "31/2/2569", "reason": "อุทกภัยในพื้นที่"})
    assert answer.status_code == 422 and 'id="error-until_on"' in answer.text
    assert "อุทกภัยในพื้นที่" in answer.text and 'value="31/2/2569"' in answer.text
    day = website.sample.cycle.ends_on
    typed = {"until_on": f"{day.day}/{day.month}/{day.year + 543}", "reason": "อุทกภัยในพื้นที่"}
    client.post(f"{address}/carry-out", data=typed)
    assert "ดำเนินการแล้ว 2 รายการ" in client.get(address).text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"action": "approve_plans"}, "โปรดเลือกอย่างน้อยหนึ่งรายการ"),
        ({"action": "delete_all", "assessment": "1"}, "ไม่มีค่านี้ในรายการ"),
        ({"assessment": "1"}, "โปรดกรอกข้อมูลในช่องนี้"),
        ({"action": "remind", "assessment": "x"}, "โปรดเลือกอย่างน้อยหนึ่งรายการ"),
        (
            {"action": "remind", "assessment": [str(n) for n in range(1, MOST_ROWS + 2)]},
            f"ไม่เกิน {MOST_ROWS} รายการ",
        ),
    ],
)
def test_a_selection_that_says_nothing_is_refused(website: Website, data: dict, said: str) -> None:
    answer = website.sign_in("suda").post("/bulk/", data=data)
    assert answer.status_code == 422 and said in answer.text
    assert answer.text.count('type="hidden" name="assessment"') == len(
        [each for each in MultiDict(data).getlist("assessment") if each != "x"]
    ), "what was ticked goes along"
    with website.session() as session:
        assert session.scalars(select(BulkRun.id)).all() == []


def test_a_foreign_or_missing_run_is_not_there(website: Website, team) -> None:
    address = choose(website.sign_in("suda"), "approve_plans", team["ids"]).headers["Location"]
    for name in ("prasit", "malee", "anong", "olan", "nobody"):
        client = website.sign_in(name)
        assert client.get(address).status_code == client.post(f"{address}/carry-out").status_code == 404
    assert choose(website.sign_in("olan"), "approve_plans", team["ids"]).status_code == 422


def test_a_run_that_stopped_halfway_is_offered_to_go_on(website: Website, team) -> None:
    client = website.sign_in("suda")
    address = choose(client, "approve_plans", team["ids"]).headers["Location"]
    with website.session() as session:
        run = session.scalars(select(BulkRun)).one()
        run.begun_at = website.clock()
    assert "ยังไม่ถึงลำดับ 2 รายการ" in client.get(address).text
    website.clock.pass_time(timedelta(minutes=6))
    assert "ดำเนินการรายการที่เหลือ" in client.get(address).text
    client.post(f"{address}/carry-out")
    assert states(website, team)[:2] == [PlanState.APPROVED] * 2


def test_a_long_run_is_left_to_the_workers_after_what_a_request_has_time_for(
    website: Website, team, monkeypatch: pytest.MonkeyPatch
) -> None:
    nudged: list[str] = []
    monkeypatch.setattr("idp.web.bulk.ROWS_IN_REQUEST", 1)
    monkeypatch.setattr("idp.web.bulk.nudge", lambda name, **_settings: nudged.append(name))
    client = website.sign_in("suda")
    address = choose(client, "approve_plans", team["ids"]).headers["Location"]
    client.post(f"{address}/carry-out")
    assert nudged == ["bulk.carry_on"]
    page = client.get(address).text
    assert "ดำเนินการแล้ว 1 รายการ" in page and "ยังไม่ถึงลำดับ 1 รายการ" in page
    assert "ระบบกำลังดำเนินการรายการที่เหลือ" in page

    @contextmanager
    def open_session() -> Iterator[Session]:
        with website.session() as session:
            yield session

    assert continue_runs(open_session, website.clock) == 1
    assert states(website, team)[:2] == [PlanState.APPROVED] * 2
    assert "ดำเนินการแล้ว 2 รายการ" in client.get(address).text
