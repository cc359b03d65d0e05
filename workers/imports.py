"""Read the files that were handed in, and let in what was confirmed of them."""

from idp.adapters.clock import utc_now
from idp.adapters.storage_choice import storage_for
from idp.services.imports.intake import sweep_files
from idp.services.imports.work import continue_imports
from workers.app import app, settings
from workers.database import open_session

LONGEST = {"soft_time_limit": 780, "time_limit": 840}
"""Seconds, within the broker's visibility time-out; what is not done by then is taken up again."""


@app.task(name="imports.carry_on", **LONGEST)
def carry_on() -> None:
    """What a request left, and what a process that died left."""
    continue_imports(open_session, storage_for(settings), utc_now)


@app.task(name="imports.sweep")
def sweep() -> None:
    """Remove files whose transaction never ended."""
    with open_session() as session:
        sweep_files(session, storage_for(settings), utc_now())
