"""The agreement's page: written and signed by both, refused at its fields, closed to everybody else."""

from datetime import date

import pytest

from idp.models import Agreement, Phase
from idp.rules.terms import PhaseKind
from tests.factories.website import Website

TEXT = "จัดทำแผนอัตรากำลังสามปี"


@pytest.fixture
def round_with_agreement(website: Website) -> Website:
    with website.session() as session:
        session.add(
            Phase(
                cycle_id=website.sample.cycle.id,
                kind=PhaseKind.AGREEMENT,
                opens_on=date(2025, 10, 1),
                due_on=date(2025, 10, 10),
            )
        )
    return website


def address(website: Website, step: str = "") -> str:
    return f"/agreements/{website.sample.assessment.id}{step}"


def stored(website: Website) -> Agreement | None:
    with website.session() as session:
        return session.get(Agreement, website.sample.assessment.id)


def form(website: Website, then: str = "sign", text: str = TEXT) -> dict[str, str]:
    agreement = stored(website)
    return {"expected_text": text, "then": then, "version": str(agreement.version if agreement else 0)}


def test_both_sign_and_the_self_assessment_is_offered(round_with_agreement: Website) -> None:
    website = round_with_agreement
    somchai, suda = website.sign_in("somchai"), website.sign_in("suda")
    record = f"/assessments/{website.sample.assessment.id}"
    assert "จึงเริ่มประเมินตนเองได้" in somchai.get(record).text
    assert "ลงนามข้อตกลงต้นรอบการประเมินกับผู้ประเมิน" in somchai.get("/").text
    assert somchai.post(f"{record}/steps/start_self").status_code == 422
    page = suda.get(address(website)).text
    assert "สมรรถนะที่คาดหวัง" in page and "ยังไม่ลงนาม" in page
    assert suda.post(address(website), data=form(website)).status_code == 302
    assert TEXT in somchai.get(address(website)).text
    assert somchai.post(address(website), data=form(website)).status_code == 302
    assert "ลงนามครบแล้ว" in somchai.get(record).text
    assert "ลงนามข้อตกลงต้นรอบการประเมิน" in somchai.get(record).text
    assert somchai.post(f"{record}/steps/start_self").status_code == 302
    assert "บันทึกและลงนาม" not in suda.get(address(website)).text


def test_nothing_is_signed_without_words_and_a_stale_page_keeps_what_was_typed(
    round_with_agreement: Website,
) -> None:
    website = round_with_agreement
    suda, somchai = website.sign_in("suda"), website.sign_in("somchai")
    bare = suda.post(address(website), data=form(website, text="  "))
    assert bare.status_code == 422 and 'id="error-expected_text"' in bare.text and stored(website) is None
    read_before = form(website)
    suda.post(address(website), data=form(website, "save", "ของสุดา"))
    stale = somchai.post(address(website), data=read_before | {"expected_text": "ของสมชาย"})
    assert stale.status_code == 409 and "ของสมชาย" in stale.text and "ของสุดา" in stale.text
    too_long = suda.post(address(website), data=form(website, text="ก" * 4001))
    assert too_long.status_code == 422 and 'id="error-expected_text"' in too_long.text


def test_a_refusal_is_recorded_by_the_supervisor_alone_with_its_reason(round_with_agreement: Website) -> None:
    website = round_with_agreement
    suda, somchai = website.sign_in("suda"), website.sign_in("somchai")
    suda.post(address(website), data=form(website))
    where = address(website, "/refusal")
    bare = suda.post(where, data={"reason": " "})
    assert bare.status_code == 422 and 'id="error-reason"' in bare.text
    assert somchai.post(where, data={"reason": "x"}).status_code == 403
    assert suda.post(where, data={"reason": "ไม่เห็นด้วย"}).status_code == 302
    assert "ไม่เห็นด้วย" in somchai.get(address(website)).text
    assert "ไม่ลงนามข้อตกลง" in somchai.get("/notifications/").text


def test_others_read_or_find_nothing(round_with_agreement: Website) -> None:
    website = round_with_agreement
    for name, reads, signs in (
        ("prasit", 200, 403),
        ("malee", 200, 403),
        ("anong", 404, 404),
        ("olan", 404, 404),
    ):
        client = website.sign_in(name)
        assert client.get(address(website)).status_code == reads, name
        assert client.post(address(website), data=form(website)).status_code == signs, name
    assert stored(website) is None


def test_a_round_without_one_has_no_such_page(website: Website) -> None:
    assert website.sign_in("somchai").get(address(website)).status_code == 404
    assert "ข้อตกลงต้นรอบ" not in website.sign_in("somchai").get("/").text
