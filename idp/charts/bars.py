"""Levels as bars: what is attained, a mark at what is expected, others at one's own and the previous level.

A bar ends where its ladder ends: level 3 is as long on a ladder of four as on one of six. What is short of
the expected level is hatched, what lies above it has holes. Not rated is a dashed outline with a dash, never
a bar of length 0.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from idp.charts import marks
from idp.charts.marks import Words, box, drawing, element, hatching

Level = Decimal | int

BAR = 12.0
WIDTH, LINE, SIZE = 360.0, 30.0, 14.0
"""Of a drawing of several bars, of one line of it, and of its figures."""


@dataclass(frozen=True)
class LevelRow:
    """One competency. `top`: the highest level of its ladder; a level is None where there is none, or where
    the reader may not see it."""

    top: int
    expected: Level | None
    attained: Level | None
    previous: Level | None = None
    own: Level | None = None


class BarPart(StrEnum):
    """What a bar is made of: for the legend."""

    ATTAINED = "attained"
    SHORT = "short"
    ABOVE = "above"
    EXPECTED = "expected"
    PREVIOUS = "previous"
    SELF = "self"


_TRACK, _EMPTY, _SLANTED = "track", "empty", "slanted"
_PAINT: Mapping[str, dict[str, str]] = {
    _TRACK: {"fill": marks.TRACK},
    _EMPTY: {"fill": "none", "stroke": marks.QUIET, "stroke_dasharray": "3 3"},
    BarPart.SHORT: {"fill": marks.GAP_GROUND},
    _SLANTED: {"fill": "none", "stroke": marks.GAP, "stroke_width": "1.2"},
    BarPart.ATTAINED: {"fill": marks.ATTAINED},
    BarPart.ABOVE: {"fill": marks.STRENGTH, "fill_rule": "evenodd"},
    BarPart.EXPECTED: {"fill": marks.INK},
    BarPart.SELF: {"fill": "#fff", "stroke": marks.OWN, "stroke_width": "1.4"},
    BarPart.PREVIOUS: {"fill": "#fff", "stroke": marks.INK, "stroke_width": "1.3"},
}
"""In the order in which they lie over one another."""
_Paths = defaultdict[str, str]


@dataclass(frozen=True)
class _Frame:
    """Where one bar lies, and how many units a level takes."""

    x: float
    y: float
    unit: float

    def at(self, level: Level) -> float:
        return self.x + float(level) * self.unit


def highest(rows: Sequence[LevelRow]) -> float:
    """The length of the scale: no number lies beyond it."""
    numbers: list[Level | None] = [1]
    for row in rows:
        numbers += [row.top, row.expected, row.attained, row.previous, row.own]
    return max(float(each) for each in numbers if each is not None)


def level_bar(row: LevelRow, scale: Level = 0) -> str:
    """One bar without words, for the cell of a table that says the numbers; `scale` makes the bars of one
    table as long as their levels."""
    width, paths = 130.0, _Paths(str)
    _draw(row, _Frame(5, 4, (width - 10) / max(highest([row]), float(scale))), paths)
    return drawing(width, 20, None, _shapes(paths), "chart-bar")


def level_bars(rows: Sequence[LevelRow], words: Words, number: Callable[[Level], str] = str) -> str:
    """All rows below one another, numbered from 1, each with "attained / expected" at its end.

    `number` writes a level. One path for each kind of shape, however many rows.
    """
    left, right = 32.0, 84.0
    unit = (WIDTH - left - right) / highest(rows)
    texts, paths = [], _Paths(str)
    for place, row in enumerate(rows):
        y = LINE * place + (LINE - BAR) / 2
        _draw(row, _Frame(left, y, unit), paths)
        texts.append(marks.figure(left - 12, y + BAR - 1, number(place + 1), SIZE, "end"))
        texts.append(marks.figure(WIDTH - 3, y + BAR - 1, _figures(row, number), SIZE, "end"))
    height = max(LINE * len(rows), 1)
    return drawing(WIDTH, height, words, [*_shapes(paths), *texts], "chart chart-bars")


def bar_sample(part: BarPart) -> str:
    """What stands beside the part's name in a legend."""
    paths, frame = _Paths(str), _Frame(4, 4, 26)
    match part:
        case BarPart.ATTAINED:
            paths[part] += box(frame.x, frame.y, frame.unit, BAR)
        case BarPart.SHORT:
            _short(frame.x, frame.y, frame.unit, paths)
        case BarPart.ABOVE:
            _above(frame.x, frame.y, frame.unit, paths)
        case BarPart.EXPECTED | BarPart.PREVIOUS | BarPart.SELF:
            half = Decimal("0.5")
            _marks(
                LevelRow(
                    top=1,
                    expected=half if part is BarPart.EXPECTED else None,
                    attained=None,
                    previous=half if part is BarPart.PREVIOUS else None,
                    own=half if part is BarPart.SELF else None,
                ),
                frame,
                paths,
            )
    return drawing(34, 20, None, _shapes(paths), "chart-sample")


def _figures(row: LevelRow, number: Callable[[Level], str]) -> str:
    said = [marks.NOT_RATED if each is None else number(each) for each in (row.attained, row.expected)]
    return " / ".join(said)


def _shapes(paths: _Paths) -> list[str]:
    return [element("path", d=paths[part], **paint) for part, paint in _PAINT.items() if paths[part]]


def _draw(row: LevelRow, frame: _Frame, paths: _Paths) -> None:
    """The track, the bar over it, the marks over these."""
    x, y = frame.x, frame.y
    if row.attained is None:
        paths[_EMPTY] += box(x, y, frame.at(max(row.top, 1)) - x, BAR)
    else:
        paths[_TRACK] += box(x, y, frame.at(max(row.top, 1)) - x, BAR)
        expected = row.attained if row.expected is None else row.expected
        least, gap = min(row.attained, expected), frame.at(expected) - frame.at(row.attained)
        paths[BarPart.ATTAINED] += box(x, y, frame.at(least) - x, BAR)
        if gap > 0:
            _short(frame.at(row.attained), y, gap, paths)
        elif gap < 0:
            _above(frame.at(expected), y, -gap, paths)
    _marks(row, frame, paths)


def _marks(row: LevelRow, frame: _Frame, paths: _Paths) -> None:
    middle = frame.y + BAR / 2
    if row.expected is not None:
        paths[BarPart.EXPECTED] += box(frame.at(row.expected) - 1.2, frame.y - 3, 2.4, BAR + 6)
    if row.previous is not None:
        paths[BarPart.PREVIOUS] += marks.diamond(frame.at(row.previous), middle, 4)
    if row.own is not None:
        paths[BarPart.SELF] += marks.triangle(frame.at(row.own), middle, 3.5)


def _short(x: float, y: float, width: float, paths: _Paths) -> None:
    paths[BarPart.SHORT] += box(x, y, width, BAR)
    paths[_SLANTED] += hatching(x, y, width, BAR)


def _above(x: float, y: float, width: float, paths: _Paths) -> None:
    """The bar above the expected level with holes: it differs by shape, not by colour alone."""
    paths[BarPart.ABOVE] += box(x, y, width, BAR)
    at = x + 4
    while at + 2 <= x + width - 1:
        paths[BarPart.ABOVE] += box(at, y + 2, 1.6, BAR - 4)
        at += 5
