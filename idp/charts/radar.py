"""Levels around a centre: one axis a competency, one line a series.

All axes have one scale, in levels; an axis ends at the top of its own ladder. Level 0 lies on the innermost
ring and not in the centre, so that a rating of 0 is a point like any other. What is not rated breaks the
line: no point, and no line to it. Fewer than three axes span no area: they are drawn as bars.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import cos, pi, sin

from idp.charts import marks
from idp.charts.bars import Level, LevelRow, level_bars
from idp.charts.marks import Words, drawing, element, place

SIDE = 360.0
RADIUS, INNERMOST = 140.0, 16.0
SIZE = 15.0
FEWEST_AXES = 3


class SeriesKind(StrEnum):
    """Whose levels a line shows: it decides the line and the shape of its points."""

    EXPECTED = "expected"
    ATTAINED = "attained"
    SELF = "self"
    PREVIOUS = "previous"


@dataclass(frozen=True)
class Series:
    """A level for each axis, None where there is none."""

    kind: SeriesKind
    levels: tuple[Level | None, ...]


Shape = Callable[[float, float, float], str]


@dataclass(frozen=True)
class _Pen:
    colour: str
    width: str
    dashes: str
    shape: Shape
    is_filled: bool


PENS = {
    SeriesKind.EXPECTED: _Pen(marks.INK, "2", "6 4", marks.square, False),
    SeriesKind.ATTAINED: _Pen(marks.ATTAINED, "2.6", "", marks.disc, True),
    SeriesKind.SELF: _Pen(marks.OWN, "1.6", "2 3", marks.triangle, False),
    SeriesKind.PREVIOUS: _Pen(marks.QUIET, "1.6", "9 3 2 3", marks.diamond, False),
}
POINT = 4.0


def radar(
    tops: Sequence[int],
    series: Sequence[Series],
    words: Words,
    number: Callable[[Level], str] = str,
) -> str:
    """The chart, its axes numbered from 1 at the top clockwise: the table beside it has the names.

    `tops`: the highest level of each axis's ladder. Every series has a level, or None, for each axis;
    ValueError otherwise. `number` writes a level.
    """
    if any(len(each.levels) != len(tops) for each in series):
        raise ValueError("every series has one place for each axis")
    if len(tops) < FEWEST_AXES:
        return level_bars(_as_rows(tops, series), words, number)
    scale = _scale(tops, series)
    drawn = sorted(series, key=lambda each: list(PENS).index(each.kind), reverse=True)
    parts = [_grid(tops, scale), *_numbers(len(tops), scale, number), *(_line(each, scale) for each in drawn)]
    return drawing(SIDE, SIDE, words, parts, "chart chart-radar")


def line_sample(kind: SeriesKind) -> str:
    """What stands beside the name of a series in the legend."""
    pen = PENS[kind]
    parts = [_stroke("M2 10h44", pen, {"fill": "none"}), _points(pen.shape(24, 10, POINT), pen)]
    return drawing(48, 20, None, parts, "chart-sample")


def _as_rows(tops: Sequence[int], series: Sequence[Series]) -> list[LevelRow]:
    by_kind = {each.kind: each.levels for each in series}

    def level(kind: SeriesKind, at: int) -> Level | None:
        return by_kind[kind][at] if kind in by_kind else None

    return [
        LevelRow(
            top=top,
            expected=level(SeriesKind.EXPECTED, at),
            attained=level(SeriesKind.ATTAINED, at),
            previous=level(SeriesKind.PREVIOUS, at),
            own=level(SeriesKind.SELF, at),
        )
        for at, top in enumerate(tops)
    ]


def _scale(tops: Sequence[int], series: Sequence[Series]) -> float:
    """The highest number of all: everything lies on or inside the outermost ring."""
    levels = [float(level) for each in series for level in each.levels if level is not None]
    return max([1.0, *(float(top) for top in tops), *levels])


def _point(at: int, count: int, level: float, scale: float) -> tuple[float, float]:
    """Where a level lies on the axis of that place: the first points up, the others follow clockwise."""
    angle = 2 * pi * at / count
    distance = INNERMOST + (RADIUS - INNERMOST) * level / scale
    return SIDE / 2 + distance * sin(angle), SIDE / 2 - distance * cos(angle)


def _ring(count: int, level: float, scale: float) -> str:
    points = [_point(at, count, level, scale) for at in range(count)]
    return "M" + "L".join(f"{place(x)} {place(y)}" for x, y in points) + "z"


def _grid(tops: Sequence[int], scale: float) -> str:
    rings = "".join(_ring(len(tops), float(level), scale) for level in range(int(scale) + 1))
    spokes = ""
    for at, top in enumerate(tops):
        (x1, y1), (x2, y2) = (_point(at, len(tops), level, scale) for level in (0, float(top)))
        spokes += f"M{place(x1)} {place(y1)}L{place(x2)} {place(y2)}"
    return element("path", d=rings, fill="none", stroke="#c6ccd5", stroke_width="0.8") + element(
        "path", d=spokes, fill="none", stroke="#7b8696", stroke_width="1"
    )


def _numbers(count: int, scale: float, number: Callable[[Level], str]) -> list[str]:
    """The axes' numbers outside, the levels along the first axis."""
    outside = scale * (1 + 20 / (RADIUS - INNERMOST))
    texts = []
    for at in range(count):
        x, y = _point(at, count, outside, scale)
        texts.append(marks.figure(x, y + 5, number(at + 1), SIZE, "middle"))
    for level in range(int(scale) + 1):
        x, y = _point(0, count, level, scale)
        texts.append(marks.figure(x - 6, y + 4, number(level), 11, "end", marks.QUIET))
    return texts


def _line(series: Series, scale: float) -> str:
    """The line, broken where nothing is rated, and its points, each one path."""
    pen, count = PENS[series.kind], len(series.levels)
    points = [
        None if level is None else _point(at, count, float(level), scale)
        for at, level in enumerate(series.levels)
    ]
    is_whole = None not in points
    pieces = ""
    for at, point in enumerate(points):
        following = points[(at + 1) % count]
        if point is None or following is None:
            continue
        goes_on = at > 0 and points[at - 1] is not None
        start = "" if goes_on else f"M{place(point[0])} {place(point[1])}"
        pieces += f"{start}L{place(following[0])} {place(following[1])}"
    shapes = "".join(pen.shape(*point, POINT) for point in points if point is not None)
    ground = {"fill": pen.colour, "fill_opacity": "0.14"} if pen.is_filled and is_whole else {"fill": "none"}
    return _stroke(pieces, pen, ground) + _points(shapes, pen)


def _stroke(path: str, pen: _Pen, ground: dict[str, str]) -> str:
    if not path:
        return ""
    dashes = {"stroke_dasharray": pen.dashes} if pen.dashes else {}
    paint = {**ground, "stroke": pen.colour, "stroke_width": pen.width, **dashes}
    return element("path", d=path, **paint)


def _points(path: str, pen: _Pen) -> str:
    if not path:
        return ""
    fill = pen.colour if pen.is_filled else "#fff"
    return element("path", d=path, fill=fill, stroke=pen.colour, stroke_width="1.4")
