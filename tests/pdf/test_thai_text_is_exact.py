"""Every Thai text that the product ships can be searched and copied out of a PDF exactly."""

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from idp.adapters.pdf import render_pdf

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
CONSONANTS = [chr(code) for code in range(0x0E01, 0x0E2F) if chr(code) not in "ฤฦ"]
VOWELS = ["", *"\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e47\u0e4d"]
TONES = ["", *"\u0e48\u0e49\u0e4a\u0e4b\u0e4c"]
THAI = re.compile("[\u0e01-\u0e5b]")
BATCH = 1500
"""Texts per document."""

SARA_AM = ("น้ำใจ", "ก่ำ", "ซ้ำ", "ทำ", "ปำ", "ฟ้ำ", "ป่ำ", "ป๊ำ", "ฝ๋ำ", "คำขวัญ", "อำเภอกำแพงแสน")
MARKS = (
    "ปั๊ม",
    "ปี่",
    "ฟื้นฟู",
    "ฝึกฝน",
    "ญาติ ญู ฐุ",
    "กฎุมพี",
    "ฤๅษี ฦๅ",
    "เก๋ ไก๋ โก๋",
    "ปัจจุบัน์",
    "ฏู ฎุ",
    "ก็ได้",
    "ที่ ๆ",
    "๏ ๚ ๛",
    "฿",
)


def texts_in(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from texts_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts_in(value)


def seed_texts() -> list[str]:
    """Every distinct string with Thai in any seed file, in a fixed order."""
    found = dict.fromkeys(
        " ".join(text.split())
        for path in sorted(SEEDS.rglob("*.yaml"))
        for text in texts_in(yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader))
        if THAI.search(text)
    )
    return list(found)


def document_of(texts: list[str]) -> bytes:
    """One document on large sheets: fewer lines to break, the same glyphs."""
    body = "".join(f"<p>{html.escape(text)}</p>" for text in texts)
    sheet = "<style>@page { size: 50cm 70cm }</style>"
    return render_pdf(f"<html lang='th'><head>{sheet}</head><body>{body}</body></html>", title="ข้อความ")


@pytest.fixture(scope="module")
def batches() -> list[tuple[list[str], bytes]]:
    texts = seed_texts()
    return [(part, document_of(part)) for part in (texts[i : i + BATCH] for i in range(0, len(texts), BATCH))]


def without_space(text: str) -> str:
    return "".join(text.split())


def without_feet(pages: list[str]) -> str:
    """The text of the pages without their page numbers, which stand at either end of a page's text."""
    foot = re.compile(r"หน้า\d+/\d+")
    return "".join(foot.sub("", page) for page in pages)


def test_the_seeds_hold_thai_texts() -> None:
    assert len(seed_texts()) > 3000


@pytest.mark.xdist_group("seed texts")  # laid out once, by one process
def test_every_thai_seed_text_reads_back_exactly(
    batches: list[tuple[list[str], bytes]], read_pages: Callable[[bytes], list[str]]
) -> None:
    wrong = []
    for texts, pdf in batches:
        read = without_feet(read_pages(pdf))
        if read != without_space("".join(texts)):
            wrong += [text for text in texts if without_space(text) not in read]
    assert wrong == []


def syllables() -> list[str]:
    """Every consonant under every vowel and tone, and every one with SARA AM, between two plain letters.

    Left out: a tone on a NIKHAHIT of its own, which no Thai word has; its glyph is half of a SARA AM.
    """
    marked = [
        f"ก{consonant}{vowel}{tone}น"
        for consonant in CONSONANTS
        for vowel in VOWELS
        for tone in TONES
        if not (vowel == "\u0e4d" and tone in TONES[1:5])
    ]
    return marked + [f"ก{consonant}{tone}ำน" for consonant in CONSONANTS for tone in TONES[:5]]


@pytest.mark.parametrize("tag", ["span", "b"], ids=["regular", "bold"])
def test_every_consonant_with_every_mark_reads_back_exactly(
    tag: str, read_pages: Callable[[bytes], list[str]]
) -> None:
    """PDFium sorts a line by place: a mark drawn a hair too far right changes order."""
    texts = syllables()
    lines = [" ".join(texts[i : i + 20]) for i in range(0, len(texts), 20)]
    body = "".join(f"<p><{tag}>{line}</{tag}></p>" for line in lines)
    read = without_feet(read_pages(render_pdf(f"<html><body>{body}</body></html>", title="")))
    assert [text for text in texts if text not in read] == []
    assert read == "".join(texts)


def test_sara_am_typed_as_two_signs_reads_back_as_the_one_it_is(
    read_pages: Callable[[bytes], list[str]],
) -> None:
    pdf = render_pdf("<html><body><p>ส\u0e4d\u0e32คัญ</p></body></html>", title="")
    assert without_feet(read_pages(pdf)) == "สำคัญ"


@pytest.mark.parametrize("bold", [False, True], ids=["regular", "bold"])
def test_marks_and_sara_am_read_back_exactly_in_both_faces(
    bold: bool, read_pages: Callable[[bytes], list[str]]
) -> None:
    texts = [*SARA_AM, *MARKS, "fi fl ffi", "๐๑๒๓๔๕๖๗๘๙ 0123456789"]
    tag = "b" if bold else "span"
    body = "".join(f"<p><{tag}>{text}</{tag}></p>" for text in texts)
    read = without_feet(read_pages(render_pdf(f"<html><body>{body}</body></html>", title="")))
    assert read == without_space("".join(texts))
