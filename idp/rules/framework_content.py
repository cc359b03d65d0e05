"""What one version of a dictionary says, as plain data, and what it lacks before it can be published.

Ladders may have any number of levels, holes, a level 0 and a level 6 (this product's reading of the published
dictionaries, which have all of these). Publishing asks for what a rating needs (this product's default).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from idp.rules.terms import CompetencyCategory


@dataclass(frozen=True)
class LevelContent:
    """`indicators`: the texts of its behavioural indicators in their order."""

    number: int
    title: str
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True)
class CompetencyContent:
    """A competency with its ladder, the levels by number."""

    code: str
    category: CompetencyCategory
    name_th: str
    name_en: str
    definition_th: str
    levels: tuple[LevelContent, ...] = ()


class ContentProblemKind(StrEnum):
    """What stands in the way of publishing."""

    NO_COMPETENCY = "no_competency"
    CODE_TWICE = "code_twice"
    NO_NAME = "no_name"
    NO_LEVEL = "no_level"  # none above 0
    LEVEL_TWICE = "level_twice"
    EMPTY_LEVEL = "empty_level"  # neither a title nor an indicator
    EMPTY_INDICATOR = "empty_indicator"


@dataclass(frozen=True)
class ContentProblem:
    """`place`: the competency's place in the version, from 0; `level`: its number. None: of the whole."""

    kind: ContentProblemKind
    place: int | None = None
    level: int | None = None


def content_problems(competencies: Sequence[CompetencyContent]) -> tuple[ContentProblem, ...]:
    """Everything that is lacking, in the order of the document; empty: it may be published."""
    if not competencies:
        return (ContentProblem(ContentProblemKind.NO_COMPETENCY),)
    found: list[ContentProblem] = []
    codes: set[str] = set()
    for place, competency in enumerate(competencies):
        if competency.code in codes:
            found.append(ContentProblem(ContentProblemKind.CODE_TWICE, place))
        codes.add(competency.code)
        if not competency.name_th.strip():
            found.append(ContentProblem(ContentProblemKind.NO_NAME, place))
        found += _ladder_problems(place, competency.levels)
    return tuple(found)


def _ladder_problems(place: int, levels: Sequence[LevelContent]) -> list[ContentProblem]:
    found = []
    if not any(level.number > 0 for level in levels):
        found.append(ContentProblem(ContentProblemKind.NO_LEVEL, place))
    numbers: set[int] = set()
    for level in levels:
        if level.number in numbers:
            found.append(ContentProblem(ContentProblemKind.LEVEL_TWICE, place, level.number))
        numbers.add(level.number)
        if not level.title.strip() and not level.indicators:
            found.append(ContentProblem(ContentProblemKind.EMPTY_LEVEL, place, level.number))
        if not all(text.strip() for text in level.indicators):
            found.append(ContentProblem(ContentProblemKind.EMPTY_INDICATOR, place, level.number))
    return found
