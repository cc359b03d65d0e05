"""The two faces of Sarabun Plan, and the one font configuration that every document shares.

Sarabun Plan is Sarabun (SIL Open Font License) with glyphs that put SARA AM together again after shaping,
so that text copied out of a PDF is exact. Building a font configuration costs more than a page: it is
built once.
"""

import atexit
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from weasyprint.text.fonts import FontConfiguration

from idp.adapters.pdf.fetcher import SCHEME, LockedFetcher

FAMILY = "Sarabun Plan"
FONTS_FOLDER = Path(__file__).resolve().parents[2] / "static" / "fonts"
TEMPLATES_FOLDER = Path(__file__).resolve().parents[3] / "templates" / "pdf"
STYLE_SHEET = "forms.css"


@dataclass(frozen=True, slots=True)
class FontFace:
    """One font file and how style sheets ask for it."""

    family: str
    bold: bool
    path: Path

    @property
    def css(self) -> str:
        """The @font-face rule, through the locked fetcher's scheme."""
        weight = "bold" if self.bold else "normal"
        return (
            f"@font-face {{ font-family: '{self.family}'; font-weight: {weight}; font-style: normal;"
            f" src: url({SCHEME}:{self.path.name}) }}"
        )


FACES = (
    FontFace(FAMILY, False, FONTS_FOLDER / "SarabunPlan-Regular.ttf"),
    FontFace(FAMILY, True, FONTS_FOLDER / "SarabunPlan-Bold.ttf"),
)


class SharedFontConfiguration(FontConfiguration):
    """A font configuration that outlives the forked workers which inherit it.

    WeasyPrint copies each face into a temporary folder and removes the folder when the configuration is
    collected. A forked worker that ends would remove it under its siblings, so only the process that made
    it may.
    """

    def __init__(self) -> None:
        self._maker = os.getpid()
        super().__init__()
        # At exit and not on collection: when the interpreter ends, what the removal calls may be gone
        # already.
        atexit.register(self._remove_folder)

    def _remove_folder(self) -> None:
        if os.getpid() == self._maker:
            super().__del__()

    def __del__(self) -> None:
        """Nothing: see `_remove_folder`."""


@cache
def locked_fetcher() -> LockedFetcher:
    """The fetcher of every document and style sheet: it serves the two fonts and the forms' style sheet."""
    files = {face.path.name: face.path for face in FACES}
    return LockedFetcher({**files, STYLE_SHEET: TEMPLATES_FOLDER / STYLE_SHEET})


@cache
def font_configuration() -> SharedFontConfiguration:
    """The font configuration shared by all documents of this process and its forks."""
    return SharedFontConfiguration()
