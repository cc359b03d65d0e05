"""The old supervisor's page: their statement and what they had rated, and no other sight of the record."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from idp.models import Assessment, DevelopmentPlan, Handover
from idp.rules.staff_changes import Consequence
from idp.rules.terms import RaterKind, SecondOpinion
from idp.services import assessments, ratings, results
from idp.services.handover_statements import give_statement
from idp.services.reminders import plan_reminders
from tests.factories import steps
from tests.factories.addresses import populate, routes_of
from tests.factories.sample import PHASES, Sample, at
from tests.factories.website import Website
from tests.services.change_cast import DAY, choosing, enter, fields, handovers
from tests.web.reading import words

NOW = at(DAY)


def split(session: Session, sample: Sample) -> Handover:
    """Rated by Suda, handed over to Anong: Suda owes a statement and levels for her 120 days."""
    steps.rated(session, sample)
    enter(session, sample, fields(), choosing(sample.assessment, Consequence.SPLIT_BY_DAYS))
    return handovers(session)[0]


def stated(session: Session, sample: Sample) -> None:
    handover = split(session, sample)
    levels: dict[int, int | None] = {
        sample.items[code].id: level for code, level in steps.SUPERVISOR_LEVELS.items()
    }
    give_statement(session, sample.cast.suda, handover.id, "ขยันและรับผิดชอบ", levels, NOW)


def levels_of(website: Website) -> dict[str, str]:
    return {
        f"level-{website.sample.items[code].id}": str(level)
        for code, level in steps.SUPERVISOR_LEVELS.items()
    }


@pytest.fixture
def handed(website: Website) -> Website:
    website.do(split)
    website.clock.moment = NOW
    return website


def handover_id(website: Website) -> int:
    with website.session() as session:
        return handovers(session)[0].id


def test_the_old_supervisor_finds_it_at_home_gives_it_and_keeps_only_that_page(handed: Website) -> None:
    client, page = handed.sign_in("suda"), f"/handovers/{handover_id(handed)}"
    home = words(client.get("/"))
    assert "บันทึกส่งมอบการประเมินของนายสมชาย ใจดี" in home
    shown = client.get(page)
    assert shown.status_code == 200
    text = words(shown)
    assert "มีน้ำหนัก 120 วัน ของผู้ประเมินคนใหม่ 245 วัน" in text and "เหตุการณ์ที่แสดง" in text
    refused = client.post(f"{page}/statement", data={"statement": " ", **levels_of(handed)})
    assert refused.status_code == 422 and 'id="error-statement"' in refused.text
    sent = {"statement": "ขยันและรับผิดชอบ", "version": "1", **levels_of(handed)}
    assert client.post(f"{page}/statement", data=sent).status_code == 302
    assert "ขยันและรับผิดชอบ" in words(client.get(page))
    assert "บันทึกส่งมอบการประเมินของนายสมชาย" not in words(client.get("/"))


def test_every_other_page_of_the_record_is_missing_for_them(handed: Website) -> None:
    client, assessment_id = handed.sign_in("suda"), handed.sample.assessment.id
    for path in ("", "/suggestions"):
        assert client.get(f"/assessments/{assessment_id}{path}").status_code == 404, path
    for path in ("rating", "steps/submit_rating", "steps/withdraw_rating"):
        assert client.post(f"/assessments/{assessment_id}/{path}").status_code == 404, path
    assert "สมชาย" not in words(client.get("/team/"))


@pytest.mark.parametrize("name", ["somchai", "anong", "prasit", "olan"])
def test_for_everybody_else_the_page_does_not_exist(handed: Website, name: str) -> None:
    client, page = handed.sign_in(name), f"/handovers/{handover_id(handed)}"
    assert client.get(page).status_code == client.get("/handovers/999999").status_code
    assert client.get(page).status_code in (403, 404)
    assert client.post(f"{page}/statement", data={"statement": "x"}).status_code in (403, 404)
    assert client.get(page).status_code == 404


def test_a_wrong_level_is_refused_at_its_field_and_the_text_stays(handed: Website) -> None:
    client = handed.sign_in("suda")
    wrong = handed.sample.items["c2"].id
    sent = {"statement": "พิมพ์ไว้ยาวมาก", **levels_of(handed), f"level-{wrong}": "2"}
    answer = client.post(f"/handovers/{handover_id(handed)}/statement", data=sent)
    assert answer.status_code == 422
    assert f'id="error-level-{wrong}"' in answer.text and "พิมพ์ไว้ยาวมาก" in answer.text
    stale = client.post(
        f"/handovers/{handover_id(handed)}/statement",
        data={"statement": "พิมพ์ไว้ยาวมาก", "version": "7", **levels_of(handed)},
    )
    assert stale.status_code == 409 and "พิมพ์ไว้ยาวมาก" in stale.text


def test_the_officer_enters_it_with_a_reason_and_the_page_says_so(handed: Website) -> None:
    client, page = handed.sign_in("malee"), f"/handovers/{handover_id(handed)}"
    sent = {"statement": "ตามบันทึกลงนาม", **levels_of(handed)}
    refused = client.post(f"{page}/statement", data=sent)
    assert refused.status_code == 422 and 'id="error-reason"' in refused.text
    assert client.post(f"{page}/statement", data={**sent, "reason": "ป่วยหนัก"}).status_code == 302
    assert "นางมาลี ศรีสุข บันทึกแทนนางสาวสุดา รักงาน" in words(client.get(page))


def test_the_new_supervisor_sees_what_the_old_one_said_above_the_form(website: Website) -> None:
    website.do(stated)
    website.clock.moment = NOW
    address = f"/assessments/{website.sample.assessment.id}"
    page = words(website.sign_in("anong").get(address))
    assert "ขยันและรับผิดชอบ" in page and "แบบด้านล่างเริ่มจากสำเนาที่ผู้ประเมินเดิมกรอกไว้" in page
    owner = words(website.sign_in("somchai").get(address))
    assert "ขยันและรับผิดชอบ" not in owner, "before the release it would tell them their rating"


def test_the_released_page_shows_the_calculation_with_its_numbers(website: Website) -> None:
    def release(session: Session, sample: Sample) -> None:
        stated(session, sample)
        form = steps.entries(sample, {"c1": 3, "c2": 3, "c3": 1})
        anong, number = sample.cast.anong, sample.assessment.id
        ratings.save_ratings(session, anong, number, RaterKind.SUPERVISOR, form, NOW)
        assessments.submit_rating(session, anong, number, at(steps.RATING_DAY))
        assessments.give_second_opinion(session, sample.cast.prasit, number, SecondOpinion.AGREES, "", NOW)
        results.release_assessment(session, sample.cast.malee, number, NOW)

    website.do(release)
    website.clock.moment = NOW
    page = words(website.sign_in("somchai").get(f"/assessments/{website.sample.assessment.id}"))
    assert "(120×2 + 245×3) ÷ 365 = 2.67" in page
    assert "ต่ำกว่าที่คาดหวัง 0.33 ระดับ" in page
    assert "ขยันและรับผิดชอบ" in page


def test_reminders_go_to_the_old_supervisor_until_it_is_given(website: Website) -> None:
    due = PHASES[next(kind for kind in PHASES if kind == "rating")][1]

    def reminded(session: Session, sample: Sample) -> list[int]:
        from idp.models import Reminder

        plan_reminders(session, due, at(due), lambda _day: False)
        rows = session.query(Reminder).where(Reminder.subject_type == "handover").all()
        return [row.recipient_person_id for row in rows]

    website.do(split)
    assert website.do(reminded) == [website.sample.cast.suda.person_id]


OF_THE_RECORD = frozenset(
    {
        "assessment_id",
        "assessment_item_id",
        "plan_id",
        "plan_item_id",
        "item_id",
        "suggestion_id",
        "document_id",
        "attachment_id",
    }
)
"""Parameters of addresses that name something of Somchai's."""


def test_after_the_handover_no_route_shows_the_old_supervisor_anything_of_it(website: Website) -> None:
    values = populate(website)
    with website.session() as session:
        for kind, number in ((Assessment, values["assessment_id"]), (DevelopmentPlan, values["plan_id"])):
            session.get_one(kind, number).supervisor_person_id = website.sample.cast.anong.person_id
    client = website.sign_in("suda")
    tried = 0
    for route in routes_of(website.app, values):
        if not route.records & OF_THE_RECORD:
            continue
        answer = client.open(route.address, method=route.method)
        assert answer.status_code in (403, 404), (str(route), answer.status_code)
        assert "สมชาย" not in answer.text, str(route)
        tried += 1
    assert tried > 20
    assert client.get(f"/handovers/{values['handover_id']}").status_code == 200
