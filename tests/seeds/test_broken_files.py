"""A broken seed file is refused with a line that names file, entry and field."""

from pathlib import Path

import pytest

from idp.services.seeding import SEED_ROOT, SeedError, read_seeds

# file, what is written there, what is written instead, and the line that must be reported
BROKEN = {
    "a field is left out": (
        "frameworks/single-core.yaml",
        "        cumulative: false\n",
        "",
        "frameworks/single-core.yaml: competencies c1, levels 1: cumulative: Field required",
    ),
    "a field is misspelt": (
        "frameworks/bangkok-core.yaml",
        "    official: false\n    order: 4\n",
        "    officially: false\n    official: false\n    order: 4\n",
        "frameworks/bangkok-core.yaml: competencies c4: officially: Extra inputs are not permitted",
    ),
    "a number is a text": (
        "catalogue/single-core.yaml",
        "        hours: 15\n",
        "        hours: '15'\n",
        "catalogue/single-core.yaml: entries c1, actions c1/1/1: hours: Input should be a valid integer",
    ),
    "a text begins with a space": (
        "methods.yaml",
        "name_en: Coaching}",
        "name_en: ' Coaching'}",
        "methods.yaml: methods coaching: name_en: String should match pattern",
    ),
    "a method is unknown": (
        "catalogue/single-core.yaml",
        "        method: feedback\n",
        "        method: telepathy\n",
        "catalogue/single-core.yaml: entries c1, actions c1/1/3: method: Input should be 'on_the_job'",
    ),
    "an action names a behaviour that is not there": (
        "catalogue/single-core.yaml",
        "        behaviours: [1]\n",
        "        behaviours: [6]\n",
        "catalogue/single-core.yaml: entries c1 level 1, actions c1/1/1: behaviours: "
        "there is no behaviour 6, only 5",
    ),
    "an action names a competency that is not there": (
        "catalogue/single-core.yaml",
        "  - competency: c1\n    level: 2\n",
        "  - competency: c7\n    level: 2\n",
        "catalogue/single-core.yaml: entries c7 level 2: competency: c7 is not in the framework",
    ),
    "an action is for a level that the ladder lacks": (
        "catalogue/civil-service-core.yaml",
        "  - competency: c3\n    level: 3\n",
        "  - competency: c3\n    level: 2\n",
        "catalogue/civil-service-core.yaml: entries c3 level 2: level: c3 has no level 2",
    ),
    "a key stands twice": (
        "catalogue/single-core.yaml",
        "key: c1/1/2\n",
        "key: c1/1/1\n",
        "catalogue/single-core.yaml: actions c1/1/1: key: stands twice",
    ),
    "levels do not ascend": (
        "frameworks/single-core.yaml",
        "      - number: 3\n",
        "      - number: 2\n",
        "frameworks/single-core.yaml: competencies c1: levels: numbers do not ascend: [1, 2, 2, 4, 5]",
    ),
    "a mark is at a behaviour that is not there": (
        "frameworks/single-core.yaml",
        "            behaviour: 5\n",
        "            behaviour: 9\n",
        "frameworks/single-core.yaml: competencies c1, levels 1: source_marks: "
        "there is no behaviour 9 here to mark",
    ),
    "a correction is not in the text": (
        "frameworks/single-core.errata.yaml",
        "    corrected: สร้างสรรค์พัฒนา\n",
        "    corrected: สร้างเสริมพัฒนา\n",
        "frameworks/single-core.errata.yaml: corrections c1/definition_th: corrected: ",
    ),
    "a correction is nowhere": (
        "frameworks/single-core.errata.yaml",
        "  - where: c1/L4/b2\n",
        "  - where: c1/L4/b3\n",
        "frameworks/single-core.errata.yaml: corrections c1/L4/b3: where: no such place in single-core.yaml",
    ),
    "an end of the crosswalk is nowhere": (
        "crosswalk.yaml",
        "    to: local-government/CPKE\n",
        "    to: local-government/NONE\n",
        "crosswalk.yaml: pairs civil-service-core/c3 to local-government/NONE: to: "
        "local-government/NONE is not a competency of the library",
    ),
    "a level has no place in the crosswalk": (
        "crosswalk.yaml",
        "    levels: {1: anew, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5}\n",
        "    levels: {1: anew, 2: 1, 3: 2, 4: 3, 5: 4}\n",
        "crosswalk.yaml: pairs civil-service-core/c2 to local-government/SERV: levels: "
        "level 6 of civil-service-core/c2 is missing",
    ),
    "the crosswalk names a level that the ladder lacks": (
        "crosswalk.yaml",
        "    levels: {1: 1, 3: 3, 4: 4, 5: 5}\n",
        "    levels: {1: 1, 2: 2, 3: 3, 4: 4, 5: 5}\n",
        "crosswalk.yaml: pairs civil-service-core/c3 to local-government/CPKE: levels: "
        "civil-service-core/c3 has no level 2",
    ),
    "the crosswalk leads to a level that the other ladder lacks": (
        "crosswalk.yaml",
        "5: 4, 6: 5}",
        "5: 5, 6: 6}",
        "crosswalk.yaml: pairs civil-service-core/c2 to local-government/SERV: levels: "
        "local-government/SERV has no level 6",
    ),
    "the crosswalk crosses two levels": (
        "crosswalk.yaml",
        "    levels: {1: 1, 2: 2, 3: 3, 4: 4, 5: 5}\n",
        "    levels: {1: 2, 2: 1, 3: 3, 4: 4, 5: 5}\n",
        "crosswalk.yaml: pairs single-core/c1 to civil-service-core/c1: levels: "
        "a higher level leads to a lower one",
    ),
    "a related competency carries a level over": (
        "crosswalk.yaml",
        "    relation: equivalent\n",
        "    relation: related\n",
        "crosswalk.yaml: pairs single-core/c1 to civil-service-core/c1: levels: "
        "only an equivalent competency carries levels over, not a related one",
    ),
    "an equivalent competency carries nothing over": (
        "crosswalk.yaml",
        "    levels: {1: 1, 2: 2, 3: 3, 4: 4, 5: 5}\n",
        "    levels: anew\n",
        "crosswalk.yaml: pairs single-core/c1 to civil-service-core/c1: levels: "
        "an equivalent competency carries some level over",
    ),
    "a position level has no expectation": (
        "expected_levels.yaml",
        "LO1: 1, ",
        "",
        "expected_levels.yaml: tables local-government core: levels: LO1 is missing",
    ),
    "an expectation is of a position level that is not there": (
        "expected_levels.yaml",
        "{GE1: 1, PE1: 1}",
        "{GE1: 1, PE1: 1, XX1: 1}",
        "expected_levels.yaml: tables civil-service core: levels: XX1 is no position level of civil-service",
    ),
    "a line of work names a core competency": (
        "profiles.yaml",
        "functional: [ULAP, CLB, RISK, PO]",
        "functional: [ULAP, CLB, RISK, ACH]",
        "profiles.yaml: lines_of_work local-administrator: functional: ACH does not exist",
    ),
    "a line of work is where none of its position types is": (
        "profiles.yaml",
        "position_types: [LM]",
        "position_types: [M]",
        "profiles.yaml: lines_of_work local-administrator: position_types: "
        "none of them exists in local-government",
    ),
    "a holiday has no reason": (
        "holidays/overrides.yaml",
        "removed: []",
        "removed:\n  - date: 2026-05-04",
        "holidays/overrides.yaml: removed no. 1: reason: Field required",
    ),
    "a field is written twice": (
        "profiles.yaml",
        "label_th: ตัวอย่าง\n",
        "label_th: ตัวอย่าง\nlabel_th: ตัวอย่าง\n",
        "profiles.yaml: line 9: label_th is written twice",
    ),
    "the file is no YAML": (
        "methods.yaml",
        "groups:\n",
        "groups: [\n",
        "methods.yaml: line 8: ",
    ),
}


