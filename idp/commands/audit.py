"""`idp audit`: seal the history, take its ledger elsewhere, prove that nobody changed it."""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.adapters.clock import utc_now
from idp.commands.database import database_option, session_for
from idp.models import Organisation
from idp.models.engine import reading
from idp.queries.audit import Tally, seals, verify_history
from idp.rules.audit_findings import Finding, Seal, Trouble
from idp.rules.calendar import local_day
from idp.services.sealing import seal_history

FOUND = 1
"""Exit code of a history that is not what was written."""

TEXTS = {
    Trouble.CHANGED: "{record}: entry {places} was changed after it was written",
    Trouble.REMOVED: "{record}: entry {places} was removed",
    Trouble.INSERTED: "{record}: entry {places} was put in, or rewritten, afterwards",
    Trouble.REORDERED: "{record}: entries were put in another order: {first} stands at {last}",
    Trouble.HEAD_CHANGED: "{record}: the head of the chain does not fit its last entry ({last})",
    Trouble.SET_CHANGED: "{record}: what was frozen then is not what assessments {places} hold now",
    Trouble.SEAL_CHANGED: "seal of {day} (entries {places}): was changed",
    Trouble.SEAL_REMOVED: "seal of {day} (entries {places}): it, or one before it, was removed or rewritten",
    Trouble.SEALED_CHANGED: "seal of {day}: among the entries {places} some were changed",
    Trouble.SEALED_REMOVED: "seal of {day}: among the entries {places} some were removed",
    Trouble.SEALED_INSERTED: "seal of {day}: among the entries {places} some were put in",
    Trouble.LEDGER_CHANGED: "ledger: line of {day} (entries {places}): changed, or one before it removed",
}


@click.group()
def audit() -> None:
    """Seal the append-only history and prove that nothing in it was changed."""


@audit.command()
@database_option
def seal(database: str | None) -> None:
    """Seal every entry that is not sealed yet, as the workers do each day."""
    with session_for(database) as session:
        count = seal_history(session, utc_now())
        session.commit()
    click.echo(f"{count:,} entries sealed" if count else "nothing new to seal")


@audit.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@database_option
def export(file: Path, database: str | None) -> None:
    """Add the seals that FILE does not hold yet to it, one line of JSON each.

    Keep FILE where those who run the database cannot write. A file that is no beginning of this database's
    seals is left as it is.
    """
    known = _read(file) if file.exists() else []
    with reading(), session_for(database) as session:
        kept = seals(session)
    if known != kept[: len(known)]:
        raise click.ClickException(
            f"{file} is no ledger of this database: nothing written; idp audit verify --ledger says more"
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.writelines(_line(each) for each in kept[len(known) :])
    click.echo(f"{file}: {len(kept):,} seals, {len(kept) - len(known):,} of them new")


@audit.command()
@click.option(
    "--ledger",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A ledger that was exported before and kept elsewhere.",
)
@click.option("--organisation", metavar="CODE", help="The records of this organisation alone.")
@database_option
@click.pass_context
def verify(
    context: click.Context, ledger: Path | None, organisation: str | None, database: str | None
) -> None:
    """Recompute every hash of the history: exit code 0 if all is as it was written, 1 if anything is not."""
    lines = _read(ledger) if ledger else []
    tally, found, started = Tally(), 0, time.perf_counter()
    with reading(), session_for(database) as session:
        organisation_id = _organisation_id(session, organisation)
        for finding in verify_history(session, tally, organisation_id=organisation_id, ledger=lines):
            found += 1
            click.echo(_text(finding))
    seconds = time.perf_counter() - started
    click.echo(
        f"{tally.entries:,} entries, {tally.sets:,} sets, {tally.seals:,} seals in {seconds:,.1f} s: "
        + (f"{found:,} found" if found else "all as it was written"),
        err=True,
    )
    if found:
        context.exit(FOUND)


def _organisation_id(session: Session, code: str | None) -> int | None:
    if code is None:
        return None
    number = session.scalar(select(Organisation.id).where(Organisation.code == code))
    if number is None:
        raise click.ClickException(f"no organisation {code!r}")
    return number


def _text(finding: Finding) -> str:
    places = str(finding.first) if finding.first == finding.last else f"{finding.first} to {finding.last}"
    return TEXTS[finding.trouble].format(
        record=" ".join(map(str, finding.subject or ())),
        places=places,
        first=finding.first,
        last=finding.last,
        day=local_day(finding.sealed_at).isoformat() if finding.sealed_at else "",
    )


def _line(each: Seal) -> str:
    return json.dumps({**each.__dict__, "sealed_at": each.sealed_at.isoformat()}, sort_keys=True) + "\n"


def _read(file: Path) -> list[Seal]:
    return list(_seals_of(file))


def _seals_of(file: Path) -> Iterator[Seal]:
    """The seals of a ledger. Raises ClickException naming the line that is none."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeError:
        raise click.ClickException(f"{file} is no ledger: not text in UTF-8") from None
    for number, line in enumerate(lines, start=1):
        try:
            given = json.loads(line)
            yield Seal(**{**given, "sealed_at": datetime.fromisoformat(given["sealed_at"])})
        except (ValueError, KeyError, TypeError):
            raise click.ClickException(f"{file}: line {number} is not the line of a seal") from None
