"""The shape of every seed file: no field more, none less, no silent conversion.

What one file says of another (codes, counts, places) is checked in `idp.services.seeding.references`.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from idp.rules.terms import (
    CompetencyCategory,
    CrosswalkRelation,
    DevelopmentMethod,
    MethodGroup,
    PersonnelType,
)

Text = Annotated[str, StringConstraints(pattern=r"^\S([^\n]*\S)?$")]  # one line, no stray space at either end
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$", max_length=20)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
Term = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$", max_length=32)]
OneBased = Annotated[int, Field(ge=1)]
Amount = Annotated[int, Field(ge=0)]
Percent = Annotated[int, Field(ge=0, le=100)]
LevelNumber = Annotated[int, Field(ge=0, le=9)]

# YAML knows no enums: these alone are converted from their text.
Category = Annotated[CompetencyCategory, Field(strict=False)]
Relation = Annotated[CrosswalkRelation, Field(strict=False)]
Method = Annotated[DevelopmentMethod, Field(strict=False)]
Group = Annotated[MethodGroup, Field(strict=False)]
Personnel = Annotated[PersonnelType, Field(strict=False)]

Source = Literal["doc", "known", "default"]


class SeedModel(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


# --- frameworks/CODE.yaml ---


class SourceMark(SeedModel):
    """What the source lacks or garbles at the place where the mark stands; `behaviour` counts from 1."""

    kind: Literal[
        "copied_title",
        "cut_off",
        "doubtful_reading",
        "foreign_context",
        "joined_rows",
        "kept_as_read",
        "lost_bullets",
        "lost_words",
        "missing_behaviours",
        "missing_competencies",
        "missing_heading",
        "missing_level",
        "missing_name",
        "repeated",
        "unsure_split",
        "variant",
    ]
    behaviour: OneBased | None = None
    field: Literal["name_th", "name_en", "definition_th", "title_th"] | None = None
    note_th: Text
    note_en: Text


class Level(SeedModel):
    number: LevelNumber
    title_th: Text
    cumulative: bool
    behaviours: list[Text]
    source_marks: list[SourceMark] = []


class CompetencyEntry(SeedModel):
    """`official`: the code is the document's own, else this product's key. `order` is within the category."""

    code: Code
    official: bool
    order: OneBased
    category: Category
    name_th: Text
    name_en: Text | None
    definition_th: Text
    variants: dict[Literal["name_th", "definition_th"], Text] = {}
    source_marks: list[SourceMark] = []
    levels: Annotated[list[Level], Field(min_length=1)]


class FrameworkFile(SeedModel):
    code: Slug
    name_th: Text
    name_en: Text
    organisation_th: Text | None
    organisation_en: Text | None
    source_note_th: Text
    source_note_en: Text
    source_marks: list[SourceMark]
    competencies: Annotated[list[CompetencyEntry], Field(min_length=1)]


class Correction(SeedModel):
    where: Annotated[
        str,
        StringConstraints(pattern=r"^\w+/(L\d/(title_th|b[1-9]\d*)|(variants/)?(name|definition)_(th|en))$"),
    ]
    read: Text
    corrected: Text
    kind: Literal["ocr", "typo", "spacing"]
    certainty: Literal["certain", "probable"]
    note: Text | None = None


class ErrataFile(SeedModel):
    framework: Slug
    corrections: list[Correction]


# --- catalogue/CODE.yaml, methods.yaml, crosswalk.yaml ---


class Action(SeedModel):
    """`hours` of the employee's time over `weeks`; `cost` in baht a person; `behaviours` count from 1."""

    key: Annotated[str, StringConstraints(pattern=r"^\w+/\d/\d+$")]
    method: Method
    title: Text
    detail: Text
    behaviours: Annotated[list[OneBased], Field(min_length=1)]
    hours: Annotated[int, Field(ge=1)]
    weeks: Annotated[int, Field(ge=1)]
    cost: Amount
    evidence: Text
    measure: Text


class CatalogueEntry(SeedModel):
    competency: Code
    level: OneBased
    actions: Annotated[list[Action], Field(min_length=1)]


class CatalogueFile(SeedModel):
    framework: Slug
    entries: list[CatalogueEntry]


class MethodGroupEntry(SeedModel):
    code: Group
    name_th: Text
    name_en: Text
    share_percent: Percent


class MethodEntry(SeedModel):
    code: Method
    group: Group
    name_th: Text
    name_en: Text


class MethodsFile(SeedModel):
    groups: list[MethodGroupEntry]
    methods: list[MethodEntry]


Anew = Literal["anew"]


class CrosswalkPair(SeedModel):
    """Ends are "framework code/competency code"; the relation says what `to` is, seen from `from`. `levels`:
    of every level of `from` the level of `to`, or that it must be assessed anew, as the note says."""

    from_: Annotated[Text, Field(alias="from")]
    to: Text
    relation: Relation
    levels: Anew | dict[OneBased, OneBased | Anew]
    note_th: Text
    note_en: Text


class CrosswalkFile(SeedModel):
    pairs: list[CrosswalkPair]


# --- holidays/overrides.yaml ---


class AddedHoliday(SeedModel):
    date: date
    name_th: Text
    name_en: Text
    reason: Text


class RemovedHoliday(SeedModel):
    date: date
    reason: Text


class HolidaysFile(SeedModel):
    added: list[AddedHoliday]
    removed: list[RemovedHoliday]
