"""Offers to be a mentor: what is offered, who sees it, and how a line of a plan names one of them."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Cycle, DevelopmentPlan, MentorOffer, PlanItem
from tests.factories import steps
from tests.factories.rounds import released_result
from tests.factories.sample import Sample, at
from tests.factories.website import Website
from tests.services.test_mentoring import offered
from tests.web.reading import words

PAGE = "/mentors/"
LEARNER = "ขอให้เป็นพี่เลี้ยง"


def offer_address(website: Website, code: str = "c3") -> str:
    return f"/assessments/{website.sample.assessment.id}/mentor-offers/{website.sample.items[code].id}"


@pytest.fixture
def released(website: Website) -> Website:
    website.do(steps.released)
    website.clock.moment = at(steps.PLAN_DAY)
    return website


@pytest.fixture
def drafted(website: Website) -> Website:
    website.do(steps.drafted)
    website.clock.moment = at(steps.PLAN_DAY)
    return website


def standing(website: Website) -> list[MentorOffer]:
    with website.session() as session:
        return list(session.scalars(select(MentorOffer).where(MentorOffer.withdrawn_at.is_(None))))


def test_a_strength_is_offered_from_the_result_and_withdrawn(released: Website) -> None:
    client = released.sign_in("somchai")
    result = client.get(f"/assessments/{released.sample.assessment.id}")
    assert offer_address(released) in result.text and offer_address(released, "c1") not in result.text
    form = client.get(offer_address(released))
    assert form.status_code == 200 and "บริการที่ดี" in words(form)
    typed = {"level": "3", "most_mentees": "2", "note": "สะดวกช่วงบ่าย"}
    assert client.post(offer_address(released), data=typed).status_code == 302
    (offer,) = standing(released)
    assert "สะดวกช่วงบ่าย" in words(client.get(PAGE))
    assert client.post(offer_address(released), data=typed).status_code == 409
    assert client.post(f"/mentors/{offer.id}/withdraw").status_code == 302
    assert standing(released) == []
    assert client.post(f"/mentors/{offer.id}/withdraw").status_code == 409


def test_a_refused_offer_keeps_what_was_typed(released: Website) -> None:
    typed = {"level": "6", "most_mentees": "50", "note": "ข้อความที่พิมพ์ไว้"}
    answer = released.sign_in("somchai").post(offer_address(released), data=typed)
    assert answer.status_code == 422
    page = words(answer)
    assert "ข้อความที่พิมพ์ไว้" in page and "ต้องอยู่ระหว่าง 1 ถึง 10" in page and "เลือกได้เฉพาะระดับ 1, 2, 3" in page
    assert standing(released) == []


@pytest.mark.parametrize(("name", "status"), [("suda", 403), ("malee", 403), ("anong", 404), ("olan", 404)])
def test_nobody_offers_for_somebody_else(released: Website, name: str, status: int) -> None:
    client = released.sign_in(name)
    typed = {"level": "3", "most_mentees": "2"}
    assert client.get(offer_address(released)).status_code == status
    assert client.post(offer_address(released), data=typed).status_code == status
    assert standing(released) == []


def test_a_gap_is_not_offered(released: Website) -> None:
    client = released.sign_in("somchai")
    assert client.get(offer_address(released, "c1")).status_code == 404
    assert client.post(offer_address(released, "c1"), data={"level": "1"}).status_code == 404


def test_an_offer_is_seen_near_and_by_the_office_and_a_strength_by_who_rates(released: Website) -> None:
    released.do(lambda session, sample: offered(session, sample, "anong"))
    assert "นางสาวอนงค์ แสงทอง" in words(released.sign_in("somchai").get(PAGE))
    office = words(released.sign_in("malee").get(PAGE))
    assert "ข้อเสนอทั้งหน่วยงาน" in office and "นางสาวอนงค์ แสงทอง" in office
    outside = words(released.sign_in("olan").get(PAGE))
    assert "อนงค์" not in outside and "สมชาย" not in outside
    supervisor = words(released.sign_in("suda").get(PAGE))
    assert "อาจทาบทาม" in supervisor and "นายสมชาย ใจดี" in supervisor
    colleague = words(released.sign_in("anong").get(PAGE))
    assert "อาจทาบทาม" not in colleague and "สมชาย" not in colleague


def first_line(session: Session, sample: Sample) -> tuple[int, int, int]:
    plan = session.scalars(select(DevelopmentPlan)).one()
    competency_id = sample.dictionary.competencies["c1"].id
    line = session.scalars(select(PlanItem).where(PlanItem.competency_id == competency_id)).one()
    return plan.id, line.id, plan.version


def test_a_mentor_is_chosen_where_the_gap_is_shown(drafted: Website) -> None:
    drafted.do(lambda session, sample: offered(session, sample, "anong"))
    client = drafted.sign_in("somchai")
    address = f"/assessments/{drafted.sample.assessment.id}/suggestions"
    page = words(client.get(address))
    assert "นางสาวอนงค์ แสงทอง" in page and LEARNER in page
    plan_id, line_id, version = drafted.do(first_line)
    anong = drafted.sample.cast.anong.person_id
    sent = {"line": line_id, "mentor": anong, "version": version}
    assert client.post(f"/plans/{plan_id}/mentors", data=sent).status_code == 302
    facts = words(client.get(f"/plans/{plan_id}"))
    assert "พี่เลี้ยง นางสาวอนงค์ แสงทอง" in facts and "ผู้รับผิดชอบหรือผู้สอนงาน นางสาวอนงค์" not in facts
    mentor = drafted.sign_in("anong")
    named = words(mentor.get(PAGE))
    assert "นายสมชาย ใจดี" in named and "การมุ่งผลสัมฤทธิ์" in named
    notices = mentor.get("/notifications/")
    assert "ขอให้ท่านเป็นพี่เลี้ยง" in words(notices) and 'href="/mentors/"' in notices.text
    assert mentor.get(f"/plans/{plan_id}").status_code == 404
    # Drawn before: somebody else was first.
    assert client.post(f"/plans/{plan_id}/mentors", data=sent).status_code == 409


def test_who_does_not_offer_and_a_line_of_another_plan_are_refused(drafted: Website) -> None:
    plan_id, line_id, _version = drafted.do(first_line)
    client, anong = drafted.sign_in("somchai"), drafted.sample.cast.anong.person_id
    for mentor in (anong, "", "x", 10**6):
        sent = {"line": line_id, "mentor": mentor}
        assert client.post(f"/plans/{plan_id}/mentors", data=sent).status_code == 422
    for line in ("", "x", 10**6):
        sent = {"line": line, "mentor": anong}
        assert client.post(f"/plans/{plan_id}/mentors", data=sent).status_code == 404


@pytest.mark.parametrize(("name", "status"), [("suda", 404), ("malee", 404), ("anong", 404), ("olan", 404)])
def test_nobody_else_names_a_mentor_in_a_draft(drafted: Website, name: str, status: int) -> None:
    drafted.do(lambda session, sample: offered(session, sample, "anong"))
    plan_id, line_id, _version = drafted.do(first_line)
    sent = {"line": line_id, "mentor": drafted.sample.cast.anong.person_id}
    assert drafted.sign_in(name).post(f"/plans/{plan_id}/mentors", data=sent).status_code == status


def test_the_supervisor_finds_whom_to_ask_on_the_page_of_another(released: Website) -> None:
    """Anong is rated by Suda too, and shows c1 at the level that Somchai has to reach."""

    def give(session: Session, sample: Sample) -> None:
        cycle = session.get_one(Cycle, sample.cycle.id)
        sample = Sample(**{**vars(sample), "unit": session.merge(sample.unit)})
        released_result(session, sample, cycle, {"c1": 4}, session.merge(sample.employees["anong"]))

    address = f"/assessments/{released.sample.assessment.id}/suggestions"
    released.do(give)
    assert "อาจทาบทาม" in words(released.sign_in("suda").get(address))
    for name in ("somchai", "malee", "prasit"):
        assert "อนงค์" not in words(released.sign_in(name).get(address))
