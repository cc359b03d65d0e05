"""The form of one competency with its whole ladder: rows are added, moved and taken out on the page itself,
without a script, and nothing is saved by that.

A level's fields are `level-0-number`, `level-0-title`, `level-0-indicator-0`, ...; a button named `rows` says
what is to be done with the rows ("add-indicator 0").
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from idp.queries.framework_contents import StoredCompetency
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.terms import CompetencyCategory
from idp.rules.thai import to_arabic_digits
from idp.services.framework_competencies import CompetencyFields
from idp.services.framework_ladders import LevelFields

LEVEL = re.compile(r"level-(\d{1,2})-(?:number|title|indicator-(\d{1,3}))")
MOST_LEVELS = 12
MOST_INDICATORS = 40
LONGEST_NUMBER = 6
"""Digits: whatever is longer is out of range."""

PLAIN = ("code", "category", "name_th", "name_en", "definition_th")


@dataclass(frozen=True)
class LevelRow:
    """One level as typed."""

    number: str = ""
    title: str = ""
    indicators: tuple[str, ...] = ("",)


@dataclass(frozen=True)
class CompetencyForm:
    """`texts`: the plain fields by name; `focus`: the field that a button about the rows leads to."""

    texts: dict[str, str]
    levels: tuple[LevelRow, ...]
    focus: str = ""


def empty_form() -> CompetencyForm:
    """For a new competency: the five levels that most dictionaries have."""
    return CompetencyForm(dict.fromkeys(PLAIN, ""), tuple(LevelRow(str(each)) for each in range(1, 6)))


def stored_form(stored: StoredCompetency) -> CompetencyForm:
    """As it is saved; our own keys are not shown as codes."""
    content = stored.content
    texts = {
        "code": content.code if stored.code_is_official else "",
        "category": content.category.value,
        "name_th": content.name_th,
        "name_en": content.name_en,
        "definition_th": content.definition_th,
    }
    return CompetencyForm(
        texts,
        tuple(
            LevelRow(str(level.number), level.title, level.indicators or ("",)) for level in content.levels
        ),
    )


def typed_form(form: MultiDict[str, str]) -> CompetencyForm:
    """As it was sent, row by row."""
    rows: dict[int, int] = {}
    for name in form:
        found = LEVEL.fullmatch(name)
        if found:
            indicators = int(found[2]) + 1 if found[2] else 0
            rows[int(found[1])] = max(rows.get(int(found[1]), 0), indicators)
    levels = tuple(
        LevelRow(
            form.get(f"level-{row}-number", ""),
            form.get(f"level-{row}-title", ""),
            tuple(
                form.get(f"level-{row}-indicator-{at}", "")
                for at in range(min(rows.get(row, 0), MOST_INDICATORS))
            )
            or ("",),
        )
        for row in range(min(max(rows, default=-1) + 1, MOST_LEVELS))
    )
    return CompetencyForm({name: form.get(name, "") for name in PLAIN}, levels)


def with_rows(form: CompetencyForm, asked: str) -> CompetencyForm:
    """The form after one button about its rows: "add-level", "remove-level 1", "add-indicator 1",
    "remove-indicator 1 2", "up 1 2", "down 1 2". What it cannot do leaves it as it was."""
    verb, *places = asked.split() or [""]
    if not all(each.isascii() and each.isdigit() and len(each) <= 3 for each in places):
        return form
    at = [int(each) for each in places]
    levels = list(form.levels)
    if verb == "add-level" and len(levels) < MOST_LEVELS:
        levels.append(LevelRow(_next_number(levels)))
        return replace(form, levels=tuple(levels), focus=f"level-{len(levels) - 1}-number")
    if not at or at[0] >= len(levels):
        return form
    row = at[0]
    if verb == "remove-level":
        del levels[row]
        return replace(form, levels=tuple(levels), focus=f"level-{max(row - 1, 0)}-number")
    texts = list(levels[row].indicators)
    place = at[1] if len(at) > 1 else 0
    if verb == "add-indicator" and len(texts) < MOST_INDICATORS:
        texts.append("")
        place = len(texts) - 1
    elif verb == "remove-indicator" and place < len(texts):
        del texts[place]
        place = max(place - 1, 0)
    elif verb in ("up", "down") and place < len(texts):
        other = place + (-1 if verb == "up" else 1)
        if 0 <= other < len(texts):
            texts[place], texts[other] = texts[other], texts[place]
            place = other
    levels[row] = replace(levels[row], indicators=tuple(texts) or ("",))
    return replace(form, levels=tuple(levels), focus=f"level-{row}-indicator-{place}")


def read_competency(form: CompetencyForm) -> CompetencyFields:
    """What the service takes. Raises InvalidInputs at `category` and at numbers that are none."""
    problems: list[InvalidInput] = []
    category = form.texts["category"]
    if category not in set(CompetencyCategory):
        problems.append(InvalidInput("category", "unknown_choice" if category else "required"))
    levels = []
    for row, level in enumerate(form.levels):
        number = None
        try:
            number = _number(f"level-{row}-number", level.number)
        except InvalidInput as problem:
            problems.append(problem)
        levels.append(LevelFields(number, level.title, level.indicators))
    if problems:
        raise InvalidInputs(problems)
    texts = {name: text for name, text in form.texts.items() if name != "category"}
    return CompetencyFields(category=CompetencyCategory(category), levels=tuple(levels), **texts)


def _number(field_name: str, text: str) -> int | None:
    text = to_arabic_digits(text).strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise InvalidInput(field_name, "not_a_number")
    return int(text)


def _next_number(levels: Sequence[LevelRow]) -> str:
    numbers = [to_arabic_digits(level.number).strip() for level in levels]
    known = [int(each) for each in numbers if each.isascii() and each.isdigit() and len(each) <= 2]
    return str(max(known, default=0) + 1)
