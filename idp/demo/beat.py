"""The workers' mornings of the demonstration: reminders planned, digests gathered and sent into a folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from idp.adapters.holiday_calendar import is_thai_holiday
from idp.adapters.mail import FolderMailer
from idp.demo.clockwork import WORKERS_WAKE, at
from idp.rules.calendar import is_working_day
from idp.services.digests import gather_digests
from idp.services.mail_sending import Post, send_due_mails
from idp.services.reminders import plan_reminders

SENDING_TIME = time(7, 30)


@dataclass
class Beat:
    """What beat and the workers do on a working day, by the same services."""

    session: Session
    engine: Engine
    folder: Path
    post: Post

    def morning(self, day: date) -> None:
        if not is_working_day(day, is_thai_holiday):
            return
        now = at(day, WORKERS_WAKE)
        plan_reminders(self.session, day, now, is_thai_holiday)
        gather_digests(self.session, day, now)
        self.session.commit()
        sending = at(day, SENDING_TIME)
        send_due_mails(self._open_session, FolderMailer(self.folder), lambda: sending, self.post)

    @contextmanager
    def _open_session(self) -> Iterator[Session]:
        with Session(self.engine) as session:
            yield session


