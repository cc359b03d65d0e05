"""The library is complete: nothing of the five dictionaries and their catalogue is lost or counted twice."""

import pytest

from idp.rules.terms import CompetencyCategory, DevelopmentMethod
from idp.services.seeding import SEED_ROOT, SeedLibrary
from idp.services.seeding.schema import SourceMark

# framework: competencies, levels, behavioural indicators, development actions
TOTALS = {
    "single-core": (1, 5, 15, 21),
    "civil-service-core": (5, 30, 64, 100),
    "local-government": (27, 135, 309, 528),
    "khlong-khwang-core": (4, 20, 66, 79),
    "bangkok-core": (5, 26, 67, 104),
}


def counted(library: SeedLibrary, code: str) -> tuple[int, int, int, int]:
    levels = [level for entry in library.frameworks[code].competencies for level in entry.levels]
    return (
        len(library.frameworks[code].competencies),
        len(levels),
        sum(len(level.behaviours) for level in levels),
        sum(len(entry.actions) for entry in library.catalogues[code].entries),
    )


@pytest.mark.parametrize("code", TOTALS)
def test_each_framework_is_complete(library: SeedLibrary, code: str) -> None:
    assert counted(library, code) == TOTALS[code]


def test_the_whole_library_has_the_known_totals(library: SeedLibrary) -> None:
    assert library.frameworks.keys() == library.errata.keys() == library.catalogues.keys() == TOTALS.keys()
    sums = tuple(sum(column) for column in zip(*(counted(library, code) for code in TOTALS), strict=True))
    assert sums == (42, 216, 521, 832)


@pytest.mark.parametrize(
    ("code", "competency", "numbers"),
    [
        ("civil-service-core", "c2", [0, 1, 2, 3, 4, 5, 6]),
        ("civil-service-core", "c3", [0, 1, 3, 4, 5]),
        ("bangkok-core", "c2", [1, 2, 3, 4, 5, 6]),
        ("khlong-khwang-core", "c4", [1, 2, 3, 4, 5]),
        ("local-government", "SERV", [1, 2, 3, 4, 5]),
    ],
)
def test_a_ladder_has_the_levels_of_its_source(
    library: SeedLibrary, code: str, competency: str, numbers: list[int]
) -> None:
    entry = next(entry for entry in library.frameworks[code].competencies if entry.code == competency)
    assert [level.number for level in entry.levels] == numbers


def test_every_level_of_a_ladder_but_level_0_has_development_actions(library: SeedLibrary) -> None:
    for code, framework in library.frameworks.items():
        ladder = {
            (c.code, level.number) for c in framework.competencies for level in c.levels if level.number
        }
        covered = [(entry.competency, entry.level) for entry in library.catalogues[code].entries]
        assert sorted(covered) == sorted(ladder), code


def test_only_local_government_has_functional_competencies_and_official_codes(library: SeedLibrary) -> None:
    for code, framework in library.frameworks.items():
        functional = [c for c in framework.competencies if c.category == CompetencyCategory.FUNCTIONAL]
        assert len(functional) == (22 if code == "local-government" else 0)
        assert {c.official for c in framework.competencies} == {code == "local-government"}


def test_there_are_eighteen_methods_and_all_are_used(library: SeedLibrary) -> None:
    assert len(library.methods.methods) == 18
    actions = [a for c in library.catalogues.values() for entry in c.entries for a in entry.actions]
    assert {action.method for action in actions} == set(DevelopmentMethod)


def marks_at(library: SeedLibrary, code: str, competency: str, number: int | None) -> list[SourceMark]:
    entry = next(entry for entry in library.frameworks[code].competencies if entry.code == competency)
    if number is None:
        return entry.source_marks
    return next(level for level in entry.levels if level.number == number).source_marks


@pytest.mark.parametrize(
    ("code", "competency", "level", "kind", "behaviour"),
    [
        ("civil-service-core", "c3", None, "missing_level", None),
        ("khlong-khwang-core", "c4", 2, "cut_off", 2),
        ("khlong-khwang-core", "c4", None, "missing_name", None),
        ("khlong-khwang-core", "c3", 3, "doubtful_reading", 3),
        ("local-government", "MO", 2, "copied_title", None),
        ("local-government", "MO", 5, "copied_title", None),
        ("local-government", "ST", 3, "copied_title", None),
        ("local-government", "PO", 4, "repeated", 3),
        ("local-government", "CI", 2, "repeated", 2),
        ("local-government", "RISK", None, "doubtful_reading", None),
        ("local-government", "AT", None, "missing_heading", None),
        ("bangkok-core", "c1", None, "variant", None),
        ("bangkok-core", "c3", 4, "lost_words", 2),
        ("single-core", "c1", None, "lost_words", None),
    ],
)
def test_what_the_source_lacks_is_marked_where_it_is_lacking(
    library: SeedLibrary, code: str, competency: str, level: int | None, kind: str, behaviour: int | None
) -> None:
    assert (kind, behaviour) in {(m.kind, m.behaviour) for m in marks_at(library, code, competency, level)}


def test_what_was_copied_by_mistake_is_still_as_in_the_source(library: SeedLibrary) -> None:
    titles = {
        (c.code, level.number): level.title_th
        for c in library.frameworks["local-government"].competencies
        for level in c.levels
    }
    assert [titles["MO", n] for n in range(2, 6)] == [titles["CPKE", n] for n in range(2, 6)]
    assert titles["ST", 3] == titles["PO", 3]


def test_every_seed_file_says_at_its_head_what_it_is() -> None:
    for path in sorted(SEED_ROOT.rglob("*.yaml")):
        assert path.read_text(encoding="utf-8").startswith("# "), path
