"""The library of seeds: read and validated from YAML, loaded idempotently into the database."""

from idp.services.seeding.files import SEED_ROOT, read_seeds
from idp.services.seeding.library import SeedLibrary
from idp.services.seeding.load import SeedReport, load_seeds
from idp.services.seeding.problems import Problem, SeedError

__all__ = ["SEED_ROOT", "Problem", "SeedError", "SeedLibrary", "SeedReport", "load_seeds", "read_seeds"]
