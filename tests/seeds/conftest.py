"""The library of seeds, a copy to spoil, and an empty database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from idp.models import Base
from idp.services.seeding import SEED_ROOT, SeedLibrary, read_seeds


@pytest.fixture(scope="session")
def library() -> SeedLibrary:
    return read_seeds()


@pytest.fixture
def seeds_copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SEED_ROOT, tmp_path / "seeds"))


@pytest.fixture
def empty_session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()
