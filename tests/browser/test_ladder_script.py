"""The script says of every way to tick a ladder what the server says after saving."""

from __future__ import annotations

from itertools import product

import pytest
from playwright.sync_api import Page

from idp.rules.levels import Ladder, PassRule
from idp.web.forms.ratings import read_entry
from tests.browser.conftest import LiveSite
from tests.factories import steps
from tests.factories.dictionary import INDICATORS_PER_LEVEL, LADDERS

pytestmark = pytest.mark.browser

TRY_ALL = """
([id, numbers, patterns]) => {
  const card = document.getElementById(id);
  return patterns.map((pattern) => {
    numbers.forEach((number, place) => {
      card.querySelectorAll(`[data-rung="${number}"] input[type=checkbox][name]`).forEach((box, index) => {
        box.checked = index < pattern[place];
      });
    });
    card.querySelector("input[type=checkbox][name]").dispatchEvent(new Event("change", { bubbles: true }));
    const text = (name) => card.querySelector(name).textContent;
    return [text("[data-derived]"), text("[data-level-badge]")];
  });
}
"""


def said_by_the_script(
    page: Page, item_id: int, numbers: tuple[int, ...], patterns: list[tuple[int, ...]]
) -> list[list[str]]:
    found: list[list[str]] = page.evaluate(
        TRY_ALL, [f"competency-{item_id}", list(numbers), [list(pattern) for pattern in patterns]]
    )
    return found


def said_by_the_server(
    site: LiveSite, numbers: tuple[int, ...], patterns: list[tuple[int, ...]]
) -> list[list[str]]:
    ladder = Ladder.of({0: 0} | dict.fromkeys(numbers, INDICATORS_PER_LEVEL))
    level_of = {number * 10 + place: number for number in numbers for place in range(INDICATORS_PER_LEVEL)}
    said = []
    with site.website.app.test_request_context():
        words = site.website.app.jinja_env.get_template("assessments/ladder.html").module
        for pattern in patterns:
            ticks = {
                number * 10 + place
                for number, count in zip(numbers, pattern, strict=True)
                for place in range(count)
            }
            shown = read_entry(ladder, level_of, PassRule(), ticks, None)
            badge = "–" if shown.level is None else str(shown.level)
            said.append([str(words.sentence(shown)).strip(), badge])  # type: ignore[attr-defined]
    return said


@pytest.mark.parametrize("code", ["c1", "c2"])
def test_script_and_server_say_the_same_of_every_pattern(live_site: LiveSite, code: str) -> None:
    numbers = tuple(number for number in LADDERS[code][2] if number > 0)
    patterns = list(product(range(INDICATORS_PER_LEVEL + 1), repeat=len(numbers)))
    live_site.website.do(steps.self_assessing)
    page = live_site.log_in("somchai", on=steps.SELF_DAY)
    page.goto(f"{live_site.address}/assessments/{live_site.website.sample.assessment.id}")
    item_id = live_site.website.sample.items[code].id
    said = said_by_the_script(page, item_id, numbers, patterns)
    assert said == said_by_the_server(live_site, numbers, patterns)
