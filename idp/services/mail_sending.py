"""Send what is due: the one place that knows the order of commits and of talking to the mail server.

It takes a way to open sessions rather than one session: the commits between the steps are the promise itself
(`services.mails`), and no transaction is open while the server is being waited for.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from idp.adapters.mail import (
    HandoverUncertain,
    Letter,
    MailDeferred,
    Mailer,
    MailRefused,
    ServerUnreachable,
    build_message,
)
from idp.adapters.mail_text import sender_name
from idp.rules.terms import MailState
from idp.services import mails
from idp.services.mails import ClaimedMail

OpenSession = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Post:
    """From whom mails come and where their links lead."""

    sender: str
    base_url: str

    @property
    def host(self) -> str:
        return self.sender.rpartition("@")[2]


def send_due_mails(
    open_session: OpenSession,
    mailer: Mailer,
    clock: Clock,
    post: Post,
    *,
    at_most: timedelta = timedelta(minutes=2),
    batch: int = mails.BATCH,
) -> Counter[MailState]:
    """Hand over every mail that is due, for at most about `at_most`; how many ended in which state."""
    ended: Counter[MailState] = Counter()
    until = clock() + at_most
    try:
        while clock() <= until:
            with open_session() as session:
                claimed = mails.claim_mails(
                    session, clock(), base_url=post.base_url, message_host=post.host, limit=batch
                )
                session.commit()
            if not claimed or not _send_batch(open_session, mailer, clock, post, claimed, ended):
                break
    finally:
        mailer.close()
    return ended


def _send_batch(
    open_session: OpenSession,
    mailer: Mailer,
    clock: Clock,
    post: Post,
    claimed: list[ClaimedMail],
    ended: Counter[MailState],
) -> bool:
    """Returns False when the server is out of reach: the rest goes back untried."""
    for position, mail in enumerate(claimed):
        try:
            ended[_send(open_session, mailer, clock, post, mail)] += 1
        except ServerUnreachable as error:
            with open_session() as session:
                mails.put_back(session, mail, clock(), str(error))
                mails.release_claims(session, claimed[position + 1 :], clock(), str(error))
                session.commit()
            ended[MailState.PENDING] += len(claimed) - position
            return False
    return True


def _send(
    open_session: OpenSession, mailer: Mailer, clock: Clock, post: Post, mail: ClaimedMail
) -> MailState:
    """One mail, to the state it ends in. Raises ServerUnreachable, after which nothing was sent."""
    try:
        message = build_message(
            Letter(
                post.sender,
                sender_name(),
                mail.address,
                mail.recipient_name,
                mail.subject,
                mail.text,
                mail.html,
                mail.message_id,
                clock(),
            )
        )
        handover = mailer.begin(message)
        with open_session() as session:
            ours = mails.mark_handing_off(session, mail, clock())
            session.commit()
        if not ours:  # we were too slow and the claim went back: somebody else sends it
            handover.abandon()
            return MailState.CLAIMED
        handover.finish()
    except ServerUnreachable:
        raise
    except MailDeferred as error:
        reason = str(error)
        return _note(open_session, lambda s: mails.put_back(s, mail, clock(), reason), MailState.PENDING)
    except MailRefused as error:
        reason = str(error)
        return _note(open_session, lambda s: mails.mark_failed(s, mail, reason), MailState.FAILED)
    except HandoverUncertain as error:
        reason = str(error)
        return _note(open_session, lambda s: mails.mark_uncertain(s, mail, reason), MailState.UNCERTAIN)
    return _note(open_session, lambda s: mails.mark_sent(s, mail, clock()), MailState.SENT)


def _note(open_session: OpenSession, write: Callable[[Session], bool], state: MailState) -> MailState:
    with open_session() as session:
        write(session)
        session.commit()
    return state
