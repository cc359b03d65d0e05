"""Judge the rows of a file of development actions: what they name, what they say, what they would change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from idp.queries.catalogue.rows import (
    NamedLevel,
    StoredAction,
    latest_of_each,
    library_actions,
    named_levels,
    own_actions,
)
from idp.rules.errors import InvalidInput
from idp.rules.imports import RowEffect, plain_header
from idp.rules.terms import VersionState
from idp.rules.thai import to_arabic_digits
from idp.services.catalogue.action_fields import lacking
from idp.services.catalogue.bulk_writing import WantedAction
from idp.services.imports.development_action_texts import (
    COMPETENCY,
    FRAMEWORK,
    KEY,
    LEVEL,
    SAID,
    TITLE,
    WHOLE_NUMBER,
    said,
    texts_of,
)
from idp.services.imports.kind import Judgement, RowRead, Scope

PUBLISH, YES, NO = "publish", "yes", "no"
"""The parameter: whether rows are published at once or become drafts."""

Problems = list[InvalidInput]


@dataclass(frozen=True)
class _Known:
    """What rows may name, and what stands there: `own` by key and level, `titles` by level and title."""

    levels: Mapping[str, Sequence[NamedLevel]]
    by_id: Mapping[int, NamedLevel]
    own: Mapping[tuple[str, int], StoredAction]
    titles: Mapping[tuple[int, str], StoredAction]
    library: Mapping[tuple[str, int], StoredAction]
    keys: frozenset[str]


@dataclass(frozen=True)
class _Meant:
    """What a row names and says. `stands`: the version that it would change; None for a new action."""

    key: str
    level: NamedLevel
    action: WantedAction
    stands: StoredAction | None
    is_of_library: bool = False


def judged_rows(scope: Scope, rows: Sequence[RowRead]) -> list[Judgement]:
    """A number of statements that does not grow."""
    known = _known(scope, {row.texts[KEY] for row in rows} - {""})
    meant: dict[int, _Meant | Problems] = {row.place: _Reading(scope, row, known).meant() for row in rows}
    places: dict[tuple[str, int, str], list[int]] = {}
    for place, each in meant.items():
        if isinstance(each, _Meant):
            places.setdefault(_identity(each), []).append(place)
    return [_judged(scope, row, meant[row.place], places, known) for row in rows]


def wanted_of(scope: Scope, judged: Iterable[Judgement]) -> list[WantedAction]:
    """What the rows that would write something want, read back from what was shown."""
    levels = {each.level_id: each for each in named_levels(scope.session, scope.organisation_id, scope.day)}
    found = []
    for each in judged:
        target, after = each.target or {}, each.after or {}
        level = levels[target["level_id"]]
        action, _problems = said(after, level, target.get("key", ""))
        found.append(action)
    return found


def shown(action: StoredAction, level: NamedLevel) -> dict[str, str]:
    """What an action says, by the keys of the columns."""
    return texts_of(action.columns, level.positions(action.indicator_ids))


def _known(scope: Scope, keys: set[str]) -> _Known:
    levels = named_levels(scope.session, scope.organisation_id, scope.day)
    own = latest_of_each(own_actions(scope.session, scope.organisation_id))
    by_text: dict[str, list[NamedLevel]] = {}
    for each in levels:
        for text in {plain_header(each.competency_code), plain_header(each.competency_name)}:
            by_text.setdefault(text, []).append(each)
    own_keys = {key for key, _level in own}
    return _Known(
        by_text,
        {each.level_id: each for each in levels},
        own,
        {
            (each.level_id, plain_header(each.columns["title_th"])): each
            for each in own.values()
            if each.state is not VersionState.RETIRED
        },
        latest_of_each(library_actions(scope.session, keys - own_keys)),
        frozenset(own_keys),
    )


def _identity(meant: _Meant) -> tuple[str, int, str]:
    title = "" if meant.key else plain_header(meant.action.columns["title_th"])
    return meant.key, meant.level.level_id, title


class _Reading:
    """One row as it is read: everything wrong with it is gathered."""

    def __init__(self, scope: Scope, row: RowRead, known: _Known) -> None:
        self.scope, self.texts, self.known = scope, row.texts, known
        self.problems: Problems = []

    def meant(self) -> _Meant | Problems:
        level = self._level()
        key = self.texts[KEY].strip()
        stands, is_of_library = None, False
        if level is not None and key:
            stands = self.known.own.get((key, level.level_id))
            if stands is None:
                stands = self.known.library.get((key, level.level_id))
                is_of_library = stands is not None
            if stands is None:
                code = "other_level" if key in self.known.keys else "unknown_action"
                self.problems.append(InvalidInput(KEY, code, written=key))
        texts = dict(self.texts)
        if stands is not None and level is not None:  # what the file does not hold stays as it is
            stood = shown(stands, level)
            texts |= {name: stood[name] for name in SAID if name not in self.scope.columns}
        action, wrong = said(texts, level, key)
        self.problems += wrong
        if self.problems or level is None:
            return self.problems
        return _Meant(key, level, action, stands, is_of_library)

    def _level(self) -> NamedLevel | None:
        found = self._competency()
        text = to_arabic_digits(self.texts[LEVEL]).strip()
        if not text:
            self.problems.append(InvalidInput(LEVEL, "required"))
            return None
        if not WHOLE_NUMBER.fullmatch(text):
            self.problems.append(InvalidInput(LEVEL, "not_a_whole_number"))
            return None
        level = next((each for each in found if each.number == int(text)), None)
        if found and level is None:
            numbers = ", ".join(str(each.number) for each in found)
            self.problems.append(InvalidInput(LEVEL, "level_not_on_ladder", levels=numbers))
        return level

    def _competency(self) -> Sequence[NamedLevel]:
        """The levels of the one competency that the row names; without a framework, of those in use."""
        text, framework = self.texts[COMPETENCY], plain_header(self.texts[FRAMEWORK])
        if not text:
            self.problems.append(InvalidInput(COMPETENCY, "required"))
            return ()
        if framework and not any(
            _is_of(each, framework) for levels in self.known.levels.values() for each in levels
        ):
            self.problems.append(InvalidInput(FRAMEWORK, "unknown_code", written=self.texts[FRAMEWORK]))
            return ()
        alike = self.known.levels.get(plain_header(text), ())
        found = [each for each in alike if (_is_of(each, framework) if framework else each.is_in_use)]
        competencies = {each.competency_id for each in found}
        if len(competencies) != 1:
            code = "several_of_that_name" if competencies else "unknown_code"
            self.problems.append(InvalidInput(COMPETENCY, code, written=text))
            return ()
        return found


def _is_of(level: NamedLevel, framework: str) -> bool:
    return framework in (plain_header(level.framework_code), plain_header(level.framework_name))


def _judged(
    scope: Scope,
    row: RowRead,
    meant: _Meant | Problems,
    places: Mapping[tuple[str, int, str], Sequence[int]],
    known: _Known,
) -> Judgement:
    if not isinstance(meant, _Meant):
        return Judgement.refused(row.place, *meant)
    column = KEY if meant.key else TITLE
    others = [place for place in places[_identity(meant)] if place != row.place]
    if others:
        text = ", ".join(map(str, others))
        return Judgement.refused(row.place, InvalidInput(column, "twice_in_file", places=text))
    after = texts_of(meant.action.columns, meant.action.positions)
    title = plain_header(str(meant.action.columns["title_th"]))
    target = {"level_id": meant.level.level_id, **({"key": meant.key} if meant.key else {"title": title})}
    stands = meant.stands if meant.key else known.titles.get((meant.level.level_id, title))
    before = None if stands is None else shown(stands, meant.level)
    if before == after:
        return Judgement(row.place, RowEffect.NOTHING, before, before, target)
    problems = _refusals(scope, meant, stands)
    if problems:
        return Judgement.refused(row.place, *problems, target=target)
    effect = RowEffect.ADD if before is None else RowEffect.CHANGE
    return Judgement(row.place, effect, before, after, target)


def _refusals(scope: Scope, meant: _Meant, stands: StoredAction | None) -> Problems:
    """Why what the row says may not be written by a file."""
    if meant.is_of_library:
        return [InvalidInput(KEY, "of_the_library")]
    if stands is not None and not meant.key:
        return [InvalidInput(TITLE, "title_there", written=stands.key)]
    if scope.parameters.get(PUBLISH) != YES:
        return []
    is_first = stands is not None and stands.state is VersionState.DRAFT and stands.number == 1
    if is_first and stands is not None and stands.based_on_action_id is not None:
        return [InvalidInput(KEY, "adapted_first")]
    return lacking(meant.action.columns)
