"""What changed between two versions of a dictionary, over a table of changes and against the whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from idp.rules.framework_content import (
    CompetencyContent,
    ContentProblem,
    ContentProblemKind,
    LevelContent,
    content_problems,
)
from idp.rules.framework_differences import framework_difference, same_competencies
from idp.rules.terms import CompetencyCategory
from idp.rules.word_marks import LONGEST, MarkKind, characters, word_marks

ONE = CompetencyContent(
    "c1",
    CompetencyCategory.CORE,
    "การมุ่งผลสัมฤทธิ์",
    "Achievement",
    "ความมุ่งมั่นจะปฏิบัติงานให้ดี",
    (
        LevelContent(0, "ไม่แสดงสมรรถนะ"),
        LevelContent(1, "แสดงความพยายาม", ("พยายามทำงานให้ถูกต้อง", "มานะอดทน ขยันหมั่นเพียร")),
        LevelContent(3, "ทำได้ดีขึ้น", ("ปรับปรุงวิธีการทำงาน",)),
    ),
)
TWO = replace(ONE, code="c2", name_th="บริการที่ดี", levels=())
BEFORE = (ONE, TWO)


def level(number: int, **changes: Any) -> CompetencyContent:
    return replace(
        ONE,
        levels=tuple(replace(each, **changes) if each.number == number else each for each in ONE.levels),
    )


def test_the_same_is_no_difference() -> None:
    assert framework_difference(BEFORE, BEFORE).is_empty
    assert framework_difference((), ()).is_empty


def test_a_competency_that_comes_and_one_that_goes() -> None:
    new = replace(TWO, code="c3", name_th="จริยธรรม")
    found = framework_difference(BEFORE, (ONE, new))
    assert (found.added, found.removed, found.changed) == ((new,), (TWO,), ())


def test_a_competency_is_known_by_its_code() -> None:
    assert same_competencies(BEFORE, (replace(TWO, code="X"), replace(ONE, name_th="ชื่อใหม่"))) == [(0, 1)]
    found = framework_difference(BEFORE, (replace(ONE, code="X"), replace(TWO, name_th="ชื่อใหม่")))
    assert [[name for name, _ in each.fields] for each in found.changed] == [["name_th"]]
    assert [(old.code, new.code) for old, new in found.recoded] == [("c1", "X")]
    assert found.added and found.removed and not found.is_reordered


def test_order_alone_is_told_apart() -> None:
    found = framework_difference(BEFORE, (TWO, ONE))
    assert found.is_reordered and not found.changed and not found.is_empty
    one, two = ONE.levels[1].indicators
    found = framework_difference((ONE,), (level(1, indicators=(two, one)),))
    assert found.changed[0].levels_changed[0].is_reordered
    assert not found.changed[0].levels_changed[0].reworded


def test_levels_that_come_go_and_say_something_else() -> None:
    after = replace(ONE, levels=(*ONE.levels[:2], LevelContent(6, "เป็นเลิศ")))
    (found,) = framework_difference((ONE,), (after,)).changed
    assert [each.number for each in found.levels_added] == [6]
    assert [each.number for each in found.levels_removed] == [3]
    (found,) = framework_difference((ONE,), (level(3, title="ทำได้ดีขึ้นมาก"),)).changed
    title = found.levels_changed[0].title
    assert title is not None and (title.before, title.after) == ("ทำได้ดีขึ้น", "ทำได้ดีขึ้นมาก")


def test_an_indicator_that_was_reworded_is_not_one_gone_and_one_new() -> None:
    texts = ("พยายามทำงานให้ถูกต้องเสมอ", "มานะอดทน ขยันหมั่นเพียร", "เรื่องอื่นโดยสิ้นเชิง")
    (found,) = framework_difference((ONE,), (level(1, indicators=texts),)).changed
    (changed,) = found.levels_changed
    assert [(each.before, each.after) for each in changed.reworded] == [
        ("พยายามทำงานให้ถูกต้อง", "พยายามทำงานให้ถูกต้องเสมอ")
    ]
    assert changed.added == ("เรื่องอื่นโดยสิ้นเชิง",) and changed.removed == ()


@pytest.mark.parametrize(
    ("before", "after", "marks"),
    [
        ("ก", "ก", [("same", "ก")]),
        ("", "ใหม่", [("new", "ใหม่")]),
        ("เก่า", "", [("gone", "เก่า")]),
        ("ทำงานได้ดี", "ทำงานได้ดีมาก", [("same", "ทำงานได้ดี"), ("new", "มาก")]),
        (
            "ปฏิบัติงานตามกำหนดเวลา",
            "ปฏิบัติหน้าที่ตามกำหนดเวลา",
            [("same", "ปฏิบัติ"), ("gone", "งาน"), ("new", "หน้าที่"), ("same", "ตามกำหนดเวลา")],
        ),
    ],
)
def test_words_that_went_and_came_are_marked(before: str, after: str, marks: list[tuple[str, str]]) -> None:
    assert [(each.kind.value, each.text) for each in word_marks(before, after)] == marks


def test_a_vowel_or_tone_mark_is_never_cut_from_its_letter() -> None:
    assert characters("เก้าอี้ น้ำ") == ["เก้า", "อี้", " ", "น้ำ"]


def test_a_very_long_text_is_shown_as_a_whole() -> None:
    before, after = "ก" * (LONGEST + 1), "ข"
    assert [each.kind for each in word_marks(before, after)] == [MarkKind.GONE, MarkKind.NEW]


TEXTS = some.text(alphabet="กขคงเา้ิ ะ.", max_size=40)


@given(TEXTS, TEXTS)
def test_the_marks_make_up_both_texts(before: str, after: str) -> None:
    marks = word_marks(before, after)
    assert "".join(each.text for each in marks if each.kind is not MarkKind.NEW) == before
    assert "".join(each.text for each in marks if each.kind is not MarkKind.GONE) == after


LEVELS = some.lists(
    some.builds(LevelContent, some.integers(0, 6), TEXTS, some.lists(TEXTS, max_size=4).map(tuple)),
    max_size=4,
    unique_by=lambda each: each.number,
).map(lambda levels: tuple(sorted(levels, key=lambda each: each.number)))
DICTIONARIES = some.lists(
    some.builds(
        CompetencyContent,
        some.sampled_from("abcde"),
        some.sampled_from(CompetencyCategory),
        TEXTS,
        TEXTS,
        TEXTS,
        LEVELS,
    ),
    max_size=4,
    unique_by=(lambda each: each.code, lambda each: each.name_th),
)


@given(DICTIONARIES, DICTIONARIES)
def test_nothing_is_lost_and_nothing_counted_twice(
    before: list[CompetencyContent], after: list[CompetencyContent]
) -> None:
    """Every competency and every indicator is the same, changed, gone or new: exactly one of these."""
    found = framework_difference(before, after)
    assert found.is_empty == (before == after)
    kept = len(before) - len(found.removed)
    assert kept == len(after) - len(found.added)
    back = framework_difference(after, before)
    assert {each.code for each in back.added} == {each.code for each in found.removed}
    for change in found.changed:
        old = {each.number: each for each in change.before.levels}
        new = {each.number: each for each in change.after.levels}
        for each in change.levels_changed:
            stays = len(old[each.number].indicators) - len(each.removed)
            assert stays == len(new[each.number].indicators) - len(each.added) >= len(each.reworded)


K = ContentProblemKind


@pytest.mark.parametrize(
    ("competencies", "problems"),
    [
        ((), [ContentProblem(K.NO_COMPETENCY)]),
        ((ONE,), []),
        ((TWO,), [ContentProblem(K.NO_LEVEL, 0)]),
        ((replace(ONE, levels=ONE.levels[:1]),), [ContentProblem(K.NO_LEVEL, 0)]),
        ((ONE, ONE), [ContentProblem(K.CODE_TWICE, 1)]),
        ((replace(ONE, name_th=" "),), [ContentProblem(K.NO_NAME, 0)]),
        ((replace(ONE, levels=(LevelContent(6, ""),)),), [ContentProblem(K.EMPTY_LEVEL, 0, 6)]),
        (
            (replace(ONE, levels=(LevelContent(1, "", ("ก", " ")),)),),
            [ContentProblem(K.EMPTY_INDICATOR, 0, 1)],
        ),
        ((replace(ONE, levels=(LevelContent(1, "ก"),) * 2),), [ContentProblem(K.LEVEL_TWICE, 0, 1)]),
        ((replace(ONE, levels=(LevelContent(4, "ระดับเดียว"),)),), []),
    ],
)
def test_what_cannot_be_rated_is_named(
    competencies: tuple[CompetencyContent, ...], problems: list[ContentProblem]
) -> None:
    assert list(content_problems(competencies)) == problems
