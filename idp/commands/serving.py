"""`idp serve`: the whole product as one process tree."""

import sys

import click

from idp.adapters.clock import utc_now
from idp.commands.database import database_option, session_for, settings_for
from idp.config import Settings


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port of the web server; 0: any free one. Default: 8000."
)
@database_option
def serve(port: int | None, database: str | None) -> None:
    """Run the whole product: web, worker, beat and, if none is named, a Redis of its own."""
    from idp.serving.serve import serve as run

    settings = settings_for(database)
    ready_database(settings)
    sys.exit(run(settings, port))


def ready_database(settings: Settings) -> None:
    """An embedded database is brought up to date and gets the seeds: nobody else is there to do it.

    In production several programs share it, and a migration is an act of its own: raises ClickException when
    it is still to do.
    """
    from idp.migration import current_revision, migrate, newest_revision
    from idp.services.seeding import load_seeds, read_seeds

    if settings.environment == "production":
        if current_revision(settings.database_url) != newest_revision():
            raise click.ClickException(f"the database is not at {newest_revision()}; run idp migrate first")
        return
    migrate(settings)
    with session_for(settings.database_url) as session:
        load_seeds(session, read_seeds(), utc_now())
        session.commit()
