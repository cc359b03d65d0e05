"""What holds of every chart, whatever numbers and names it is given."""

import re
from collections.abc import Iterator
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.charts import (
    BarPart,
    LevelRow,
    Series,
    SeriesKind,
    Shares,
    Words,
    YearPoint,
    bar_sample,
    level_bar,
    level_bars,
    levels_over_years,
    line_sample,
    radar,
    share_sample,
    stacked_bar,
)
from idp.rules.terms import Standing

SVG = "{http://www.w3.org/2000/svg}"
NAMES = st.one_of(st.text(max_size=90), st.sampled_from(["การมุ่งผลสัมฤทธิ์", '<b title="x">&</b>', "ก้" * 60]))
WORDS = st.builds(Words, NAMES, NAMES)
LEVELS = st.one_of(st.integers(0, 6), st.decimals(0, 6, places=2))
MAYBE = st.one_of(st.none(), LEVELS)
YEARS = st.integers(2500, 2700).map(str)
ROWS = st.lists(st.builds(LevelRow, st.integers(1, 6), MAYBE, MAYBE, MAYBE, MAYBE), max_size=20)


@st.composite
def radars(draw: st.DrawFn) -> tuple[list[int], list[Series]]:
    """From one axis to twenty, ladders of different lengths, some levels above their ladder, some missing."""
    tops = draw(st.lists(st.integers(1, 6), min_size=1, max_size=20))
    kinds = draw(st.lists(st.sampled_from(SeriesKind), min_size=1, unique=True))
    levels = st.lists(MAYBE, min_size=len(tops), max_size=len(tops)).map(tuple)
    return tops, [Series(kind, draw(levels)) for kind in kinds]


@given(radars(), WORDS)
def test_a_radar_is_sound(drawn: tuple[list[int], list[Series]], words: Words) -> None:
    sound(radar(*drawn, words), words)
    assert radar(*drawn, words) == radar(*drawn, words)


@given(ROWS, WORDS)
def test_bars_are_sound(rows: list[LevelRow], words: Words) -> None:
    sound(level_bars(rows, words), words)
    for row in rows:
        sound(level_bar(row, 6), None)


@given(st.lists(st.builds(YearPoint, YEARS, MAYBE, MAYBE), max_size=8), st.integers(1, 6), WORDS)
def test_years_are_sound(points: list[YearPoint], top: int, words: Words) -> None:
    sound(levels_over_years(points, top, words), words)


def test_a_year_that_must_be_assessed_anew_breaks_the_line() -> None:
    def joined(*levels: int | None) -> str:
        points = [YearPoint(str(2568 + turn), level, None) for turn, level in enumerate(levels)]
        drawn = ElementTree.fromstring(levels_over_years(points, 5, Words("")))
        return "".join(
            path.get("d", "") for path in drawn.iter(f"{SVG}path") if path.get("stroke-width") == "2"
        )

    assert joined(2, 3, 4).count("M") == 2
    assert joined(2, None, 4) == ""


@given(st.builds(Shares, *(st.integers(0, 5000),) * 4))
def test_shares_are_sound(shares: Shares) -> None:
    sound(stacked_bar(shares), None)


def test_what_stands_in_a_legend_is_sound_and_each_its_own() -> None:
    samples = [
        *(bar_sample(part) for part in BarPart),
        *(line_sample(kind) for kind in SeriesKind),
        *(share_sample(standing) for standing in Standing),
    ]
    for each in samples:
        sound(each, None)
    assert len(set(samples)) == len(samples)


def sound(markup: str, words: Words | None) -> None:
    """Well-formed, inside its picture, named, without anything that a content policy refuses."""
    picture = ElementTree.fromstring(markup)
    _x, _y, width, height = (float(each) for each in picture.attrib["viewBox"].split())
    for x, y in points_of(picture):
        assert -0.01 <= x <= width + 0.01 and -0.01 <= y <= height + 0.01, (x, y, width, height)
    for each in picture.iter():
        assert "style" not in each.attrib and each.tag not in {f"{SVG}style", f"{SVG}script"}
        assert not any(name.startswith("on") for name in each.attrib)
        # No letters: the text of a drawing has no Thai stacks in a PDF.
        assert each.tag != f"{SVG}text" or re.fullmatch("[0-9.,–/ E+-]+", each.text or "")
    if words is None:
        assert picture.attrib["aria-hidden"] == "true"
    else:
        assert picture.attrib["role"] == "img" and picture.find(f"{SVG}title") is not None


