"""What several plans of one team have in common: a course, a competency, a mentor; and when many are away.

For whoever approves the plans: five people in one course may be taught in the house, or cannot all be missed
in one week. What counts as the same, and as many, is this product's default.
"""

import unicodedata
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from idp.rules.terms import DevelopmentMethod

AWAY = frozenset(
    {
        DevelopmentMethod.TRAINING,
        DevelopmentMethod.WORKSHOP,
        DevelopmentMethod.STUDY_VISIT,
        DevelopmentMethod.CERTIFICATE,
        DevelopmentMethod.ROTATION,
    }
)
"""Methods that take a person from their work; who learns online or by themself stays."""


class OverlapKind(StrEnum):
    ACTIVITY = "activity"
    COMPETENCY = "competency"
    MENTOR = "mentor"


@dataclass(frozen=True)
class TeamLine:
    """One line of somebody's plan; `person` names the plan. `action_key` is the same through all versions of
    an action of the catalogue."""

    person: int
    title: str
    method: DevelopmentMethod
    competency_id: int | None = None
    course_id: int | None = None
    action_key: str | None = None
    mentor_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Overlap:
    """What two people or more have in their plans; `line` is the first that has it."""

    kind: OverlapKind
    line: TeamLine
    people: tuple[int, ...]


@dataclass(frozen=True)
class AwayPeriod:
    """Days on which many are away, `most` of them at once; both days included."""

    starts_on: date
    ends_on: date
    most: int
    people: tuple[int, ...]


def many(people: int) -> int:
    """Of a team of so many: a third, and two at least."""
    return max(2, -(-people // 3))


def overlaps(lines: Sequence[TeamLine]) -> list[Overlap]:
    """What more than one person has, by kind, most people first, else in the order of the lines.

    An activity is the same where the course is, the action of the catalogue, or the title but for spaces and
    capital letters.
    """
    found = []
    for kind in OverlapKind:
        groups = _activities(lines) if kind is OverlapKind.ACTIVITY else _by_one_key(lines, kind)
        shared = [Overlap(kind, group[0], _people(group)) for group in groups]
        found += sorted((each for each in shared if len(each.people) > 1), key=lambda each: -len(each.people))
    return found


def away_together(lines: Sequence[TeamLine], least: int) -> list[AwayPeriod]:
    """The periods in which `least` people or more are away, as far as their lines are dated; by date."""
    absences = [
        (line.starts_on, line.ends_on, line.person)
        for line in lines
        if line.method in AWAY and line.starts_on is not None and line.ends_on is not None
    ]
    edges = sorted({start for start, _end, _ in absences} | {end + timedelta(1) for _, end, _ in absences})
    found: list[AwayPeriod] = []
    for start, after in pairwise(edges):
        end = after - timedelta(1)
        away = {person for first, last, person in absences if first <= start and end <= last}
        if len(away) < least:
            continue
        if found and found[-1].ends_on + timedelta(1) == start:
            before = found.pop()
            people = tuple(sorted({*before.people, *away}))
            found.append(AwayPeriod(before.starts_on, end, max(before.most, len(away)), people))
        else:
            found.append(AwayPeriod(start, end, len(away), tuple(sorted(away))))
    return found


def _by_one_key(lines: Sequence[TeamLine], kind: OverlapKind) -> Collection[list[TeamLine]]:
    groups: dict[int, list[TeamLine]] = {}
    for line in lines:
        key = line.competency_id if kind is OverlapKind.COMPETENCY else line.mentor_id
        if key is not None:
            groups.setdefault(key, []).append(line)
    return groups.values()


def _activities(lines: Sequence[TeamLine]) -> list[list[TeamLine]]:
    """Lines that share a course, an action or a title stand together, also over a third that shares one with
    each."""
    groups: list[list[int]] = []
    place_of: dict[Hashable, int] = {}
    for number, line in enumerate(lines):
        keys = _keys(line)
        places = sorted({place_of[key] for key in keys if key in place_of})
        if not places:
            places = [len(groups)]
            groups.append([])
        groups[places[0]].append(number)
        for other in places[1:]:
            groups[places[0]] += groups[other]
            groups[other] = []
            place_of = {key: places[0] if place == other else place for key, place in place_of.items()}
        place_of |= dict.fromkeys(keys, places[0])
    return [[lines[number] for number in sorted(group)] for group in groups if group]


def _keys(line: TeamLine) -> list[Hashable]:
    keys: list[Hashable] = [("title", plain_title(line.title))]
    if line.course_id is not None:
        keys.append(("course", line.course_id))
    if line.action_key is not None:
        keys.append(("action", line.action_key))
    return keys


def plain_title(title: str) -> str:
    """The title without what people do not see as a difference."""
    return " ".join(unicodedata.normalize("NFC", title).casefold().split())


def _people(lines: Sequence[TeamLine]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(line.person for line in lines))
