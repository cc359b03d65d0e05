"""The charts of one person's result, as the page draws them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
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
from idp.queries.person_gaps import PersonGap, PersonGaps
from idp.web.formats import number


@dataclass(frozen=True)
class PersonCharts:
    """`bars` by item id; a legend is (drawn sample, its name)."""

    radar: Markup
    radar_legend: tuple[tuple[Markup, str], ...]
    bars: dict[int, Markup]
    bar_legend: tuple[tuple[Markup, str], ...]


def person_charts(found: PersonGaps) -> PersonCharts:
    """Radar and bars of the same levels that the table says."""
    series = _series(found.lines)
    rows = {line.item_id: _row(line) for line in found.lines}
    scale = max((row.top for row in rows.values()), default=0)
    words = Words(
        _("แผนภาพใยแมงมุมของระดับสมรรถนะ"),
        _("หมายเลขตามลำดับในตาราง ซึ่งแสดงตัวเลขเดียวกัน"),
    )
    names, parts = _series_names(), _part_names()
    shown = {each.kind for each in series}
    hidden = {BarPart.SELF: SeriesKind.SELF, BarPart.PREVIOUS: SeriesKind.PREVIOUS}
    return PersonCharts(
        radar=Markup(radar([line.top for line in found.lines], series, words, number)),
        radar_legend=tuple((Markup(line_sample(each.kind)), names[each.kind]) for each in series),
        bars={item_id: Markup(level_bar(row, scale)) for item_id, row in rows.items()},
        bar_legend=tuple(
            (Markup(bar_sample(part)), name)
            for part, name in parts.items()
            if part not in hidden or hidden[part] in shown
        ),
    )


def _row(line: PersonGap) -> LevelRow:
    return LevelRow(line.top, line.expected, line.attained, line.level_before, line.own)


def _series(lines: Sequence[PersonGap]) -> list[Series]:
    """Without those of which there is nothing."""
    every = (
        Series(SeriesKind.EXPECTED, tuple(line.expected for line in lines)),
        Series(SeriesKind.ATTAINED, tuple(line.attained for line in lines)),
        Series(SeriesKind.SELF, tuple(line.own for line in lines)),
        Series(SeriesKind.PREVIOUS, tuple(line.level_before for line in lines)),
    )
    return [each for each in every if any(level is not None for level in each.levels)]


def _series_names() -> dict[SeriesKind, str]:
    return {
        SeriesKind.EXPECTED: _("ระดับที่คาดหวัง"),
        SeriesKind.ATTAINED: _("ระดับที่ประเมินได้"),
        SeriesKind.SELF: _("ผลประเมินตนเอง"),
        SeriesKind.PREVIOUS: _("ระดับในรอบก่อน"),
    }


def _part_names() -> dict[BarPart, str]:
    return {
        BarPart.ATTAINED: _("ระดับที่ประเมินได้"),
        BarPart.SHORT: _("ส่วนที่ต่ำกว่าที่คาดหวัง"),
        BarPart.ABOVE: _("ส่วนที่สูงกว่าที่คาดหวัง"),
        BarPart.EXPECTED: _("ระดับที่คาดหวัง"),
        BarPart.SELF: _("ผลประเมินตนเอง"),
        BarPart.PREVIOUS: _("ระดับในรอบก่อน"),
    }
