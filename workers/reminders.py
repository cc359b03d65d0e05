"""Plan the day's reminders and gather them, with the notices, into mails."""

from datetime import time

from idp.adapters.clock import utc_now
from idp.adapters.holiday_calendar import is_thai_holiday
from idp.adapters.queue import nudge
from idp.rules.calendar import BANGKOK, local_day
from idp.services.digests import gather_digests
from idp.services.reminders import plan_reminders
from workers.app import app, settings
from workers.database import open_session

NOT_BEFORE = time(6)
"""Local time: nobody is written to in the night, and the day's digest is not begun before its reminders."""


@app.task(name="reminders.plan_day")
def plan_day() -> None:
    """Runs through the day: what becomes due later is planned later, and the first run after a standstill
    plans all of it."""
    now = utc_now()
    if now.astimezone(BANGKOK).time() < NOT_BEFORE:
        return
    day = local_day(now)
    with open_session() as session:
        plan_reminders(session, day, now, is_thai_holiday)
        session.commit()
        new = gather_digests(session, day, now)
        session.commit()
    if new:
        nudge("mails.send", settings=settings)
