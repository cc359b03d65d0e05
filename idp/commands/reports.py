"""`idp report`: one printed form into a file."""

from pathlib import Path

import click

from idp.adapters.clock import utc_now
from idp.commands.database import database_option, session_for
from idp.rules.calendar import local_day
from idp.rules.errors import NotVisible
from idp.rules.terms import ReportKind


@click.command()
@click.argument("kind", type=click.Choice([ReportKind.PLAN_FORM.value, ReportKind.ASSESSMENT_FORM.value]))
@click.option("--organisation", required=True, metavar="CODE", help="The organisation's code.")
@click.option("--employee", required=True, metavar="NUMBER", help="The employee's number there.")
@click.option("--cycle", required=True, metavar="CODE", help="The cycle's code there.")
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="The PDF file to write.",
)
@database_option
def report(kind: str, organisation: str, employee: str, cycle: str, out: Path, database: str | None) -> None:
    """Print an employee's form of KIND (plan or assessment) as PDF."""
    # Heavy, and not needed by any other command.
    from idp.services.reports import render_form

    printed_on = local_day(utc_now())
    with session_for(database) as session:
        try:
            document = render_form(session, ReportKind(kind), organisation, employee, cycle, printed_on)
        except NotVisible:
            raise click.ClickException(
                f"no {kind} of employee {employee!r} in cycle {cycle!r} of organisation {organisation!r}"
            ) from None
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(document)
    click.echo(f"{out}: {len(document):,} bytes", err=True)
