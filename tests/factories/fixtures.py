"""Fixtures for tests that act in the sample organisation. A conftest imports them by name."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from idp.models.engine import make_engine
from tests.factories.sample import Sample, make_sample


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """A session on each of the two databases in turn; nothing is committed."""
    engine = make_engine(database_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def sample(session: Session) -> Sample:
    """The sample organisation with its open cycle; Somchai's assessment has not begun."""
    return make_sample(session)
