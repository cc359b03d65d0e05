"""The first page of each role, the list of a team, and that neither grows with the number of people."""

from __future__ import annotations

from sqlalchemy.orm import Session

from idp.models import Cycle, Person, Unit
from tests.factories import steps
from tests.factories.dictionary import Dictionary
from tests.factories.sample import Sample, add_colleague, at, make_assessment
from tests.factories.website import Website
from tests.web.reading import counted, words


def add_people(session: Session, sample: Sample, numbers: range) -> None:
    """So many more people rated by Suda, with Prasit above."""
    cycle = session.get_one(Cycle, sample.cycle.id)
    unit = session.get_one(Unit, sample.unit.id)
    dictionary = Dictionary(
        sample.dictionary.version,
        {code: session.merge(each) for code, each in sample.dictionary.competencies.items()},
        sample.dictionary.indicators,
        sample.dictionary.actions,
    )
    for number in numbers:
        make_assessment(
            session,
            cycle,
            add_colleague(session, sample, str(number)),
            unit,
            dictionary,
            supervisor=session.get_one(Person, sample.cast.suda.person_id),
            second_level=session.get_one(Person, sample.cast.prasit.person_id),
        )


def test_each_role_reads_what_to_do_next_and_by_when(website: Website) -> None:
    owner = words(website.sign_in("somchai").get("/"))
    assert "งานของท่าน" in owner
    assert "ประเมินสมรรถนะของตนเองและส่งให้ผู้ประเมิน" in owner
    assert "20 ต.ค. 2568 เหลือ 14 วัน" in owner
    assert "เริ่มประเมินตนเอง" in owner
    website.do(steps.self_submitted)
    website.clock.moment = at(steps.RATING_DAY)
    supervisor = words(website.sign_in("suda").get("/"))
    assert "งานในฐานะผู้ประเมิน" in supervisor
    assert "ประเมินสมรรถนะของนายสมชาย ใจดี" in supervisor
    assert "นายสมชาย ใจดี ส่งผลการประเมินสมรรถนะของตนเองแล้ว" in supervisor


def test_the_second_level_and_hr_have_theirs(website: Website) -> None:
    website.do(steps.rated)
    website.clock.moment = at(steps.SECOND_DAY)
    assert "ให้ความเห็นต่อผลการประเมินของนายสมชาย ใจดี" in words(website.sign_in("prasit").get("/"))
    website.do(lambda session, sample: None)
    hr = words(website.sign_in("malee").get("/"))
    assert "งานบริหารรอบการประเมิน" in hr


def test_who_owes_nothing_is_told_so(website: Website) -> None:
    page = words(website.sign_in("anong").get("/"))
    assert "วันนี้ไม่มีเรื่องที่ท่านต้องดำเนินการ" in page
    assert "สมชาย" not in page
    assert "ยังไม่ได้ผูกกับหน่วยงานใด" in words(website.sign_in("nobody").get("/"))


def test_an_employee_sees_where_they_stand_in_the_year(website: Website) -> None:
    website.do(steps.released)
    page = website.sign_in("somchai").get("/").get_data(as_text=True)
    current = page.split('aria-current="step"')[1][:200]
    assert "แจ้งและรับทราบผล" in current
    assert page.count('class="is-done"') == 2


def test_the_team_is_listed_with_state_due_date_and_next_step(website: Website) -> None:
    website.do(steps.self_submitted)
    website.clock.moment = at(steps.RATING_DAY)
    rated = words(website.sign_in("suda").get("/team/"))
    assert "นายสมชาย ใจดี นักทรัพยากรบุคคลชำนาญการ ส่งผลประเมินตนเองแล้ว" in rated
    assert "3 พ.ย. 2568 เหลือ 19 วัน" in rated
    above = words(website.sign_in("prasit").get("/team/"))
    assert "ผู้ที่ท่านเป็นผู้บังคับบัญชาเหนือขึ้นไป" in above
    assert "นายสมชาย ใจดี" in above


def test_the_team_is_narrowed_by_what_is_owed_and_by_name(website: Website) -> None:
    website.do(lambda session, sample: add_people(session, sample, range(1, 4)))
    client = website.sign_in("suda")
    assert "คนที่2" in words(client.get("/team/"))
    found = words(client.get("/team/?name=สมชาย"))
    assert "สมชาย" in found
    assert "คนที่2" not in found
    assert "ไม่มีรายชื่อตามที่เลือก" in words(client.get("/team/?show=done"))
    assert client.get("/team/?show=nonsense").status_code == 200


def test_nobody_else_sees_the_team(website: Website) -> None:
    for name in ("anong", "olan", "somchai"):
        page = words(website.sign_in(name).get("/team/"))
        assert "ใจดี นักทรัพยากรบุคคล" not in page
        assert "ยังไม่มีผู้ที่ท่านเป็นผู้ประเมิน" in page


def test_the_pages_ask_as_much_for_five_people_as_for_thirty(website: Website) -> None:
    website.do(lambda session, sample: add_people(session, sample, range(1, 5)))
    client, counts = website.sign_in("suda"), []
    for further in (range(0), range(5, 30)):
        website.do(lambda session, sample, further=further: add_people(session, sample, further))  # type: ignore[misc]
        for address in ("/", "/team/"):
            with counted(website.app) as statements:
                assert client.get(address).status_code == 200
            counts.append(len(statements))
    assert counts[:2] == counts[2:]


def test_the_menu_offers_the_team_to_those_who_have_one(website: Website) -> None:
    link = 'href="/team/"'
    assert link in website.sign_in("suda").get("/").text
    assert link in website.sign_in("prasit").get("/").text
    for name in ("somchai", "anong", "olan"):
        assert link not in website.sign_in(name).get("/").text


def test_the_menu_does_not_call_somebody_elses_record_ones_own(website: Website) -> None:
    website.do(steps.self_submitted)
    record = f"/assessments/{website.sample.assessment.id}"
    own, other = (website.sign_in("suda").get(address).text for address in ("/assessments/", record))
    current = 'href="/assessments/" aria-current="page"'
    assert current in own
    assert current not in other
