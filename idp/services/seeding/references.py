"""What the seed files say of one another: every code, count and place named somewhere exists there."""

from collections.abc import Iterator
from itertools import chain

from idp.rules.terms import DevelopmentMethod, MethodGroup
from idp.services.seeding import schema
from idp.services.seeding.crosswalk_references import crosswalk_problems
from idp.services.seeding.library import SeedLibrary
from idp.services.seeding.position_references import position_problems
from idp.services.seeding.problems import Problem
from idp.services.seeding.repetition import twice


def reference_problems(library: SeedLibrary) -> list[Problem]:
    """Everything wrong between (and within) files that are valid by their schema."""
    frameworks = library.frameworks
    checks = [
        *(framework_problems(name, framework) for name, framework in frameworks.items()),
        errata_problems(library),
        catalogue_problems(library),
        method_problems(library.methods),
        crosswalk_problems(library),
        position_problems(library),
    ]
    return list(chain.from_iterable(checks))


def framework_problems(name: str, framework: schema.FrameworkFile) -> Iterator[Problem]:
    file = f"frameworks/{name}.yaml"
    if framework.code != name:
        yield Problem(file, "", "code", f"is {framework.code}, the file is named {name}")
    for code in twice([competency.code for competency in framework.competencies]):
        yield Problem(file, f"competencies {code}", "code", "stands twice")
    places = [(competency.category, competency.order) for competency in framework.competencies]
    for category, order in twice(places):
        yield Problem(file, f"{category} competency no. {order}", "order", "stands twice")
    yield from mark_problems(file, "", framework.source_marks, 0)
    for competency in framework.competencies:
        yield from competency_problems(file, competency)


def competency_problems(file: str, competency: schema.CompetencyEntry) -> Iterator[Problem]:
    entry = f"competencies {competency.code}"
    numbers = [level.number for level in competency.levels]
    if numbers != sorted(set(numbers)):
        yield Problem(file, entry, "levels", f"numbers do not ascend: {numbers}")
    yield from mark_problems(file, entry, competency.source_marks, 0)
    explained = {mark.field for mark in competency.source_marks if mark.kind == "variant"}
    for field in competency.variants:
        if field not in explained:
            yield Problem(file, entry, "variants", f"{field} has no mark of kind variant that explains it")
    for level in competency.levels:
        place = f"{entry}, levels {level.number}"
        if level.number > 0 and not level.behaviours:
            yield Problem(file, place, "behaviours", "are missing: only level 0 has none")
        yield from mark_problems(file, place, level.source_marks, len(level.behaviours))


def mark_problems(
    file: str, entry: str, marks: list[schema.SourceMark], behaviours: int
) -> Iterator[Problem]:
    for mark in marks:
        if mark.behaviour is not None and mark.behaviour > behaviours:
            yield Problem(file, entry, "source_marks", f"there is no behaviour {mark.behaviour} here to mark")


def errata_problems(library: SeedLibrary) -> Iterator[Problem]:
    for name, framework in library.frameworks.items():
        file = f"frameworks/{name}.errata.yaml"
        errata = library.errata.get(name)
        if errata is None:
            yield Problem(file, "", "", "is missing")
            continue
        if errata.framework != name:
            yield Problem(file, "", "framework", f"is {errata.framework}, the file is named {name}")
        for correction in errata.corrections:
            text = text_at(framework, correction.where)
            entry = f"corrections {correction.where}"
            if text is None:
                yield Problem(file, entry, "where", f"no such place in {name}.yaml")
            elif correction.corrected not in text:
                yield Problem(file, entry, "corrected", f"{correction.corrected!r} is not in the text there")
    for name in library.errata.keys() - library.frameworks.keys():
        yield Problem(f"frameworks/{name}.errata.yaml", "", "framework", "there is no such framework")


def text_at(framework: schema.FrameworkFile, where: str) -> str | None:
    """The text at a place named as in an errata file ("c1/L4/b2", "c5/name_th"), or None."""
    code, *steps = where.split("/")
    competency = next((entry for entry in framework.competencies if entry.code == code), None)
    if competency is None:
        return None
    match steps:
        case ["variants", "name_th" | "definition_th" as field]:
            return competency.variants.get(field)
        case ["name_th" | "name_en" | "definition_th" as field]:
            text: str | None = getattr(competency, field)
            return text
        case [number, part]:
            level = next((level for level in competency.levels if f"L{level.number}" == number), None)
            if level is None:
                return None
            if part == "title_th":
                return level.title_th
            place = int(part.removeprefix("b"))
            return level.behaviours[place - 1] if 1 <= place <= len(level.behaviours) else None
    return None


def catalogue_problems(library: SeedLibrary) -> Iterator[Problem]:
    for name, catalogue in library.catalogues.items():
        file = f"catalogue/{name}.yaml"
        if catalogue.framework != name:
            yield Problem(file, "", "framework", f"is {catalogue.framework}, the file is named {name}")
        framework = library.frameworks.get(name)
        if framework is None:
            yield Problem(file, "", "framework", "there is no such framework")
            continue
        counts = {
            (competency.code, level.number): len(level.behaviours)
            for competency in framework.competencies
            for level in competency.levels
        }
        for key in twice([action.key for entry in catalogue.entries for action in entry.actions]):
            yield Problem(file, f"actions {key}", "key", "stands twice")
        for entry in catalogue.entries:
            yield from entry_problems(file, entry, counts)


def entry_problems(
    file: str, entry: schema.CatalogueEntry, counts: dict[tuple[str, int], int]
) -> Iterator[Problem]:
    """`counts`: how many behaviours each level of the framework has, by (competency, level)."""
    place = f"entries {entry.competency} level {entry.level}"
    known = {competency for competency, _ in counts}
    if entry.competency not in known:
        yield Problem(file, place, "competency", f"{entry.competency} is not in the framework")
        return
    count = counts.get((entry.competency, entry.level))
    if count is None:
        yield Problem(file, place, "level", f"{entry.competency} has no level {entry.level}")
        return
    for action in entry.actions:
        where = f"{place}, actions {action.key}"
        if not action.key.startswith(f"{entry.competency}/{entry.level}/"):
            yield Problem(file, where, "key", f"does not begin with {entry.competency}/{entry.level}/")
        if twice(action.behaviours):
            yield Problem(file, where, "behaviours", "one stands twice")
        for behaviour in action.behaviours:
            if behaviour > count:
                yield Problem(file, where, "behaviours", f"there is no behaviour {behaviour}, only {count}")


def method_problems(methods: schema.MethodsFile) -> Iterator[Problem]:
    file = "methods.yaml"
    codes = [entry.code for entry in methods.methods]
    groups = [group.code for group in methods.groups]
    for code in twice(codes):
        yield Problem(file, f"methods {code}", "code", "stands twice")
    for missing in set(DevelopmentMethod) - set(codes):
        yield Problem(file, f"methods {missing}", "code", "is missing")
    if sorted(groups) != sorted(MethodGroup):
        yield Problem(file, "", "groups", "must be experience, social and formal, each once")
    total = sum(group.share_percent for group in methods.groups)
    if total != 100:
        yield Problem(file, "groups", "share_percent", f"total {total}, not 100")