def spoil(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"nothing to spoil in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def complaints(root: Path) -> list[str]:
    with pytest.raises(SeedError) as caught:
        read_seeds(root)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.problems), "one line for each problem"
    return lines


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_refused_naming_file_entry_and_field(seeds_copy: Path, what: str) -> None:
    file, old, new, line = BROKEN[what]
    spoil(seeds_copy, file, old, new)
    lines = complaints(seeds_copy)
    assert [text for text in lines if text.startswith(line)], lines


def test_problems_of_several_files_are_reported_together(seeds_copy: Path) -> None:
    (seeds_copy / "methods.yaml").unlink()
    spoil(seeds_copy, "positions.yaml", "    join: none\n", "    join: glued\n")
    spoil(seeds_copy, "frameworks/bangkok-core.yaml", "code: bangkok-core\n", "")
    lines = complaints(seeds_copy)
    assert {line.split(":")[0] for line in lines} == {
        "methods.yaml",
        "positions.yaml",
        "frameworks/bangkok-core.yaml",
    }


def test_references_of_several_files_are_reported_together(seeds_copy: Path) -> None:
    spoil(seeds_copy, "catalogue/single-core.yaml", "behaviours: [1]", "behaviours: [1, 1, 8]")
    spoil(seeds_copy, "profiles.yaml", "framework: local-government", "framework: nowhere")
    (seeds_copy / "frameworks/bangkok-core.errata.yaml").unlink()
    lines = complaints(seeds_copy)
    assert len(lines) == 4, lines


def test_the_seeds_themselves_are_accepted(seeds_copy: Path) -> None:
    assert read_seeds(seeds_copy) == read_seeds(SEED_ROOT)
