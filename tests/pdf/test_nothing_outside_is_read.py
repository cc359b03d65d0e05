"""A document can reach no file, no network and no embedded data: only our fonts and style sheet, by name."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from weasyprint import CSS
from weasyprint.urls import FatalURLFetchingError

from idp.adapters.pdf import PdfError, render_pdf
from idp.adapters.pdf.fetcher import SCHEME, LockedFetcher
from idp.adapters.pdf.fonts import FACES, STYLE_SHEET, font_configuration, locked_fetcher

CANARY = "canary-4711"

PLACES = {
    "an image": '<img src="{url}"/>',
    "an image set": '<img srcset="{url} 1x" src="{url}"/>',
    "an attachment": '<link rel="attachment" href="{url}"/>',
    "an attached anchor": '<a rel="attachment" href="{url}">x</a>',
    "a linked style sheet": '<link rel="stylesheet" href="{url}"/>',
    "an imported style sheet": '<style>@import url("{url}");</style>',
    "a background": '<style>p {{ background: url("{url}") }}</style>',
    "generated content": '<style>p::before {{ content: url("{url}") }}</style>',
    "a list mark": "<ul><li style=\"list-style-image: url('{url}')\">x</li></ul>",
    "a style attribute": "<p style=\"background-image: url('{url}')\">x</p>",
    "a border image": "<p style=\"border: 1px solid; border-image-source: url('{url}')\">x</p>",
    "a font": '<style>@font-face {{ font-family: x; src: url("{url}") }} p {{ font-family: x }}</style>',
    "a colour profile": '<style>@color-profile --x {{ src: url("{url}") }} p {{ color: red }}</style>',
    "an embedded object": '<object data="{url}"></object>',
    "an embed": '<embed src="{url}"/>',
    "a drawing": '<svg width="9" height="9"><image href="{url}" width="9" height="9"/></svg>',
    "a reused drawing": '<svg width="9" height="9"><use href="{url}#a"/></svg>',
    "a base address": '<base href="{url}"/><img src="x.png"/>',
}
KINDS = ("file", "http", "https", "ftp", "data", "ours, by another name", "ours, climbing")


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine, and the paths that were asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"127.0.0.1:{listening.server_port}", asked
        listening.shutdown()
        thread.join()


@pytest.fixture
def address(request: pytest.FixtureRequest, tmp_path: Path, server: tuple[str, list[str]]) -> str:
    canary = tmp_path / "canary.svg"
    canary.write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><text>{CANARY}</text></svg>')
    return {
        "file": canary.as_uri(),
        "http": f"http://{server[0]}/canary",
        "https": f"https://{server[0]}/canary",
        "ftp": f"ftp://{server[0]}/canary",
        "data": f"data:image/svg+xml,%3Csvg%3E{CANARY}%3C/svg%3E",
        "ours, by another name": f"{SCHEME}:OFL.txt",
        "ours, climbing": f"{SCHEME}:../fonts/{FACES[0].path.name}",
    }[request.param]


@pytest.mark.parametrize("address", KINDS, indirect=True)
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_an_address_that_is_not_ours_is_never_opened(
    place: str, address: str, server: tuple[str, list[str]]
) -> None:
    """Most places make the document fail; where WeasyPrint does not look at all, nothing may come of it."""
    html = f"<html><body>{place.format(url=address)}<p>ข้อความ</p></body></html>"
    try:
        pdf = render_pdf(html, title="")
    except PdfError:
        pdf = b""
    assert server[1] == []
    assert b"EmbeddedFile" not in pdf
    assert b"/Image" not in pdf
    assert CANARY.encode() not in pdf


# WeasyPrint does not look at these at all, or leaves the whole drawing out.
PASSED_OVER = {"an image set", "a drawing", "a reused drawing", "a base address"}
REFUSED_LOUDLY = [name for name in PLACES if name not in PASSED_OVER]


@pytest.mark.parametrize("address", ["file", "http", "data"], indirect=True)
@pytest.mark.parametrize("name", REFUSED_LOUDLY)
def test_a_document_that_asks_for_something_outside_is_not_made(name: str, address: str) -> None:
    with pytest.raises(PdfError, match="refused"):
        render_pdf(f"<html><body>{PLACES[name].format(url=address)}<p>x</p></body></html>", title="")


@pytest.mark.parametrize("address", KINDS, indirect=True)
def test_the_fetcher_refuses_by_itself(address: str) -> None:
    with pytest.raises(ValueError, match="address refused"):
        locked_fetcher().fetch(address)


@pytest.mark.parametrize("address", ["file", "http", "data"], indirect=True)
def test_a_style_sheet_is_read_through_the_same_door(address: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        CSS(
            string=f'@import url("{address}");',
            url_fetcher=locked_fetcher(),
            font_config=font_configuration(),
        )


def test_our_own_files_are_served() -> None:
    for name in [*(face.path.name for face in FACES), STYLE_SHEET]:
        assert locked_fetcher().fetch(f"{SCHEME}:{name}").read()


def test_a_fetcher_serves_only_what_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("p {}")
    fetcher = LockedFetcher({"a.css": tmp_path / "a.css"})
    assert fetcher.fetch(f"{SCHEME}:a.css").read() == b"p {}"
    with pytest.raises(ValueError, match="address refused"):
        fetcher.fetch(f"{SCHEME}:{STYLE_SHEET}")