PIECE = re.compile(r"([MLhvaz])([^MLhvaz]*)")


def points_of(picture: ElementTree.Element) -> Iterator[tuple[float, float]]:
    """Every place that a path or a text names."""
    for each in picture.iter():
        if each.tag == f"{SVG}text":
            yield float(each.attrib["x"]), float(each.attrib["y"])
        if each.tag == f"{SVG}path":
            yield from _places(each.attrib["d"])


def _places(path: str) -> Iterator[tuple[float, float]]:
    x = y = 0.0
    for command, numbers in PIECE.findall(path):
        values = [float(each) for each in numbers.split()]
        match command:
            case "M" | "L":
                x, y = values
            case "h":
                x += values[0]
            case "v":
                y += values[0]
            case "a":
                x, y = x + values[5], y + values[6]
        yield x, y


TOPS = [5, 6, 4, 5]
NAMED = Words("ผลรายสมรรถนะ")


def attained(*levels: int | Decimal | None) -> str:
    return radar(TOPS[: len(levels)], [Series(SeriesKind.ATTAINED, levels)], NAMED)


def points_in(markup: str) -> int:
    """How many points the attained levels have."""
    return markup.count("a4 4 0 1 0 8 0")


def test_what_is_not_rated_is_a_break_and_not_the_level_0() -> None:
    assert points_in(attained(3, 2, 0, 4)) == 4
    assert points_in(attained(3, 2, None, 4)) == 3
    assert attained(3, 2, None, 4) != attained(3, 2, 0, 4)
    assert "fill-opacity" in attained(3, 2, 0, 4) and "fill-opacity" not in attained(3, 2, None, 4)


def test_a_series_of_nothing_draws_nothing() -> None:
    expected = Series(SeriesKind.EXPECTED, (3, 3, 3, 3))
    nothing = Series(SeriesKind.SELF, (None,) * 4)
    assert radar(TOPS, [expected, nothing], NAMED) == radar(TOPS, [expected], NAMED)


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_than_three_axes_are_bars(count: int) -> None:
    chart = attained(*(3, None)[:count])
    assert "chart-bars" in chart and (">– / –<" in chart) is (count == 2)


def test_a_series_has_a_place_for_each_axis() -> None:
    with pytest.raises(ValueError, match="one place for each axis"):
        radar(TOPS, [Series(SeriesKind.SELF, (1,))], NAMED)


def test_an_unrated_bar_has_an_outline_and_no_length() -> None:
    unrated = level_bars([LevelRow(5, 3, None)], NAMED)
    nothing_shown = level_bars([LevelRow(5, 3, 0)], NAMED)
    assert "stroke-dasharray" in unrated and "– / 3" in unrated
    assert "stroke-dasharray" not in nothing_shown and "0 / 3" in nothing_shown


def test_a_gap_and_a_strength_differ_by_more_than_their_colour() -> None:
    colours = re.compile(r'(fill|stroke)="#[0-9a-f]+"')
    gap, strength, met = (colours.sub("", level_bar(LevelRow(5, expected, 3), 5)) for expected in (4, 2, 3))
    assert "stroke-width" in gap and "evenodd" in strength
    assert "stroke-width" not in met and "evenodd" not in met


def test_names_are_escaped() -> None:
    chart = radar(TOPS, [], Words('<script>"&', "'>"))
    assert "<script" not in chart and "&lt;script&gt;&quot;&amp;" in chart


def test_numbers_are_written_as_the_page_writes_them() -> None:
    thai = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    chart = level_bars([LevelRow(5, 3, Decimal("2.5"))], NAMED, lambda level: str(level).translate(thai))
    assert "๒.๕ / ๓" in chart
