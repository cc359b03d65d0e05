"""Expected levels, weights, bands and points say what the published tables say."""

import pytest

from idp.rules.settings import default_scoring
from idp.rules.terms import CompetencyCategory, PersonnelType
from idp.services.seeding import SeedLibrary
from idp.services.seeding.position_schema import BarMethod, ComparisonTableMethod

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


def test_bands_of_government_employees_are_five_higher(library: SeedLibrary) -> None:
    lowest = {row.personnel_type: list(row.lowest_totals.values()) for row in library.scoring.band_thresholds}
    for kind in PersonnelType:
        higher = kind == PersonnelType.GOVERNMENT_EMPLOYEE
        assert lowest[kind] == ([95, 85, 75, 65] if higher else [90, 80, 70, 60])


@pytest.mark.parametrize(
    ("kind", "probation", "competency"),
    [
        (PersonnelType.CIVIL_SERVANT, False, 30),
        (PersonnelType.CIVIL_SERVANT, True, 50),
        (PersonnelType.LOCAL_OFFICER, False, 30),
        (PersonnelType.LOCAL_OFFICER, True, 50),
        (PersonnelType.GOVERNMENT_EMPLOYEE, False, 20),
        (PersonnelType.CONTRACT_EMPLOYEE, False, 20),
        (PersonnelType.PERMANENT_EMPLOYEE, False, 30),
    ],
)
def test_the_competency_part_weighs(
    library: SeedLibrary, kind: PersonnelType, probation: bool, competency: int
) -> None:
    rows = {(row.personnel_type, row.probation): row for row in library.scoring.weights}
    assert (rows[kind, probation].competency, rows[kind, probation].results) == (competency, 100 - competency)


def test_points_of_the_bar_and_of_the_comparison_table(library: SeedLibrary) -> None:
    methods = {method.code: method for method in library.scoring.methods}
    bar, table = methods["bar"], methods["comparison_table"]
    assert isinstance(bar, BarMethod) and isinstance(table, ComparisonTableMethod)
    assert bar.points_by_levels_below == {0: 3, 1: 2, 2: 1, 3: 0}
    assert {row.expected: row.points for row in table.lookup} == {
        1: [0, 4, 5, 5, 5, 5],
        2: [0, 3, 4, 5, 5, 5],
        3: [0, 2, 3, 4, 5, 5],
        4: [0, 1, 2, 3, 4, 5],
        5: [0, 0, 1, 2, 3, 4],
    }


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


def test_an_organisation_starts_from_the_seeded_bands_and_shares(library: SeedLibrary) -> None:
    seeded = {
        row.personnel_type: (*row.lowest_totals.items(), ("needs_improvement", 0))
        for row in library.scoring.band_thresholds
    }
    shares = {row.personnel_type: row.competency for row in library.scoring.weights if not row.probation}
    for kind, rule in default_scoring().items():
        assert rule.bands == seeded[kind]
        assert rule.competency_part == shares[kind]
