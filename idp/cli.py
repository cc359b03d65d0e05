"""`idp ...`: every command. An error of the person at the keyboard is one line and exit code 2."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from alembic.util import CommandError
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from idp.adapters.clock import utc_now
from idp.commands.audit import audit
from idp.commands.database import database_option, session_for, settings_for
from idp.commands.frameworks import frameworks
from idp.commands.reports import report
from idp.commands.serving import serve
from idp.commands.users import user
from idp.config import ConfigurationError
from idp.rules.errors import RuleViolation
from idp.services.seeding import SeedError

USER_ERROR = 2
NO_TABLES = ("no such table", 'relation "')
"""What the two databases say when nobody has migrated them."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def cli() -> None:
    """Individual development plans: competency assessment, gaps, plans, Thai forms."""


@cli.command()
@database_option
def migrate(database: str | None) -> None:
    """Bring the database to the newest schema."""
    from idp.migration import migrate as bring_up
    from idp.migration import newest_revision

    settings = settings_for(database)
    if database:  # another one than that of the settings: its owner is whom the address names
        settings = settings.model_copy(update={"migration_database_url": ""})
    role = bring_up(settings)
    click.echo(f"the database is at {newest_revision()}")
    if role:
        click.echo(f"the role {role} uses it, and cannot change or remove history")


@cli.command()
@database_option
def seed(database: str | None) -> None:
    """Load the frameworks, the catalogue, positions and tables; running it again changes nothing."""
    from idp.services.seeding import load_seeds, read_seeds

    library = read_seeds()
    with session_for(database) as session:
        done = load_seeds(session, library, utc_now())
        session.commit()
    click.echo("seeds loaded" if done.changed else "seeds are loaded already")


@cli.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the printed forms and summary.json.",
)
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help="The number that the people and their year are drawn from.",
)
@click.option("--if-missing", is_flag=True, help="Do nothing where the demonstration is built already.")
@database_option
def demo(out: Path | None, seed: int, if_missing: bool, database: str | None) -> None:
    """Build five demonstration organisations with a closed year and a current one."""
    from idp.demo import run_demo
    from idp.demo.errors import DemonstrationError

    try:
        run_demo(settings_for(database), out=out, seed=seed, if_missing=if_missing)
    except DemonstrationError as error:
        raise click.ClickException(str(error)) from None


cli.add_command(audit)
cli.add_command(frameworks)
cli.add_command(report)
cli.add_command(serve)
cli.add_command(user)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns nothing else than an exit code. The project's console script."""
    try:
        code = cli.main(args=arguments, prog_name="idp", standalone_mode=False)
    except click.exceptions.Abort:
        return _refused("interrupted")
    except click.ClickException as error:
        return _refused(error.format_message())
    except ConfigurationError as error:
        return _refused(str(error))
    except SeedError as error:
        return _refused(str(error))
    except RuleViolation as error:
        return _refused(str(error))
    except (ArgumentError, NoSuchModuleError, CommandError) as error:
        return _refused(str(error))
    except DBAPIError as error:
        missing = any(words in str(error.orig) for words in NO_TABLES)
        return _refused(f"the database: {error.orig}{'; run idp migrate first' if missing else ''}")
    except UnicodeError:
        return _refused("the arguments and what is read must be text in UTF-8")
    except OSError as error:
        return _refused(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    return code if isinstance(code, int) else 0


def _refused(message: str) -> int:
    """One line on standard error, whatever the message was."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    click.echo(f"idp: {'; '.join(lines)}", err=True)
    return USER_ERROR


if __name__ == "__main__":
    sys.exit(main())
