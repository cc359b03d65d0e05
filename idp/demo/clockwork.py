"""The simulated clock: a diary of each person's working moments, and the agenda that takes them in order.

A story is a generator: it yields the moment of its next step and is resumed when the clock has come to it.
All stories share one agenda, so that what people do, what HR does and what the workers send fall in one
order of time, the same for the same seed.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from idp.adapters.holiday_calendar import is_thai_holiday
from idp.rules.calendar import BANGKOK, is_working_day, local_day

Story = Iterator[datetime]

OFFICE_OPENS = time(8, 30)
OFFICE_MINUTES = 7 * 60 + 30
SHORT_PAUSE = timedelta(minutes=4)
WORKERS_WAKE = time(6, 30)


def at(day: date, moment: time) -> datetime:
    """That local time of day, as the UTC moment that services take."""
    return datetime.combine(day, moment, BANGKOK).astimezone(UTC)


def working_day_from(day: date) -> date:
    """`day`, or the next working day after it."""
    while not is_working_day(day, is_thai_holiday):
        day += timedelta(days=1)
    return day


@dataclass
class Diary:
    """One story's moments: always later than the one before, in office hours of working days, and never after
    `latest`, however much is left to do."""

    rng: Random
    now: datetime
    latest: datetime

    @property
    def day(self) -> date:
        return local_day(self.now)

    def between(self, first: date, last: date) -> datetime:
        """A moment on a working day from `first` to `last`; at once when that is over."""
        start = max(first, self.day)
        days = max((last - start).days, 0)
        day = working_day_from(start + timedelta(days=self.rng.randint(0, days)))
        moment = at(day, OFFICE_OPENS) + timedelta(minutes=self.rng.randint(0, OFFICE_MINUTES))
        earliest = self.now + SHORT_PAUSE
        self.now = max(min(max(moment, earliest), self.latest), self.now + timedelta(seconds=1))
        return self.now

    def after(self, least: int, most: int) -> datetime:
        """A moment `least` to `most` days later."""
        return self.between(self.day + timedelta(days=least), self.day + timedelta(days=most))


@dataclass
class Agenda:
    """Every story's next moment. Stories added first go first at the same moment."""

    _waiting: list[tuple[datetime, int, Story]] = field(default_factory=list)
    _added: int = 0

    def add(self, story: Story) -> None:
        moment = next(story, None)
        if moment is not None:
            self._added += 1
            heapq.heappush(self._waiting, (moment, self._added, story))

    def run_until(self, moment: datetime) -> int:
        """Take every step up to `moment`; how many there were."""
        steps = 0
        while self._waiting and self._waiting[0][0] < moment:
            _, place, story = heapq.heappop(self._waiting)
            following = next(story, None)
            steps += 1
            if following is not None:
                heapq.heappush(self._waiting, (following, place, story))
        return steps


def run_days(
    agenda: Agenda, first: date, last: date, morning: Callable[[date], None], evening: Callable[[date], None]
) -> None:
    """Live through the days: the workers' morning, then the people, then the evening's commit.

    On the last day only what happens before the office opens.
    """
    day = first
    while day <= last:
        agenda.run_until(at(day, WORKERS_WAKE))
        morning(day)
        if day < last:
            agenda.run_until(at(day + timedelta(days=1), time(0, 0)))
        else:
            agenda.run_until(at(day, OFFICE_OPENS))
        evening(day)
        day += timedelta(days=1)
