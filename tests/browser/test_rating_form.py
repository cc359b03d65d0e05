"""The rating form in a browser: a whole level in one click, the keyboard alone, the line of evidence, the way
to the next competency; counted."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from idp.models import Cycle, Rating
from idp.rules.settings import OrganisationRules
from idp.rules.terms import AssessmentState, RaterKind
from tests.browser.conftest import LiveSite
from tests.factories import steps
from tests.web.test_assessment_self import state

pytestmark = pytest.mark.browser

WORDS = "ลดขั้นตอนเหลือ 5 ขั้น"


@dataclass
class Keys:
    """Presses keys and counts them; a text typed is not counted."""

    page: Page
    count: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1


def opened(site: LiveSite, width: int = 1280) -> Page:
    site.website.do(steps.rating)
    page = site.log_in("suda", on=steps.RATING_DAY, width=width)
    page.goto(f"{site.address}/assessments/{site.website.sample.assessment.id}")
    page.locator("[data-keyboard-hint]").wait_for()
    return page


def card(site: LiveSite, page: Page, code: str):  # type: ignore[no-untyped-def]
    return page.locator(f"#competency-{site.website.sample.items[code].id}")


def levels(site: LiveSite) -> dict[str, int]:
    codes = {item.id: code for code, item in site.website.sample.items.items()}
    rows = site.website.do(
        lambda session, _sample: [
            (rating.item_id, rating.attained_level)
            for rating in session.scalars(select(Rating).where(Rating.rater_kind == RaterKind.SUPERVISOR))
        ]
    )
    return {codes[item_id]: int(level) for item_id, level in rows if level is not None}


def test_all_of_it_is_rated_and_handed_in_by_the_keyboard_alone(live_site: LiveSite) -> None:
    """Four keys and the words for each competency: to the ladder, the level, to its note; the next one."""
    page = opened(live_site)
    page.locator("[data-competency] > summary").first.focus()
    keys = Keys(page)
    for code, level in (("c1", "3"), ("c2", "3"), ("c3", "2")):
        if keys.count:
            keys.press("Control+Enter")
        assert page.evaluate("document.activeElement.closest('[data-competency]').id") == (
            f"competency-{live_site.website.sample.items[code].id}"
        )
        keys.press("Tab", level, "Tab")
        page.keyboard.type(WORDS)
        assert card(live_site, page, code).locator("[data-level-badge]").inner_text() == level
        assert card(live_site, page, code).locator("[data-evidence-lacking]").is_hidden()
    keys.press("Control+Enter", "Enter")  # everything is rated: the button that hands it in
    page.get_by_text("ส่งผลการประเมินแล้ว").wait_for()
    assert state(live_site.website) is AssessmentState.RATED
    assert levels(live_site) == {"c1": 3, "c2": 3, "c3": 2}
    assert keys.count == 3 * 3 + 2 + 2


def test_a_level_is_ticked_in_one_click_and_the_next_competency_opens(live_site: LiveSite) -> None:
    page = opened(live_site, width=360)
    first, second = card(live_site, page, "c1"), card(live_site, page, "c2")
    for place in range(2):
        first.locator("[data-all-of-level]").nth(place).click()
    assert first.locator("[data-level-badge]").inner_text() == "2"
    assert "สมรรถนะถัดไปที่ยังไม่ได้ประเมิน: การทำงานเป็นทีม" in first.locator("[data-next-card]").inner_text()
    first.locator("[data-next-card]").click()
    assert second.get_attribute("open") is not None and first.get_attribute("open") is None
    assert second.locator("summary").first.evaluate("each => each === document.activeElement")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_line_of_evidence_stands_there_once_ticked_and_stays_while_it_says_something(
    live_site: LiveSite,
) -> None:
    page = opened(live_site)
    row = card(live_site, page, "c1").locator(".indicator").first
    line, tick = row.locator("input[type=text]"), row.locator("input[type=checkbox]")
    assert line.is_hidden()
    tick.check()
    assert line.is_visible()
    line.fill(WORDS)
    tick.uncheck()
    assert line.is_visible()  # nothing typed goes out of sight
    line.fill("")
    assert line.is_hidden()


def test_without_scripts_the_line_shows_by_its_tick_and_nothing_else_is_needed(live_site: LiveSite) -> None:
    live_site.website.do(steps.rating)
    page = live_site.log_in("suda", on=steps.RATING_DAY)
    state_ = page.context.storage_state()
    bare = live_site.browser.new_context(java_script_enabled=False, storage_state=state_)
    live_site.contexts.append(bare)
    page = bare.new_page()
    page.goto(f"{live_site.address}/assessments/{live_site.website.sample.assessment.id}")
    row = card(live_site, page, "c1").locator(".indicator").first
    assert row.locator("input[type=text]").is_hidden()
    row.locator("input[type=checkbox]").check()
    row.locator("input[type=text]").fill(WORDS)
    assert card(live_site, page, "c1").locator("[data-all-of-level]").first.is_hidden()
    page.get_by_role("button", name="บันทึกร่าง").click()
    assert WORDS in page.content()


def test_the_script_says_of_an_average_what_the_server_says(live_site: LiveSite) -> None:
    def takes_averages(session, sample) -> None:  # type: ignore[no-untyped-def]
        rules = OrganisationRules(takes_average_levels=True)
        session.get_one(Cycle, sample.cycle.id).settings = rules.as_json()

    live_site.website.do(takes_averages)
    page = opened(live_site)
    first = card(live_site, page, "c1")
    first.locator("[data-all-of-level]").first.click()
    first.locator("[data-average]").fill("๓.๒๕")
    said = [
        first.locator(each).inner_text() for each in ("[data-derived]", "[data-apart]", "[data-level-badge]")
    ]
    assert first.locator("[data-evidence-lacking]").is_visible()
    page.get_by_role("button", name="บันทึกร่าง").click()
    page.get_by_text("บันทึกร่างแล้ว").wait_for()
    first = card(live_site, page, "c1")
    again = [
        first.locator(each).inner_text() for each in ("[data-derived]", "[data-apart]", "[data-level-badge]")
    ]
    assert said == again
    assert said[0] == "ระดับเฉลี่ยจากผู้ประเมินหลายคน: ระดับ 3.25 · ใช้แทนพฤติกรรมที่เลือกไว้ ซึ่งคิดได้ระดับ 1"
    assert said[1].startswith("ต่างจากผลประเมินตนเอง 0.25 ระดับ") and said[2] == "3.25"
