"""The workers' mornings of the demonstration: reminders planned, digests handed over, the history sealed."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from idp.adapters.holiday_calendar import is_thai_holiday
from idp.adapters.mail import Letter
from idp.adapters.mail_text import sender_name
from idp.demo.clockwork import WORKERS_WAKE, at
from idp.demo.letters import LetterWriter
from idp.rules.calendar import is_working_day
from idp.services.digests import gather_digests
from idp.services.mail_sending import Post
from idp.services.mails import ClaimedMail, claim_mails, mark_handing_off, mark_sent
from idp.services.reminders import plan_reminders
from idp.services.sealing import seal_day

SENDING_TIME = time(7, 30)
SENDING_DAYS = (0, 2, 4)
"""Monday, Wednesday, Friday: every working day's reminders are planned, but thrice a week is enough to show
them."""


@dataclass
class Beat:
    """What beat and the workers do on a working day, by the same services.

    The steps of a hand-over are taken for a batch at once: nothing here can be cut off and leave a mail in
    doubt, because a demonstration that fails is thrown away whole.
    """

    session: Session
    writer: LetterWriter
    post: Post

    def morning(self, day: date) -> None:
        if not is_working_day(day, is_thai_holiday):
            return
        now = at(day, WORKERS_WAKE)
        plan_reminders(self.session, day, now, is_thai_holiday)
        if day.weekday() in SENDING_DAYS:
            gather_digests(self.session, day, now)
            self._send(at(day, SENDING_TIME))
        seal_day(self.session, now)
        self.session.commit()

    def _send(self, now: datetime) -> None:
        post = self.post
        while claimed := claim_mails(self.session, now, base_url=post.base_url, message_host=post.host):
            for mail in claimed:
                mark_handing_off(self.session, mail, now)
            self.writer.write([self._letter(mail, now) for mail in claimed])
            for mail in claimed:
                mark_sent(self.session, mail, now)

    def _letter(self, mail: ClaimedMail, now: datetime) -> Letter:
        return Letter(
            self.post.sender,
            sender_name(),
            mail.address,
            mail.recipient_name,
            mail.subject,
            mail.text,
            mail.html,
            mail.message_id,
            now,
        )
