"""Count anew what helped to close gaps."""

from idp.adapters.clock import utc_now
from idp.services.effects import recount_everywhere
from workers.app import app
from workers.database import open_session


@app.task(name="effects.recount")
def recount() -> None:
    """Of every organisation; new results and evaluated plans count from the next time on."""
    recount_everywhere(open_session, utc_now)
