"""The round before and the development since, on the card of each competency: for the person themself and for
whoever rates them, and for nobody else."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from idp.models import Assessment, Person
from idp.rules.settings import OrganisationRules
from idp.rules.terms import AssessmentState
from tests.factories import steps
from tests.factories.sample import Sample, at, make_assessment, make_cycle
from tests.factories.website import Website
from tests.web.reading import counted, words

LAST_YEAR = "รอบก่อน: ระดับ 2 (คาดหวัง 3)"
DEVELOPMENT = "การพัฒนาตั้งแต่รอบก่อน 1 รายการ"


def next_round(session: Session, sample: Sample) -> int:
    """The year after an approved plan: Somchai's next assessment, which Suda is rating."""
    steps.approved(session, sample)
    return begun(session, sample)


def begun(session: Session, sample: Sample) -> int:
    cycle = make_cycle(session, sample.organisation, sample.dictionary, OrganisationRules(), code="2570")
    cycle.fiscal_year, cycle.name_th = 2570, "รอบการประเมินถัดไป"
    cycle.starts_on, cycle.ends_on = date(2026, 10, 1), date(2027, 9, 30)
    supervisor = session.get_one(Person, sample.cast.suda.person_id)
    second = session.get_one(Person, sample.cast.prasit.person_id)
    assessment = make_assessment(
        session,
        cycle,
        sample.employees["somchai"],
        sample.unit,
        sample.dictionary,
        supervisor=supervisor,
        second_level=second,
        state=AssessmentState.RATING,
    )
    return assessment.id


def on_that_day(website: Website) -> datetime:
    website.clock.moment = at(date(2026, 10, 15))
    return website.clock.moment


def test_the_supervisor_and_the_owner_see_the_round_before_and_the_work_done_since(website: Website) -> None:
    number = website.do(next_round)
    on_that_day(website)
    for name in ("suda", "somchai"):
        page = words(website.sign_in(name).get(f"/assessments/{number}"))
        assert LAST_YEAR in page
        assert page.count(DEVELOPMENT) == 2  # the two gaps of the year before
        assert "กิจกรรมที่ 1 สู่ระดับที่ 3" in page


def test_others_who_may_read_the_record_do_not(website: Website) -> None:
    number = website.do(next_round)
    on_that_day(website)
    for name in ("prasit", "malee"):
        page = words(website.sign_in(name).get(f"/assessments/{number}"))
        assert "รอบก่อน" not in page
    for name in ("anong", "olan"):
        assert website.sign_in(name).get(f"/assessments/{number}").status_code == 404


def test_a_result_that_is_not_released_shows_nobody_anything(website: Website) -> None:
    website.do(steps.second_opinion)
    number = website.do(begun)
    on_that_day(website)
    for name in ("suda", "somchai"):
        assert "รอบก่อน" not in words(website.sign_in(name).get(f"/assessments/{number}"))


def test_it_costs_the_page_a_few_statements_whatever_there_is(website: Website) -> None:
    number = website.do(next_round)
    on_that_day(website)
    client = website.sign_in("suda")

    def statements() -> int:
        with counted(website.app) as found:
            assert client.get(f"/assessments/{number}").status_code == 200
        return len(found)

    statements()
    with_it = statements()
    website.do(lambda session, sample: hide(session, sample.assessment.id))
    assert with_it - statements() <= 7


def hide(session: Session, assessment_id: int) -> None:
    """As if the year before had never been released."""
    session.get_one(Assessment, assessment_id).state = AssessmentState.MODERATED
