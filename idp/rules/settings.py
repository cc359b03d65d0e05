"""What an organisation may set for itself, with this product's defaults.

Kept as dated rows (`OrganisationSetting`), one per field; frozen into the cycle when it opens. This is the
one place of the weights of the two parts, of the bands and of the method that each personnel type and family
of organisations starts from; the points and tables of the methods start in `scoring.parts`, the methods
themselves are the files of `scoring.methods`. No seed file repeats any of them.

The default weights and bands follow the civil-service and local rules (70/30; พนักงานราชการ and พนักงานจ้าง
80/20; bands 90/80/70/60, for พนักงานราชการ 95/85/75/65; ลูกจ้างประจำ as civil servants is this product's
default); because circulars differ, each is an organisation's data and never a constant elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

from idp.rules.organisations import Family
from idp.rules.scoring.methods import method_of
from idp.rules.scoring.parts import DEFAULT_PARAMETERS, ScoreParameters
from idp.rules.terms import CompetencyCategory, PassRuleKind, PersonnelType

COMMON_BANDS = (("excellent", 90), ("very_good", 80), ("good", 70), ("fair", 60), ("needs_improvement", 0))
GOVERNMENT_EMPLOYEE_BANDS = (
    ("excellent", 95),
    ("very_good", 85),
    ("good", 75),
    ("fair", 65),
    ("needs_improvement", 0),
)


@dataclass(frozen=True)
class ScoringRule:
    """How one personnel type is scored: `method` is the key of one of `scoring.methods`, `parameters` the
    organisation's points and tables for it. `competency_part` of 100 points (2 places) comes from the
    competencies, the rest from the results of work; `bands` are (code, at least), highest first, the last
    from 0 on.

    Raises UnknownMethod, and ValueError for a part or bands that cannot be.
    """

    method: str = "bar"
    competency_part: Decimal = Decimal(30)
    bands: tuple[tuple[str, int], ...] = COMMON_BANDS
    parameters: ScoreParameters = DEFAULT_PARAMETERS

    def __post_init__(self) -> None:
        method_of(self.method)
        if not 0 <= self.competency_part <= 100 or self.competency_part != round(self.competency_part, 2):
            raise ValueError(f"not a weight of the competency part: {self.competency_part}")
        least = [at_least for _code, at_least in self.bands]
        if not least or least != sorted(set(least), reverse=True) or least[-1] != 0 or least[0] > 100:
            raise ValueError(f"bands must descend strictly and end at 0: {self.bands}")
        if len({code for code, _at_least in self.bands}) < len(self.bands):
            raise ValueError(f"a band stands twice: {self.bands}")

    def as_json(self) -> dict[str, Any]:
        """JSON's own types, as an organisation's settings keep them."""
        return {
            "method": self.method,
            "competency_part": str(self.competency_part),
            "bands": [list(band) for band in self.bands],
            "parameters": self.parameters.as_json(),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ScoringRule":
        """The way back of `as_json`. Rules of before the parameters were kept have the default ones: by those
        they were scored."""
        return cls(
            stored["method"],
            Decimal(stored["competency_part"]),
            tuple((code, int(at_least)) for code, at_least in stored["bands"]),
            ScoreParameters.from_json(stored.get("parameters", {})),
        )


def default_scoring() -> dict[PersonnelType, ScoringRule]:
    by_twenty = Decimal(20)
    return {
        PersonnelType.CIVIL_SERVANT: ScoringRule(),
        PersonnelType.LOCAL_OFFICER: ScoringRule(),
        PersonnelType.PERMANENT_EMPLOYEE: ScoringRule(),
        PersonnelType.GOVERNMENT_EMPLOYEE: ScoringRule(
            competency_part=by_twenty, bands=GOVERNMENT_EMPLOYEE_BANDS
        ),
        PersonnelType.CONTRACT_EMPLOYEE: ScoringRule(competency_part=by_twenty),
    }


FAMILY_METHODS: Mapping[Family, str] = {
    Family.CIVIL_SERVICE: "bar",
    Family.BANGKOK: "comparison_table",
    Family.LOCAL_GOVERNMENT: "comparison_table",
}
"""The method that a new organisation starts with: Bangkok has its own table, local government uses its shape.
Which of its three methods a civil-service body takes is free: "bar" is this product's default."""


def family_scoring(family: Family) -> dict[PersonnelType, ScoringRule]:
    """The scoring that a new organisation of this family starts with."""
    return {kind: replace(rule, method=FAMILY_METHODS[family]) for kind, rule in default_scoring().items()}


def scoring_json(scoring: Mapping[PersonnelType, ScoringRule]) -> dict[str, Any]:
    """The setting `scoring` as plain data."""
    return {personnel_type.value: rule.as_json() for personnel_type, rule in scoring.items()}


@dataclass(frozen=True)
class FrameworkUse:
    """The organisation takes its competencies of `category` from the framework `code` (its latest
    version)."""

    code: str
    category: CompetencyCategory


@dataclass(frozen=True)
class OrganisationRules:
    """One organisation's rules on one day."""

    frameworks: tuple[FrameworkUse, ...] = ()
    thai_digits: bool = False
    pass_rule: PassRuleKind = PassRuleKind.MORE_THAN_HALF
    pass_percentage: int | None = None
    takes_average_levels: bool = False  # a mean of several raters (360 degrees), with two places
    evidence_at_expected: bool = True  # a rating at or above the expected level needs its evidence in words
    scoring: Mapping[PersonnelType, ScoringRule] = field(default_factory=default_scoring)
    second_level_checks_plan: bool = False
    hr_checks_plan: bool = False
    count_working_days: bool = True  # also: a day due on a holiday is due on the next working day
    takes_late_entries: bool = True  # after the day due without an extension; else one must be granted
    agreement_at_start: bool = False  # what is expected, signed by both before the self-assessment
    remind_days_before: int = 3
    remind_every_days_overdue: int = 7
    suggestions_per_gap: int = 3
    plan_priorities: int = 3  # a proposed plan serves so many competencies at most
    plan_hours: int = 60  # and takes so many hours of the year
    plan_baht: int = 5000  # and so much money
    hours_asked_a_year: int = 0  # of development for each person; 0: none are asked

    def as_json(self) -> dict[str, Any]:
        """Plain data for the database; `rules_from_json` reads it back."""
        data = {each.name: getattr(self, each.name) for each in fields(self)}
        data["scoring"] = scoring_json(self.scoring)
        data["frameworks"] = [{"code": use.code, "category": use.category.value} for use in self.frameworks]
        data["pass_rule"] = self.pass_rule.value
        return data


SETTING_KEYS = tuple(each.name for each in fields(OrganisationRules))


def rules_from_json(data: Mapping[str, Any]) -> OrganisationRules:
    """The rules that `data` gives; a key it lacks has its default. Raises ValueError or KeyError on a
    wrong value."""
    unknown = set(data) - set(SETTING_KEYS)
    if unknown:
        raise KeyError(f"unknown settings: {', '.join(sorted(unknown))}")
    values = dict(data)
    if "frameworks" in values:
        values["frameworks"] = tuple(
            FrameworkUse(use["code"], CompetencyCategory(use["category"])) for use in values["frameworks"]
        )
    if "pass_rule" in values:
        values["pass_rule"] = PassRuleKind(values["pass_rule"])
    if "scoring" in values:
        values["scoring"] = default_scoring() | {
            PersonnelType(name): ScoringRule.from_json(rule) for name, rule in values["scoring"].items()
        }
    return OrganisationRules(**values)
