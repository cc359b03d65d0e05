"""The self-assessment: the employee's own form, and what nobody else sees of it."""

from __future__ import annotations

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp.models import Rating
from idp.rules.terms import AssessmentState, RaterKind
from idp.services import ratings
from tests.factories import steps
from tests.factories.sample import at
from tests.factories.website import Website
from tests.web.reading import value_of, version_on, words

EVIDENCE = "จัดทำรายงานรายไตรมาสส่งก่อนกำหนดทุกครั้ง"


def address(website: Website) -> str:
    return f"/assessments/{website.sample.assessment.id}"


def form(website: Website, levels: dict[str, int], evidence: str = EVIDENCE) -> dict[str, object]:
    """A form as the browser sends it, every indicator up to each level ticked."""
    sent: dict[str, object] = {"item": [str(item.id) for item in website.sample.items.values()]}
    for code, item in website.sample.items.items():
        ticks = website.sample.dictionary.up_to(code, levels.get(code, 0))
        sent[f"item-{item.id}-ticks"] = [str(each) for each in sorted(ticks)]
        sent[f"item-{item.id}-level"] = ""
        sent[f"item-{item.id}-evidence"] = evidence
    return sent


def begin(website: Website) -> FlaskClient:
    website.do(steps.self_assessing)
    return website.sign_in("somchai")


def save(client: FlaskClient, website: Website, then: str, **sent: object) -> TestResponse:
    return client.post(f"{address(website)}/self-rating", data={"then": then, **sent})


def state(website: Website) -> AssessmentState:
    return website.do(
        lambda session, sample: session.get_one(type(sample.assessment), sample.assessment.id).state
    )


def test_the_owner_begins_by_one_button(website: Website) -> None:
    client = website.sign_in("somchai")
    assert "เริ่มประเมินตนเอง" in words(client.get(address(website)))
    answer = client.post(f"{address(website)}/steps/start_self", follow_redirects=True)
    assert answer.status_code == 200
    assert "พฤติกรรมที่แสดงออก" in words(answer)
    assert state(website) is AssessmentState.SELF_ASSESSING


def test_a_draft_is_kept_with_the_level_it_gives(website: Website) -> None:
    client = begin(website)
    answer = save(client, website, "save", **form(website, {"c1": 2, "c2": 1, "c3": 6}))
    assert answer.status_code == 302
    page = client.get(address(website))
    assert "ระดับที่ได้ 2: แสดงพฤติกรรมครบเกณฑ์ถึงระดับ 2 · ระดับ 3 ยังขาดอีก 2 ข้อ" in words(page)
    assert "ระดับที่ได้ 6: แสดงพฤติกรรมครบเกณฑ์ถึงระดับ 6 · ครบทุกระดับของสมรรถนะนี้" in words(page)
    assert value_of(page, f"item-{website.sample.items['c1'].id}-evidence") == EVIDENCE
    assert state(website) is AssessmentState.SELF_ASSESSING


def test_a_ladder_without_level_two_says_so_and_counts_on(website: Website) -> None:
    client = begin(website)
    save(client, website, "save", **form(website, {"c2": 3}))
    page = words(client.get(address(website)))
    assert "ไม่มีระดับ 2" in page
    assert "ระดับที่ได้ 3: แสดงพฤติกรรมครบเกณฑ์ถึงระดับ 3 · ระดับ 4 ยังขาดอีก 2 ข้อ" in page


def test_a_broken_ladder_is_said(website: Website) -> None:
    client = begin(website)
    item, indicators = website.sample.items["c1"], website.sample.dictionary.indicators
    sent = form(website, {})
    sent[f"item-{item.id}-ticks"] = [str(each) for level in (1, 3) for each in indicators["c1", level]]
    save(client, website, "save", **sent)
    page = words(client.get(address(website)))
    assert "ระดับไม่ต่อเนื่อง: ระดับ 3 ครบเกณฑ์ แต่ระดับ 2 ยังไม่ครบ จึงนับได้เพียงระดับ 1" in page


def test_a_level_may_be_stated_outright(website: Website) -> None:
    client = begin(website)
    item = website.sample.items["c2"]
    save(client, website, "save", **form(website, {}) | {f"item-{item.id}-level": "0"})
    assert "ระบุระดับโดยตรง: ระดับ 0" in words(client.get(address(website)))


def test_a_level_that_the_ladder_lacks_is_refused_and_nothing_typed_is_lost(website: Website) -> None:
    client = begin(website)
    item = website.sample.items["c2"]
    answer = save(client, website, "save", **form(website, {"c1": 1}) | {f"item-{item.id}-level": "2"})
    assert answer.status_code == 422
    assert "สมรรถนะนี้ไม่มีระดับดังกล่าว" in words(answer)
    assert value_of(answer, f"item-{item.id}-evidence") == EVIDENCE
    assert "ระดับที่ได้ 1" in words(answer)


