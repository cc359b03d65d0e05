"""What positions, expected levels and profiles say of one another."""

from collections.abc import Iterator

from idp.rules.terms import CompetencyCategory, PersonnelType
from idp.services.seeding import position_schema as schema
from idp.services.seeding.library import SeedLibrary
from idp.services.seeding.problems import Problem
from idp.services.seeding.repetition import twice


def position_problems(library: SeedLibrary) -> Iterator[Problem]:
    """Everything wrong with the codes named in the three files."""
    families = {family.code for family in library.positions.families}
    yield from positions_file_problems(library.positions, families)
    yield from expected_level_problems(library.positions, library.expected_levels)
    yield from profile_problems(library, families)


def positions_file_problems(positions: schema.PositionsFile, families: set[str]) -> Iterator[Problem]:
    file = "positions.yaml"
    for code in twice([family.code for family in positions.families]):
        yield Problem(file, f"families {code}", "code", "stands twice")
    types = [kind.code for kind in positions.personnel_types]
    for personnel in set(PersonnelType) - set(types):
        yield Problem(file, f"personnel_types {personnel}", "code", "is missing")
    for code in twice([level.code for kind in positions.position_types for level in kind.levels]):
        yield Problem(file, f"levels {code}", "code", "stands twice")
    for code in twice([kind.code for kind in positions.position_types]):
        yield Problem(file, f"position_types {code}", "code", "stands twice")
    for personnel_type in positions.personnel_types:
        yield from _unknown(
            file, f"personnel_types {personnel_type.code}", "families", personnel_type.families, families
        )
    homes = {kind.code: set(kind.families) for kind in positions.personnel_types}
    for kind in positions.position_types:
        entry = f"position_types {kind.code}"
        yield from _unknown(file, entry, "families", kind.families, families)
        for family in set(kind.families) - homes.get(kind.personnel_type, set()):
            yield Problem(file, entry, "personnel_type", f"{kind.personnel_type} does not exist in {family}")
        ranks = [level.rank for level in kind.levels]
        if ranks != list(range(1, len(ranks) + 1)):
            yield Problem(file, entry, "levels", f"ranks do not count from 1: {ranks}")


def expected_level_problems(
    positions: schema.PositionsFile, expected: schema.ExpectedLevelsFile
) -> Iterator[Problem]:
    """Each position level of each family has exactly one expectation for each category."""
    file = "expected_levels.yaml"
    asked = {
        (family, level.code)
        for kind in positions.position_types
        for family in kind.families
        for level in kind.levels
    }
    given = [(table.family, table.category, code) for table in expected.tables for code in table.levels]
    for family, category, code in given:
        if (family, code) not in asked:
            yield Problem(
                file, f"tables {family} {category}", "levels", f"{code} is no position level of {family}"
            )
    for family, category, code in twice(given):
        yield Problem(file, f"tables {family} {category}", "levels", f"{code} stands twice")
    for category in CompetencyCategory:
        for family, code in sorted(
            asked - {(home, level) for home, kind, level in given if kind == category}
        ):
            yield Problem(file, f"tables {family} {category}", "levels", f"{code} is missing")


def profile_problems(library: SeedLibrary, families: set[str]) -> Iterator[Problem]:
    file = "profiles.yaml"
    profiles = library.profiles
    framework = library.frameworks.get(profiles.framework)
    if framework is None:
        yield Problem(file, "", "framework", f"there is no framework {profiles.framework}")
        return
    functional = {
        competency.code
        for competency in framework.competencies
        if competency.category == CompetencyCategory.FUNCTIONAL
    }
    types = {kind.code: set(kind.families) for kind in library.positions.position_types}
    for code in twice([line.code for line in profiles.lines_of_work]):
        yield Problem(file, f"lines_of_work {code}", "code", "stands twice")
    for line in profiles.lines_of_work:
        entry = f"lines_of_work {line.code}"
        yield from _unknown(file, entry, "families", line.families, families)
        yield from _unknown(file, entry, "position_types", line.position_types, set(types))
        yield from _unknown(file, entry, "functional", line.functional, functional)
        for code in twice(line.functional):
            yield Problem(file, entry, "functional", f"{code} stands twice")
        reached = set().union(*(types.get(code, set()) for code in line.position_types))
        for family in set(line.families) - reached:
            yield Problem(file, entry, "position_types", f"none of them exists in {family}")


def _unknown(file: str, entry: str, field: str, named: list[str], known: set[str]) -> Iterator[Problem]:
    for code in named:
        if code not in known:
            yield Problem(file, entry, field, f"{code} does not exist")
