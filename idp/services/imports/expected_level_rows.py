"""Judge the rows of a file of expected levels: what they name, from when, and what they would change."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from idp.queries.expected_rows import ExpectedRow, Key, Named, NamedCompetency, expected_rows, named_in_files
from idp.rules.errors import InvalidInput
from idp.rules.imports import RowEffect, plain_header
from idp.rules.levels import Ladder
from idp.rules.profiles import Slot, problems_of_expected
from idp.rules.thai import parse_thai_date, to_arabic_digits
from idp.services.imports.kind import Judgement, RowRead, Scope
from idp.services.profile_changes import check_first_day
from idp.services.profile_rows import acceptable

LINE, POSITION, FRAMEWORK, COMPETENCY = "line_of_work", "position_level", "framework", "competency"
LEVEL, WEIGHT, FROM_ON = "level", "weight", "from_on"

NOT_EXPECTED = "-"
HYPHENS = frozenset({"-", "\u2013", "\u2014"})
WHOLE_NUMBER = re.compile(r"\d{1,3}")
PERCENT = re.compile(r"[+-]?\d{1,6}(?:\.\d{1,6})?")
MOST_DAYS = 10
"""Different first days of one file: each asks the database anew."""

N = TypeVar("N", bound=Named)
Known = dict[str, list[N]]
Problems = list[InvalidInput]


@dataclass(frozen=True)
class _Day:
    """What rows may name that hold from that day on, and what stands there then."""

    day: date
    lines: Known[Named]
    levels: Known[Named]
    competencies: Known[NamedCompetency]
    ladders: Mapping[int, Ladder]
    content: Mapping[Slot, Mapping[Key, ExpectedRow]]


@dataclass(frozen=True)
class _Meant:
    """What a row names. `level` None: the competency is expected no more."""

    slot: Slot
    key: Key
    competency_id: int
    level: int | None
    weight: Decimal | None


def judged_rows(scope: Scope, rows: Sequence[RowRead]) -> list[Judgement]:
    """Statements grow with the different days of the file alone, of which there are few."""
    days, problems = _days(scope, rows)
    known = {day: _known_on(scope, day) for day in sorted(set(days.values()))}
    meant: dict[int, _Meant] = {}
    for row in rows:
        found = _Reading(scope, row, known[days[row.place]]).meant() if row.place in days else None
        if isinstance(found, list):
            problems[row.place] = found
        elif found is not None:
            meant[row.place] = found
    places: dict[tuple[date, Slot, Key], list[int]] = {}
    for place, each in meant.items():
        places.setdefault((days[place], each.slot, each.key), []).append(place)
    judged = []
    for row in rows:
        if row.place in problems:
            judged.append(Judgement.refused(row.place, *problems[row.place]))
            continue
        each = meant[row.place]
        same = [p for p in places[days[row.place], each.slot, each.key] if p != row.place]
        if same:
            text = ", ".join(map(str, same))
            judged.append(
                Judgement.refused(row.place, InvalidInput(COMPETENCY, "twice_in_file", places=text))
            )
        else:
            judged.append(_judged(row, each, known[days[row.place]]))
    return judged


def first_day(scope: Scope) -> date:
    """Today, or tomorrow where a round opened today with what is expected now."""
    try:
        check_first_day(scope.session, scope.organisation_id, scope.day, scope.now)
    except InvalidInput:
        return scope.day + timedelta(days=1)
    return scope.day


def _days(scope: Scope, rows: Sequence[RowRead]) -> tuple[dict[int, date], dict[int, Problems]]:
    """From which day each row holds; what is wrong with that day is told at the row."""
    days: dict[int, date] = {}
    problems: dict[int, Problems] = {}
    checked: dict[date, InvalidInput | None] = {}
    today = first_day(scope)
    for row in rows:
        text = row.texts[FROM_ON]
        if not text:
            days[row.place] = today
            continue
        try:
            day = parse_thai_date(text)
        except ValueError:
            problems[row.place] = [InvalidInput(FROM_ON, "not_a_date")]
            continue
        if day not in checked and len(checked) >= MOST_DAYS:
            problems[row.place] = [InvalidInput(FROM_ON, "too_many_days", maximum=MOST_DAYS)]
            continue
        if day not in checked:
            checked[day] = _day_refusal(scope, day)
        refusal = checked[day]
        if refusal is None:
            days[row.place] = day
        else:
            problems[row.place] = [refusal]
    return days, problems


def _day_refusal(scope: Scope, day: date) -> InvalidInput | None:
    try:
        check_first_day(scope.session, scope.organisation_id, day, scope.now)
    except InvalidInput as refusal:
        return refusal
    return None


def _known_on(scope: Scope, day: date) -> _Day:
    named = named_in_files(scope.session, scope.organisation_id, day)
    content = expected_rows(scope.session, scope.organisation_id, day)
    in_use = {(each.framework_code, each.code) for each in named.competencies}
    # What a profile expects of a version before this one may stay, and so may be named.
    older = {
        key: NamedCompetency(row.competency_id, key[1], "", key[0])
        for profile in content.values()
        for key, row in profile.items()
        if key not in in_use
    }
    return _Day(
        day,
        _by_text(named.lines),
        _by_text(named.levels),
        _by_text([*named.competencies, *older.values()]),
        acceptable(scope.session, scope.organisation_id, day).ladders,
        content,
    )


def _by_text(named: Iterable[N]) -> Known[N]:
    found: Known[N] = {}
    for each in named:
        for text in {plain_header(each.code), plain_header(each.name)} - {""}:
            found.setdefault(text, []).append(each)
    return found


class _Reading:
    """One row as it is read: everything wrong with it is gathered."""

    def __init__(self, scope: Scope, row: RowRead, known: _Day) -> None:
        self.scope, self.texts, self.known = scope, row.texts, known
        self.problems: Problems = []

    def meant(self) -> _Meant | Problems:
        line = self._one(LINE, self.known.lines) if self.texts[LINE] else None
        level = self._one(POSITION, self.known.levels, needed=True)
        competency = self._competency()
        wanted = self._level()
        weight = self._weight()
        if self.problems or level is None or competency is None:
            return self.problems
        slot: Slot = (line.id if line else None, level.id)
        key: Key = (competency.framework_code, competency.code)
        if WEIGHT not in self.scope.columns:
            stands = self.known.content.get(slot, {}).get(key)
            weight = stands.weight if stands else None
        if wanted is not None:
            ladder = self.known.ladders.get(competency.id)
            self.problems += problems_of_expected(wanted, weight, ladder)
        return self.problems or _Meant(slot, key, competency.id, wanted, weight)

    def _one(self, column: str, known: Known[N], *, needed: bool = False) -> N | None:
        text = self.texts[column]
        if not text:
            if needed:
                self.problems.append(InvalidInput(column, "required"))
            return None
        found = known.get(plain_header(text), [])
        if len(found) != 1:
            code = "several_of_that_name" if found else "unknown_code"
            self.problems.append(InvalidInput(column, code, written=text))
            return None
        return found[0]

    def _competency(self) -> NamedCompetency | None:
        framework = plain_header(self.texts.get(FRAMEWORK, ""))
        codes = {each.framework_code for found in self.known.competencies.values() for each in found}
        if framework and framework not in {plain_header(code) for code in codes}:
            self.problems.append(InvalidInput(FRAMEWORK, "unknown_code", written=self.texts[FRAMEWORK]))
            return None
        inside = {
            text: [each for each in found if framework in ("", plain_header(each.framework_code))]
            for text, found in self.known.competencies.items()
            if text == plain_header(self.texts[COMPETENCY])
        }
        return self._one(COMPETENCY, inside, needed=True)

    def _level(self) -> int | None:
        text = to_arabic_digits(self.texts[LEVEL])
        if text in HYPHENS:
            return None
        if not WHOLE_NUMBER.fullmatch(text):
            self.problems.append(InvalidInput(LEVEL, "not_a_whole_number" if text else "required"))
            return None
        return int(text)

    def _weight(self) -> Decimal | None:
        text = to_arabic_digits(self.texts[WEIGHT]).replace(" ", "")
        if not text:
            return None
        if not PERCENT.fullmatch(text):
            self.problems.append(InvalidInput(WEIGHT, "not_a_number"))
            return None
        return Decimal(text)


def _judged(row: RowRead, meant: _Meant, known: _Day) -> Judgement:
    stands = known.content.get(meant.slot, {}).get(meant.key)
    before = None if stands is None else _shown(stands.level, stands.weight)
    after = {LEVEL: NOT_EXPECTED, WEIGHT: ""} if meant.level is None else _shown(meant.level, meant.weight)
    target = {
        "line_of_work_id": meant.slot[0],
        "position_level_id": meant.slot[1],
        "framework": meant.key[0],
        "competency": meant.key[1],
        "competency_id": meant.competency_id,
    }
    if before == after or (before is None and meant.level is None):
        return Judgement(row.place, RowEffect.NOTHING, before, before, target)
    if row.texts[FROM_ON]:
        after[FROM_ON] = f"{known.day.day}/{known.day.month}/{known.day.year + 543}"
    effect = RowEffect.ADD if before is None else RowEffect.CHANGE
    return Judgement(row.place, effect, before, after, target)


def _shown(level: int, weight: Decimal | None) -> dict[str, str]:
    return {LEVEL: str(level), WEIGHT: "" if weight is None else f"{weight:.2f}"}
