"""The page of a proposed plan: its limits, what it proposes and leaves out, and taking it."""

import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import PlanItem, Suggestion
from idp.services import plan_items, plans, suggestions
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.factories.website import Website

WIDE = {"hours": "200", "baht": "5,000", "weeks": "40", "priorities": "3"}


@pytest.fixture
def page(website: Website) -> str:
    """The address, with the result released."""
    website.do(steps.released)
    website.clock.moment = at(steps.PLAN_DAY)
    return f"/assessments/{website.sample.assessment.id}/plan-proposal"


def hidden(text: str) -> dict[str, list[str]]:
    """The fields of the form that takes the proposal."""
    form = text[text.index('class="take-proposal"') :]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return found


def lines(session: Session, _sample: Sample) -> int:
    return session.scalar(select(func.count(PlanItem.id))) or 0


def test_the_limits_change_what_is_proposed(website: Website, page: str) -> None:
    somchai = website.sign_in("somchai")
    wide = somchai.get(page, query_string=WIDE)
    assert wide.status_code == 200 and "กิจกรรมที่เสนอ 4 รายการ" in wide.text
    assert "พฤติกรรมซ้ำกับกิจกรรมที่เลือก" in wide.text
    assert wide.text.index("การทำงานเป็นทีม") < wide.text.index("การมุ่งผลสัมฤทธิ์")
    few = somchai.get(page, query_string=WIDE | {"hours": "๖", "priorities": "๓"})
    assert "กิจกรรมที่เสนอ 1 รายการ" in few.text
    assert "ชั่วโมงที่เหลือจากสมรรถนะลำดับก่อนหน้าไม่พอ" in few.text
    one = somchai.get(page, query_string=WIDE | {"priorities": "1"})
    assert "เกินจำนวนสมรรถนะที่กำหนด" in one.text


def test_without_being_asked_the_limits_are_the_organisations(website: Website, page: str) -> None:
    text = website.sign_in("somchai").get(page).text
    for value in ("60", "5000", "45", "3"):
        assert f'value="{value}"' in text


def test_taking_it_leads_to_the_plan_and_a_second_click_is_harmless(website: Website, page: str) -> None:
    somchai = website.sign_in("somchai")
    form = hidden(somchai.get(page, query_string=WIDE).text)
    for _click in range(2):
        answer = somchai.post(page, data=form)
        assert answer.status_code == 302 and "/plans/" in answer.headers["Location"]
    assert website.do(lines) == 4
    text = somchai.get(answer.headers["Location"]).text
    assert "เพิ่มแผนที่ระบบเสนอเข้าแผนพัฒนา" in text
    assert "แผนของท่านมีกิจกรรมสำหรับทุกสมรรถนะแล้ว" in somchai.get(page, query_string=WIDE).text


def test_what_changed_meanwhile_is_shown_anew_and_not_taken(website: Website, page: str) -> None:
    somchai = website.sign_in("somchai")
    form = hidden(somchai.get(page, query_string=WIDE).text)

    def reject(session: Session, sample: Sample) -> None:
        of_it = select(Suggestion.id).where(Suggestion.action_id == int(form["action"][0]))
        suggestions.reject_suggestion(
            session, sample.cast.somchai, session.scalars(of_it).one(), "เคยทำแล้ว", website.clock()
        )

    website.do(reject)
    answer = somchai.post(page, data=form)
    assert answer.status_code == 422 and "แผนที่เสนอเปลี่ยนไปจากที่แสดงไว้ก่อนหน้า" in answer.text
    assert 'value="200"' in answer.text and website.do(lines) == 0
    assert somchai.post(page, data=hidden(answer.text)).status_code == 302


def test_a_plan_changed_in_another_window_is_not_written_over(website: Website, page: str) -> None:
    website.app.config["IDP_FORMS_CARRY_VERSION"] = True
    website.do(lambda s, cast: plans.draft_plan(s, cast.cast.somchai, cast.assessment.id, website.clock()).id)
    somchai = website.sign_in("somchai")
    form = hidden(somchai.get(page, query_string=WIDE).text)
    assert int(form["version"][0]) >= 1
    answer = somchai.post(page, data=form | {"version": "999"})
    assert answer.status_code == 409 and website.do(lines) == 0


@pytest.mark.parametrize(
    ("field", "typed", "text"),
    [
        ("hours", "", "โปรดกรอกข้อมูลในช่องนี้"),
        ("hours", "หกสิบ", "โปรดกรอกเป็นจำนวนเต็ม"),
        ("hours", "2001", "ต้องอยู่ระหว่าง 0 ถึง 2,000"),
        ("baht", "-1", "โปรดกรอกเป็นจำนวนเต็ม"),
        ("baht", "9" * 40, "ต้องอยู่ระหว่าง"),
        ("weeks", "0", "ต้องอยู่ระหว่าง 1 ถึง 104"),
        ("priorities", "6", "ต้องอยู่ระหว่าง 1 ถึง 5"),
        ("priorities", "²", "โปรดกรอกเป็นจำนวนเต็ม"),
    ],
)
def test_a_limit_that_cannot_be_is_said_at_its_field(
    website: Website, page: str, field: str, typed: str, text: str
) -> None:
    somchai = website.sign_in("somchai")
    for answer in (
        somchai.get(page, query_string=WIDE | {field: typed}),
        somchai.post(page, data=WIDE | {field: typed, "action": "1"}),
    ):
        assert answer.status_code == 422
        at_field = answer.text[answer.text.index(f'id="error-{field}"') :]
        assert text in at_field[:200] and f'value="{typed}"' in answer.text


