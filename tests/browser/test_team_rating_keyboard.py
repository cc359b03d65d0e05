"""A supervisor rates three people in three competencies with nothing but the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import AssessmentItem, Rating
from idp.rules.terms import RaterKind
from idp.services.ratings import RatingEntry, save_ratings
from tests.browser.conftest import LiveSite
from tests.factories import steps
from tests.factories.rating_team import add_team, items_of
from tests.factories.sample import Sample, at
from tests.servers.keyboard import Keyboard

pytestmark = pytest.mark.browser

PEOPLE = range(1, 4)
EVIDENCE = "ส่งงานก่อนกำหนด"


def begin(site: LiveSite, width: int = 1280) -> tuple[Page, Keyboard, list[int]]:
    """The overview, three people waiting to be rated; their items of the first competency."""
    items = site.website.do(lambda session, sample: items_of(sample, add_team(session, sample, PEOPLE), "c1"))
    page = site.log_in("suda", on=steps.RATING_DAY, width=width)
    page.goto(f"{site.address}/team/ratings/")
    return page, Keyboard(page), items


def open_first_competency(page: Page, keys: Keyboard) -> None:
    keys.tab_to("table a.btn")
    keys.press("Enter")
    page.wait_for_selector(".team-form")


def rate_row(keys: Keyboard, level: int) -> None:
    """From the row's boxes to the next row's."""
    keys.press(str(level))
    keys.tab_to("textarea")
    keys.type(EVIDENCE)
    keys.press("Tab")


def test_three_people_in_three_competencies_without_a_mouse(live_site: LiveSite) -> None:
    page, keys, items = begin(live_site)
    open_first_competency(page, keys)
    keys.tab_to("a[href='#people']")
    keys.press("Enter")
    keys.press("Tab")
    assert keys.has_focus_on(f"#competency-{items[0]} [data-rung='1'] input"), "past the ladder, at the first"
    for competency in range(3):
        for row in page.locator("[data-competency]").all():
            assert keys.is_within(row, "[data-tick-grid]"), "the next person is one Tab away"
            rate_row(keys, (1, 3, 3)[competency])  # the second ladder has no level 2
            expect(row.locator("[data-derived]")).to_contain_text("ระดับที่ได้")
        expect(page.locator("[data-rated-count]")).to_have_text("3/3")
        keys.press("Tab")  # past "save all", to "save and go on"
        with page.expect_navigation():
            keys.press("Enter")
        if competency < 2:
            assert keys.has_focus_on("#people"), "the next page begins at its people"
            keys.press("Tab")
    expect(page.get_by_role("heading", name="ให้คะแนนสมรรถนะทั้งทีม")).to_be_visible()
    with live_site.website.session() as session:
        kept = session.scalars(select(Rating).where(Rating.rater_kind == RaterKind.SUPERVISOR)).all()
        assert sorted(int(each.attained_level or 0) for each in kept) == [1] * 3 + [3] * 6
        assert {each.evidence for each in kept} == {EVIDENCE}


def test_the_boxes_are_reached_by_arrows_and_say_their_words(live_site: LiveSite) -> None:
    page, keys, items = begin(live_site)
    open_first_competency(page, keys)
    row = page.locator(f"#competency-{items[1]}")
    row.locator("[data-tick-grid] input").first.focus()
    for key in ("Space", "ArrowRight", "Space", "ArrowDown", "Space"):
        keys.press(key)
    boxes = row.locator("[data-rung='1'] input, [data-rung='2'] input")
    assert [box.is_checked() for box in boxes.all()] == [True, True, False, False, True, False]
    words = page.locator("[data-words-of]").nth(4).inner_text()
    expect(row.locator("[data-tick-words]")).to_contain_text(words)
    expect(row.locator("[data-derived]")).to_contain_text("ระดับที่ได้ 1")
    keys.press("Tab")
    keys.press("Shift+Tab")
    assert keys.has_focus_on(f"#competency-{items[1]} [data-rung='2'] input:checked"), "where it was left"


def test_the_focus_goes_to_what_is_wrong_first(live_site: LiveSite) -> None:
    page, keys, items = begin(live_site)
    open_first_competency(page, keys)
    page.locator(f"#item-{items[2]}-level-1").evaluate(
        "radio => { radio.value = '9'; radio.checked = true; }"
    )
    page.locator(f"#item-{items[2]}-evidence").focus()
    keys.type(EVIDENCE)
    keys.tab_to("button")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("นายคนที่3 เพิ่มเติม")
    assert keys.is_within(page.locator(f"#competency-{items[2]}"), "[data-stated]")
    expect(page.locator(f"#item-{items[2]}-evidence")).to_have_value(EVIDENCE)


def test_the_focus_goes_to_what_somebody_else_saved(live_site: LiveSite) -> None:
    page, keys, items = begin(live_site)
    open_first_competency(page, keys)

    def elsewhere(session: Session, sample: Sample) -> None:
        number = session.get_one(AssessmentItem, items[1]).assessment_id
        entry = RatingEntry(frozenset(sample.dictionary.up_to("c1", 1)), None, "จากอีกหน้าต่าง")
        now = at(steps.RATING_DAY)
        save_ratings(session, sample.cast.suda, number, RaterKind.SUPERVISOR, {items[1]: entry}, now)

    live_site.website.do(elsewhere)
    page.locator(f"#competency-{items[1]} [data-tick-grid] input").first.focus()
    rate_row(keys, 3)
    keys.tab_to("button")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("นายคนที่2 เพิ่มเติม")
    assert keys.is_within(page.locator(f"#competency-{items[1]}"), "[data-row-conflict]")
    expect(page.locator(f"#item-{items[1]}-evidence")).to_have_value(EVIDENCE)


def test_it_fits_a_phone_and_works_without_a_script(live_site: LiveSite) -> None:
    page, _keys, items = begin(live_site, width=360)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.locator("table a.btn").first.click()
    page.wait_for_selector(".team-form")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    bare = live_site.browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    live_site.contexts.append(bare)
    bare.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    plain = bare.new_page()
    plain.goto(page.url)
    for box in plain.locator(f"#competency-{items[0]} [data-rung='1'] input").all():
        box.check()
    plain.get_by_role("button", name="บันทึกทั้งหมด").click()
    expect(plain.locator("[data-derived]").first).to_contain_text("ระดับที่ได้ 1")
