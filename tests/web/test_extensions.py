"""More time on the pages: asking at the record, deciding in the office's list, reopening, the unit."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from idp.models import Assessment, Cycle, Extension, Notice
from idp.rules.extensions import ExtensionState
from idp.rules.settings import OrganisationRules
from idp.rules.terms import AssessmentState, PhaseKind, RaterKind, SecondOpinion
from idp.services import assessments, extensions, ratings, reopenings, results
from tests.factories import steps
from tests.factories.sample import at
from tests.factories.website import Website

SELF = PhaseKind.SELF_ASSESSMENT.value


def form(**changed: str) -> dict[str, str]:
    return {"phase": SELF, "until_on": "27/10/2568", "more": "", "reason": "ไปราชการ"} | changed


def address(website: Website, step: str = "ask") -> str:
    return f"/extensions/for/{website.sample.assessment.id}/{step}"


def page(website: Website) -> str:
    return f"/assessments/{website.sample.assessment.id}"


def stored(website: Website) -> list[Extension]:
    with website.session() as session:
        return list(session.scalars(select(Extension).order_by(Extension.id)))


def strict(website: Website) -> None:
    with website.session() as session:
        cycle = session.get_one(Cycle, website.sample.cycle.id)
        cycle.settings = OrganisationRules(takes_late_entries=False).as_json()


def test_the_employee_asks_the_office_decides_and_the_new_day_shows(website: Website) -> None:
    somchai, malee = website.sign_in("somchai"), website.sign_in("malee")
    assert "ขอขยายเวลา" in somchai.get(page(website)).text
    assert somchai.post(address(website), data=form()).status_code == 302
    (asked,) = stored(website)
    assert (asked.state, asked.until_on) == (ExtensionState.ASKED, date(2025, 10, 27))
    shown = somchai.get(page(website)).text
    assert (
        "รอพิจารณา" in shown
        and "ถอนคำขอ" in shown
        and "<strong>ขอขยายเวลา</strong>: ประเมินตนเอง ถึง 27 ตุลาคม 2568" in shown
    )
    listed = malee.get("/extensions/").text
    assert "ไปราชการ" in listed and 'value="27/10/2568"' in listed
    decided = {"until_on": "30 ต.ค. 2568", "reason": "", "decision": "grant", "version": str(asked.version)}
    assert malee.post(f"/extensions/{asked.id}/decide", data=decided).status_code == 302
    assert "30 ต.ค. 2568" in somchai.get(page(website)).text
    assert (
        "30 ต.ค. 2568" in somchai.get("/").text
        and "30 ต.ค. 2568" in website.sign_in("suda").get("/team/").text
    )
    assert "ไปราชการ" in malee.get("/extensions/?show=running").text


def test_working_days_more_are_counted_from_the_day_that_holds(website: Website) -> None:
    somchai = website.sign_in("somchai")
    answer = somchai.post(address(website), data=form(until_on="", more="3"), follow_redirects=True)
    # The 20th is a Monday, the 23rd King Chulalongkorn's day: the third working day is the 24th.
    assert "24 ตุลาคม 2568" in answer.text
    assert stored(website)[0].until_on == date(2025, 10, 24)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"until_on": "5/10/2568"}, "until_on"),
        ({"until_on": "20/10/2568"}, "until_on"),
        ({"until_on": "1/10/2569"}, "until_on"),
        ({"until_on": "เร็ว ๆ นี้"}, "until_on"),
        ({"until_on": ""}, "until_on"),
        ({"more": "5"}, "until_on"),
        ({"until_on": "", "more": "x"}, "more"),
        ({"until_on": "", "more": "9999999"}, "more"),
        ({"reason": "   "}, "reason"),
        ({"reason": "ก" * 4001}, "reason"),
        ({"phase": "release"}, "phase"),
        ({"phase": "self"}, "phase"),
        ({"phase": "rating"}, "phase"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_all_is_kept(
    website: Website, changed: dict[str, str], field: str
) -> None:
    typed = form(**changed)
    answer = website.sign_in("somchai").post(address(website), data=typed)
    assert answer.status_code == 422
    assert f'id="error-field-{field}"' in answer.text
    assert typed["reason"].strip() in answer.text and f'value="{typed["until_on"]}"' in answer.text
    assert stored(website) == []


def test_a_second_request_and_a_stale_page_are_refused_with_the_text_kept(website: Website) -> None:
    somchai = website.sign_in("somchai")
    somchai.post(address(website), data=form())
    again = somchai.post(address(website), data=form(reason="ขออีกครั้ง"))
    assert again.status_code == 422 and "รอพิจารณาอยู่แล้ว" in again.text and "ขออีกครั้ง" in again.text
    number = stored(website)[0].id
    malee = website.sign_in("malee")
    stale = malee.post(
        f"/extensions/{number}/decide",
        data={"until_on": "27/10/2568", "reason": "ทราบ", "decision": "grant", "version": "99"},
    )
    assert stale.status_code == 409 and "ทราบ" in stale.text


def test_a_refusal_needs_its_reason_and_is_read_by_who_asked(website: Website) -> None:
    website.sign_in("suda").post(address(website), data=form())
    malee, number = website.sign_in("malee"), stored(website)[0].id
    data = {"until_on": "27/10/2568", "reason": "", "decision": "refuse"}
    bare = malee.post(f"/extensions/{number}/decide", data=data)
    assert bare.status_code == 422 and 'id="error-field-reason"' in bare.text
    assert malee.post(f"/extensions/{number}/decide", data=data | {"reason": "เวลายังพอ"}).status_code == 302
    for name in ("somchai", "suda"):
        assert "เวลายังพอ" in website.sign_in(name).get("/notifications/").text


def test_who_asked_takes_it_back(website: Website) -> None:
    somchai = website.sign_in("somchai")
    somchai.post(address(website), data=form())
    number = stored(website)[0].id
    assert website.sign_in("suda").post(f"/extensions/{number}/withdraw").status_code == 403
    assert somchai.post(f"/extensions/{number}/withdraw").status_code == 302
    assert stored(website)[0].state is ExtensionState.WITHDRAWN
    assert somchai.post(f"/extensions/{number}/withdraw").status_code == 409


def test_outsiders_find_nothing_and_who_may_not_decide_is_told_so(website: Website) -> None:
    website.sign_in("somchai").post(address(website), data=form())
    number = stored(website)[0].id
    decide, withdraw = f"/extensions/{number}/decide", f"/extensions/{number}/withdraw"
    for name, asks, decides, reads in (
        ("anong", 404, 403, 403),
        ("olan", 404, 404, 200),
        ("suda", 422, 403, 403),
        ("prasit", 422, 403, 403),
    ):
        client = website.sign_in(name)
        assert client.post(address(website), data=form()).status_code == asks, name
        assert client.post(decide, data={"until_on": "30/10/2568"}).status_code == decides, name
        assert client.get("/extensions/").status_code == reads, name
        assert "ไปราชการ" not in client.get("/extensions/").text
    assert website.sign_in("olan").post(withdraw).status_code == 404
    assert len(stored(website)) == 1


def test_late_without_leave_the_page_says_why_offers_to_ask_and_keeps_the_text(website: Website) -> None:
    strict(website)
    website.do(self_filled)
    website.clock.moment = at(date(2025, 10, 21))
    somchai = website.sign_in("somchai")
    shown = somchai.get(page(website)).text
    assert "หน่วยงานไม่รับรายการที่ส่งหลังกำหนด" in shown and 'href="#extensions"' in shown
    item = website.sample.items["c1"].id
    data = {"item": str(item), f"item-{item}-evidence": "ข้อความที่พิมพ์ช้าไป", f"item-{item}-level": "3"}
    data["then"] = "submit"
    refused = somchai.post(f"{page(website)}/self-rating", data=data)
    assert refused.status_code == 422
    assert "พ้นกำหนดส่งแล้ว ต้องขอขยายเวลาก่อน" in refused.text and "ข้อความที่พิมพ์ช้าไป" in refused.text
    malee = website.sign_in("malee")
    assert malee.post(address(website, "grant"), data=form()).status_code == 302
    assert "หน่วยงานไม่รับรายการที่ส่งหลังกำหนด" not in somchai.get(page(website)).text
    assert somchai.post(f"{page(website)}/self-rating", data={"then": "submit"}).status_code == 302


def self_filled(session: Any, sample: Any) -> None:
    steps.self_assessing(session, sample)
    filled = steps.entries(sample, steps.SELF_LEVELS)
    ratings.save_ratings(
        session, sample.cast.somchai, sample.assessment.id, RaterKind.SELF, filled, at(steps.SELF_DAY)
    )


@pytest.mark.parametrize(
    ("bring", "rater", "state"),
    [
        (steps.self_submitted, "self", AssessmentState.SELF_ASSESSING),
        (steps.second_opinion, "supervisor", AssessmentState.RATING),
    ],
)
def test_the_office_reopens_a_step_from_the_records_page(
    website: Website, bring: Callable[..., Any], rater: str, state: AssessmentState
) -> None:
    website.do(bring)
    website.clock.moment = at(steps.SECOND_DAY)
    malee = website.sign_in("malee")
    assert "เปิดให้ดำเนินการใหม่" in malee.get(page(website)).text
    where = address(website, f"reopen/{rater}")
    bare = malee.post(where, data={"until_on": "", "reason": "หลักฐานใหม่"})
    assert bare.status_code == 422 and "หลักฐานใหม่" in bare.text
    assert malee.post(where, data={"until_on": "5/11/2568", "reason": "หลักฐานใหม่"}).status_code == 302
    with website.session() as session:
        assert session.get_one(Assessment, website.sample.assessment.id).state is state
    again = malee.post(where, data={"until_on": "5/11/2568", "reason": "อีกครั้ง"})
    assert again.status_code == 409
    assert malee.post(address(website, "reopen/other"), data={}).status_code == 404
    assert website.sign_in("suda").post(where, data={}).status_code == 403


def test_a_whole_unit_is_given_time_or_reopened_with_a_result_for_each(website: Website) -> None:
    website.do(steps.self_submitted)
    malee = website.sign_in("malee")
    sample = website.sample
    unit = {"cycle_id": str(sample.cycle.id), "unit_id": str(sample.unit.id), "then": "grant"}
    given = form(phase="rating", until_on="10/11/2568") | unit
    assert malee.post("/extensions/unit", data=given).status_code == 302
    assert "สำนักปลัด" in malee.get("/extensions/?show=running").text
    assert "10 พ.ย. 2568" in website.sign_in("suda").get("/team/").text
    opened = malee.post("/extensions/unit", data=form() | unit | {"then": "reopen"})
    assert opened.status_code == 200 and "เปิดแล้ว 1 ราย จาก 1 ราย" in opened.text
    again = malee.post("/extensions/unit", data=form() | unit | {"then": "reopen"})
    assert "เปิดแล้ว 0 ราย" in again.text and "เปิดไม่ได้" in again.text
    for missing in ("cycle_id", "unit_id", "phase", "until_on", "reason"):
        refused = malee.post("/extensions/unit", data=given | {missing: ""})
        assert refused.status_code == 422, missing
    foreign = website.sign_in("olan").post("/extensions/unit", data=given)
    assert foreign.status_code == 404


def test_the_plan_has_its_own_steps_and_comes_back_to_its_page(website: Website) -> None:
    plan_id = website.do(lambda session, sample: steps.drafted(session, sample).id)
    website.clock.moment = at(steps.PLAN_DAY)
    somchai = website.sign_in("somchai")
    data = form(phase="plan_drafting", until_on="22/12/2568") | {"plan_id": str(plan_id)}
    answer = somchai.post(address(website), data=data)
    assert answer.status_code == 302 and answer.location.endswith(f"/plans/{plan_id}")
    assert "จัดทำแผนพัฒนารายบุคคล" in somchai.get(f"/plans/{plan_id}").text
    refused = somchai.post(address(website), data=data | {"reason": "อีก"})
    assert refused.status_code == 422 and "แผนพัฒนารายบุคคล" in refused.text


def test_why_the_rating_needs_time_is_kept_from_the_employee_until_the_release(website: Website) -> None:
    number = website.sample.assessment.id
    cast = website.sample.cast

    def ask_and_reopen(session: Any, sample: Any) -> None:
        steps.rating(session, sample)
        now, until_on = at(steps.RATING_DAY), date(2025, 11, 28)
        args = (number, PhaseKind.RATING, until_on, "ระดับยังไม่ลงตัว")
        asked = extensions.ask_for_time(session, cast.suda, *args, now)
        extensions.grant_request(session, cast.malee, asked.id, now, None, "ให้ทบทวนระดับต่ำ")
        rated = steps.entries(sample, steps.SUPERVISOR_LEVELS)
        ratings.save_ratings(session, cast.suda, number, RaterKind.SUPERVISOR, rated, now)
        assessments.submit_rating(session, cast.suda, number, now)
        reopenings.reopen_rating(session, cast.malee, number, until_on, "ให้คะแนนสูงเกินจริง", now)
        assessments.submit_rating(session, cast.suda, number, now)

    website.do(ask_and_reopen)
    said = ("ระดับยังไม่ลงตัว", "ให้ทบทวนระดับต่ำ", "ให้คะแนนสูงเกินจริง")
    for name, reads in (("somchai", False), ("suda", True), ("malee", True)):
        client = website.sign_in(name)
        assert [text in client.get(page(website)).text for text in said] == [reads] * 3, name
    with website.session() as session:
        told = session.scalars(
            select(Notice).where(Notice.recipient_person_id == cast.somchai.person_id)
        ).all()
        assert "extension:grant" in {notice.event for notice in told}
        assert not any(text in str(notice.detail) for notice in told for text in said)

    def release(session: Any, sample: Any) -> None:
        opinion = SecondOpinion.AGREES
        assessments.give_second_opinion(session, cast.prasit, number, opinion, "", at(steps.SECOND_DAY))
        results.release_assessment(session, cast.malee, number, at(steps.RELEASE_DAY))

    website.do(release)
    assert all(text in website.sign_in("somchai").get(page(website)).text for text in said)


def test_the_list_takes_a_constant_number_of_statements(website: Website) -> None:
    malee = website.sign_in("malee")
    assert "ไม่มีคำขอรอพิจารณา" in malee.get("/extensions/").text
    assert malee.get("/extensions/?show=past&cycle=1").status_code == 200
    assert malee.get("/extensions/?show=nonsense&cycle=x").status_code == 200
