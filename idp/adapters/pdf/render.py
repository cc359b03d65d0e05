"""From our own HTML to the bytes of a PDF: the one call of WeasyPrint in the product.

The same HTML and title give the same bytes on every call (no dates, an identifier made from the content), so
a stored hash proves a reprint. Style sheets and fonts are read once and shared; documents are made one at a
time.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from weasyprint import CSS, HTML
from weasyprint.text import ffi, line_break
from weasyprint.urls import FatalURLFetchingError, URLFetchingError

from idp.adapters.pdf.errors import PdfError
from idp.adapters.pdf.fetcher import SCHEME
from idp.adapters.pdf.fonts import FACES, STYLE_SHEET, font_configuration, locked_fetcher
from idp.adapters.pdf.tounicode import ToUnicodeFinisher

LANGUAGE = "th"
OLDEST_PANGO = 14400
"""Pango 1.44, as Pango counts: the first that shapes with HarfBuzz alone, which the SARA AM glyphs need."""

# Pango's font map and WeasyPrint's caches are shared by all documents and are not safe for two threads at
# once.
_one_at_a_time = threading.Lock()


def render_pdf(html: str, *, title: str) -> bytes:
    """Return the PDF of one document.

    `html`: a whole page from our templates (autoescaped, no `style=`), laid out with the forms' style sheet.
    `title`: the document's title in its properties. Raises PdfError when the document names anything outside
    our own fonts and style sheet, or nests too deeply; no partial document is returned.
    """
    try:
        with _one_at_a_time, _collected_afterwards():
            return _render(html, title)
    except (URLFetchingError, FatalURLFetchingError) as error:
        raise PdfError("the document asks for something outside itself, which is refused") from error
    except RecursionError:
        raise PdfError("the document is nested too deeply") from None


def _render(html: str, title: str) -> bytes:
    """Lay out and write one document; the caller holds the lock."""
    fonts = font_configuration()
    page = HTML(string=html, url_fetcher=locked_fetcher())
    document = page.render(font_config=fonts, stylesheets=list(style_sheets()))
    document.metadata.title = title
    document.metadata.lang = LANGUAGE
    written: bytes = document.write_pdf(finisher=_finisher(), pdf_identifier=True)
    return written


@contextmanager
def _collected_afterwards() -> Iterator[None]:
    """Keep the garbage collector out of the layout, and collect once the document is written.

    A layout makes many thousands of live objects that a running collector walks again and again; but its
    boxes refer to each other in circles, so without the collection afterwards memory grows with every
    document.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
        gc.collect()


@cache
def style_sheets() -> tuple[CSS, ...]:
    """The fonts' rules and the forms' style sheet, parsed once."""
    shared = {"url_fetcher": locked_fetcher(), "font_config": font_configuration()}
    return (
        CSS(string="\n".join(face.css for face in FACES), **shared),
        CSS(url=f"{SCHEME}:{STYLE_SHEET}", **shared),
    )


@cache
def _finisher() -> ToUnicodeFinisher:
    return ToUnicodeFinisher(FACES)


def warm_up() -> None:
    """Load fonts and style sheets, then freeze what is loaded out of the collector's sight.

    To be called once per process tree, before workers are forked: they share the memory and start warm.
    """
    render_pdf("<html><body><p>พร้อม<b>พิมพ์</b></p></body></html>", title="")
    gc.collect()
    gc.freeze()


def assert_ready() -> None:
    """Raise PdfError, saying what is missing, unless this machine can make the forms as they must be.

    Looks for our font files, libharfbuzz-subset (without it documents take nearly twice as long, with only a
    warning), a Pango that shapes with HarfBuzz, and Pango's Thai word breaking.
    """
    missing = [face.path.name for face in FACES if not face.path.is_file()]
    if missing:
        raise PdfError(f"font files missing: {', '.join(missing)}")
    if ffi.harfbuzz_subset is None:
        raise PdfError("libharfbuzz-subset is missing (Debian: libharfbuzz-subset0)")
    if ffi.pango.pango_version() < OLDEST_PANGO:
        raise PdfError("Pango is older than 1.44")
    if not line_break.can_break_text("แผนพัฒนาบุคลากร", LANGUAGE):
        raise PdfError("Pango does not know Thai words (it was built without libthai)")
