"""Make Thai text copied or searched in a PDF exactly the text that was printed.

WeasyPrint notes for each glyph the text of the first cluster it was seen in. Thai marks are shaped together
with their base, so that note is wrong for most marks. Here each glyph is mapped to what it stands for in the
font itself: by the font's character map, else by the glyph's name (`uni0E48.small` is MAI EK, wherever it
stands). This is exact only with a font in which one glyph stands for one SARA AM, as in Sarabun Plan.

Source: PDF 32000-1, 9.10.3 (ToUnicode CMaps); Adobe Glyph List Specification (names of the form uniXXXX).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pydyf
from fontTools.ttLib import TTFont

from idp.adapters.pdf.fonts import FontFace

GlyphTexts = Mapping[int, str]
"""Glyph number -> the text it stands for."""

_UNI_NAME = re.compile(r"uni((?:[0-9A-F]{4})+)\Z")
_PRIVATE_USE = range(0xE000, 0xF900)
_LATIN_LIGATURES = range(0xFB00, 0xFB07)
_NIKHAHIT = "\N{THAI CHARACTER NIKHAHIT}"
_BOLD_FROM = 600
_CMAP_BATCH = 100
"""The most entries that one beginbfchar block may hold."""

_CMAP_HEAD = (
    b"/CIDInit /ProcSet findresource begin",
    b"12 dict begin",
    b"begincmap",
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
    b"/CMapName /Adobe-Identity-UCS def",
    b"/CMapType 2 def",
    b"1 begincodespacerange",
    b"<0000> <ffff>",
    b"endcodespacerange",
)
_CMAP_FOOT = (b"endcmap", b"CMapName currentdict /CMap defineresource pop", b"end", b"end")


def glyph_texts(path: Path) -> dict[int, str]:
    """Return what each glyph of the font file stands for; glyphs that say nothing known are left out."""
    with TTFont(path, lazy=True) as font:
        characters = _characters_by_name(font.getBestCmap())
        names = font.getGlyphOrder()
    texts = ((number, _text_of(name, characters)) for number, name in enumerate(names))
    return {number: text for number, text in texts if text}


def _characters_by_name(cmap: Mapping[int, str]) -> dict[str, str]:
    """Glyph name -> the lowest character it is drawn for (a space glyph is a space, not a no-break space)."""
    characters: dict[str, str] = {}
    for code in sorted(cmap):
        text = chr(code)
        if code in _LATIN_LIGATURES:
            text = unicodedata.normalize("NFKC", text)
        if code not in _PRIVATE_USE:
            characters.setdefault(cmap[code], text)
    return characters


def _text_of(name: str, characters: Mapping[str, str]) -> str:
    """The text behind a glyph name; variants (`.small`, `.narrow`) stand for what their base stands for."""
    if name in characters:
        return characters[name]
    base = name.partition(".")[0]
    if base in characters:
        return characters[base]
    match = _UNI_NAME.match(base)
    if match is None:
        return ""
    text = "".join(chr(int(match[1][i : i + 4], 16)) for i in range(0, len(match[1]), 4))
    # NIKHAHIT drawn together with a tone mark is the first half of a SARA AM whose second half is a glyph
    # that stands for the whole SARA AM: here only the tone mark is left to say.
    return text.removeprefix(_NIKHAHIT) or text


def _cmap_lines(texts: GlyphTexts) -> Iterator[bytes]:
    """The lines of a ToUnicode CMap for two-byte glyph numbers."""
    yield from _CMAP_HEAD
    entries = sorted(texts.items())
    for start in range(0, len(entries), _CMAP_BATCH):
        batch = entries[start : start + _CMAP_BATCH]
        yield b"%d beginbfchar" % len(batch)
        for number, text in batch:
            yield b"<%04x> <%s>" % (number, text.encode("utf-16-be").hex().encode())
        yield b"endbfchar"
    yield from _CMAP_FOOT


class ToUnicodeFinisher:
    """A finisher for WeasyPrint's `write_pdf`: rewrites the ToUnicode map of every embedded face it knows.

    Fonts it does not know (a fall-back for a character that ours lack) keep WeasyPrint's own map.
    """

    def __init__(self, faces: Iterable[FontFace]) -> None:
        self._texts = {(face.family, face.bold): glyph_texts(face.path) for face in faces}

    def __call__(self, document: Any, pdf: pydyf.PDF) -> None:
        """`document`: the laid-out weasyprint Document; `pdf`: its objects, changed in place."""
        known = {}
        for font in document.fonts.values():
            texts = self._texts.get((font.family.partition(",")[0], int(font.weight) >= _BOLD_FROM))
            if texts is not None:
                known[font.name] = (font.to_unicode, texts)
        dictionaries = (item for item in pdf.objects if isinstance(item, pydyf.Dictionary))
        for item in dictionaries:
            if item.get("Subtype") == "/Type0" and item["BaseFont"] in known:
                seen, texts = known[item["BaseFont"]]
                true = {number: texts.get(number, text) for number, text in seen.items()}
                number = int(item["ToUnicode"].split()[0])
                pdf.objects[number].stream[:] = _cmap_lines(true)
