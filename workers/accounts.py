"""Tidy up after log-ins."""

from idp.adapters.clock import utc_now
from idp.services.web_sessions import remove_expired
from workers.app import app
from workers.database import open_session


@app.task(name="accounts.remove_expired_sessions")
def remove_expired_sessions() -> None:
    """Log-ins that have ended leave no row."""
    with open_session() as session:
        remove_expired(session, utc_now())
        session.commit()
