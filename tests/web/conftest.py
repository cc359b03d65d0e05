"""Every test of a page has the application over the sample organisation, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from idp.app import create_app
from idp.config import load_settings
from tests.factories.office import office
from tests.factories.prepared import workshop
from tests.factories.website import website

__all__ = ["office", "website", "workshop"]


@pytest.fixture(scope="session")
def bare_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application without a database: for what asks none."""
    folder: Path = tmp_path_factory.mktemp("bare")
    yield create_app(load_settings({}, data_dir=str(folder)), testing=True)
