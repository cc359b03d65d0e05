"""What changed from one version of a dictionary to another, told as the personnel office would.

A competency is the same one where its code is (as for profiles carried over and for the level of the round
before); a level by its number; an indicator by its text, else by the most similar one that is left. Order
alone is no change of content and is told apart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from idp.rules.framework_content import CompetencyContent, LevelContent
from idp.rules.word_marks import Mark, word_marks

SIMILAR = 0.6
"""From this share of common characters on, an indicator counts as reworded, not as another one."""

NAMED_FIELDS = ("category", "name_th", "name_en", "definition_th")


@dataclass(frozen=True)
class TextChange:
    before: str
    after: str

    @property
    def marks(self) -> tuple[Mark, ...]:
        return word_marks(self.before, self.after)


@dataclass(frozen=True)
class LevelDifference:
    """`title` is None where it stayed; `is_reordered`: the indicators that stayed stand in another order."""

    number: int
    title: TextChange | None
    added: tuple[str, ...]
    removed: tuple[str, ...]
    reworded: tuple[TextChange, ...]
    is_reordered: bool

    @property
    def is_empty(self) -> bool:
        return not (self.title or self.added or self.removed or self.reworded or self.is_reordered)


@dataclass(frozen=True)
class CompetencyDifference:
    """`fields`: what changed of NAMED_FIELDS, by name."""

    before: CompetencyContent
    after: CompetencyContent
    fields: tuple[tuple[str, TextChange], ...]
    levels_added: tuple[LevelContent, ...]
    levels_removed: tuple[LevelContent, ...]
    levels_changed: tuple[LevelDifference, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.fields or self.levels_added or self.levels_removed or self.levels_changed)


@dataclass(frozen=True)
class FrameworkDifference:
    """`is_reordered`: the competencies that stayed stand in another order."""

    added: tuple[CompetencyContent, ...]
    removed: tuple[CompetencyContent, ...]
    changed: tuple[CompetencyDifference, ...]
    is_reordered: bool

    @property
    def recoded(self) -> tuple[tuple[CompetencyContent, CompetencyContent], ...]:
        """Those that went and came under one name: by another code they count as others."""
        return tuple((old, new) for old in self.removed for new in self.added if old.name_th == new.name_th)

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.changed or self.is_reordered)


def framework_difference(
    before: Sequence[CompetencyContent], after: Sequence[CompetencyContent]
) -> FrameworkDifference:
    """What the later version adds, takes out and rewords."""
    pairs = same_competencies(before, after)
    kept_before, kept_after = {old for old, _ in pairs}, {new for _, new in pairs}
    compared = [_competency(before[old], after[new]) for old, new in sorted(pairs, key=lambda pair: pair[1])]
    return FrameworkDifference(
        added=tuple(each for place, each in enumerate(after) if place not in kept_after),
        removed=tuple(each for place, each in enumerate(before) if place not in kept_before),
        changed=tuple(each for each in compared if not each.is_empty),
        is_reordered=_is_reordered(pairs),
    )


def same_competencies(
    before: Sequence[CompetencyContent], after: Sequence[CompetencyContent]
) -> list[tuple[int, int]]:
    """Which competency of the one is which of the other: pairs of places, from 0."""
    places = {each.code: place for place, each in enumerate(before)}
    return [(places[each.code], new) for new, each in enumerate(after) if each.code in places]


def _is_reordered(pairs: Iterable[tuple[int, int]]) -> bool:
    old = [place for place, _ in sorted(pairs, key=lambda pair: pair[1])]
    return old != sorted(old)


def _competency(before: CompetencyContent, after: CompetencyContent) -> CompetencyDifference:
    old = {level.number: level for level in before.levels}
    new = {level.number: level for level in after.levels}
    compared = [_level(old[number], new[number]) for number in sorted(old.keys() & new.keys())]
    return CompetencyDifference(
        before=before,
        after=after,
        fields=tuple(
            (name, TextChange(str(getattr(before, name)), str(getattr(after, name))))
            for name in NAMED_FIELDS
            if getattr(before, name) != getattr(after, name)
        ),
        levels_added=tuple(new[number] for number in sorted(new.keys() - old.keys())),
        levels_removed=tuple(old[number] for number in sorted(old.keys() - new.keys())),
        levels_changed=tuple(each for each in compared if not each.is_empty),
    )


def _level(before: LevelContent, after: LevelContent) -> LevelDifference:
    same, reworded = _same_indicators(before.indicators, after.indicators)
    pairs = same + reworded
    old, new = {one for one, _ in pairs}, {other for _, other in pairs}
    return LevelDifference(
        number=after.number,
        title=TextChange(before.title, after.title) if before.title != after.title else None,
        added=tuple(text for place, text in enumerate(after.indicators) if place not in new),
        removed=tuple(text for place, text in enumerate(before.indicators) if place not in old),
        reworded=tuple(
            TextChange(before.indicators[one], after.indicators[other])
            for one, other in sorted(reworded, key=lambda pair: pair[1])
        ),
        is_reordered=_is_reordered(pairs),
    )


def _same_indicators(
    before: Sequence[str], after: Sequence[str]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Pairs of places: of one text; and of the rest, the most similar first."""
    same: list[tuple[int, int]] = []
    old_left, new_left = list(range(len(before))), list(range(len(after)))
    for new in list(new_left):
        old = next((each for each in old_left if before[each] == after[new]), None)
        if old is not None:
            same.append((old, new))
            old_left.remove(old)
            new_left.remove(new)
    likely = sorted(
        (
            (SequenceMatcher(None, before[old], after[new], autojunk=False).ratio(), old, new)
            for old in old_left
            for new in new_left
        ),
        key=lambda each: (-each[0], each[1], each[2]),
    )
    reworded: list[tuple[int, int]] = []
    for ratio, old, new in likely:
        if ratio >= SIMILAR and old in old_left and new in new_left:
            reworded.append((old, new))
            old_left.remove(old)
            new_left.remove(new)
    return same, reworded
