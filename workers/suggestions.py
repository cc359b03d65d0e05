"""Carry on with the proposals of development actions for everybody of a cycle."""

from idp.adapters.clock import utc_now
from idp.services.suggestion_runs import continue_suggestion_runs
from workers.app import app
from workers.database import open_session

LONGEST = {"soft_time_limit": 780, "time_limit": 840}
"""Seconds, within the broker's visibility time-out; what is not done by then is taken up again."""


@app.task(name="suggestions.carry_on", **LONGEST)
def carry_on() -> None:
    """Chunk by chunk until none is left; what a process that died left, too."""
    continue_suggestion_runs(open_session, utc_now)
