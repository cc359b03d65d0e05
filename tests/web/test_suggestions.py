"""The cards of suggestions: chosen, adapted, turned down, taken back; asked for a whole round; why they were
turned down."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.adapters.spreadsheets import read_table
from idp.models import PlanItem, Suggestion, SuggestionRun
from idp.rules.terms import CycleState, SuggestionState, VersionState
from idp.services.plan_items import accept_suggestion
from idp.services.plans import draft_plan, submit_plan
from idp.services.suggestion_runs import continue_suggestions
from idp.services.suggestions import reject_suggestion
from tests.factories import steps
from tests.factories.sample import Sample, at
from tests.factories.website import Website
from tests.web.reading import words

REASON = "อบรมเรื่องนี้มาแล้ว"
ANSWERS = "/suggestion-answers/"


@pytest.fixture
def released(website: Website) -> Website:
    website.do(steps.received)
    website.clock.moment = at(steps.PLAN_DAY)
    return website


def page_of(website: Website) -> str:
    return f"/assessments/{website.sample.assessment.id}/suggestions"


def run_of(website: Website) -> str:
    return f"/cycles/{website.sample.cycle.id}/suggestions"


def first(website: Website) -> Suggestion:
    def find(session: Session, sample: Sample) -> Suggestion:
        item = sample.items["c1"].id
        return session.scalars(
            select(Suggestion).where(Suggestion.assessment_item_id == item).order_by(Suggestion.rank)
        ).all()[0]

    return website.do(find)


def kept(website: Website, suggestion_id: int) -> Suggestion:
    return website.do(lambda session, _sample: session.get_one(Suggestion, suggestion_id))


def test_the_page_begins_with_how_many_gaps_and_the_way_to_each(released: Website) -> None:
    page = released.sign_in("somchai").get(page_of(released))
    assert "ต่ำกว่าระดับที่คาดหวัง 2 สมรรถนะ" in words(page)
    assert "มากที่สุดคือ การทำงานเป็นทีม ต่ำกว่า 2 ระดับ" in words(page)
    for code in ("c1", "c2"):
        item = released.sample.items[code].id
        assert f'href="#gap-{item}"' in page.text and f'id="gap-{item}"' in page.text


def test_a_card_says_what_why_how_much_and_where_it_is_from(released: Website) -> None:
    said = words(released.sign_in("somchai").get(page_of(released)))
    assert "6 ชั่วโมง · 4 สัปดาห์ · 100 บาท" in said
    assert "ระดับ 3 ยังไม่แสดงพฤติกรรม 3 ข้อ กิจกรรมนี้พัฒนา 1 ข้อ" in said
    assert "การมุ่งผลสัมฤทธิ์ 3.1 กิจกรรมนี้พัฒนา" in said
    assert "พจนานุกรมสมรรถนะตัวอย่าง ฉบับที่ 1 (sample-core/1)" in said
    assert "ที่มา: คลังกิจกรรมกลาง (sample-core/c1/3/1)" in said


def test_adapting_adds_the_line_and_goes_on_to_its_form(released: Website) -> None:
    chosen = first(released)
    answer = released.sign_in("somchai").post(
        f"{page_of(released)}/{chosen.id}/accept", data={"then": "edit"}
    )
    line = released.do(lambda session, _sample: session.scalars(select(PlanItem)).one())
    assert answer.location == f"/plans/{line.plan_id}/items/{line.id}/edit"


def test_after_a_rejection_the_next_best_is_offered_and_the_rejected_one_can_be_taken_back(
    released: Website,
) -> None:
    client, chosen = released.sign_in("somchai"), first(released)
    before = words(client.get(page_of(released)))
    assert "กิจกรรมที่ 4 สู่ระดับที่ 3" not in before
    client.post(f"{page_of(released)}/{chosen.id}/reject", data={"reason": REASON})
    after = words(client.get(page_of(released)))
    assert "กิจกรรมที่ 4 สู่ระดับที่ 3" in after
    assert "เลือกแล้ว 0 กิจกรรม ไม่เลือก 1 กิจกรรม" in after and REASON in after
    for name in ("suda", "malee"):
        assert released.sign_in(name).post(f"{page_of(released)}/{chosen.id}/restore").status_code == 403
    for name in ("anong", "olan"):
        assert released.sign_in(name).post(f"{page_of(released)}/{chosen.id}/restore").status_code == 404
    assert client.post(f"{page_of(released)}/{chosen.id}/restore").status_code == 302
    assert kept(released, chosen.id).state is SuggestionState.PROPOSED
    assert REASON not in words(client.get(page_of(released)))
    assert client.post(f"{page_of(released)}/{chosen.id}/restore").status_code == 409


def test_what_was_answered_is_the_owners_alone_until_the_plan_is_handed_in(released: Website) -> None:
    chosen = first(released)

    def answer(session: Session, sample: Sample) -> int:
        plan = draft_plan(session, sample.cast.somchai, sample.assessment.id, released.clock())
        reject_suggestion(session, sample.cast.somchai, chosen.id, REASON, released.clock())
        for item in ("c1", "c2"):
            open_one = session.scalars(
                select(Suggestion).where(
                    Suggestion.assessment_item_id == sample.items[item].id,
                    Suggestion.state == SuggestionState.PROPOSED,
                )
            ).first()
            assert open_one is not None
            accept_suggestion(session, sample.cast.somchai, plan.id, open_one.id, released.clock())
        return plan.id

    plan_id = released.do(answer)
    owner = words(released.sign_in("somchai").get(page_of(released)))
    assert REASON in owner and "เลือกแล้ว 1 กิจกรรม ไม่เลือก 1 กิจกรรม" in owner
    for name in ("suda", "prasit", "malee"):
        said = words(released.sign_in(name).get(page_of(released)))
        assert REASON not in said and "เลือกแล้ว" not in said, name
        assert "กิจกรรมที่ 1 สู่ระดับที่ 3" in said, name
    assert released.sign_in("olan").get(page_of(released)).status_code == 404
    released.do(lambda s, cast: submit_plan(s, cast.cast.somchai, plan_id, released.clock(), "").id)
    assert REASON in words(released.sign_in("suda").get(page_of(released)))


def test_a_plan_handed_in_takes_no_answer_any_more(released: Website) -> None:
    chosen = first(released)

    def hand_in(session: Session, sample: Sample) -> int:
        somchai, now = sample.cast.somchai, released.clock()
        plan = draft_plan(session, somchai, sample.assessment.id, now)
        other = session.scalars(select(Suggestion).where(Suggestion.id != chosen.id)).first()
        assert other is not None
        accept_suggestion(session, somchai, plan.id, other.id, now)
        return submit_plan(session, somchai, plan.id, now, "").id

    released.do(hand_in)
    client = released.sign_in("somchai")
    answer = client.post(f"{page_of(released)}/{chosen.id}/reject", data={"reason": REASON})
    assert answer.status_code == 409
    assert kept(released, chosen.id).state is SuggestionState.PROPOSED


def test_an_action_withdrawn_meanwhile_is_no_proposal_any_more_but_answers_stay(released: Website) -> None:
    client, chosen = released.sign_in("somchai"), first(released)
    client.post(f"{page_of(released)}/{chosen.id}/reject", data={"reason": REASON})

    def retire(session: Session, sample: Sample) -> None:
        for suggestion in session.scalars(select(Suggestion)):
            suggestion.action.state = VersionState.RETIRED

    released.do(retire)
    said = words(client.get(page_of(released)))
    assert "กิจกรรมที่ 1 สู่ระดับที่ 3" in said and "กิจกรรมที่ 2 สู่ระดับที่ 3" not in said
    assert "กิจกรรมที่เคยเสนอสำหรับระดับนี้เลิกใช้แล้ว" in said  # of the other gap, where nobody answered


def test_the_whole_way_of_one_gap_leaves_the_others_as_they_are(website: Website) -> None:
    website.do(lambda session, sample: steps.released(session, sample, {"c1": 1, "c2": 3, "c3": 1}) and None)
    client, sample = website.sign_in("somchai"), website.sample
    client.post(f"{page_of(website)}/full-path", data={"item": str(sample.items["c3"].id)})
    assert "สู่ระดับ 3:" not in words(client.get(page_of(website)))
    answer = client.post(f"{page_of(website)}/full-path", data={"item": str(sample.items["c1"].id)})
    assert answer.location.endswith(f"#gap-{sample.items['c1'].id}")
    assert "สู่ระดับ 3:" in words(client.get(page_of(website)))


def test_hr_asks_for_a_whole_round_and_sees_how_far_it_is(released: Website) -> None:
    malee = released.sign_in("malee")
    assert "จัดทำข้อเสนอแนะทั้งรอบ" in words(malee.get(f"/cycles/{released.sample.cycle.id}"))
    assert malee.post(run_of(released)).status_code == 302
    page = malee.get(run_of(released))
    assert "Refresh" in page.headers and "0 / 1" in words(page)
    assert malee.post(run_of(released)).status_code == 302  # the one under way
    runs = released.do(lambda session, _sample: list(session.scalars(select(SuggestionRun))))
    assert len(runs) == 1

    def carry_on(session: Session, _sample: Sample) -> None:
        while not continue_suggestions(session, runs[0].id, at(steps.PLAN_DAY)):
            pass

    released.do(carry_on)
    page = malee.get(run_of(released))
    assert "Refresh" not in page.headers and "1 / 1" in words(page)


def test_nobody_else_asks_for_a_round(released: Website) -> None:
    for name, status in (("somchai", 403), ("suda", 403), ("anong", 403), ("olan", 404)):
        client = released.sign_in(name)
        assert client.get(run_of(released)).status_code == status
        assert client.post(run_of(released)).status_code == status


def test_a_closed_round_takes_no_request(released: Website) -> None:
    def close(session: Session, sample: Sample) -> None:
        session.get_one(type(sample.cycle), sample.cycle.id).state = CycleState.CLOSED

    released.do(close)
    malee = released.sign_in("malee")
    assert "จัดทำข้อเสนอแนะได้เฉพาะรอบที่เปิดอยู่" in words(malee.get(run_of(released)))
    assert malee.post(run_of(released)).status_code == 409


def test_reasons_are_counted_by_action_competency_and_method_without_names(released: Website) -> None:
    chosen = first(released)
    released.sign_in("somchai").post(f"{page_of(released)}/{chosen.id}/reject", data={"reason": REASON})
    malee = released.sign_in("malee")
    said = words(malee.get(ANSWERS))
    assert "กิจกรรมที่ 1 สู่ระดับที่ 3" in said and f"{REASON} (1)" in said
    assert "การมุ่งผลสัมฤทธิ์" in said and "สมชาย" not in said
    for form in ("xlsx", "csv"):
        file = malee.get(f"{ANSWERS}file?format={form}")
        assert file.status_code == 200
        with read_table(BytesIO(file.data)) as table:
            assert any(REASON in row.cells for row in table.rows)
    assert malee.get(f"{ANSWERS}file?format=pdf").status_code == 404
    assert malee.get(f"{ANSWERS}?cycle=99999").status_code == 404


def test_who_is_not_hr_reads_no_reasons_and_another_organisation_none_of_these(released: Website) -> None:
    for name in ("somchai", "suda", "anong"):
        assert released.sign_in(name).get(ANSWERS).status_code == 403
    assert "ยังไม่มีรอบการประเมินที่เปิดแล้ว" in words(released.sign_in("olan").get(ANSWERS))
    assert released.sign_in("olan").get(f"{ANSWERS}file").status_code == 302


def test_a_round_without_proposals_says_so(website: Website) -> None:
    assert "รอบนี้ยังไม่มีข้อเสนอแนะการพัฒนา" in words(website.sign_in("malee").get(ANSWERS))
