"""Reading the seed files: parsed, checked against their schema and against one another, or refused whole."""

from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import ValidationError

from idp.services.seeding import schema
from idp.services.seeding.library import SeedLibrary
from idp.services.seeding.position_schema import ExpectedLevelsFile, PositionsFile, ProfilesFile
from idp.services.seeding.problems import Problem, SeedError, problems_of
from idp.services.seeding.references import reference_problems

SEED_ROOT: Final = Path(__file__).resolve().parents[3] / "seeds"
ERRATA_SUFFIX: Final = ".errata.yaml"

Model = TypeVar("Model", bound=schema.SeedModel)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C parser is ten times faster
    """Refuses a key written twice, which YAML would silently let win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            keys = [key.value for key, _ in node.value]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise yaml.constructor.ConstructorError(None, None, f"{twice} is written twice", node.start_mark)
        return mapping


class _Reader:
    """Reads files one after another and keeps every problem met on the way."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []

    def read(self, name: str, kind: type[Model]) -> Model | None:
        """The file as `kind`; None with a problem noted when it is missing or not valid."""
        try:
            data = yaml.load((self.root / name).read_text(encoding="utf-8"), Loader=_Loader)
            return kind.model_validate(data)
        except OSError as error:
            self.problems.append(Problem(name, "", "", f"cannot be read: {error.strerror}"))
        except UnicodeDecodeError:
            self.problems.append(Problem(name, "", "", "is not UTF-8 text"))
        except yaml.YAMLError as error:
            self.problems.append(_yaml_problem(name, error))
        except ValidationError as error:
            self.problems += problems_of(name, data, error)
        return None

    def read_folder(self, folder: str, suffix: str, kind: type[Model]) -> dict[str, Model]:
        """Every file of the folder that ends in `suffix`, by its name without it."""
        found = {}
        for path in sorted((self.root / folder).glob(f"*{suffix}")):
            if suffix != ERRATA_SUFFIX and path.name.endswith(ERRATA_SUFFIX):
                continue
            content = self.read(f"{folder}/{path.name}", kind)
            if content is not None:
                found[path.name.removesuffix(suffix)] = content
        return found


def read_seeds(root: Path = SEED_ROOT) -> SeedLibrary:
    """The library in the folder `root`.

    Raises SeedError naming file, entry and field of every problem: first those of single files, and only when
    there are none those between files (a missing file would make nonsense of the rest).
    """
    reader = _Reader(root)
    frameworks = reader.read_folder("frameworks", ".yaml", schema.FrameworkFile)
    errata = reader.read_folder("frameworks", ERRATA_SUFFIX, schema.ErrataFile)
    catalogues = reader.read_folder("catalogue", ".yaml", schema.CatalogueFile)
    methods = reader.read("methods.yaml", schema.MethodsFile)
    crosswalk = reader.read("crosswalk.yaml", schema.CrosswalkFile)
    positions = reader.read("positions.yaml", PositionsFile)
    expected_levels = reader.read("expected_levels.yaml", ExpectedLevelsFile)
    profiles = reader.read("profiles.yaml", ProfilesFile)
    holidays = reader.read("holidays/overrides.yaml", schema.HolidaysFile)
    if reader.problems:
        raise SeedError(reader.problems)
    assert methods and crosswalk and positions and expected_levels and profiles and holidays
    library = SeedLibrary(
        frameworks,
        errata,
        catalogues,
        methods,
        crosswalk,
        positions,
        expected_levels,
        profiles,
        holidays,
    )
    problems = reference_problems(library)
    if problems:
        raise SeedError(problems)
    return library


def _yaml_problem(name: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line = f"line {mark.line + 1}" if mark else ""
    return Problem(name, line, "", " ".join(str(getattr(error, "problem", None) or error).split()))
