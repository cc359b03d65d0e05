"""What an organisation may set for itself, with this product's defaults.

Kept as dated rows (`OrganisationSetting`), one per field; frozen into the cycle when it opens. The default
weights and bands follow the civil-service and local rules (70/30; พนักงานราชการ and พนักงานจ้าง 80/20;
bands 90/80/70/60, for พนักงานราชการ 95/85/75/65); because circulars differ, each is data here and never a
constant elsewhere.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from typing import Any

from idp.rules.terms import CompetencyCategory, PassRuleKind, PersonnelType, ScoringMethod

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
    """How one personnel type is scored. `competency_part` of 100 points comes from the competencies, the
    rest from the results of work; `bands` are (code, at least), highest first."""

    method: ScoringMethod = ScoringMethod.BAR
    competency_part: Decimal = Decimal(30)
    bands: tuple[tuple[str, int], ...] = COMMON_BANDS


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

    def as_json(self) -> dict[str, Any]:
        """Plain data for the database; `rules_from_json` reads it back."""
        data = asdict(self)
        data["scoring"] = {
            personnel_type.value: {
                "method": rule.method.value,
                "competency_part": str(rule.competency_part),
                "bands": [list(band) for band in rule.bands],
            }
            for personnel_type, rule in self.scoring.items()
        }
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
            PersonnelType(name): ScoringRule(
                ScoringMethod(rule["method"]),
                Decimal(rule["competency_part"]),
                tuple((code, int(at_least)) for code, at_least in rule["bands"]),
            )
            for name, rule in values["scoring"].items()
        }
    return OrganisationRules(**values)
