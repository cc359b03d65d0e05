"""A clock for tests."""

from datetime import datetime, timedelta


class SettableClock:
    """The application's clock: it stands still until it is set."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def pass_time(self, duration: timedelta) -> None:
        self.moment += duration
