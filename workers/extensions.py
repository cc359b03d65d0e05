"""End the reopenings that ran out."""

from idp.adapters.clock import utc_now
from idp.services.lapsing import lapse_reopenings
from workers.app import app
from workers.database import open_session


@app.task(name="extensions.lapse")
def lapse() -> None:
    """What was handed in before a reopening holds again, from the day after its last one."""
    lapse_reopenings(open_session, utc_now)
