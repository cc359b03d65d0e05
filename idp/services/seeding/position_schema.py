"""The shape of the seed files about positions and expectations; for the rest see `schema`."""

from typing import Annotated, Literal

from pydantic import Field

from idp.services.seeding.schema import (
    Category,
    Code,
    LevelNumber,
    OneBased,
    Personnel,
    SeedModel,
    Slug,
    Source,
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
