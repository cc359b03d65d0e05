"""All the seeds together."""

from dataclasses import dataclass

from idp.services.seeding import schema
from idp.services.seeding.position_schema import ExpectedLevelsFile, PositionsFile, ProfilesFile


@dataclass(frozen=True)
class SeedLibrary:
    """Every seed file, valid on its own and with the others.

    Frameworks, errata and catalogues stand by framework code.
    """

    frameworks: dict[str, schema.FrameworkFile]
    errata: dict[str, schema.ErrataFile]
    catalogues: dict[str, schema.CatalogueFile]
    methods: schema.MethodsFile
    crosswalk: schema.CrosswalkFile
    positions: PositionsFile
    expected_levels: ExpectedLevelsFile
    profiles: ProfilesFile
    holidays: schema.HolidaysFile
