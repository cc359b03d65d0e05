"""What each reader of the committee's pages finds in a group: members, raters, the personnel office."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Assessment, Rating, Reconsideration
from idp.rules.terms import AssessmentState, RaterKind
from idp.services.exemptions import exempt
from tests.factories import steps
from tests.factories.committee import seat
from tests.factories.sample import Sample, add_colleague, at, make_assessment
from tests.factories.website import Website
from tests.web.reading import version_on, words
from tests.web.test_moderation import NAME, REASON, address, at_work, send


def nobodys(session: Session, sample: Sample) -> Assessment:
    """One more person, whose rating was handed in by somebody who is nobody's supervisor any more."""
    employee = add_colleague(session, sample, "8")
    first = session.get_one(Assessment, sample.assessment.id)
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
    for item in made.items:
        session.add(
            Rating(
                item_id=item.id,
                rater_kind=RaterKind.SUPERVISOR,
                attained_level=2,
                evidence="",
                updated_at=at(steps.SECOND_DAY),
            )
        )
    session.flush()
    return made


def test_the_group_without_a_rater_lists_its_own_people_alone(website: Website) -> None:
    at_work(website)
    number = website.do(lambda session, sample: nobodys(session, sample).employee_number)
    client = website.sign_in("anong")
    assert re.search(r"people\?[^\"]*group=\"", client.get("/moderation/?by=rater").text)
    page = client.get("/moderation/people?by=rater&group=")
    assert page.status_code == 200 and "มีผลที่ส่งแล้ว 1 คน" in words(page)
    assert number in words(page) and NAME not in words(page)
    assert NAME in words(client.get("/moderation/people?by=rater"))
    assert client.get("/moderation/people?by=unit&group=").status_code == 404


def test_a_member_reads_nothing_of_one_released_result(website: Website) -> None:
    """Its number of people is known, its figures are not; who sees released results sees them here too."""

    def one_released(session: Session, sample: Sample) -> None:
        seat(session, sample)
        nobodys(session, sample)
        steps.released(session, sample)

    website.do(one_released)
    website.clock.moment = at(steps.RELEASE_DAY)
    client = website.sign_in("anong")
    key = website.sample.cast.suda.person_id
    for address_ in ("/moderation/?by=rater", f"/moderation/people?by=rater&group={key}"):
        assert "ตัวเลขไม่รวม 1 คนที่แจ้งผลแล้ว" in words(client.get(address_))
        assert "ตัวเลขไม่รวม" not in words(website.sign_in("malee").get(address_))
        client = website.sign_in("anong")
    table = words(client.get("/moderation/?by=rater")).split("การกระจายของผลจำแนกตามผู้ประเมิน")[-1]
    assert table.index("ไม่ระบุ") < table.index("สุดา รักงาน")  # those without figures come last
    page = words(client.get(f"/moderation/people?by=rater&group={key}"))
    assert "ผลต่างเฉลี่ยจากระดับที่คาดหวัง – ระดับ" in page and "ไม่มีรายชื่อที่ท่านดูได้" in page


def test_the_list_says_whom_it_names(website: Website) -> None:
    def released(session: Session, sample: Sample) -> None:
        seat(session, sample)
        steps.released(session, sample)

    website.do(released)
    website.clock.moment = at(steps.RELEASE_DAY)
    member = words(website.sign_in("anong").get("/moderation/people"))
    assert "รายชื่อผู้ที่มีผลส่งแล้ว" in member and "ท่านเห็นรายชื่อจนกว่าจะแจ้งผล" in member
    assert "ผลที่แจ้งแล้ว และผลที่ผู้ประเมินกำลังทบทวน ไม่แสดงในรายชื่อ" in member
    office = words(website.sign_in("malee").get("/moderation/people"))
    assert NAME in office and "รายชื่อผู้ที่มีผลส่งแล้ว" in office and "จนกว่าจะแจ้งผล" not in office
    for text in (member, office):
        assert "รอการกลั่นกรอง" not in text


def test_the_whole_organisation_is_not_called_a_unit(website: Website) -> None:
    at_work(website)
    client = website.sign_in("anong")
    text = words(client.get("/moderation/?by=unit"))
    assert "ทั้งองค์กร" in text and "ทั้งหน่วยงาน" not in text and "ค่าเฉลี่ยของหน่วยงาน" not in text
    assert "ทั้งองค์กร" in words(client.get("/moderation/people"))


def test_a_request_that_ended_is_said_to_have_no_answer(website: Website) -> None:
    at_work(website)
    assert send(website, "anong")[0] == 302
    website.do(
        lambda session, sample: (
            exempt(session, sample.cast.malee, sample.assessment.id, "ลาศึกษาต่อ", at(steps.SECOND_DAY))
            and None
        )
    )
    client = website.sign_in("malee")
    assert "คำขอสิ้นสุดโดยไม่มีคำตอบ" in words(client.get(address(website)))
    text = words(client.get("/moderation/"))
    assert "ขอให้ทบทวน 1 ครั้ง ทบทวนแล้ว 0 ครั้ง" in text and "รอผู้ประเมินทบทวน" not in text


def test_a_member_who_is_the_rater_is_offered_none_of_the_committees_steps(website: Website) -> None:
    at_work(website)
    website.do(lambda session, sample: seat(session, sample, "suda") and None)
    client = website.sign_in("suda")
    page = client.get(address(website))
    assert page.status_code == 200 and "ขอให้ผู้ประเมินทบทวน" not in words(page)
    assert "steps/moderate" not in page.text
    refused = client.post(address(website, "/steps/moderate"), data={"version": version_on(page)})
    assert refused.status_code == 403
    assert "คณะกรรมการกลั่นกรองพิจารณา" not in words(client.get("/"))


def test_after_the_cycles_end_several_can_still_be_asked_at_once(website: Website) -> None:
    at_work(website)
    over = website.sample.cycle.ends_on + timedelta(days=3)
    website.clock.moment = at(over)
    client = website.sign_in("anong")
    page = client.get(address(website))
    assert "ขอให้ผู้ประเมินทบทวน" in words(page)
    form = {
        "action": "ask_reconsideration",
        "assessment": str(website.sample.assessment.id),
        "back": "/moderation/people",
        "committee": "yes",
    }
    run = client.post("/bulk/", data=form).headers["Location"]
    until = over + timedelta(days=5)
    typed = {"reason": REASON, "until_on": f"{until.day}/{until.month}/{until.year + 543}"}
    client.post(f"{run.rstrip('/')}/carry-out", data=typed)
    with website.session() as session:
        assert session.scalars(select(Reconsideration.assessment_id)).all() == [website.sample.assessment.id]
    status, body = send(website, "anong", version="1")
    assert status == 409 and REASON in body
