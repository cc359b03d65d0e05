"""The rating, the second opinion, release and receipt, each by the right person on their page."""

from __future__ import annotations

from decimal import Decimal

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp.models import Assessment, Gap
from idp.rules.terms import AssessmentState, EmployeeOpinion
from tests.factories import steps
from tests.factories.sample import at
from tests.factories.website import Website
from tests.web.reading import value_of, words
from tests.web.test_assessment_self import EVIDENCE, address, form, state

SUPERVISORS_WORDS = "ผู้ประเมินสังเกตเห็นเหตุการณ์นี้"


def save(client: FlaskClient, website: Website, then: str, **sent: object) -> TestResponse:
    return client.post(f"{address(website)}/rating", data={"then": then, **sent})


def take(client: FlaskClient, website: Website, event: str, **sent: str) -> TestResponse:
    return client.post(f"{address(website)}/steps/{event}", data=sent)


def on_day(website: Website, day: object) -> None:
    website.clock.moment = at(day)  # type: ignore[arg-type]


def test_the_supervisor_sees_the_self_assessment_beside_the_form(website: Website) -> None:
    website.do(steps.self_submitted)
    on_day(website, steps.RATING_DAY)
    client = website.sign_in("suda")
    assert take(client, website, "start_rating").status_code == 302
    page = words(client.get(address(website)))
    assert "ผลประเมินตนเอง: ระดับ 3" in page
    assert "(ผู้รับการประเมินเลือก)" in page


def test_it_is_returned_with_a_reason_only(website: Website) -> None:
    website.do(steps.self_submitted)
    client = website.sign_in("suda")
    refused = take(client, website, "return_self", reason="  ")
    assert refused.status_code == 422
    assert "ต้องระบุเหตุผล" in words(refused)
    assert take(client, website, "return_self", reason="โปรดเพิ่มหลักฐาน").status_code == 302
    assert "โปรดเพิ่มหลักฐาน" in words(website.sign_in("somchai").get(address(website)))


def test_before_its_phase_rating_waits_and_the_page_says_why(website: Website) -> None:
    website.do(steps.self_submitted)
    client = website.sign_in("suda")  # the clock stands before the phase opens
    assert "ยังไม่ถึงกำหนดเวลาของขั้นตอนนี้" in words(client.get(address(website)))
    assert take(client, website, "start_rating").status_code == 422


def test_a_rating_is_handed_in_with_evidence_and_the_results_part(website: Website) -> None:
    website.do(steps.rating)
    on_day(website, steps.RATING_DAY)
    client = website.sign_in("suda")
    bare = form(website, {"c1": 3, "c2": 1, "c3": 3}, "")
    refused = save(client, website, "submit", **bare)
    assert refused.status_code == 422
    assert "ต้องระบุเหตุการณ์หรือพฤติกรรมที่แสดงออกให้ครบ" in words(refused)
    full = form(website, {"c1": 3, "c2": 1, "c3": 3}, SUPERVISORS_WORDS) | {"results_score": "๖๑.๕"}
    assert save(client, website, "submit", **full).status_code == 302
    assert state(website) is AssessmentState.RATED
    score = website.do(
        lambda session, sample: session.get_one(Assessment, sample.assessment.id).results_score
    )
    assert score == Decimal("61.5")


def test_a_wrong_results_score_loses_no_text(website: Website) -> None:
    website.do(steps.rating)
    on_day(website, steps.RATING_DAY)
    client = website.sign_in("suda")
    sent = form(website, {"c1": 3}, SUPERVISORS_WORDS)
    for wrong in ("หกสิบ", "71", "60.123", "NaN"):
        answer = save(client, website, "save", **sent | {"results_score": wrong})
        assert answer.status_code == 422
        assert value_of(answer, "results_score") == wrong
        assert value_of(answer, f"item-{website.sample.items['c1'].id}-evidence") == SUPERVISORS_WORDS


def test_the_owner_sees_nothing_of_the_rating_before_release(website: Website) -> None:
    website.do(steps.rating)
    on_day(website, steps.RATING_DAY)
    save(
        website.sign_in("suda"),
        website,
        "submit",
        **form(website, {"c1": 5, "c2": 5, "c3": 6}, SUPERVISORS_WORDS),
    )
    take(website.sign_in("prasit"), website, "return_rating", reason="ระดับสูงเกินจริง")
    for _stage in ("returned", "rated again"):
        page = words(website.sign_in("somchai").get(address(website)))
        assert SUPERVISORS_WORDS not in page
        assert "ระดับสูงเกินจริง" not in page
        assert "ระดับที่ได้ 5" not in page
        assert "ผลการประเมิน" in page
        assert EVIDENCE not in page
        assert "เหตุการณ์ที่แสดง" in page  # their own words
        save(
            website.sign_in("suda"),
            website,
            "submit",
            **form(website, {"c1": 5, "c2": 5, "c3": 6}, SUPERVISORS_WORDS),
        )


