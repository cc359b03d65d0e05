"""Seal the history once a day."""

from idp.adapters.clock import utc_now
from idp.rules.errors import StaleVersion
from idp.services.sealing import seal_day
from workers.app import app
from workers.database import open_session


@app.task(name="audit.seal_day")
def seal() -> None:
    """Runs each hour, so that a day on which the machine was off at midnight is sealed all the same."""
    with open_session() as session:
        try:
            seal_day(session, utc_now())
        except StaleVersion:  # another beat's task was first
            session.rollback()
        else:
            session.commit()
