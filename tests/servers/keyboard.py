"""A browser driven by its keyboard alone, which counts what is pressed and remembers where the focus was."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

MOST_TABS = 400


class Keyboard:
    """`pressed`: keys but for the letters of texts, which are in `typed`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0
        self.typed = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.typed += len(text)

    def tab_to(self, selector: str) -> None:
        """Press Tab until the focus is on such an element, at least once."""
        for _tab in range(MOST_TABS):
            self.press("Tab")
            if self.has_focus_on(selector):
                return
        raise AssertionError(f"no {selector} within {MOST_TABS} Tabs")

    def has_focus_on(self, selector: str) -> bool:
        found: bool = self.page.evaluate("selector => document.activeElement.matches(selector)", selector)
        return found

    def is_within(self, row: Locator, selector: str) -> bool:
        """Whether the focus is in that part of the row."""
        found: bool = row.evaluate(
            "(row, selector) => [...row.querySelectorAll(selector)]"
            ".some((part) => part.contains(document.activeElement))",
            selector,
        )
        return found