def test_the_second_level_differs_only_in_words(website: Website) -> None:
    website.do(steps.rated)
    client = website.sign_in("prasit")
    assert take(client, website, "give_second_opinion").status_code == 422
    refused = take(client, website, "give_second_opinion", opinion="differs", second_opinion_text=" ")
    assert refused.status_code == 422
    assert 'value="differs" checked' in refused.get_data(as_text=True)
    answer = take(client, website, "give_second_opinion", opinion="differs", second_opinion_text="ควรสูงกว่านี้")
    assert answer.status_code == 302
    assert "ควรสูงกว่านี้" in words(website.sign_in("malee").get(address(website)))
    assert "ควรสูงกว่านี้" not in words(website.sign_in("somchai").get(address(website)))


def test_release_is_asked_for_twice(website: Website) -> None:
    website.do(steps.second_opinion)
    client = website.sign_in("malee")
    asked = take(client, website, "release")
    assert asked.status_code == 200
    assert "ยืนยัน" in words(asked)
    assert state(website) is AssessmentState.SECOND_OPINION
    assert website.do(lambda session, _sample: session.scalar(select(Gap.item_id))) is None
    assert take(client, website, "release", confirmed="yes").status_code == 302
    assert state(website) is AssessmentState.RELEASED


def test_the_released_result_shows_scores_with_their_own_numbers_gaps_and_strengths(website: Website) -> None:
    website.do(steps.released)
    page = words(website.sign_in("somchai").get(address(website)))
    assert "คะแนนสมรรถนะ" in page
    assert "÷ (3×3) × 30 =" in page
    assert "ต่ำกว่าที่คาดหวัง 2 ระดับ" in page
    assert "สูงกว่าที่คาดหวัง 1 ระดับ" in page
    assert "ผลประเมินตนเองกับผู้ประเมินต่างกัน 1 ระดับ" in page


def test_receipt_keeps_the_opinion_and_is_asked_for_twice(website: Website) -> None:
    website.do(steps.released)
    client = website.sign_in("somchai")
    refused = take(client, website, "receive", opinion="disagrees", employee_opinion_text="")
    assert refused.status_code == 422
    sent = {"opinion": "disagrees", "employee_opinion_text": "มีผลงานที่ยังไม่ได้นับ"}
    asked = take(client, website, "receive", **sent)
    assert asked.status_code == 200
    assert "มีผลงานที่ยังไม่ได้นับ" in words(asked)
    assert state(website) is AssessmentState.RELEASED
    assert take(client, website, "receive", **sent, confirmed="yes").status_code == 302
    kept = website.do(lambda session, sample: session.get_one(Assessment, sample.assessment.id))
    assert kept.state is AssessmentState.RECEIVED
    assert kept.employee_opinion is EmployeeOpinion.DISAGREES
    assert kept.employee_opinion_text == "มีผลงานที่ยังไม่ได้นับ"


def test_a_refusal_names_its_witness_and_its_day(website: Website) -> None:
    website.do(steps.released)
    on_day(website, steps.RECEIPT_DAY)
    client = website.sign_in("suda")
    sent = {"refused_on": "11/11/2568", "witness_name": "นางพยาน ดีงาม", "witness_position": "นักจัดการงานทั่วไป"}
    for name in sent:
        assert take(client, website, "record_refusal", **sent | {name: " "}).status_code == 422
    wrong = take(client, website, "record_refusal", **sent | {"refused_on": "31/2/2568"})
    assert wrong.status_code == 422
    assert value_of(wrong, "refused_on") == "31/2/2568"
    assert value_of(wrong, "witness_name") == "นางพยาน ดีงาม"
    assert take(client, website, "record_refusal", **sent).status_code == 200
    assert take(client, website, "record_refusal", **sent, confirmed="yes").status_code == 302
    assert "นางพยาน ดีงาม" in words(client.get(address(website)))


def test_nobody_takes_a_step_of_another(website: Website) -> None:
    website.do(steps.second_opinion)
    for name, status in (("somchai", 403), ("suda", 403), ("prasit", 403), ("anong", 404), ("olan", 404)):
        assert take(website.sign_in(name), website, "release", confirmed="yes").status_code == status
    assert state(website) is AssessmentState.SECOND_OPINION
