"""Carry on with cycles that are being opened or closed, and with releases of many results."""

from idp.adapters.clock import utc_now
from idp.services.cycle_work import continue_cycles
from idp.services.releases import continue_releases
from workers.app import app
from workers.database import open_session


@app.task(name="cycles.carry_on")
def carry_on() -> None:
    """Chunk by chunk until none is left."""
    continue_cycles(open_session, utc_now)
    continue_releases(open_session, utc_now)
