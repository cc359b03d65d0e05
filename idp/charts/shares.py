"""How many of a group have a gap, meet what is expected, exceed it, or were not rated: one bar a group.

Each part has its own pattern besides its colour, and its number where there is room for it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from idp.charts import marks
from idp.charts.marks import box, drawing, element, hatching, place
from idp.rules.terms import Standing

WIDTH, HEIGHT, BAR, EDGE = 240.0, 22.0, 18.0, 2.0
SIZE = 13.0
ORDER = (Standing.GAP, Standing.MET, Standing.STRENGTH, Standing.UNRATED)
GROUND = {
    Standing.GAP: {"fill": marks.GAP_GROUND},
    Standing.MET: {"fill": "#bcd3ea"},
    Standing.STRENGTH: {"fill": "#bfe3c9"},
    Standing.UNRATED: {"fill": "#fff", "stroke": marks.QUIET, "stroke_width": "1"},
}
PATTERN = {Standing.GAP: marks.GAP, Standing.STRENGTH: marks.STRENGTH}


@dataclass(frozen=True)
class Shares:
    """How many people of a group stand where."""

    gap: int = 0
    met: int = 0
    strength: int = 0
    unrated: int = 0

    @property
    def counts(self) -> dict[Standing, int]:
        """By standing, in the order in which they are drawn."""
        return dict(zip(ORDER, (self.gap, self.met, self.strength, self.unrated), strict=True))

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def stacked_bar(shares: Shares, number: Callable[[int], str] = str) -> str:
    """The whole group as one bar, without words: for the cell of a table that says the numbers. A group of
    nobody is an empty drawing."""
    parts, x = [], EDGE
    for standing, count in shares.counts.items():
        if not count:
            continue
        width = (WIDTH - 2 * EDGE) * count / shares.total
        parts.append(_part(standing, x, width))
        said = number(count)
        room = len(said) * SIZE * 0.6 + 6
        if room < width:
            middle = x + width / 2
            ground = box(middle - room / 2, EDGE + 2, room, BAR - 4)
            parts.append(element("path", d=ground, fill="#fff", fill_opacity="0.85"))
            parts.append(marks.figure(middle, EDGE + BAR - 4.5, said, SIZE, "middle"))
        x += width
    return drawing(WIDTH, HEIGHT, None, parts, "chart-shares")


def share_sample(standing: Standing) -> str:
    """What stands beside the part's name in a legend."""
    return drawing(34, HEIGHT, None, [_part(standing, EDGE, 30)], "chart-sample")


def _part(standing: Standing, x: float, width: float) -> str:
    drawn = element("path", d=box(x, EDGE, width, BAR), **GROUND[standing])
    lines = ""
    if standing is Standing.GAP:
        lines = hatching(x, EDGE, width, BAR)
    elif standing is Standing.STRENGTH:
        at = x + 3
        while at < x + width:
            lines += f"M{place(at)} {place(EDGE)}v{place(BAR)}"
            at += 5
    if lines:
        drawn += element("path", d=lines, fill="none", stroke=PATTERN[standing], stroke_width="1.2")
    return drawn
