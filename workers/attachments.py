"""Tidy up after files that nobody's record has."""

from idp.adapters.clock import utc_now
from idp.adapters.storage_choice import storage_for
from idp.services.attachments import sweep_uploads
from workers.app import app, settings
from workers.database import open_session


@app.task(name="attachments.sweep")
def sweep() -> None:
    """Remove files whose transaction never ended."""
    with open_session() as session:
        sweep_uploads(session, storage_for(settings), utc_now())
