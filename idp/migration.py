"""The database's schema, brought to a revision. Revisions are numbered: 0001_first_tables, 0002_..."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url

from idp.config import PROJECT_ROOT, Settings
from idp.database_roles import grant_to_application
from idp.models import Base
from idp.models.engine import make_engine

MIGRATIONS = PROJECT_ROOT / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to `revision`, all or nothing; does nothing when it is there already.

    The folder of a SQLite file is made. Raises what the database raises.
    """
    _make_folder(url)
    command.upgrade(_config(url), revision)


def migrate(settings: Settings) -> str | None:
    """Bring the settings' database to the newest schema as the owner of its tables, and give the
    application's own role what it needs; returns that role's name, None where there is but one.

    Raises ConfigurationError for a role that could change the history.
    """
    owner_url = settings.migration_database_url or settings.database_url
    upgrade(owner_url)
    return grant_to_application(owner_url, settings.database_url)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to `revision` ("base": no table at all)."""
    command.downgrade(_config(url), revision)


def current_revision(url: str) -> str | None:
    """The revision that the database is at; None before the first."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def newest_revision() -> str | None:
    """The revision that this code needs."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def differences(connection: Connection) -> list[object]:
    """What the models have that the database has not, or otherwise; empty when a migration is not needed."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
    return list(compare_metadata(context, Base.metadata))


def new_revision(url: str, number: str, name: str) -> None:
    """Write the next revision from the difference between the models and the database at `url`."""
    command.revision(_config(url), message=name, autogenerate=True, rev_id=f"{number}_{name}")


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s")
    config.attributes["url"] = url
    return config


def _make_folder(url: str) -> None:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
