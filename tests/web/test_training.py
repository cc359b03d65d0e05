"""Training at a glance, demand, hours, who has no plan: read by the personnel office and auditors alone."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from urllib.parse import quote

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from idp.models import Course, OrganisationSetting, RoleGrant
from idp.rules.terms import PlanState, Role
from tests.factories import steps
from tests.factories.sample import at
from tests.factories.website import Website
from tests.services.training_cast import make_course, make_run, make_unit, person_with_result, plan_of

PAGES = (
    "/training/",
    "/training/demand/",
    "/training/demand/people?key=title:excel",
    "/training/hours/",
    "/training/hours/people",
    "/training/budget/",
    "/training/plans",
    "/training/plans/people",
)
FILES = (
    "/training/demand/file",
    "/training/demand/people/file?key=title:excel",
    "/training/hours/file",
    "/training/hours/people/file",
    "/training/budget/file",
    "/training/plans/file",
    "/training/plans/people/file",
)


@pytest.fixture
def site(website: Website) -> Website:
    """Three plans that ask for a course and a title, one person without, one draft."""
    website.clock.moment = at(steps.REVIEW_DAY)
    with website.session() as session:
        sample = website.sample
        course = make_course(session, sample)
        make_run(session, sample, course)
        below = make_unit(session, sample, "U1.1", sample.unit)
        line = {
            "course_id": course.id,
            "hours": 18,
            "cost_baht": Decimal("3500.50"),
            "starts_on": date(2026, 2, 2),
        }
        title = {"title": "Excel", "hours": 6, "cost_baht": Decimal(100), "hours_done": 2}
        plan_of(session, person_with_result(session, sample, 1, below), line, title)
        plan_of(session, person_with_result(session, sample, 2), line, state=PlanState.SUBMITTED)
        plan_of(
            session, person_with_result(session, sample, 3), title | {"title": "ร่างลับ"}, state=PlanState.DRAFT
        )
        person_with_result(session, sample, 4)
    return website


@pytest.mark.parametrize("who", ["somchai", "suda", "prasit", "anong"])
def test_nobody_else_reads_them(site: Website, who: str) -> None:
    with site.session() as session:
        if who == "prasit":
            session.add(
                RoleGrant(
                    organisation_id=site.sample.organisation.id,
                    person_id=site.sample.cast.prasit.person_id,
                    role=Role.EXECUTIVE,
                    from_on=date(2020, 1, 1),
                )
            )
    client = site.sign_in(who)
    for address in (*PAGES, *FILES, "/training/budget/ceilings"):
        assert client.get(address).status_code == 403, address


def test_an_auditor_reads_and_sets_nothing(site: Website) -> None:
    with site.session() as session:
        session.add(
            RoleGrant(
                organisation_id=site.sample.organisation.id,
                person_id=site.sample.cast.anong.person_id,
                role=Role.AUDITOR,
                from_on=date(2020, 1, 1),
            )
        )
    client = site.sign_in("anong")
    for address in (*PAGES, *FILES):
        assert client.get(address).status_code == 200, address
    assert client.get("/training/budget/ceilings").status_code == 403
    assert "/training/budget/ceilings" not in client.get("/training/budget/").text


def test_the_main_numbers_stand_on_one_page(site: Website) -> None:
    page = site.sign_in("malee").get("/training/").text
    for text in (
        "ร้อยละ 75",
        "3 จาก 4 คนที่แจ้งผลแล้ว",
        "3 ที่นั่ง",
        "เป็นเงิน 7,101 บาท",
        "10.5 ชั่วโมง",
        "3,600.50 บาท",
    ):
        assert text in page, text
    other = site.sign_in("olan").get("/training/").text
    assert "3 ที่นั่ง" not in other and "0 ที่นั่ง" in other


def test_the_demand_shows_seats_baht_and_quarter(site: Website) -> None:
    client = site.sign_in("malee")
    page = client.get("/training/demand/").text
    assert "การบริหารทรัพยากรบุคคล" in page and "Excel" in page and "7,001 บาท" in page
    assert "ร่างลับ" not in page
    assert "หัวข้อตามแผน" in page  # whoever wrote it: it may come from the catalogue
    approved = client.get("/training/demand/?counted=approved").text
    assert "7,001 บาท" not in approved and "3,500.50 บาท" in approved


def test_the_people_of_a_course_are_named_with_the_way_to_their_plans(site: Website) -> None:
    page = site.sign_in("malee").get(f"/training/demand/people?key={quote('title:excel')}").text
    assert "นายคนที่1 เพิ่มเติม" in page and 'href="/plans/' in page
    assert "นายคนที่2" not in page and "นายคนที่3" not in page


@pytest.mark.parametrize("key", ["course:", "course:x", "course:999999", "other:1"])
def test_what_no_row_is_called_is_missing(site: Website, key: str) -> None:
    assert site.sign_in("malee").get(f"/training/demand/people?key={quote(key)}").status_code == 404


def test_a_course_of_another_organisation_has_no_people(site: Website) -> None:
    with site.session() as session:
        course_id = session.scalar(select(Course.id))
    assert site.sign_in("malee").get(f"/training/demand/people?key=course:{course_id}").status_code == 200
    assert site.sign_in("olan").get(f"/training/demand/people?key=course:{course_id}").status_code == 404


@pytest.mark.parametrize("query", ["year=2500", "year=x", "unit=999999", "unit=x", "cycle=999999"])
def test_a_year_unit_or_cycle_that_is_not_there_is_missing(site: Website, query: str) -> None:
    assert site.sign_in("malee").get(f"/training/plans?{query}").status_code == 404


def test_a_unit_of_another_organisation_is_missing(site: Website) -> None:
    assert site.sign_in("olan").get(f"/training/?unit={site.sample.unit.id}").status_code == 404


def test_who_has_no_plan_is_counted_and_named(site: Website) -> None:
    client = site.sign_in("malee")
    page = client.get("/training/plans").text
    assert "30 ธันวาคม 2568" in page and "standing=none" in page
    names = client.get("/training/plans/people").text
    for number, is_there in ((1, False), (2, True), (3, True), (4, True)):
        assert (f"นายคนที่{number} เพิ่มเติม" in names) is is_there
    alone = client.get("/training/plans/people?standing=none").text
    assert "นายคนที่4" in alone and "นายคนที่3" not in alone
    assert "คนที่1" in client.get("/training/plans/people?standing=in_time").text


def test_hours_are_shown_against_what_the_organisation_asks_for(site: Website) -> None:
    client = site.sign_in("malee")
    assert "ไม่ได้กำหนดชั่วโมงขั้นต่ำ" in client.get("/training/hours/").text
    with site.session() as session:
        session.add(
            OrganisationSetting(
                organisation_id=site.sample.organisation.id,
                key="hours_asked_a_year",
                from_on=date(2025, 10, 1),
                value=20,
            )
        )
    assert "อย่างน้อยปีละ 20 ชั่วโมงต่อคน" in client.get("/training/hours/").text
    people = client.get("/training/hours/people").text
    assert "นายคนที่2" in people and "นายคนที่1 " not in people


def test_the_files_hold_what_the_pages_show(site: Website) -> None:
    client = site.sign_in("malee")
    sheet = load_workbook(io.BytesIO(client.get("/training/demand/file").data)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[:5] for row in rows[1:]] == [
        ("HR-01", "การบริหารทรัพยากรบุคคล", 2, 2, 7001),
        (None, "Excel", 1, None, 100),
    ]
    assert "คนที่4" in client.get("/training/plans/people/file?format=csv").data.decode("utf-8-sig")
    assert client.get("/training/hours/file?format=pdf").status_code == 404


def test_the_menu_leads_there_for_who_may(site: Website) -> None:
    assert 'href="/training/"' in site.sign_in("malee").get("/").text
    assert 'href="/training/"' not in site.sign_in("somchai").get("/").text
    assert 'href="/courses/"' in site.sign_in("somchai").get("/").text


def test_where_there_is_nothing_to_show_yet_another_page_leads_on(site: Website) -> None:
    """Olan's organisation has no round; no row of the demand was asked for."""
    assert site.sign_in("olan").get("/training/plans").headers["Location"] == "/training/"
    assert site.sign_in("malee").get("/training/demand/people").headers["Location"] == "/training/demand/"
