"""What the crosswalk says of the frameworks: its ends exist, and its levels stand on both ladders."""

from collections.abc import Collection, Iterator

from idp.rules.terms import CrosswalkRelation
from idp.services.seeding import schema
from idp.services.seeding.library import SeedLibrary
from idp.services.seeding.problems import Problem
from idp.services.seeding.repetition import twice

FILE = "crosswalk.yaml"
ANEW = "anew"


def crosswalk_problems(library: SeedLibrary) -> Iterator[Problem]:
    ladders = {
        f"{name}/{competency.code}": [level.number for level in competency.levels if level.number]
        for name, framework in library.frameworks.items()
        for competency in framework.competencies
    }
    pairs = library.crosswalk.pairs
    for pair in pairs:
        entry = f"pairs {pair.from_} to {pair.to}"
        ends = (("from", pair.from_), ("to", pair.to))
        for field, end in ends:
            if end not in ladders:
                yield Problem(FILE, entry, field, f"{end} is not a competency of the library")
        if pair.from_.partition("/")[0] == pair.to.partition("/")[0]:
            yield Problem(FILE, entry, "to", "is of the same framework")
        if all(end in ladders for _field, end in ends):
            for text in level_problems(pair, ladders[pair.from_], ladders[pair.to]):
                yield Problem(FILE, entry, "levels", text)
    for first, second in twice([(min(pair.from_, pair.to), max(pair.from_, pair.to)) for pair in pairs]):
        yield Problem(FILE, f"pairs {first} to {second}", "from", "the pair stands twice")


def level_problems(
    pair: schema.CrosswalkPair, ladder: Collection[int], other: Collection[int]
) -> Iterator[str]:
    """`ladder` and `other`: the levels of the two ends from 1."""
    levels = level_map(pair, ladder)
    for missing in sorted(set(ladder) - set(levels)):
        yield f"level {missing} of {pair.from_} is missing"
    for unknown in sorted(set(levels) - set(ladder)):
        yield f"{pair.from_} has no level {unknown}"
    mapped = [target for _level, target in sorted(levels.items()) if target is not None]
    for unknown in sorted(set(mapped) - set(other)):
        yield f"{pair.to} has no level {unknown}"
    if mapped != sorted(mapped):
        yield "a higher level leads to a lower one"
    is_equivalent = pair.relation is CrosswalkRelation.EQUIVALENT
    if mapped and not is_equivalent:
        yield f"only an equivalent competency carries levels over, not a {pair.relation} one"
    if is_equivalent and not mapped:
        yield "an equivalent competency carries some level over"


def level_map(pair: schema.CrosswalkPair, ladder: Collection[int]) -> dict[int, int | None]:
    """Of every level from 1 the level that it is; None: assessed anew."""
    if pair.levels == ANEW:
        return dict.fromkeys(ladder)
    assert isinstance(pair.levels, dict)
    return {level: None if target == ANEW else int(target) for level, target in pair.levels.items()}
