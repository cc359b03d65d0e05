"""Rows of the editor of a dictionary: added and moved, with the script and without it, at any width."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from idp.queries.framework_contents import content_of
from tests.browser.conftest import LiveSite
from tests.services.framework_cast import NOW, competency, derived

pytestmark = pytest.mark.browser

NEW, TYPED = "พฤติกรรมที่เพิ่มใหม่", "คำจำกัดความที่พิมพ์ค้างไว้"


def editor(site: LiveSite) -> tuple[int, str]:
    version = site.website.do(derived)
    with site.website.session() as session:
        c1 = competency(session, version, "c1").id
    return version.id, f"{site.address}/framework-versions/{version.id}/competencies/{c1}"


def add_a_row(page: Page) -> None:
    page.locator("#field-definition_th").fill(TYPED)
    page.get_by_role("button", name="เพิ่มพฤติกรรมบ่งชี้ ระดับ 1").click()
    page.locator("#field-level-1-indicator-3").wait_for()


def saved(site: LiveSite, version_id: int) -> tuple[str, tuple[str, ...]]:
    with site.website.session() as session:
        content = content_of(session, version_id)[0].content
    return content.definition_th, content.levels[1].indicators


@pytest.mark.parametrize("width", [360, 1280])
def test_a_row_is_added_and_moved_by_keyboard_without_leaving_the_page(
    live_site: LiveSite, width: int
) -> None:
    version_id, address = editor(live_site)
    page = live_site.log_in("malee", on=NOW.date(), width=width)
    page.goto(address)
    page.evaluate("window.isTheSamePage = true")
    add_a_row(page)
    page.locator("#field-level-1-indicator-3:focus").wait_for()
    page.keyboard.type(NEW)
    page.get_by_role("button", name="เลื่อนขึ้น พฤติกรรมบ่งชี้ข้อ 4 ของระดับ 1").press("Enter")
    page.locator("#field-level-1-indicator-2:focus").wait_for()
    assert page.evaluate("window.isTheSamePage") is True
    assert page.locator("#field-definition_th").input_value() == TYPED
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="บันทึกสมรรถนะ").last.click()
    page.get_by_text("บันทึกแล้ว").wait_for()
    definition, indicators = saved(live_site, version_id)
    assert definition == TYPED and indicators[2] == NEW and len(indicators) == 4


def test_without_the_script_the_page_comes_back_with_everything(live_site: LiveSite) -> None:
    version_id, address = editor(live_site)
    signed_in = live_site.log_in("malee", on=NOW.date())
    context = live_site.browser.new_context(
        java_script_enabled=False, storage_state=signed_in.context.storage_state()
    )
    live_site.contexts.append(context)
    page = context.new_page()
    page.goto(address)
    add_a_row(page)
    page.locator("#field-level-1-indicator-3").fill(NEW)
    page.get_by_role("button", name="บันทึกสมรรถนะ").first.click()
    page.get_by_text("บันทึกแล้ว").wait_for()
    definition, indicators = saved(live_site, version_id)
    assert definition == TYPED and indicators[3] == NEW
