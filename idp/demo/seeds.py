"""The demonstration's own seeds: the organisations, the names, and what people write."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from idp.demo.errors import DemonstrationError
from idp.rules.settings import OrganisationRules, default_scoring, rules_from_json
from idp.rules.terms import DevelopmentMethod, PersonnelType, PhaseKind, Role

DEMO_SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "demo"

EVERYBODY = "all"


class _Seed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Kind = TypeVar("Kind", bound=_Seed)


class Head(_Seed):
    """Who leads a unit."""

    line: str
    level: str
    position: str = ""
    role: Role | None = None


class StaffGroup(_Seed):
    """Others of a unit in one line of work: {level: how many}; the first of them holds the role."""

    line: str
    levels: dict[str, int]
    position: str = ""
    role: Role | None = None


class UnitSeed(_Seed):
    code: str
    name_th: str
    name_en: str
    head: Head
    staff: list[StaffGroup] = []
    units: list["UnitSeed"] = []

    def size(self) -> int:
        """How many people serve in the unit and below it."""
        own = 1 + sum(sum(group.levels.values()) for group in self.staff)
        return own + sum(unit.size() for unit in self.units)

    def walk(self) -> Iterator["UnitSeed"]:
        """The unit and every one below it."""
        yield self
        for unit in self.units:
            yield from unit.walk()


class FrameworkUseSeed(_Seed):
    code: str
    category: str


class DatedSettings(_Seed):
    """Settings from a day on. `methods`: the scoring method of every kind of staff ("all") or of one."""

    from_on: date
    frameworks: list[FrameworkUseSeed] = []
    methods: dict[str, str] = {}
    values: dict[str, Any] = {}

    def as_values(self) -> dict[str, Any]:
        """The settings as JSON data, as HR's page would hand them to the service."""
        values = dict(self.values)
        if self.frameworks:
            values["frameworks"] = [use.model_dump() for use in self.frameworks]
        if self.methods:
            values["scoring"] = self._scoring()
        return values

    def _scoring(self) -> dict[str, Any]:
        scoring: dict[str, Any] = OrganisationRules(scoring=default_scoring()).as_json()["scoring"]
        for kind in PersonnelType:
            method = self.methods.get(kind.value, self.methods.get(EVERYBODY))
            if method is not None:
                scoring[kind.value]["method"] = method
        return scoring


class Outsider(_Seed):
    title: str
    position: str
    role: Role | None = None


class OrganisationSeed(_Seed):
    code: str
    framework: str
    family: str
    name_th: str
    name_en: str
    people: int
    number_prefix: str
    every_login: bool = False
    due_shift: int = 0
    settings: list[DatedSettings]
    appraiser: Outsider
    outsiders: list[Outsider] = []
    units: list[UnitSeed]

    @model_validator(mode="after")
    def _counts(self) -> "OrganisationSeed":
        size = sum(unit.size() for unit in self.units)
        if size != self.people:
            raise ValueError(f"people: {self.people} are announced, the units hold {size}")
        for dated in self.settings:
            rules_from_json(dated.as_values())
        return self


class CycleSeed(_Seed):
    code: str
    fiscal_year: int
    name_th: str
    name_en: str
    opens_on: date
    closes_on: date | None = None
    phases: dict[PhaseKind, tuple[date, date]]


class Cycles(_Seed):
    closed: CycleSeed
    current: CycleSeed


class Administrator(_Seed):
    title: str
    first_name: str
    last_name: str
    login: str


class OrganisationsFile(_Seed):
    today: date
    password: str = Field(min_length=8)
    level_join: str  # between the name of a position and its level, for types whose level is printed apart
    deployment_administrator: Administrator
    cycles: Cycles
    organisations: list[OrganisationSeed]


class WeightedTitle(_Seed):
    title: str
    weight: int


class NamesFile(_Seed):
    titles: dict[Literal["male", "female"], list[WeightedTitle]]
    male: list[str]
    female: list[str]
    surnames: list[str]


class FreeLine(_Seed):
    method: DevelopmentMethod
    title: str
    measure: str
    evidence: str
    hours: int


class TextsFile(_Seed):
    evidence: list[str]
    self_evidence: list[str]
    opinion_agrees: list[str]
    opinion_differs: list[str]
    disagreement: list[str]
    return_assessment: list[str]
    reconsider: list[str]
    return_plan: list[str]
    reject_suggestion: list[str]
    employee_note: list[str]
    approval_comment: list[str]
    progress: list[str]
    reflection: list[str]
    evaluation_comment: list[str]
    result_reason: list[str]
    cancel_plan: list[str]
    witness_positions: list[str]
    agreement: list[str]
    objection: list[str]
    objection_statement: list[str]
    objection_dismissed: list[str]
    objection_upheld: list[str]
    corrected_level: list[str]
    more_time: list[str]
    reopening: list[str]
    amendment: list[str]
    free_lines: list[FreeLine]


class CourseSeed(_Seed):
    """`serves`: the place of the competency on the form, from 1; `runs`: days after the cycle's opening,
    length in days, seats."""

    code: str
    title: str
    provider: str
    method: DevelopmentMethod
    hours: int
    price: int
    measure: str
    evidence: str
    serves: int
    runs: list[tuple[int, int, int]]


class OwnActionSeed(_Seed):
    method: DevelopmentMethod
    title: str
    detail: str
    hours: int
    weeks: int
    cost: int
    evidence: str
    measure: str


class DevelopmentFile(_Seed):
    courses: list[CourseSeed]
    own_action: OwnActionSeed
    ceiling_a_person: int
    mentor_notes: list[str]
    evidence_titles: list[str]
    evidence_link: str
    follow_up_employee: list[str]
    follow_up_supervisor: list[str]


@dataclass(frozen=True)
class DemoSeeds:
    plan: OrganisationsFile
    names: NamesFile
    texts: TextsFile
    development: DevelopmentFile

    def chosen(self, codes: Sequence[str] | None) -> list[OrganisationSeed]:
        """The organisations of these codes, in the order of the file; all without codes."""
        known = {organisation.code for organisation in self.plan.organisations}
        unknown = set(codes or ()) - known
        if unknown:
            raise DemonstrationError(f"no such demonstration organisation: {', '.join(sorted(unknown))}")
        return [each for each in self.plan.organisations if codes is None or each.code in codes]


def read_demo_seeds(folder: Path = DEMO_SEEDS) -> DemoSeeds:
    """The four files, validated. Raises DemonstrationError naming the file and the first field that is
    wrong."""
    return DemoSeeds(
        _read(folder, "organisations.yaml", OrganisationsFile),
        _read(folder, "names.yaml", NamesFile),
        _read(folder, "texts.yaml", TextsFile),
        _read(folder, "development.yaml", DevelopmentFile),
    )


def _read(folder: Path, name: str, kind: type[Kind]) -> Kind:
    try:
        return kind.model_validate(yaml.safe_load((folder / name).read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise DemonstrationError(f"{name}: cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise DemonstrationError(f"{name}: {place}: {first['msg']}") from error
