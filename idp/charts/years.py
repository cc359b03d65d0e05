"""Levels over the years: what was attained as points joined by a line, what was expected as marks.

A year whose level is no level of today's ladder has no point, and the line is broken there: what must be
assessed anew is neither more nor less.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from idp.charts import marks
from idp.charts.bars import Level
from idp.charts.marks import Words, box, disc, drawing, element, figure, place

STEP, TOP, HEIGHT, LEFT, SIZE = 64.0, 12.0, 96.0, 26.0, 13.0
"""Between two years, above the highest level, of the levels, beside the numbers of the levels, of figures."""


@dataclass(frozen=True)
class YearPoint:
    """One result; `year` as it is written below. Levels are None where they are to be assessed anew."""

    year: str
    attained: Level | None
    expected: Level | None


def levels_over_years(
    points: Sequence[YearPoint], top: int, words: Words, number: Callable[[Level], str] = str
) -> str:
    """The points in their order, on a ladder that ends at `top` (a mean or an expectation above it makes it
    longer). Every year stands below, and a table beside the drawing says the same."""
    known = [float(each) for one in points for each in (one.attained, one.expected) if each is not None]
    highest = max([1.0, float(top), *known])
    width = LEFT + STEP * max(len(points), 1)

    def down(level: Level | float) -> float:
        return TOP + HEIGHT - HEIGHT * float(level) / highest

    rungs = range(int(highest) + 1)
    lines = "".join(f"M{place(LEFT)} {place(down(rung))}h{place(width - LEFT)}" for rung in rungs)
    parts = [element("path", d=lines, fill="none", stroke=marks.TRACK, stroke_width="1")]
    parts += [
        figure(LEFT - 6, down(rung) + 4, number(rung), SIZE, "end", marks.QUIET) for rung in rungs if rung
    ]
    across = [LEFT + STEP * (turn + 0.5) for turn in range(len(points))]
    pairs = list(zip(across, points, strict=True))
    expected = "".join(
        box(x - 16, down(one.expected) - 1.2, 32, 2.4) for x, one in pairs if one.expected is not None
    )
    joined = "".join(
        f"M{place(x)} {place(down(one.attained))}L{place(after)} {place(down(then.attained))}"
        for (x, one), (after, then) in pairwise(pairs)
        if one.attained is not None and then.attained is not None
    )
    dots = "".join(disc(x, down(one.attained), 5) for x, one in pairs if one.attained is not None)
    if expected:
        parts.append(element("path", d=expected, fill=marks.INK))
    if joined:
        parts.append(element("path", d=joined, fill="none", stroke=marks.ATTAINED, stroke_width="2"))
    if dots:
        parts.append(element("path", d=dots, fill=marks.ATTAINED, stroke="#fff", stroke_width="1.2"))
    for x, one in pairs:
        parts.append(figure(x, TOP + HEIGHT + 18, one.year, SIZE, "middle"))
        if one.attained is None:
            parts.append(figure(x, down(0) - 6, marks.NOT_RATED, SIZE, "middle", marks.QUIET))
    return drawing(width, TOP + HEIGHT + 26, words, parts, "chart chart-years")