def test_too_long_a_text_comes_back_whole(website: Website) -> None:
    client = begin(website)
    item, text = website.sample.items["c1"], "ก" * 4001
    answer = save(client, website, "save", **form(website, {"c1": 1}) | {f"item-{item.id}-evidence": text})
    assert answer.status_code == 422
    assert "ยาวเกินไป ใส่ได้ไม่เกิน 4000 ตัวอักษร" in words(answer)
    assert value_of(answer, f"item-{item.id}-evidence") == text


def test_handing_in_names_the_unrated_competencies_with_links_and_keeps_the_draft(website: Website) -> None:
    client = begin(website)
    answer = save(client, website, "submit", **form(website, {"c1": 2}))
    assert answer.status_code == 422
    text = words(answer)
    assert "บันทึกร่างไว้แล้ว แต่ยังส่งไม่ได้" in text
    for code in ("c2", "c3"):
        item = website.sample.items[code]
        name = website.sample.dictionary.competencies[code].name_th
        assert f'<a href="#competency-{item.id}">{name}</a>' in answer.get_data(as_text=True)
    saved = website.do(lambda session, _sample: session.query(Rating).count())
    assert saved == 3  # the evidence of the unrated ones is kept too
    assert state(website) is AssessmentState.SELF_ASSESSING


def test_a_complete_form_is_handed_in(website: Website) -> None:
    client = begin(website)
    answer = save(client, website, "submit", **form(website, {"c1": 3, "c2": 1, "c3": 2}))
    assert answer.status_code == 302
    assert state(website) is AssessmentState.SELF_SUBMITTED
    page = words(client.get(address(website)))
    assert "ดึงผลประเมินตนเองกลับมาแก้ไข" in page
    assert client.post(f"{address(website)}/steps/withdraw_self").status_code == 302
    assert state(website) is AssessmentState.SELF_ASSESSING


def test_who_saves_second_gets_409_with_both_texts(website: Website) -> None:
    client = begin(website)
    item = website.sample.items["c1"]
    version = version_on(client.get(address(website)))

    def meanwhile(session: object, sample: object) -> None:
        entry = ratings.RatingEntry(website.sample.dictionary.up_to("c1", 1), None, "ข้อความจากอีกหน้าต่าง")
        ratings.save_ratings(
            session,  # type: ignore[arg-type]
            website.sample.cast.somchai,
            website.sample.assessment.id,
            RaterKind.SELF,
            {item.id: entry},
            at(steps.SELF_DAY),
        )

    website.do(meanwhile)  # type: ignore[arg-type]
    sent = form(website, {"c1": 2}, "ข้อความที่พิมพ์ทีหลัง") | {"version": version}
    answer = save(client, website, "save", **sent)
    assert answer.status_code == 409
    assert value_of(answer, f"item-{item.id}-evidence") == "ข้อความที่พิมพ์ทีหลัง"
    assert "ข้อความจากอีกหน้าต่าง" in words(answer)
    assert "มีผู้บันทึกข้อมูลนี้ก่อนท่าน" in words(answer)
    again = sent | {"version": version_on(answer)}
    assert save(client, website, "save", **again).status_code == 302


def test_what_was_typed_too_late_is_given_back_to_be_copied(website: Website) -> None:
    website.do(steps.rating)
    client = website.sign_in("somchai")
    answer = save(client, website, "save", **form(website, {"c1": 2}, "พิมพ์ไว้นานแล้ว"))
    assert answer.status_code == 409
    assert "ข้อความที่ท่านพิมพ์และยังไม่ได้บันทึก" in words(answer)
    assert "พิมพ์ไว้นานแล้ว" in words(answer)


def test_the_supervisor_does_not_read_it_while_it_is_written(website: Website) -> None:
    client = begin(website)
    save(client, website, "save", **form(website, {"c1": 2}))
    page = website.sign_in("suda").get(address(website))
    assert page.status_code == 200
    assert EVIDENCE not in words(page)
    assert "รอผู้รับการประเมินส่งผลประเมินตนเอง" in words(page)


def test_the_supervisor_cannot_write_it(website: Website) -> None:
    begin(website)
    client = website.sign_in("suda")
    assert save(client, website, "save", **form(website, {"c1": 2})).status_code == 403


def test_an_outsider_finds_nothing(website: Website) -> None:
    website.do(steps.self_assessing)
    for name in ("anong", "olan", "nobody"):
        client = website.sign_in(name)
        assert client.get(address(website)).status_code == 404
        assert save(client, website, "save", **form(website, {"c1": 2})).status_code == 404
        assert client.post(f"{address(website)}/steps/start_self").status_code == 404


def test_an_unknown_step_is_not_found(website: Website) -> None:
    client = website.sign_in("somchai")
    assert client.post(f"{address(website)}/steps/close").status_code == 404
    assert client.post(f"{address(website)}/steps/nonsense").status_code == 404
