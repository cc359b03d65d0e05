"""The charts of the assessment form: the very functions that draw the page's.

The form draws its own round alone. What becomes of another round's result later, by a decision on an
objection, must not change a reprint.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from idp.charts import (
    BarPart,
    LevelRow,
    Series,
    SeriesKind,
    Words,
    bar_sample,
    level_bar,
    line_sample,
    radar,
)
from idp.rules.forms import AssessmentForm, AssessmentFormLine
from idp.rules.gaps import gap

TITLE = "แผนภาพระดับสมรรถนะ"
SERIES = {
    SeriesKind.EXPECTED: "ระดับที่คาดหวัง",
    SeriesKind.ATTAINED: "ระดับที่ประเมินได้",
    SeriesKind.SELF: "ผลประเมินตนเอง",
}
PARTS = {
    BarPart.ATTAINED: "ระดับที่ประเมินได้",
    BarPart.SHORT: "ส่วนที่ต่ำกว่าที่คาดหวัง",
    BarPart.ABOVE: "ส่วนที่สูงกว่าที่คาดหวัง",
    BarPart.EXPECTED: "ระดับที่คาดหวัง",
    BarPart.SELF: "ผลประเมินตนเอง",
}
MOST_BESIDE = 10
"""So many bars stand beside the radar on one page; more follow below it, over as many pages as they take."""


@dataclass(frozen=True)
class BarOnForm:
    """`gap`: above 0 below what is expected, None: not rated."""

    line: AssessmentFormLine
    bar: Markup
    gap: Decimal | None


@dataclass(frozen=True)
class ChartsOnForm:
    """A legend is (drawn sample, its name)."""

    radar: Markup
    radar_legend: tuple[tuple[Markup, str], ...]
    bars: tuple[BarOnForm, ...]
    bar_legend: tuple[tuple[Markup, str], ...]

    @property
    def is_beside(self) -> bool:
        """Both fit on one page."""
        return len(self.bars) <= MOST_BESIDE


def charts_of(form: AssessmentForm, number: Callable[[Decimal | int], str]) -> ChartsOnForm | None:
    """The charts; None where nothing is rated yet."""
    lines = [line for line in form.lines if line.top]
    if not any(line.supervisor_level is not None for line in lines):
        return None
    has_own = any(line.self_level is not None for line in lines)
    kinds = [kind for kind in SERIES if kind is not SeriesKind.SELF or has_own]
    levels = {
        SeriesKind.EXPECTED: tuple(line.expected for line in lines),
        SeriesKind.ATTAINED: tuple(line.supervisor_level for line in lines),
        SeriesKind.SELF: tuple(line.self_level for line in lines),
    }
    series = [Series(kind, levels[kind]) for kind in kinds]
    scale = max(line.top for line in lines)
    return ChartsOnForm(
        radar=Markup(radar([line.top for line in lines], series, Words(TITLE), number)),
        radar_legend=tuple((Markup(line_sample(kind)), SERIES[kind]) for kind in kinds),
        bars=tuple(_bar(line, scale) for line in lines),
        bar_legend=tuple(
            (Markup(bar_sample(part)), name)
            for part, name in PARTS.items()
            if part is not BarPart.SELF or has_own
        ),
    )


def _bar(line: AssessmentFormLine, scale: int) -> BarOnForm:
    row = LevelRow(line.top, line.expected, line.supervisor_level, own=line.self_level)
    short = None if line.expected is None else gap(line.expected, line.supervisor_level)
    return BarOnForm(line, Markup(level_bar(row, scale)), None if short is None else Decimal(short))
