"""Many records at once by hand: with the script that ticks a whole page, and without any script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from idp.models import DevelopmentPlan
from idp.rules.terms import PlanState
from tests.browser.conftest import LiveSite
from tests.factories import steps
from tests.services.bulk_cast import add_plan

pytestmark = pytest.mark.browser


@pytest.fixture
def site(live_site: LiveSite) -> LiveSite:
    """Three plans wait for Suda."""
    live_site.website.do(lambda session, sample: [add_plan(session, sample, n).id for n in (1, 2, 3)])
    return live_site


def states(site: LiveSite) -> list[PlanState]:
    return site.website.do(
        lambda session, _sample: list(
            session.scalars(select(DevelopmentPlan.state).order_by(DevelopmentPlan.id))
        )
    )


def look(page: Page, action: str) -> None:
    page.get_by_label("การดำเนินการ", exact=True).select_option(label=action)
    page.get_by_role("button", name="ตรวจสอบก่อนดำเนินการ").click()


def test_a_whole_page_is_ticked_looked_at_and_approved(site: LiveSite) -> None:
    page = site.log_in("suda", on=steps.REVIEW_DAY, width=360)
    page.goto(f"{site.address}/team/")
    page.get_by_role("button", name="เลือกทั้งหมดในหน้านี้").click()
    expect(page.locator("[data-ticked]")).to_have_text("เลือกแล้ว 4 รายการ")
    look(page, "เห็นชอบแผนพัฒนา")
    expect(page.get_by_role("heading", name="จะดำเนินการ (3 รายการ)")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_label(re.compile("^ความเห็นต่อแผน")).fill("เห็นชอบทุกแผน")
    page.get_by_role("button", name=re.compile("^ยืนยัน")).click()
    expect(page.get_by_role("status")).to_contain_text("ดำเนินการแล้ว 3 รายการ")
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("ดำเนินการแล้ว 3 รายการ")
    assert states(site) == [PlanState.APPROVED] * 3


def test_one_is_ticked_and_given_back_without_a_script(site: LiveSite) -> None:
    cookies = site.log_in("suda", on=steps.REVIEW_DAY).context.cookies()
    bare = site.browser.new_context(java_script_enabled=False, locale="th-TH")
    site.contexts.append(bare)
    bare.add_cookies(cookies)  # type: ignore[arg-type]
    page = bare.new_page()
    page.goto(f"{site.address}/team/")
    expect(page.get_by_role("button", name="เลือกทั้งหมดในหน้านี้")).to_be_hidden()
    page.get_by_label("เลือกนายคนที่2 เพิ่มเติม").check()
    look(page, "ส่งคืนแผนพัฒนาให้แก้ไข")
    page.get_by_label(re.compile("^เหตุผลที่ส่งคืน")).fill("เพิ่มตัวชี้วัด")
    page.get_by_role("button", name=re.compile("^ยืนยัน")).click()
    expect(page.get_by_role("status")).to_contain_text("ดำเนินการแล้ว 1 รายการ")
    assert states(site) == [PlanState.SUBMITTED, PlanState.RETURNED, PlanState.SUBMITTED]
