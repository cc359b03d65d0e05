"""One small demonstration for all tests of a process: two organisations, whole years, few forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.config import Settings, load_settings
from idp.demo import run_demo
from idp.demo.seeds import DemoSeeds, read_demo_seeds
from idp.models import Assessment, Cycle, Organisation
from idp.models.engine import close_session, make_session

CHOSEN = ("office", "district")


@dataclass(frozen=True)
class Built:
    """A demonstration that was built, and where it lies."""

    settings: Settings
    out: Path
    summary: dict[str, Any]


def settings_in(folder: Path, database_url: str = "") -> Settings:
    return load_settings({}, data_dir=folder, database_url=database_url or None)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("demonstration")
    settings = settings_in(folder / "data")
    summary = run_demo(settings, out=folder / "out", organisations=CHOSEN, forms_each=1, quiet=True)
    return Built(settings, folder / "out", summary)


@pytest.fixture
def session(built: Built) -> Iterator[Session]:
    session = make_session(built.settings.database_url)
    yield session
    session.rollback()
    close_session(session)


@pytest.fixture(scope="session")
def seeds() -> DemoSeeds:
    return read_demo_seeds()


def assessments_of(session: Session, code: str, cycle_code: str) -> list[Assessment]:
    return list(
        session.scalars(
            select(Assessment)
            .join(Cycle, Cycle.id == Assessment.cycle_id)
            .join(Organisation, Organisation.id == Assessment.organisation_id)
            .where(Organisation.code == code, Cycle.code == cycle_code)
        )
    )
