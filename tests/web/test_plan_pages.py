"""Suggestions and the plan: chosen, written, handed in, returned, approved, carried out, evaluated."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp.models import DevelopmentPlan, PlanItem, Suggestion
from idp.rules.terms import PlanItemState, PlanState, SuggestionState
from tests.factories import steps
from tests.factories.sample import at
from tests.factories.website import Website
from tests.web.reading import value_of, version_on, words

FILLED = {
    "title": "จัดทำคู่มือปฏิบัติงาน",
    "competency_id": "",
    "target_level": "",
    "method": "project",
    "starts_on": "1/12/2568",
    "ends_on": "๓๑ มีนาคม ๒๕๖๙",
    "hours": "๓๐",
    "cost_baht": "1,500.50",
    "measure": "ผู้บังคับบัญชาตรวจคู่มือ",
}


def suggestions(website: Website) -> str:
    return f"/assessments/{website.sample.assessment.id}/suggestions"


def plan_of(website: Website) -> DevelopmentPlan:
    return website.do(lambda session, _sample: session.scalars(select(DevelopmentPlan)).one())


def address(website: Website) -> str:
    return f"/plans/{plan_of(website).id}"


def lines(website: Website) -> list[PlanItem]:
    return website.do(lambda session, _sample: list(session.scalars(select(PlanItem).order_by(PlanItem.id))))


def take(client: FlaskClient, website: Website, event: str, **sent: str) -> TestResponse:
    return client.post(f"{address(website)}/steps/{event}", data=sent)


def test_a_suggestion_says_why_and_becomes_a_line(website: Website) -> None:
    website.do(steps.received)
    client = website.sign_in("somchai")
    page = client.get(suggestions(website))
    assert "คาดหวังระดับ 3 ประเมินได้ระดับ 2 จึงเสนอให้พัฒนาสู่ระดับ 3" in words(page)
    assert "กิจกรรมนี้พัฒนา" in words(page)
    assert "sample-core/1" in words(page)
    chosen = website.do(lambda session, _sample: session.scalars(select(Suggestion.id)).first())
    answer = client.post(f"{suggestions(website)}/{chosen}/accept")
    assert answer.status_code == 302
    (line,) = lines(website)
    assert line.suggestion_id == chosen
    assert line.title in words(client.get(address(website)))
    assert "ดูรายการนี้ในแผน" in words(client.get(suggestions(website)))


def test_a_suggestion_is_turned_down_with_a_reason_only(website: Website) -> None:
    website.do(steps.received)
    client = website.sign_in("somchai")
    chosen = website.do(lambda session, _sample: session.scalars(select(Suggestion.id)).first())
    assert client.post(f"{suggestions(website)}/{chosen}/reject", data={"reason": " "}).status_code == 422
    sent = {"reason": "อบรมเรื่องนี้มาแล้ว"}
    assert client.post(f"{suggestions(website)}/{chosen}/reject", data=sent).status_code == 302
    assert "อบรมเรื่องนี้มาแล้ว" in words(client.get(suggestions(website)))
    kept = website.do(lambda session, _sample: session.get_one(Suggestion, chosen))
    assert kept.state is SuggestionState.REJECTED


def test_where_the_catalogue_has_nothing_a_free_line_is_offered(website: Website) -> None:
    def expecting_four(session: object, sample: object) -> None:
        item = session.get_one(type(website.sample.items["c1"]), website.sample.items["c1"].id)  # type: ignore[attr-defined]
        item.expected_level = 4
        session.flush()  # type: ignore[attr-defined]
        steps.released(session, sample, {"c1": 3, "c2": 3, "c3": 2})  # type: ignore[arg-type]

    website.do(expecting_four)  # type: ignore[arg-type]
    client = website.sign_in("somchai")
    assert "คลังกิจกรรมยังไม่มีกิจกรรมสำหรับระดับนี้" in words(client.get(suggestions(website)))
    assert client.post(f"/plans/from/{website.sample.assessment.id}").status_code == 302
    page = client.get(suggestions(website)).get_data(as_text=True)
    competency = website.sample.dictionary.competencies["c1"].id
    assert f"/items/new?competency={competency}&amp;level=4" in page


def test_before_release_there_are_no_suggestions_for_anybody(website: Website) -> None:
    website.do(steps.rated)
    for name in ("somchai", "suda", "malee", "anong"):
        assert website.sign_in(name).get(suggestions(website)).status_code == 404


def test_a_line_of_ones_own_is_written_with_thai_dates_digits_and_commas(website: Website) -> None:
    website.do(steps.drafted)
    client = website.sign_in("somchai")
    assert client.post(f"{address(website)}/items/new", data=FILLED).status_code == 302
    line = lines(website)[-1]
    assert (line.starts_on.isoformat(), line.ends_on.isoformat()) == ("2025-12-01", "2026-03-31")  # type: ignore[union-attr]
    assert (line.hours, str(line.cost_baht)) == (30, "1500.5")
    page = words(client.get(address(website)))
    assert "1 ธ.ค. 2568 - 31 มี.ค. 2569" in page
    assert "1,500.50 บาท" in page


def test_every_wrong_field_is_named_and_all_that_was_typed_is_kept(website: Website) -> None:
    website.do(steps.drafted)
    client = website.sign_in("somchai")
    wrong = FILLED | {"title": "", "starts_on": "31/2/2569", "hours": "มาก", "cost_baht": "1.234.5"}
    answer = client.post(f"{address(website)}/items/new", data=wrong)
    assert answer.status_code == 422
    for name in ("starts_on", "hours", "cost_baht", "measure"):
        assert value_of(answer, name) == wrong[name]
    text = words(answer)
    assert "วันเริ่ม: โปรดกรอกวันที่ให้ถูกต้อง" in text
    assert "จำนวนชั่วโมง: โปรดกรอกเป็นจำนวนเต็ม" in text
    turned = client.post(f"{address(website)}/items/new", data=FILLED | {"ends_on": "1/11/2568"})
    assert turned.status_code == 422
    assert "วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่มต้น" in words(turned)


def test_a_line_is_edited_and_keeps_its_indicators_while_its_competency_stays(website: Website) -> None:
    website.do(steps.drafted)
    client = website.sign_in("somchai")
    line = lines(website)[0]
    place = f"{address(website)}/items/{line.id}/edit"
    page = client.get(place)
    sent = {
        name: value_of(page, name)
        for name in ("version", "title", "starts_on", "ends_on", "hours", "cost_baht", "indicators_of")
    }
    sent |= {
        "competency_id": str(line.competency_id),
        "target_level": str(line.target_level),
        "method": line.method.value,
        "measure": "วัดจากผลงาน",
        "indicator_ids": [str(each) for each in line.indicator_ids],  # type: ignore[dict-item]
    }
    assert client.post(place, data=sent).status_code == 302
    changed = lines(website)[0]
    assert changed.measure == "วัดจากผลงาน"
    assert changed.indicator_ids == line.indicator_ids
    stale = client.post(place, data=sent | {"measure": "อีกหน้าต่างหนึ่ง"})
    assert stale.status_code == 409
    assert value_of(stale, "measure") == "อีกหน้าต่างหนึ่ง"


def test_a_line_taken_out_opens_its_suggestion_again(website: Website) -> None:
    website.do(steps.drafted)
    client = website.sign_in("somchai")
    line = lines(website)[0]
    assert client.post(f"{address(website)}/items/{line.id}/remove").status_code == 302
    assert line.id not in [each.id for each in lines(website)]
    kept = website.do(lambda session, _sample: session.get_one(Suggestion, line.suggestion_id))
    assert kept.state is SuggestionState.PROPOSED


def test_an_incomplete_plan_is_not_handed_in_and_says_which_lines(website: Website) -> None:
    website.do(steps.drafted)
    client = website.sign_in("somchai")
    client.post(f"{address(website)}/items/new", data=FILLED | {"measure": "", "title": "ยังไม่ครบ"})
    line = lines(website)[-1]
    page = client.get(address(website)).get_data(as_text=True)
    assert f'/items/{line.id}/edit#field-measure">ยังไม่ครบ</a>' in page
    answer = take(client, website, "submit", note="ขอเสนอแผน")
    assert answer.status_code == 422
    assert value_of(answer, "note") == "ขอเสนอแผน"
    assert plan_of(website).state is PlanState.DRAFT


def test_a_plan_goes_to_the_supervisor_and_back_and_is_approved(website: Website) -> None:
    website.do(steps.drafted)
    employee, supervisor = website.sign_in("somchai"), website.sign_in("suda")
    assert supervisor.get(address(website)).status_code == 404  # not while it is first written
    assert take(employee, website, "submit", note="ขอความเห็นชอบ").status_code == 302
    assert "ขอความเห็นชอบ" in words(supervisor.get(address(website)))
    assert take(supervisor, website, "return", reason="").status_code == 422
    assert take(supervisor, website, "return", reason="เพิ่มการฝึกปฏิบัติ").status_code == 302
    assert "เพิ่มการฝึกปฏิบัติ" in words(employee.get(address(website)))
    assert take(employee, website, "submit").status_code == 302
    version = version_on(supervisor.get(address(website)))
    assert take(employee, website, "withdraw").status_code == 302
    assert take(employee, website, "submit").status_code == 302
    late = take(supervisor, website, "approve", comment="เห็นชอบ", version=version)
    assert late.status_code == 409
    assert value_of(late, "comment") == "เห็นชอบ"
    assert take(supervisor, website, "approve", comment="เห็นชอบ").status_code == 302
    assert plan_of(website).state is PlanState.APPROVED


def test_progress_is_told_for_several_lines_at_once_all_or_none(website: Website) -> None:
    website.do(steps.approved)
    website.clock.moment = at(steps.PROGRESS_DAY)
    client = website.sign_in("somchai")
    first, second = lines(website)[:2]
    wrong = {
        f"item-{first.id}-percent": "50",
        f"item-{first.id}-note": "ทำไปครึ่งหนึ่ง",
        f"item-{second.id}-percent": "มาก",
    }
    answer = client.post(f"{address(website)}/items/progress", data=wrong)
    assert answer.status_code == 422
    assert value_of(answer, f"item-{first.id}-note") == "ทำไปครึ่งหนึ่ง"
    assert value_of(answer, f"item-{second.id}-percent") == "มาก"
    assert [line.percent for line in lines(website)[:2]] == [0, 0]
    right = wrong | {f"item-{second.id}-percent": "0", f"item-{second.id}-evidence": "yes"}
    assert client.post(f"{address(website)}/items/progress", data=right).status_code == 302
    states = [line.state for line in lines(website)[:2]]
    assert states == [PlanItemState.IN_PROGRESS, PlanItemState.EVIDENCE_SUBMITTED]
    assert plan_of(website).state is PlanState.IN_PROGRESS


def test_the_supervisor_evaluates_every_line_then_the_whole(website: Website) -> None:
    website.do(steps.in_evaluation)
    website.clock.moment = at(steps.EVALUATION_DAY)
    client = website.sign_in("suda")
    all_lines = lines(website)
    sent = {}
    for line in all_lines:
        sent |= {f"item-{line.id}-state": "not_achieved", f"item-{line.id}-percent": "40"}
    answer = client.post(f"{address(website)}/items/evaluation", data=sent)
    assert answer.status_code == 422  # without a reason
    assert take(client, website, "evaluate", comment="สรุป").status_code == 422
    sent |= {f"item-{line.id}-reason": "ภารกิจเร่งด่วนแทรก" for line in all_lines}
    assert client.post(f"{address(website)}/items/evaluation", data=sent).status_code == 302
    assert "สรุปผลการพัฒนาทั้งแผน" in words(client.get(address(website)))
    assert take(client, website, "evaluate", comment="ดำเนินการต่อปีหน้า").status_code == 302
    assert plan_of(website).state is PlanState.EVALUATED
    assert "ดำเนินการต่อปีหน้า" in words(website.sign_in("somchai").get(address(website)))


def test_others_may_read_but_not_write_and_outsiders_find_nothing(website: Website) -> None:
    website.do(steps.submitted)
    line = lines(website)[0]
    writes = (
        ("items/new", FILLED),
        (f"items/{line.id}/edit", FILLED),
        (f"items/{line.id}/remove", {}),
        ("items/progress", {f"item-{line.id}-percent": "10"}),
        ("steps/submit", {}),
    )
    for name, status in (("suda", 403), ("prasit", 403), ("malee", 403), ("anong", 404), ("olan", 404)):
        client = website.sign_in(name)
        assert client.get(address(website)).status_code == (200 if status == 403 else 404)
        for place, sent in writes:
            answer = client.post(f"{address(website)}/{place}", data=sent)
            assert answer.status_code == status, (name, place)


def test_a_line_of_another_plan_is_not_found_under_this_one(website: Website) -> None:
    website.do(steps.drafted)
    client = website.sign_in("somchai")
    for place in ("edit", "remove"):
        assert client.post(f"{address(website)}/items/999999/{place}", data=FILLED).status_code == 404
