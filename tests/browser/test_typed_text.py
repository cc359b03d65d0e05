"""No text is lost: not by a closed tab, an ended log-in, a lost connection; and nobody else sees it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LiveSite
from tests.factories import steps

pytestmark = pytest.mark.browser

TEXT = "พิมพ์ไว้ยาวมากตลอดช่วงบ่าย"
SAVED = re.compile(r"^บันทึกร่างอัตโนมัติเมื่อ \d\d\.\d\d น\.$")


@pytest.fixture
def form(live_site: LiveSite) -> tuple[LiveSite, Page, str]:
    """Somchai's rating form."""
    live_site.website.do(steps.self_assessing)
    page = live_site.log_in("somchai", on=steps.SELF_DAY)
    address = f"{live_site.address}/assessments/{live_site.website.sample.assessment.id}"
    page.goto(address)
    return live_site, page, address


def evidence(page: Page) -> Locator:
    return page.locator("details[data-competency]").first.get_by_label("เหตุการณ์หรือพฤติกรรมที่แสดงออก")


def status(page: Page) -> Locator:
    return page.locator("form[data-ladders] .autosave-status")


def copies(page: Page) -> list[str]:
    found: list[str] = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('typed:'))")
    return found


def offered(page: Page) -> Locator:
    return page.locator(".typed-note:visible")


def test_a_closed_browser_loses_nothing(form: tuple[LiveSite, Page, str]) -> None:
    site, page, address = form
    card = page.locator("details[data-competency]").first
    card.get_by_role("checkbox").first.check()
    evidence(page).fill(TEXT)
    expect(status(page)).to_have_text(SAVED)
    assert copies(page) == [], "what the server has does not stay on the computer"
    page.context.close()
    page = site.log_in("somchai")
    page.goto(address)
    expect(evidence(page)).to_have_value("")
    offered(page).get_by_role("link", name="ใช้ต่อ").click()
    expect(evidence(page)).to_have_value(TEXT)
    expect(page.locator("details[data-competency]").first.get_by_role("checkbox").first).to_be_checked()
    page.get_by_role("button", name="บันทึกร่าง").click()
    expect(page.get_by_role("status")).to_contain_text("บันทึกร่างแล้ว")
    expect(evidence(page)).to_have_value(TEXT)
    expect(offered(page)).to_have_count(0)
    assert copies(page) == []


def test_it_is_thrown_away_when_not_wanted(form: tuple[LiveSite, Page, str]) -> None:
    _site, page, address = form
    evidence(page).fill(TEXT)
    expect(status(page)).to_have_text(SAVED)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    offered(page).get_by_role("button", name="ทิ้งข้อความนี้").click()
    expect(offered(page)).to_have_count(0)
    expect(evidence(page)).to_have_value("")


def test_a_log_in_that_ended_while_typing_loses_nothing(form: tuple[LiveSite, Page, str]) -> None:
    site, page, _address = form
    site.website.clock.pass_time(timedelta(hours=9))
    evidence(page).fill(TEXT)
    expect(status(page)).to_contain_text("หมดเวลาการเข้าสู่ระบบ")
    expect(evidence(page)).to_have_value(TEXT)
    with page.context.expect_page() as opened:
        status(page).get_by_role("link", name="เข้าสู่ระบบในแท็บใหม่").click()
    site.log_in_on(opened.value, "somchai")
    opened.value.close()
    page.bring_to_front()
    expect(status(page)).to_have_text(SAVED)
    page.get_by_role("button", name="บันทึกร่าง").click()
    expect(page.get_by_role("status")).to_contain_text("บันทึกร่างแล้ว")
    expect(evidence(page)).to_have_value(TEXT)


def test_a_form_sent_after_the_log_in_ended_is_offered_after_the_next_one(
    form: tuple[LiveSite, Page, str],
) -> None:
    site, page, address = form
    evidence(page).fill(TEXT)
    site.website.clock.pass_time(timedelta(hours=9))
    page.get_by_role("button", name="บันทึกร่าง").click()
    page.get_by_role("button", name="เข้าสู่ระบบ").wait_for()
    site.log_in_on(page, "somchai")
    page.goto(address)
    expect(evidence(page)).to_have_value("")
    offered(page).get_by_role("button", name="ใช้ต่อ").click()
    expect(evidence(page)).to_have_value(TEXT)
    expect(status(page)).to_have_text(SAVED)
    page.get_by_role("button", name="บันทึกร่าง").click()
    expect(page.get_by_role("status")).to_contain_text("บันทึกร่างแล้ว")
    page.goto(address)
    expect(evidence(page)).to_have_value(TEXT)
    expect(offered(page)).to_have_count(0)


def test_a_form_that_came_back_is_kept_and_no_other_form_of_the_page(
    form: tuple[LiveSite, Page, str],
) -> None:
    site, page, address = form
    other = page.context.new_page()
    other.goto(address)
    evidence(other).fill("จากอีกแท็บ")
    other.get_by_role("button", name="บันทึกร่าง").click()
    expect(other.get_by_role("status")).to_contain_text("บันทึกร่างแล้ว")
    evidence(page).fill(TEXT)
    page.get_by_role("button", name="บันทึกร่าง").click()
    expect(page.get_by_role("alert")).to_contain_text("มีผู้บันทึกข้อมูลนี้ก่อนท่าน")
    expect(status(page)).to_have_text(SAVED)
    page.context.close()
    page = site.log_in("somchai")
    page.goto(address)
    expect(offered(page)).to_have_count(1)
    expect(offered(page)).to_contain_text(TEXT)


def test_a_lost_connection_loses_nothing(form: tuple[LiveSite, Page, str]) -> None:
    _site, page, _address = form
    page.context.set_offline(True)
    evidence(page).fill(TEXT)
    expect(status(page)).to_contain_text("เครือข่ายขัดข้อง จะลองใหม่")
    assert len(copies(page)) == 1
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)
    assert copies(page) == []


def test_another_person_at_the_same_computer_sees_nothing_of_it(form: tuple[LiveSite, Page, str]) -> None:
    site, page, address = form
    site.website.clock.pass_time(timedelta(hours=9))
    evidence(page).fill(TEXT)
    expect(status(page)).to_contain_text("หมดเวลาการเข้าสู่ระบบ")
    assert len(copies(page)) == 1
    other = page.context.new_page()
    site.log_in_on(other, "suda")
    assert copies(other) == []
    other.goto(address)
    expect(other.get_by_text(TEXT)).to_have_count(0)
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(status(page)).to_contain_text("มีผู้อื่นเข้าสู่ระบบในเครื่องนี้")
    expect(evidence(page)).to_have_value(TEXT)


def test_who_logs_out_leaves_nothing_on_the_computer(form: tuple[LiveSite, Page, str]) -> None:
    _site, page, _address = form
    page.evaluate("localStorage.setItem('typed:999:/x', '{}')")
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.route("**/drafts", lambda route: route.abort())
    evidence(page).fill(TEXT)
    expect(status(page)).to_contain_text("เครือข่ายขัดข้อง")
    page.locator(".account-menu > summary").click()
    page.get_by_role("button", name="ออกจากระบบ").click()
    page.get_by_role("button", name="เข้าสู่ระบบ").wait_for()
    assert copies(page) == []
