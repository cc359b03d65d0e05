"""What it takes to rate twelve people in eight competencies: person by person, and one competency of all.

Both ways are walked through in a browser by the keyboard alone, from the overview of the team to the last
save, with the same level and the same words for everybody; what a mouse would take is counted on the same
pages. The hand's time is after the keystroke-level model of Card, Moran and Newell (a key 0.28 s, to point
and click 1.3 s), without thinking and without the letters of the evidence. Handing in is not in it.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import event

from idp.database import db
from tests.bench.rating_team import COMPETENCIES, PEOPLE, team_to_rate
from tests.factories.website import PASSWORD, Website
from tests.servers.browser import find_chromium, running_browser
from tests.servers.keyboard import Keyboard

LEVEL = 3
EVIDENCE = "ส่งงานก่อนกำหนด"
KEY_SECONDS, CLICK_SECONDS = 0.28, 1.3

CLICKS = """
([card, level]) => {
  const cards = [...document.querySelectorAll(card)];
  const perLevel = (each) => [...each.querySelectorAll('[data-rung]')]
    .filter((rung) => Number(rung.dataset.rung) <= level)
    .reduce((sum, rung) => {
      const boxes = rung.querySelectorAll('input[type=checkbox][name]').length;
      return sum + (rung.querySelector('[data-all-of-level] input') ? 1 : boxes);
    }, 0);
  const ticks = (each) => (each.querySelector('[data-up-to]') ? 1 : perLevel(each));
  const between = cards[0].tagName === 'DETAILS' ? cards.length - 1 : 0;
  return cards.reduce((sum, each) => sum + ticks(each) + 1, between);
}
"""
"""To tick everything up to the level, to go on to the next card where only one is open, to go into the
evidence."""


@dataclass
class Way:
    """One way of doing it all. `seconds`: the server's, by method; `statements`: of the largest page."""

    name: str
    keys: int = 0
    clicks: int = 0
    loads: int = 0
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"GET": [], "POST": []})
    statements: dict[str, int] = field(default_factory=dict)

    def print(self) -> None:
        saves, pages = self.seconds["POST"], self.seconds["GET"]
        hand_keys, hand_mouse = self.keys * KEY_SECONDS, self.clicks * CLICK_SECONDS
        print(f"{self.name}:")
        print(f"  keyboard alone: {self.keys} keys, {hand_keys / 60:.0f} min of the hand")
        print(f"  mouse:          {self.clicks} clicks, {hand_mouse / 60:.0f} min of the hand")
        print(f"  page loads:     {self.loads}; the server {sum(pages) / len(pages):.2f} s a page")
        print(f"  saves:          {len(saves)}; the server {sum(saves) / len(saves):.2f} s each")
        print(f"  statements:     {self.statements['GET']} a page, {self.statements['POST']} a save at most")


class Recorder:
    """Around the application: how long each request for a page took, and how many statements."""

    def __init__(self, website: Website) -> None:
        self.way: Way | None = None
        self._inner: Callable[..., Iterable[bytes]] = website.app.wsgi_app
        self._count, self._lock = 0, threading.Lock()
        website.app.wsgi_app = self  # type: ignore[method-assign, assignment]
        with website.app.app_context():
            event.listen(db.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        self._count += not statement.startswith("PRAGMA")

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if not path.startswith(("/team", "/assessments")) or self.way is None:
            return self._inner(environ, start)
        with self._lock:
            self._count, began = 0, time.perf_counter()
            answer = self._inner(environ, start)
            self.way.seconds[method].append(time.perf_counter() - began)
            self.way.statements[method] = max(self._count, self.way.statements.get(method, 0))
            self.way.loads += method == "GET"
        return answer


def run(_people: int) -> None:
    """Print both; the last line is what the keyboard takes one way against the other."""
    chromium = find_chromium()
    if chromium is None:
        print("rating: no Chromium here; left out")
        return
    ways = []
    for name, walk in (("person by person", _by_person), ("one competency of all", _by_competency)):
        with team_to_rate() as (website, address), running_browser(chromium) as browser:
            recorder, way = Recorder(website), Way(name)
            page = browser.new_context(locale="th-TH").new_page()
            _log_in(page, address)
            recorder.way = way
            page.goto(f"{address}/team/ratings/")
            keys = Keyboard(page)
            walk(page, keys, way)
            recorder.way, way.keys = None, keys.pressed
            ways.append(way)
    print(f"{PEOPLE} people, {COMPETENCIES} competencies, level {LEVEL} and a line of evidence each")
    for way in ways:
        way.print()
    ratio = ways[1].keys / ways[0].keys
    print(f"rating: ratio {ratio:.2f} against the keys that it takes person by person")


def _log_in(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("ชื่อผู้ใช้").fill("suda")
    page.get_by_label("รหัสผ่าน", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    page.get_by_role("heading", name="หน้าหลัก").wait_for()


def _by_person(page: Page, keys: Keyboard, way: Way) -> None:
    """Open each person from the list of the team, every card of theirs, save the draft, and go back."""
    page.goto(page.url.replace("/ratings/", "/"))
    persons = [each.get_attribute("href") for each in page.locator("tbody th a").all()][-PEOPLE:]
    for person in persons:
        _follow(page, keys, way, f"tbody th a[href='{person}']")
        way.clicks += page.evaluate(CLICKS, ["details[data-competency]", LEVEL])
        keys.tab_to("details[data-competency] > summary")
        for card in range(COMPETENCIES):
            keys.tab_to("[data-rung] input[type=checkbox]")
            keys.press(str(LEVEL))
            keys.tab_to("textarea[name$='-evidence']")
            keys.type(EVIDENCE)
            if card + 1 < COMPETENCIES:
                keys.press("Control+Enter")
        keys.tab_to("button[name=then][value=save]")
        _send(page, keys, way)
        _follow(page, keys, way, "a.page-back")


def _by_competency(page: Page, keys: Keyboard, way: Way) -> None:
    """Open the first competency from the overview; saving leads to the next."""
    _follow(page, keys, way, "table a.btn")
    keys.tab_to("a[href='#people']")
    keys.press("Enter")
    for _competency in range(COMPETENCIES):
        way.clicks += page.evaluate(CLICKS, ["[data-competency]", LEVEL])
        for _person in range(PEOPLE):
            keys.tab_to("[data-tick-grid] input")
            keys.press(str(LEVEL))
            keys.tab_to("textarea[name$='-evidence']")
            keys.type(EVIDENCE)
        keys.tab_to("button[name=then][value=next]")
        _send(page, keys, way)


def _follow(page: Page, keys: Keyboard, way: Way, selector: str) -> None:
    keys.tab_to(selector)
    _send(page, keys, way)


def _send(page: Page, keys: Keyboard, way: Way) -> None:
    with page.expect_navigation():
        keys.press("Enter")
    way.clicks += 1
