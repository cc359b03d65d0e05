"""Carry on with steps taken for many records."""

from idp.adapters.clock import utc_now
from idp.services.bulk_work import continue_runs, forget_previews
from workers.app import app
from workers.database import open_session


@app.task(name="bulk.carry_on")
def carry_on() -> None:
    """What a request left, and what a process that died left."""
    continue_runs(open_session, utc_now)


@app.task(name="bulk.forget_previews")
def forget() -> None:
    """What nobody confirmed leaves no row."""
    with open_session() as session:
        forget_previews(session, utc_now())
        session.commit()
