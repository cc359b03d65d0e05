"""Two roles on PostgreSQL: one owns the tables and migrates them, the application's can only use them.

The application's role reads and adds history and seals; it cannot change, remove or empty them, nor take away
the triggers that refuse it (`idp.models.append_only`), because it owns nothing.
"""

from typing import Any, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from idp.config import ConfigurationError
from idp.models import Base
from idp.models.append_only import APPEND_ONLY_TABLES

USED = "SELECT, INSERT, UPDATE, DELETE"
PRIVILEGES: dict[str, LiteralString] = {
    **dict.fromkeys(APPEND_ONLY_TABLES, "SELECT, INSERT"),
    "history_head": "SELECT, INSERT, UPDATE",
    "alembic_version": "SELECT",
}
"""What the application may do with a table, where that is not `USED`."""

STRENGTH = """
SELECT rolsuper OR rolcreaterole OR rolbypassrls
    OR EXISTS (SELECT FROM pg_class WHERE relowner = role.oid AND relkind IN ('r', 'p', 'S'))
    OR EXISTS (SELECT FROM pg_database WHERE datdba = role.oid)
    OR EXISTS (SELECT FROM pg_auth_members WHERE member = role.oid)
FROM pg_roles AS role WHERE rolname = %s"""
"""Whether a role could give itself more than it is granted; no row: there is no such role."""


MAKES_ROLES = "SELECT FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolcreaterole)"


def grant_to_application(owner_url: str, application_url: str) -> str | None:
    """Give the role of `application_url` what the application needs in the tables of `owner_url`, and make it
    if there is none. Returns its name; None on SQLite and where both are one role.

    Raises ConfigurationError for a role that could change the history all the same.
    """
    owner, application = make_url(owner_url), make_url(application_url)
    name = application.username
    if owner.get_backend_name() != "postgresql" or not name or name == owner.username:
        return None
    try:
        with psycopg.connect(_conninfo(owner)) as connection:
            _grant(connection, name, application.password or "")
    except psycopg.Error as error:
        raise ConfigurationError(f"IDP_MIGRATION_DATABASE_URL: {error}") from error
    return name


def _grant(connection: psycopg.Connection[Any], name: str, password: str) -> None:
    _make_role(connection, name, password)
    role = sql.Identifier(name)
    database = connection.info.dbname
    _run(connection, "GRANT CONNECT ON DATABASE {} TO {}", sql.Identifier(database), role)
    _run(connection, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    _run(connection, "REVOKE ALL ON SCHEMA public FROM {}", role)
    _run(connection, "GRANT USAGE ON SCHEMA public TO {}", role)
    for table in (*Base.metadata.tables, "alembic_version"):
        granted = sql.SQL(PRIVILEGES.get(table, USED))
        _run(connection, "REVOKE ALL ON {} FROM PUBLIC, {}", sql.Identifier(table), role)
        _run(connection, "GRANT {} ON {} TO {}", granted, sql.Identifier(table), role)
    _run(connection, "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}", role)


def _make_role(connection: psycopg.Connection[Any], name: str, password: str) -> None:
    """The role with the password of the settings; it is sent as a hash, so that no log keeps it."""
    found = connection.execute(STRENGTH, [name]).fetchone()
    if found is None:
        _run(
            connection,
            "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT",
            sql.Identifier(name),
        )
    elif found[0]:
        raise ConfigurationError(
            f"IDP_DATABASE_URL: the role {name} owns tables, belongs to another role or may make roles:"
            " it could change the history; name one of its own"
        )
    may_make_roles = connection.execute(MAKES_ROLES).fetchone()
    if password and may_make_roles is not None:
        hashed = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
        _run(connection, "ALTER ROLE {} PASSWORD {}", sql.Identifier(name), sql.Literal(hashed.decode()))


def _run(connection: psycopg.Connection[Any], statement: LiteralString, *parts: sql.Composable) -> None:
    connection.execute(sql.SQL(statement).format(*parts))


def _conninfo(url: URL) -> str:
    """As psycopg takes it: without SQLAlchemy's name of the driver."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
