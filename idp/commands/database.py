"""What every command shares: `--database`, the settings with it, a session."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click
from sqlalchemy.orm import Session

from idp.config import Settings, load_settings
from idp.models.engine import close_session, make_session

F = TypeVar("F", bound=Callable[..., Any])


def database_option(command: F) -> F:
    """`--database URL`: this database instead of the settings' one."""
    return click.option(
        "--database",
        metavar="URL",
        help="sqlite:///PATH or postgresql://...; default: IDP_DATABASE_URL, else the embedded database.",
    )(command)


def settings_for(database: str | None) -> Settings:
    """The environment's settings with that database. Raises ConfigurationError."""
    return load_settings(database_url=database or None)


@contextmanager
def session_for(database: str | None) -> Iterator[Session]:
    """A session on the database; the command commits, what it raises is undone."""
    session = make_session(settings_for(database).database_url)
    try:
        yield session
    finally:
        session.rollback()
        close_session(session)
