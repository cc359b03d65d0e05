"""The only door through which a PDF can read a file: our own fonts and style sheets, by name.

WeasyPrint by default opens whatever address a document names, local files included, and embeds what
`<link rel=attachment>` points to. A form prints what people typed, so nothing in it may reach outside.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME = "idp-pdf"
"""The scheme of our own addresses; no other is ever opened."""

_MEDIA_TYPES = {".ttf": "font/ttf", ".css": "text/css"}


class LockedFetcher(URLFetcher):
    """Serves a fixed list of files under `idp-pdf:NAME` and refuses everything else.

    A refusal is fatal to the document (WeasyPrint raises FatalURLFetchingError): our templates name nothing
    outside, so an address that is not ours means an injection or a mistake, and such a page is not to be
    signed.
    """

    def __init__(self, files: Mapping[str, Path]) -> None:
        """`files`: the name in the address -> the file it stands for."""
        super().__init__(allowed_protocols=(SCHEME,), allow_redirects=False, fail_on_errors=True)
        self._files = {f"{SCHEME}:{name}": path for name, path in files.items()}

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return the file behind one of our addresses; raise ValueError for any other address.

        The base class's network and file handlers are never called.
        """
        path = self._files.get(url)
        if path is None:
            raise ValueError(f"address refused: {url[:80]}")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": _MEDIA_TYPES[path.suffix]})