def test_the_page_says_which_limit_stops_the_first_gap(website: Website, page: str) -> None:
    somchai = website.sign_in("somchai")
    text = somchai.get(page, query_string=WIDE | {"hours": "5"}).text
    assert "ไม่มีกิจกรรมที่เพิ่มได้ภายในเงื่อนไขนี้" in text
    assert "สมรรถนะแรกคือ การทำงานเป็นทีม" in text and "ใช้ชั่วโมงมากกว่าที่กำหนด" in text
    assert "take-proposal" not in text
    text = somchai.get(page, query_string=WIDE | {"weeks": "3"}).text
    assert "ใช้เวลานานกว่าจำนวนสัปดาห์ที่กำหนด" in text


def test_without_a_gap_there_is_nothing_to_propose(website: Website) -> None:
    website.do(lambda s, sample: steps.released(s, sample, {"c1": 3, "c2": 3, "c3": 2}))
    website.clock.moment = at(steps.PLAN_DAY)
    text = website.sign_in("somchai").get(f"/assessments/{website.sample.assessment.id}/plan-proposal").text
    assert "ไม่มีสมรรถนะที่ต่ำกว่าระดับที่คาดหวัง" in text and "take-proposal" not in text


def test_those_who_see_the_result_look_and_only_the_owner_takes(website: Website, page: str) -> None:
    for name in ("suda", "prasit", "malee"):
        client = website.sign_in(name)
        text = client.get(page, query_string=WIDE).text
        assert "กิจกรรมที่เสนอ 4 รายการ" in text and "take-proposal" not in text, name
        assert client.post(page, data=WIDE | {"action": "1"}).status_code == 403, name
    for name in ("anong", "olan"):
        client = website.sign_in(name)
        assert client.get(page).status_code == 404, name
        assert client.post(page, data=WIDE | {"action": "1"}).status_code == 404, name


def test_a_draft_plan_is_its_owners_alone_also_on_the_proposal(website: Website, page: str) -> None:
    """The supervisor reads what would be proposed without a plan, until it is handed in."""
    suda = website.sign_in("suda")
    untouched = suda.get(page, query_string=WIDE).text

    def draft(session: Session, sample: Sample) -> int:
        plan = plans.draft_plan(session, sample.cast.somchai, sample.assessment.id, website.clock())
        first, *others = session.scalars(select(Suggestion).order_by(Suggestion.id)).all()
        plan_items.accept_suggestion(session, sample.cast.somchai, plan.id, first.id, website.clock())
        suggestions.reject_suggestion(session, sample.cast.somchai, others[0].id, "เคยทำแล้ว", website.clock())
        return plan.id

    plan_id = website.do(draft)
    assert f"/plans/{plan_id}" in website.sign_in("somchai").get(page, query_string=WIDE).text
    for name in ("suda", "prasit", "malee"):
        text = website.sign_in(name).get(page, query_string=WIDE).text
        assert "กิจกรรมที่เสนอ 4 รายการ" in text and f"/plans/{plan_id}" not in text, name
    assert content(suda.get(page, query_string=WIDE).text) == content(untouched)
    assert website.sign_in("olan").get(page).status_code == 404
    website.do(lambda s, cast: plans.submit_plan(s, cast.cast.somchai, plan_id, website.clock(), "").id)
    text = suda.get(page, query_string=WIDE).text
    assert f"/plans/{plan_id}" in text and content(text) != content(untouched)


def content(text: str) -> str:
    """What the page says, without tokens and menus."""
    return text[text.index('id="proposal"') : text.index("</main>")]


def test_nothing_before_the_release(website: Website) -> None:
    website.do(steps.second_opinion)
    page = f"/assessments/{website.sample.assessment.id}/plan-proposal"
    assert website.sign_in("suda").get(page).status_code == 404
    assert website.sign_in("somchai").get(page).status_code in (403, 404)


def test_a_plan_handed_in_takes_no_more(website: Website) -> None:
    plan_id = website.do(lambda session, sample: steps.submitted(session, sample).id)
    website.clock.moment = at(steps.REVIEW_DAY)
    somchai = website.sign_in("somchai")
    page = f"/assessments/{website.sample.assessment.id}/plan-proposal"
    text = somchai.get(page, query_string=WIDE).text
    assert "จึงเพิ่มรายการไม่ได้ในขณะนี้" in text and "take-proposal" not in text
    assert f"/plans/{plan_id}" in text
    assert somchai.post(page, data=WIDE | {"action": "1"}).status_code == 409
    assert website.do(lines) == 2
