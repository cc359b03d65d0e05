"""What a new wording took out of a text and put into it, piece by piece.

Thai writes no space between words: a piece begins and ends between whole characters with their vowels and
tone marks, and a common piece of one or two of them between two changes counts as changed, so that the eye
finds words and not letters.
"""

import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

SHORTEST_COMMON = 3
"""Characters with their marks: a shorter piece between two changes is no word."""

LONGEST = 1500
"""Characters with their marks: comparing takes the square of it; a longer text is shown as a whole."""

FOLLOWING = frozenset("ะาำๅ")
LEADING = frozenset("เแโใไ")


class MarkKind(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Mark:
    kind: MarkKind
    text: str


def word_marks(before: str, after: str) -> tuple[Mark, ...]:
    """The pieces in reading order. What is not NEW makes up `before`, what is not GONE `after`."""
    old, new = characters(before), characters(after)
    if max(len(old), len(new)) > LONGEST:
        return _marks((MarkKind.GONE, before), (MarkKind.NEW, after))
    pieces: list[tuple[MarkKind, str]] = []
    for tag, a, b, c, d in _steps(old, new):
        if tag == "equal":
            pieces.append((MarkKind.SAME, "".join(old[a:b])))
        else:
            pieces += [(MarkKind.GONE, "".join(old[a:b])), (MarkKind.NEW, "".join(new[c:d]))]
    return _marks(*pieces)


def characters(text: str) -> list[str]:
    """The text cut between characters that stand by themselves: vowels and tone marks stay with theirs."""
    found: list[str] = []
    for each in text:
        joins = unicodedata.combining(each) or unicodedata.category(each) == "Mn" or each in FOLLOWING
        if found and (joins or found[-1] in LEADING):
            found[-1] += each
        else:
            found.append(each)
    return found


def _steps(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    """The matcher's steps, with changes joined over common pieces too short to be a word."""
    joined: list[tuple[str, int, int, int, int]] = []
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for place, (tag, a, b, c, d) in enumerate(steps):
        is_between = 0 < place < len(steps) - 1
        changes = tag != "equal" or (is_between and b - a < SHORTEST_COMMON)
        if changes and joined and joined[-1][0] == "change":
            joined[-1] = ("change", joined[-1][1], b, joined[-1][3], d)
        else:
            joined.append(("change" if changes else "equal", a, b, c, d))
    return joined


def _marks(*pieces: tuple[MarkKind, str]) -> tuple[Mark, ...]:
    return tuple(Mark(kind, text) for kind, text in pieces if text)
