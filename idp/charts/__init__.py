"""Charts as SVG markup, drawn by one function for the page and for the PDF: values in, text out.

No library draws them (pygal was looked at): what such a library writes carries style sheets and scripts that
the pages' content policy refuses, knows no Thai marks, and costs WeasyPrint many times what these few paths
do. Nothing is said by colour alone: gaps are hatched, marks differ in shape, and beside every chart stands a
table of the same numbers, which is what a screen reader reads.
"""

from idp.charts.bars import BarPart, LevelRow, bar_sample, level_bar, level_bars
from idp.charts.marks import Words
from idp.charts.radar import Series, SeriesKind, line_sample, radar
from idp.charts.shares import Shares, share_sample, stacked_bar
from idp.charts.years import YearPoint, levels_over_years

__all__ = [
    "BarPart",
    "LevelRow",
    "Series",
    "SeriesKind",
    "Shares",
    "Words",
    "YearPoint",
    "bar_sample",
    "level_bar",
    "level_bars",
    "levels_over_years",
    "line_sample",
    "radar",
    "share_sample",
    "stacked_bar",
]
