"""The whole crosswalk: every pair's map says what its note says, and reads both ways."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Competency, CompetencyFramework, CrosswalkLink, FrameworkVersion
from idp.queries.competency_matches import competency_matches
from idp.rules.crosswalk import aligned_level, inverse
from idp.rules.terms import CrosswalkRelation
from idp.services.seeding import load_seeds, read_seeds
from idp.services.seeding.crosswalk_references import level_map
from idp.services.seeding.schema import CrosswalkPair
from tests.factories.fixtures import session, shared_engine

__all__ = ["session", "shared_engine"]

NOW = datetime(2026, 10, 1, tzinfo=UTC)
LIBRARY = read_seeds()
PAIRS = LIBRARY.crosswalk.pairs
EQUIVALENT = [pair for pair in PAIRS if pair.relation is CrosswalkRelation.EQUIVALENT]
LADDERS = {
    f"{name}/{competency.code}": [level.number for level in competency.levels if level.number]
    for name, framework in LIBRARY.frameworks.items()
    for competency in framework.competencies
}


def name(pair: CrosswalkPair) -> str:
    return f"{pair.from_} to {pair.to}"


def levels(pair: CrosswalkPair) -> dict[int, int | None]:
    return level_map(pair, LADDERS[pair.from_])


@pytest.mark.parametrize("pair", PAIRS, ids=name)
def test_every_level_of_both_ladders_has_one_answer(pair: CrosswalkPair) -> None:
    forwards, backwards = levels(pair), inverse(levels(pair))
    assert sorted(forwards) == LADDERS[pair.from_]
    assert set(backwards) <= set(LADDERS[pair.to])
    for level, target in forwards.items():
        assert target is None or backwards[target] == level, "there and back again is the same level"


@pytest.mark.parametrize("pair", PAIRS, ids=name)
def test_only_an_equivalent_competency_carries_levels_over_and_in_their_order(pair: CrosswalkPair) -> None:
    targets = [target for _level, target in sorted(levels(pair).items()) if target is not None]
    assert bool(targets) == (pair.relation is CrosswalkRelation.EQUIVALENT)
    assert all(lower < higher for lower, higher in pairwise(targets))


@pytest.mark.parametrize("pair", EQUIVALENT, ids=name)
def test_note_and_map_say_the_same(pair: CrosswalkPair) -> None:
    """In every form of words that the notes use for how levels align."""
    found, note = levels(pair), pair.note_en
    if reviewed := re.search(r"review levels (\d) and (\d)", note):
        assert {level for level, target in found.items() if target is None} == set(
            map(int, reviewed.groups())
        )
    if aligned := re.search(r"levels (\d)-(\d) align", note):
        first, last = map(int, aligned.groups())
        assert found == {level: level for level in range(first, last + 1)}
    if re.search(r"[Ll]evel 2 (is missing|must be assessed anew)", note):
        assert 2 not in found and 2 not in inverse(found)
        assert 2 in LADDERS[pair.to]
    for several, one in re.findall(r"levels 1 and (\d) = SERV (\d)", note):
        assert found[int(several)] == int(one) and found[1] is None
    for one, several in re.findall(r"SERV (\d) = bangkok-core levels 1 and (\d)", note):
        assert found[int(one)] == int(several)
    for level, target in re.findall(r", (\d) = (\d)", note):
        assert found[int(level)] == int(target)
    if not reviewed and "missing" not in note and "six levels" not in note:
        assert None not in found.values(), "nothing in the note asks to assess anew"


def test_every_form_of_words_is_met() -> None:
    """Should a note be worded otherwise, the test above must learn it."""
    known = r"review levels \d and \d|levels \d-\d|[Ll]evel 2 is missing|six levels against five|against six"
    assert [name(pair) for pair in EQUIVALENT if not re.search(known, pair.note_en)] == []


@pytest.mark.parametrize("pair", PAIRS, ids=name)
def test_means_are_aligned_only_between_aligned_neighbours(pair: CrosswalkPair) -> None:
    found = levels(pair)
    for level in LADDERS[pair.from_]:
        mean = aligned_level(found, Decimal(level) + Decimal("0.5"))
        neighbours = (found.get(level), found.get(level + 1))
        if None in neighbours:
            assert mean is None
        else:
            assert mean is not None and neighbours[0] < mean < neighbours[1]  # type: ignore[operator]


def test_the_whole_table_is_found_by_any_two_competencies_both_ways(session: Session) -> None:
    ids = _library(session)
    matches = competency_matches(session, ids.values())
    for pair in PAIRS:
        one, other = ids[pair.from_], ids[pair.to]
        seen, back = matches.match(other, one), matches.match(one, other)
        assert seen is not None and back is not None
        assert back.relation == pair.relation
        for level, target in levels(pair).items():
            assert seen.aligned(level) == target
            assert back.aligned(target) == level if target is not None else True
        for level in set(LADDERS[pair.to]) - set(levels(pair).values()):
            assert back.aligned(level) is None
        assert seen.is_comparable == back.is_comparable == (pair in EQUIVALENT)
        assert seen.aligned(0) is back.aligned(0) is None


def _library(session: Session) -> dict[str, int]:
    """The competencies of the library by "framework/code", loaded as it is."""
    load_seeds(session, LIBRARY, NOW)
    rows = session.execute(
        select(CompetencyFramework.code, Competency.code, Competency.id)
        .join(FrameworkVersion, FrameworkVersion.framework_id == CompetencyFramework.id)
        .join(Competency, Competency.framework_version_id == FrameworkVersion.id)
    )
    return {f"{framework}/{code}": competency_id for framework, code, competency_id in rows}


def test_the_map_is_kept_with_each_link(session: Session) -> None:
    _library(session)
    kept = {
        f"{row.from_framework}/{row.from_competency} to {row.to_framework}/{row.to_competency}": row.level_map
        for row in session.scalars(select(CrosswalkLink))
    }
    assert kept == {
        name(pair): {str(level): target for level, target in levels(pair).items()} for pair in PAIRS
    }
