"""The time of a request: one instant for all of it, from a clock that may be replaced."""

from collections.abc import Callable
from datetime import date, datetime

from flask import current_app, g, has_request_context

from idp.rules.calendar import local_day

Clock = Callable[[], datetime]
EXTENSION = "clock"


def now() -> datetime:
    """The instant of this request, aware, in UTC: the same however often it is asked for."""
    clock: Clock = current_app.extensions[EXTENSION]
    if not has_request_context():
        return clock()
    if "now" not in g:
        g.now = clock()
    instant: datetime = g.now
    return instant


def today() -> date:
    """The day of this request in Thailand."""
    return local_day(now())
