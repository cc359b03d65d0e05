"""The application behind a real port, and browsers for the cast."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from tests.factories.sample import at
from tests.factories.website import PASSWORD, Website, make_website


@dataclass
class LiveSite:
    """The application at `address`; `log_in` opens a browser of that person's own by the log-in page."""

    website: Website
    address: str
    browser: Browser
    contexts: list[BrowserContext]

    def log_in(self, name: str, *, on: date | None = None, width: int = 1280) -> Page:
        """From that day on (None: the day that it is); a log-in does not last over night."""
        if on is not None:
            self.website.clock.moment = at(on)
        context = self.browser.new_context(
            locale="th-TH", timezone_id="Asia/Bangkok", viewport={"width": width, "height": 900}
        )
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        self.log_in_on(page, name)
        return page

    def log_in_on(self, page: Page, name: str) -> None:
        """The log-in page, in a browser that is open already."""
        page.goto(self.address)
        page.get_by_label("ชื่อผู้ใช้").fill(name)
        page.get_by_label("รหัสผ่าน", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="เข้าสู่ระบบ").click()
        page.get_by_role("heading", name="หน้าหลัก").wait_for()


@pytest.fixture
def live_site(sqlite_url: str, tmp_path: Path, browser: Browser) -> Iterator[LiveSite]:
    """The sample organisation with its open cycle, forms with their CSRF tokens."""
    for website in make_website(sqlite_url, tmp_path):
        website.app.config["WTF_CSRF_ENABLED"] = True
        server = make_server("127.0.0.1", 0, website.app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        site = LiveSite(website, f"http://127.0.0.1:{server.server_port}", browser, [])
        yield site
        for context in site.contexts:
            context.close()
        server.shutdown()
        thread.join()
        server.server_close()
