"""Expected levels say what the published tables say; profiles of ours are labelled examples."""

from idp.rules.terms import CompetencyCategory
from idp.services.seeding import SeedLibrary

CIVIL_SERVICE = (
    {"O1": 1, "O2": 1, "O3": 2, "O4": 3}
    | {"K1": 1, "K2": 2, "K3": 3, "K4": 4, "K5": 5}
    | {"D1": 3, "D2": 4, "M1": 4, "M2": 5}
)
LOCAL = (
    {"LO1": 1, "LO2": 2, "LO3": 3}
    | {"LK1": 1, "LK2": 2, "LK3": 3, "LK4": 4}
    | {"LD1": 3, "LD2": 3, "LD3": 4}
    | {"LM1": 3, "LM2": 4, "LM3": 5}
    | {"EM1": 1, "EG1": 1, "PE1": 1}
)


def expected(library: SeedLibrary, family: str, category: CompetencyCategory) -> dict[str, int | None]:
    tables = library.expected_levels.tables
    found = [table.levels for table in tables if (table.family, table.category) == (family, category)]
    return {code: level for levels in found for code, level in levels.items()}


def test_core_competencies_of_the_civil_service_follow_the_published_table(library: SeedLibrary) -> None:
    assert expected(library, "civil-service", CompetencyCategory.CORE) == CIVIL_SERVICE | {"GE1": 1, "PE1": 1}


def test_only_the_published_table_counts_as_verified(library: SeedLibrary) -> None:
    verified = [table for table in library.expected_levels.tables if table.verified]
    assert [(table.family, table.category, table.source) for table in verified] == [
        ("civil-service", CompetencyCategory.CORE, "doc")
    ]


def test_local_government_expects_the_same_of_core_and_functional(library: SeedLibrary) -> None:
    for category in CompetencyCategory:
        assert expected(library, "local-government", category) == LOCAL


def test_bangkok_expects_no_functional_competency_of_directors_and_executives(library: SeedLibrary) -> None:
    functional = expected(library, "bangkok", CompetencyCategory.FUNCTIONAL)
    assert {code for code, level in functional.items() if level is None} == {"D1", "D2", "M1", "M2"}
    assert [functional[code] for code in ("K1", "K2", "K3", "K4", "K5")] == [2, 3, 4, 4, 5]


def test_our_profiles_are_labelled_examples_of_three_to_five_competencies(library: SeedLibrary) -> None:
    lines = library.profiles.lines_of_work
    assert len(lines) >= 20
    assert library.profiles.label_th == "ตัวอย่าง"
    for line in lines:
        assert line.is_example and line.label_th == "ตัวอย่าง"
        assert 3 <= len(line.functional) <= 5


def test_every_position_type_has_a_line_of_work(library: SeedLibrary) -> None:
    used = {kind for line in library.profiles.lines_of_work for kind in line.position_types}
    assert used == {kind.code for kind in library.positions.position_types}
