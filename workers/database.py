"""Sessions for tasks: one engine for each worker process, made after the fork."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from idp.models.engine import make_engine
from workers.app import settings


@cache
def _engine(_process_id: int) -> Engine:
    return make_engine(settings.database_url, pool_pre_ping=True)


@contextmanager
def open_session() -> Iterator[Session]:
    """A session whose commits are the caller's; what was not committed is undone."""
    with Session(_engine(os.getpid())) as session:
        yield session
