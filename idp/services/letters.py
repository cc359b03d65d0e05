"""Tick off letters that were handed over on paper to those without an e-mail address."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from idp.models import Mail
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput
from idp.rules.relations import Actor
from idp.rules.terms import MailState, Permission
from idp.services.access import check_organisation


def hand_over_letters(
    session: Session, actor: Actor, letters: Mapping[int, int], handed_on: date | None, now: datetime
) -> int:
    """The letters, by person with the last mail that each stands for, were given to their recipients on that
    day; how many were. What came after a letter was printed stays for the next one.

    Somebody else's letters, and those ticked off before, are left as they are. Raises NotPermitted, and
    InvalidInput at `handed_over_on` (`required`, `in_the_future`) or `letter` (`nothing_chosen`).
    """
    check_organisation(session, actor, Permission.MAIL_HAND_OVER, local_day(now))
    if handed_on is None:
        raise InvalidInput("handed_over_on", "required")
    if handed_on > local_day(now):
        raise InvalidInput("handed_over_on", "in_the_future")
    if not letters:
        raise InvalidInput("letter", "nothing_chosen")
    given = 0
    for person_id, last_mail_id in sorted(letters.items()):
        result = session.execute(
            update(Mail)
            .where(
                Mail.organisation_id == actor.organisation_id,
                Mail.recipient_person_id == person_id,
                Mail.state == MailState.NO_ADDRESS,
                Mail.id <= last_mail_id,
            )
            .values(
                state=MailState.HANDED_OVER,
                handed_over_on=handed_on,
                handed_over_by_person_id=actor.person_id,
            )
            .execution_options(synchronize_session=False)
        )
        assert isinstance(result, CursorResult)
        given += result.rowcount > 0
    return given
