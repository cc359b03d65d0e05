"""The shape of the seed files about positions, expectations and scoring; for the rest see `schema`."""

from typing import Annotated, Literal

from pydantic import Field

from idp.services.seeding.schema import (
    Amount,
    Category,
    Code,
    LevelNumber,
    OneBased,
    PassRule,
    Percent,
    Personnel,
    Scoring,
    SeedModel,
    Slug,
    Source,
    Term,
    Text,
)

# --- positions.yaml, expected_levels.yaml, profiles.yaml ---


class Family(SeedModel):
    code: Slug
    name_th: Text
    name_en: Text


class PersonnelTypeEntry(SeedModel):
    code: Personnel
    name_th: Text
    name_en: Text
    families: Annotated[list[Slug], Field(min_length=1)]


class PositionLevelEntry(SeedModel):
    code: Code
    rank: OneBased
    name_th: Text
    name_en: Text


class PositionType(SeedModel):
    """`join`: how line of work and level are printed together (suffix, spaced with the word ระดับ, none)."""

    code: Code
    name_th: Text
    name_en: Text
    personnel_type: Personnel
    families: Annotated[list[Slug], Field(min_length=1)]
    join: Literal["suffix", "spaced", "none"]
    levels: Annotated[list[PositionLevelEntry], Field(min_length=1)]


class PositionsFile(SeedModel):
    families: list[Family]
    personnel_types: list[PersonnelTypeEntry]
    position_types: list[PositionType]


class ExpectedLevelTable(SeedModel):
    """By position level code; null where the category is not expected of that level at all."""

    family: Slug
    category: Category
    source: Source
    verified: bool
    levels: dict[Code, LevelNumber | None]


class ExpectedLevelsFile(SeedModel):
    tables: list[ExpectedLevelTable]


class LineOfWorkEntry(SeedModel):
    code: Slug
    name_th: Text
    name_en: Text
    families: Annotated[list[Slug], Field(min_length=1)]
    position_types: Annotated[list[Code], Field(min_length=1)]
    functional: Annotated[list[Code], Field(min_length=3)]  # the circulars ask for at least three
    label_th: Text
    is_example: bool


class ProfilesFile(SeedModel):
    framework: Slug
    label_th: Text
    is_example: bool
    lines_of_work: list[LineOfWorkEntry]


# --- scoring.yaml ---


class ScoringMethodEntry(SeedModel):
    name_th: Text
    name_en: Text
    uses_weights: bool
    source: Source


class BarMethod(ScoringMethodEntry):
    code: Literal["bar"]
    full_points: OneBased
    points_by_levels_below: dict[Amount, Amount]


class RatingMethod(ScoringMethodEntry):
    code: Literal["rating"]
    lowest: Amount
    highest: OneBased


class HybridMethod(ScoringMethodEntry):
    code: Literal["hybrid"]


class LookupRow(SeedModel):
    """Points for attained 0, 1, 2 ... up to the highest that counts."""

    expected: OneBased
    source: Source
    points: list[Amount]


class ComparisonTableMethod(ScoringMethodEntry):
    code: Literal["comparison_table"]
    full_points: OneBased
    highest_attained: OneBased
    lookup: list[LookupRow]


AnyScoringMethod = Annotated[
    BarMethod | RatingMethod | HybridMethod | ComparisonTableMethod, Field(discriminator="code")
]


class FamilyMethod(SeedModel):
    family: Slug
    method: Scoring
    source: Source


class PassRuleEntry(SeedModel):
    """`percent` for the kind percentage alone."""

    kind: PassRule
    percent: Percent | None = None
    source: Source


class Band(SeedModel):
    code: Term
    name_th: Text
    name_en: Text


class BandThresholds(SeedModel):
    """The lowest total (of 100) of each band but the last, which takes the rest."""

    personnel_type: Personnel
    source: Source
    lowest_totals: dict[Term, Percent]


class Weights(SeedModel):
    personnel_type: Personnel
    probation: bool
    results: Percent
    competency: Percent
    source: Source


class ScoringFile(SeedModel):
    methods: list[AnyScoringMethod]
    method_by_family: list[FamilyMethod]
    pass_rule: PassRuleEntry
    bands: Annotated[list[Band], Field(min_length=1)]
    band_thresholds: list[BandThresholds]
    weights: list[Weights]
