"""What every chart is made of: escaped elements, paths of several shapes in one, colours, figures.

Colours and fonts are attributes and not style rules: the pages' content policy refuses inline styles, and
style rules of a page do not reach the text of a drawing in WeasyPrint.

The only text in a drawing is figures: WeasyPrint lays out the text of a drawing letter by letter, which puts
the second mark of a Thai stack ("ที่") over the first. Names stand in the table beside the drawing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

FONT = "'Sarabun Plan',sans-serif"
INK = "#1d232b"
QUIET = "#515b69"
TRACK = "#e3e8ef"
ATTAINED = "#2c6fb3"
GAP = "#8a5a00"
GAP_GROUND = "#ffe9b8"
STRENGTH = "#1f7a3d"
OWN = "#7a3f98"

# Characters that no XML document may hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
NOT_RATED = "–"
"""Stands where there is no level: a sign, no word, and no number."""


@dataclass(frozen=True)
class Words:
    """The chart's name, and what it shows in a sentence: read aloud, not drawn."""

    title: str
    description: str = ""


def escaped(text: str) -> str:
    """The text as content or attribute of an XML document."""
    return escape(_FORBIDDEN.sub("", text), quote=True)


def place(value: float) -> str:
    """A coordinate: one decimal, and never "-0"."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def element(name: str, content: str = "", **attributes: str | float) -> str:
    """`<name ...>content</name>`; `content` is markup already, attributes are escaped, "_" stands for "-"."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(value) if isinstance(value, str) else place(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def figure(x: float, y: float, said: str, size: float, anchor: str, colour: str = INK) -> str:
    """A figure, its base line at `y`; `anchor` is start, middle or end."""
    return element("text", escaped(said), x=x, y=y, font_size=size, fill=colour, text_anchor=anchor)


def drawing(
    width: float, height: float, words: Words | None, parts: Sequence[str], class_name: str = "chart"
) -> str:
    """The whole picture. Without words it is an ornament beside figures that say the same, and is not read
    aloud."""
    if words is None:
        told: dict[str, str] = {"aria_hidden": "true"}
        names = ""
    else:
        told = {"role": "img", "aria_label": words.title}
        names = element("title", escaped(words.title))
        names += element("desc", escaped(words.description)) if words.description else ""
    return element(
        "svg",
        names + "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        class_=class_name,
        viewBox=f"0 0 {place(width)} {place(height)}",
        width=width,
        height=height,
        font_family=FONT,
        focusable="false",
        **told,
    )


def box(x: float, y: float, width: float, height: float) -> str:
    """A rectangle as a piece of a path; nothing where it has no width."""
    if width <= 0:
        return ""
    return f"M{place(x)} {place(y)}h{place(width)}v{place(height)}h{place(-width)}z"


def hatching(x: float, y: float, width: float, height: float, step: float = 4) -> str:
    """Slanted lines that fill the rectangle, as a piece of a path."""
    pieces, start = [], step - height
    while start < width:
        left, right = max(start, 0.0), min(start + height, width)
        if right > left:
            low, high = y + height - (left - start), y + height - (right - start)
            pieces.append(f"M{place(x + left)} {place(low)}L{place(x + right)} {place(high)}")
        start += step
    return "".join(pieces)


def triangle(x: float, y: float, size: float) -> str:
    """Point up, around (x, y), as a piece of a path."""
    low = place(y + size)
    return f"M{place(x)} {place(y - size)}L{place(x + size)} {low}L{place(x - size)} {low}z"


def diamond(x: float, y: float, size: float) -> str:
    """A square on its corner, around (x, y), as a piece of a path."""
    return (
        f"M{place(x)} {place(y - size)}L{place(x + size)} {place(y)}"
        f"L{place(x)} {place(y + size)}L{place(x - size)} {place(y)}z"
    )


def square(x: float, y: float, size: float) -> str:
    """Around (x, y), as a piece of a path."""
    return box(x - size, y - size, 2 * size, 2 * size)


def disc(x: float, y: float, size: float) -> str:
    """A circle around (x, y), as a piece of a path."""
    return (
        f"M{place(x - size)} {place(y)}a{place(size)} {place(size)} 0 1 0 {place(2 * size)} 0"
        f"a{place(size)} {place(size)} 0 1 0 {place(-2 * size)} 0z"
    )
