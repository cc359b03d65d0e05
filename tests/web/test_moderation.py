"""The committee's pages: who sees them, what they show, and asking to reconsider from them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, Look, Reconsideration
from idp.rules.terms import AssessmentState, RaterKind, Relation
from idp.services import assessments, ratings
from idp.services.reconsiderations import ask_reconsideration
from tests.factories import steps
from tests.factories.committee import seat
from tests.factories.sample import Sample, add_colleague, at, make_assessment
from tests.factories.website import Website
from tests.web.reading import counted, value_of, version_on, words

REASON = "ผลสูงกว่ากลุ่มงานเดียวกัน"
NAME = "สมชาย ใจดี"


def opinion_given(session: Session, sample: Sample) -> None:
    seat(session, sample)
    steps.second_opinion(session, sample)


def at_work(website: Website) -> None:
    website.do(opinion_given)
    website.clock.moment = at(steps.SECOND_DAY)


def address(website: Website, end: str = "") -> str:
    return f"/assessments/{website.sample.assessment.id}{end}"


def send(website: Website, name: str, **fields: str) -> tuple[int, str]:
    client = website.sign_in(name)
    form = {"reason": REASON, "until_on": "12/11/2568"} | fields
    if "version" not in form:
        form["version"] = version_on(client.get(address(website)))
    answer = client.post(f"/moderation{address(website)}/ask", data=form)
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.parametrize("by", ["unit", "rater", "level"])
def test_a_member_sees_the_distribution_and_the_people_of_a_group(website: Website, by: str) -> None:
    at_work(website)
    client = website.sign_in("anong")
    page = client.get(f"/moderation/?by={by}")
    assert page.status_code == 200
    name = {"unit": "สำนักปลัด", "rater": "สุดา รักงาน", "level": "วิชาการ ชำนาญการ"}[by]
    assert name in words(page)
    key = {"unit": website.sample.unit.id, "rater": website.sample.cast.suda.person_id, "level": "K2"}[by]
    people = words(client.get(f"/moderation/people?by={by}&group={key}"))
    assert NAME in people and "อนงค์ แสงทอง สำนักปลัด" not in people


def test_a_member_opens_the_rating_but_not_the_self_assessment(website: Website) -> None:
    at_work(website)
    page = website.sign_in("anong").get(address(website))
    text = words(page)
    assert page.status_code == 200 and "ขอให้ผู้ประเมินทบทวน" in text
    assert "เหตุการณ์ที่แสดง" in text
    with website.session() as session:
        look = session.scalars(select(Look).where(Look.relation == Relation.MODERATOR)).one()
        assert look.viewer_person_id == website.sample.cast.anong.person_id


@pytest.mark.parametrize("name", ["somchai", "suda", "prasit", "olan"])
def test_who_is_not_of_the_committee_gets_no_page(website: Website, name: str) -> None:
    at_work(website)
    client = website.sign_in(name)
    if name != "olan":
        assert client.get("/moderation/").status_code == 403
        assert client.get("/moderation/people").status_code == 403
    else:
        assert NAME not in words(client.get("/moderation/"))
        cycle_id = website.sample.cycle.id
        assert NAME not in words(client.get(f"/moderation/?cycle={cycle_id}"))
        assert client.get(f"/moderation/people?cycle={cycle_id}").status_code == 404


def test_asking_leads_back_to_the_list_where_the_request_waits(website: Website) -> None:
    at_work(website)
    status, _ = send(website, "anong")
    assert status == 302
    client = website.sign_in("anong")
    text = words(client.get("/moderation/"))
    assert REASON in text and NAME in text and "รอผู้ประเมินทบทวน" in text
    assert client.get(address(website)).status_code == 404
    seen = words(website.sign_in("suda").get(address(website)))
    assert REASON in seen and "12 พฤศจิกายน 2568" in seen
    assert REASON not in words(website.sign_in("somchai").get(address(website)))


def test_the_answer_is_shown_to_the_committee_and_kept_from_the_employee_until_the_release(
    website: Website,
) -> None:
    at_work(website)
    send(website, "anong")

    def answer(session: Session, sample: Sample) -> None:
        number, now = sample.assessment.id, at(steps.SECOND_DAY)
        form = steps.entries(sample, {**steps.SUPERVISOR_LEVELS, "c1": 1})
        ratings.save_ratings(session, sample.cast.suda, number, RaterKind.SUPERVISOR, form, now)
        assessments.submit_rating(session, sample.cast.suda, number, now)

    website.do(answer)
    assert "ระดับ 2 เป็นระดับ 1" in words(website.sign_in("anong").get("/moderation/"))
    assert "ระดับ 2 เป็นระดับ 1" in words(website.sign_in("malee").get(address(website)))
    assert "ระดับ 2 เป็นระดับ 1" not in words(website.sign_in("somchai").get(address(website)))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"reason": ""}, "field-reason"),
        ({"until_on": "วันไหนก็ได้"}, "field-until_on"),
        ({"until_on": ""}, "field-until_on"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_the_rest_is_still_there(
    website: Website, fields: dict[str, str], told: str
) -> None:
    at_work(website)
    status, body = send(website, "anong", **fields)
    assert status == 422
    assert f'id="error-{told.removeprefix("field-")}"' in body or f'id="error-{told}"' in body
    if "reason" not in fields:
        assert REASON in body
    with website.session() as session:
        assert session.scalars(select(Reconsideration)).all() == []


def test_two_members_at_once_the_second_is_told_and_keeps_their_text(website: Website) -> None:
    at_work(website)
    drawn = version_on(website.sign_in("anong").get(address(website)))

    def other(session: Session, sample: Sample) -> None:
        ask_reconsideration(
            session,
            sample.cast.malee,
            sample.assessment.id,
            "เหตุผลของมาลี",
            date(2025, 11, 12),
            at(steps.SECOND_DAY),
        )

    website.do(other)
    status, body = send(website, "anong", version=drawn, reason="เหตุผลของอนงค์")
    assert status == 409
    assert "เหตุผลของมาลี" in body and "เหตุผลของอนงค์" in body


def test_after_the_release_a_member_has_the_figures_and_nobodys_name(website: Website) -> None:
    def released(session: Session, sample: Sample) -> None:
        seat(session, sample)
        steps.released(session, sample)

    website.do(released)
    website.clock.moment = at(steps.RELEASE_DAY)
    client = website.sign_in("anong")
    text = words(client.get("/moderation/"))
    assert "มีผลที่ส่งแล้ว 1 คน" in text and NAME not in text
    assert NAME not in words(client.get("/moderation/people"))
    assert client.get(address(website)).status_code == 404
    assert send(website, "anong", version="1")[0] == 404
    assert NAME in words(website.sign_in("malee").get("/moderation/people"))


def test_a_member_asks_about_several_at_once_with_one_reason(website: Website) -> None:
    def two(session: Session, sample: Sample) -> int:
        opinion_given(session, sample)
        first = session.get_one(Assessment, sample.assessment.id)
        employee = add_colleague(session, sample, "7")
        second = make_assessment(
            session,
            first.cycle,
            employee,
            session.merge(sample.unit),
            sample.dictionary,
            supervisor=None,
            second_level=None,
        )
        second.supervisor_person_id = first.supervisor_person_id
        second.state = AssessmentState.RATED
        return second.id

    other_id = website.do(two)
    website.clock.moment = at(steps.SECOND_DAY)
    client = website.sign_in("anong")
    chosen = {
        "action": "ask_reconsideration",
        "assessment": [str(website.sample.assessment.id), str(other_id)],
        "back": "/moderation/people",
        "committee": "yes",
    }
    run = client.post("/bulk/", data=chosen)
    assert run.status_code == 303
    shown = client.get(run.headers["Location"])
    assert NAME in words(shown)
    confirm = f"{run.headers['Location'].rstrip('/')}/carry-out"
    assert client.post(confirm, data={"until_on": "12/11/2568"}).status_code == 422
    done = client.post(confirm, data={"reason": REASON, "until_on": "12/11/2568"}, follow_redirects=True)
    assert NAME in words(done) and REASON in words(done)
    with website.session() as session:
        found = session.scalars(select(Reconsideration)).all()
        assert {each.assessment_id for each in found} == {website.sample.assessment.id, other_id}


def test_a_choice_without_a_step_comes_back_with_the_committees_steps(website: Website) -> None:
    at_work(website)
    form = {"assessment": str(website.sample.assessment.id), "committee": "yes"}
    answer = website.sign_in("anong").post("/bulk/", data=form)
    assert answer.status_code == 422
    assert "ask_reconsideration" in answer.text and "approve_plans" not in answer.text


def test_the_home_page_says_what_waits_for_the_committee(website: Website) -> None:
    at_work(website)
    text = words(website.sign_in("anong").get("/"))
    assert "ผลการประเมินที่รอคณะกรรมการกลั่นกรองพิจารณา 1 เรื่อง" in text
    assert "คณะกรรมการกลั่นกรองพิจารณา" not in words(website.sign_in("suda").get("/"))
    assert "การกลั่นกรองผลการประเมิน" in words(website.sign_in("anong").get("/"))


def test_without_a_cycle_or_a_rating_the_page_says_so(website: Website) -> None:
    website.do(seat)
    assert "ยังไม่มีผลการประเมินที่ส่งแล้ว" in words(website.sign_in("anong").get("/moderation/"))
    assert "ยังไม่มีรอบการประเมิน" in words(website.sign_in("olan").get("/moderation/"))


@pytest.mark.parametrize("question", ["cycle=999999", "by=unit&group=999999", "by=rater&group=x"])
def test_what_is_not_there_is_missing(website: Website, question: str) -> None:
    at_work(website)
    assert website.sign_in("anong").get(f"/moderation/people?{question}").status_code == 404


def test_the_form_proposes_a_week(website: Website) -> None:
    at_work(website)
    page = website.sign_in("malee").get(address(website))
    assert value_of(page, "until_on") in ("4 พ.ย. 2568", "4 พฤศจิกายน 2568")


def test_the_pages_take_as_many_statements_for_one_as_for_ten(website: Website) -> None:
    at_work(website)
    client = website.sign_in("anong")

    def taken() -> list[int]:
        found = []
        for page in ("/moderation/?by=rater", "/moderation/people"):
            client.get(page)
            with counted(website.app) as statements:
                assert client.get(page).status_code == 200
            found.append(len(statements))
        return found

    before = taken()

    def more(session: Session, sample: Sample) -> None:
        from idp.models import AssessmentItem, Rating

        first = session.get_one(Assessment, sample.assessment.id)
        for number in range(11, 20):
            employee = add_colleague(session, sample, str(number))
            made = make_assessment(
                session,
                first.cycle,
                employee,
                session.merge(sample.unit),
                sample.dictionary,
                supervisor=None,
                second_level=None,
            )
            made.state = AssessmentState.RATED
            items = session.scalars(select(AssessmentItem).where(AssessmentItem.assessment_id == made.id))
            for item in items.all():
                session.add(
                    Rating(
                        item_id=item.id,
                        rater_kind=RaterKind.SUPERVISOR,
                        attained_level=2,
                        evidence="",
                        updated_at=at(steps.SECOND_DAY),
                    )
                )

    website.do(more)
    assert taken() == before
