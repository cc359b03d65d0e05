"""The pages of the development budget: figures against ceilings, ceilings row by row, a plan's warning."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from idp.models import BudgetCeiling, PlanItem
from tests.factories import steps
from tests.factories.sample import at
from tests.factories.website import Website
from tests.services.training_cast import make_unit, person_with_result, plan_of


@pytest.fixture
def site(website: Website) -> Website:
    website.do(steps.submitted)
    website.clock.moment = at(steps.REVIEW_DAY)
    with website.session() as session:
        line = {"cost_baht": Decimal(1000), "spent_baht": Decimal("1200.50")}
        plan_of(session, person_with_result(session, website.sample, 1), line)
    return website


def save(
    site: Website, baht: str, who: str = "malee", unit_id: int | None = None, **more: str
) -> TestResponse:
    number = site.sample.unit.id if unit_id is None else unit_id
    address = f"/training/budget/ceilings/{number}?year=2569"
    return site.sign_in(who).post(address, data={f"baht-{number}": baht, **more})


def ceilings(site: Website) -> list[Decimal]:
    with site.session() as session:
        return list(session.scalars(select(BudgetCeiling.baht)))


def test_a_ceiling_is_typed_in_thai_digits_and_the_page_says_what_is_over(site: Website) -> None:
    assert save(site, "๑,๐๐๐.๕๐").status_code == 302
    assert ceilings(site) == [Decimal("1000.50")]
    client = site.sign_in("malee")
    page = client.get("/training/budget/").text
    assert "เกินวงเงิน 200 บาท" in page and 'class="over"' in page
    page = client.get("/training/budget/ceilings").text
    assert 'value="1000.50"' in page and "กำหนดวงเงิน" in page and "นางมาลี ศรีสุข" in page
    assert save(site, "").status_code == 302
    assert ceilings(site) == []


@pytest.mark.parametrize("typed", ["มาก", "-5", "1.005", "1e400", "99999999999999"])
def test_a_refused_row_keeps_its_text_and_the_others_theirs(site: Website, typed: str) -> None:
    with site.session() as session:
        other = make_unit(session, site.sample, "U2").id
    save(site, "777", unit_id=other)
    answer = save(site, typed)
    page = answer.text
    assert answer.status_code == 422
    assert f'id="error-baht-{site.sample.unit.id}"' in page and f'value="{typed}"' in page
    assert 'value="777"' in page
    assert ceilings(site) == [Decimal(777)]


def test_who_came_second_is_told_and_loses_nothing(site: Website) -> None:
    save(site, "500", version="0")
    answer = save(site, "60012345", version="0")
    assert answer.status_code == 409
    assert 'value="60012345"' in answer.text
    assert ceilings(site) == [Decimal(500)]


def test_each_row_carries_its_own_version(site: Website) -> None:
    save(site, "500")
    save(site, "600")
    page = site.sign_in("malee").get("/training/budget/ceilings").text
    row = page.partition(f'id="unit-{site.sample.unit.id}"')[2].partition("</tr>")[0]
    assert 'name="version" value="2"' in row


@pytest.mark.parametrize("who", ["somchai", "suda", "anong"])
def test_nobody_but_the_personnel_office_sets_one(site: Website, who: str) -> None:
    assert save(site, "5", who=who).status_code == 403
    assert site.sign_in(who).post("/training/budget/ceilings/copy").status_code == 403


def test_a_unit_of_another_organisation_is_missing(site: Website) -> None:
    assert save(site, "5", who="olan").status_code == 404
    assert ceilings(site) == []


def test_last_years_ceilings_are_copied(site: Website) -> None:
    with site.session() as session:
        session.add(
            BudgetCeiling(
                organisation_id=site.sample.organisation.id,
                fiscal_year=2568,
                unit_id=site.sample.unit.id,
                baht=Decimal(900),
            )
        )
    client = site.sign_in("malee")
    for said in ("คัดลอกวงเงินของปีก่อนแล้ว 1 หน่วยงาน", "ไม่มีวงเงินของปีก่อนให้คัดลอก"):
        answer = client.post("/training/budget/ceilings/copy?year=2569", follow_redirects=True)
        assert said in answer.text
    assert ceilings(site) == [Decimal(900), Decimal(900)]


def test_who_approves_is_warned_and_the_owner_is_not(site: Website) -> None:
    with site.session() as session:
        session.execute(update(PlanItem).values(cost_baht=Decimal(500)))
        plan_id = session.scalars(
            select(PlanItem.plan_id).where(PlanItem.spent_baht.is_(None)).limit(1)
        ).one()
    warning = "จะเกินวงเงินพัฒนาบุคลากรของหน่วยงาน"
    suda = site.sign_in("suda")
    assert warning not in suda.get(f"/plans/{plan_id}").text
    save(site, "900")
    page = suda.get(f"/plans/{plan_id}").text
    assert warning in page and "สำนักปลัด" in page
    assert "แผนอื่นเห็นชอบ" not in page  # what others ask for is not hers to read
    assert warning not in site.sign_in("somchai").get(f"/plans/{plan_id}").text
    save(site, "90000")
    assert warning not in suda.get(f"/plans/{plan_id}").text
