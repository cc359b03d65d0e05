"""Alembic's environment: one connection, one transaction, on SQLite and on PostgreSQL.

Reached by `idp migrate` (which names the database) and by `flask --app idp.wsgi db` (that of the settings).
"""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from idp.config import load_settings
from idp.models import Base
from idp.models.base import Hundredths, UtcDateTime
from idp.models.engine import make_engine


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """A revision names the database's own types: it must still run when the models' classes have moved on."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Hundredths):
        return "sa.Integer()"
    if kind == "type" and isinstance(item, sa.JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def run() -> None:
    """Take the database to the revision that Alembic was asked for; all of it or nothing."""
    url = context.config.attributes.get("url") or load_settings().database_url
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        # A table that is rebuilt is dropped on the way: its children must not go with it.
        sa.event.listen(
            engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = OFF")
        )
    try:
        with engine.connect() as connection:
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                render_as_batch=True,
                compare_type=True,
                transactional_ddl=True,
                render_item=render_item,
            )
            with context.begin_transaction():
                context.run_migrations()
    finally:
        engine.dispose()


run()
