"""Forget what was typed and never sent."""

from idp.adapters.clock import utc_now
from idp.services.typed_drafts import sweep_drafts
from workers.app import app
from workers.database import open_session


@app.task(name="typed_drafts.sweep")
def sweep() -> None:
    """Drafts that nobody came back to leave no row."""
    with open_session() as session:
        sweep_drafts(session, utc_now())
        session.commit()
