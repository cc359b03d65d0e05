"""The forms of a page whose text is kept while it is typed, found and filled in the page as it was drawn.

A form is kept when it is sent by POST and has a long text in it (a `textarea`), or says `data-autosave`.
`data-autosave="NAME"` tells apart forms of one page that are sent to one address; `data-no-autosave` takes a
form out. Nothing else is needed of a page: the offer of what was typed before is put into it here, and so
works without any script.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

from idp.services.typed_drafts import NAMED

FORM = re.compile(r"<form\b[^>]*>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"([\w-]+)(?:=\"([^\"]*)\")?")
VERSION = re.compile(r"<input\b[^>]*\bname=\"version\"[^>]*\bvalue=\"(\d{1,9})\"")
DETAILS = re.compile(r"<(/?)details\b([^>]*)>")
END = "</form>"

UNTYPED = frozenset({"hidden", "submit", "button", "image", "reset", "file", "password"})
CHOSEN = frozenset({"checkbox", "radio"})

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class KeptForm:
    """One form of a page: its key, where its text stands in the page, the record's version in it."""

    key: str
    start: int
    end: int
    version: int | None


def kept_forms(page: str, path: str) -> Iterator[KeptForm]:
    """The forms of the page at `path` that are kept; of several with one key, the first."""
    seen: set[str] = set()
    for tag in FORM.finditer(page):
        attributes = dict(ATTRIBUTE.findall(tag.group()[len("<form") :]))
        if attributes.get("method", "").lower() != "post" or "data-no-autosave" in attributes:
            continue
        end = page.find(END, tag.end())
        inside = page[tag.end() : end]
        if "data-autosave" not in attributes and "<textarea" not in inside:
            continue
        name = attributes.get("data-autosave", "")
        key = (urlsplit(unescape(attributes.get("action", ""))).path or path) + (NAMED + name if name else "")
        if key not in seen:
            seen.add(key)
            version = VERSION.search(inside)
            yield KeptForm(key, tag.start(), end, int(version[1]) if version else None)


def fill(page: str, form: KeptForm, content: Pairs, version: int | None) -> str:
    """The page with that form as it was typed, everything around it unfolded.

    The form goes back to the version that the text was typed on: if the record has changed since, sending it
    shows the change instead of writing over it.
    """
    filler = _Filler(content, version)
    filler.feed(page[form.start : form.end])
    filler.close()
    filled = "".join(filler.written).replace("<form", '<form data-typed="yes"', 1)
    return _unfolded(page[: form.start]) + filled + page[form.end :]


def _unfolded(before: str) -> str:
    """Every `details` that is still open at the end of the text, drawn open."""
    around: list[re.Match[str]] = []
    for tag in DETAILS.finditer(before):
        if not tag[1]:
            around.append(tag)
        elif around:
            around.pop()
    for tag in reversed(around):
        if not re.search(r"\bopen\b", tag[2]):
            before = before[: tag.end() - 1] + " open" + before[tag.end() - 1 :]
    return before


class _Filler(HTMLParser):
    """Writes a form again, its fields with the texts of `content`; what was typed into a field that the form
    has no more is left out."""

    def __init__(self, content: Pairs, version: int | None) -> None:
        super().__init__(convert_charrefs=False)
        self.written: list[str] = []
        self._texts: dict[str, list[str]] = {}
        for name, text in content:
            self._texts.setdefault(name, []).append(text)
        self._version = version
        self._is_replacing = False
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "input":
            self._write_input(given, name)
        elif tag == "textarea" and name in self._texts:
            self._put(self.get_starttag_text() or "")
            self._put(escape(self._next(name), quote=False))
            self._is_replacing = True
        elif tag == "option" and self._select in self._texts:
            value = given.get("value") or ""
            self._rebuild("option", given, "selected", value in self._texts[self._select or ""])
        else:
            self._select = name if tag == "select" else self._select
            self._put(self.get_starttag_text() or "")

    def _write_input(self, given: dict[str, str | None], name: str) -> None:
        kind = (given.get("type") or "text").lower()
        if kind == "hidden" and name == "version" and self._version is not None:
            self._rebuild("input", {**given, "value": str(self._version)})
        elif kind in CHOSEN and name:
            self._rebuild(
                "input", given, "checked", (given.get("value") or "on") in self._texts.get(name, ())
            )
        elif kind not in UNTYPED and name in self._texts:
            self._rebuild("input", {**given, "value": self._next(name)})
        else:
            self._put(self.get_starttag_text() or "")

    def _next(self, name: str) -> str:
        texts = self._texts[name]
        return texts.pop(0) if len(texts) > 1 else texts[0]

    def _rebuild(
        self, tag: str, given: dict[str, str | None], mark: str = "", is_marked: bool = False
    ) -> None:
        parts = [
            name if value is None else f'{name}="{escape(value)}"'
            for name, value in given.items()
            if name != mark
        ]
        self._put(f"<{' '.join([tag, *parts, *([mark] if is_marked else [])])}>")

    def _put(self, text: str) -> None:
        if not self._is_replacing:
            self.written.append(text)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._is_replacing = False
        if tag == "select":
            self._select = None
        self._put(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._put(data)

    def handle_entityref(self, name: str) -> None:
        self._put(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._put(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._put(f"<!--{data}-->")


def longest_text(content: Iterable[tuple[str, str]]) -> str:
    """What says most about a draft: its longest text; the number of what was ticked says nothing."""
    return max((text for _name, text in content if not text.isdecimal()), key=len, default="")
