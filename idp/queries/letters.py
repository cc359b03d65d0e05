"""What those without an e-mail address are to be told on paper: one letter a person, of all that waits."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from idp.models import Assignment, Employee, Mail, Person, Unit
from idp.queries.digests import Digest, DueLine, NoticeLine, digests
from idp.queries.relations import assignment_holds
from idp.rules.assessment_workflow import EVENTS_ABOUT_THE_RATING
from idp.rules.terms import MailState

PAGE = 30
MOST_MAILS = 40
"""Of each person; older ones are counted as handed over with the letter, but no longer told."""

HIDDEN_REASONS = frozenset(f"assessment:{event}" for event in EVENTS_ABOUT_THE_RATING)
"""What a notice to a supervisor says of a rating is not for whoever prints and carries the letter."""


@dataclass(frozen=True)
class Letter:
    """`due`: what is owed by the latest day; `notices`: all that happened since the last letter.
    `last_mail_id`: the letter stands for the recipient's mails up to this one."""

    person_id: int
    last_mail_id: int
    recipient_name: str
    position: str
    unit_name: str
    organisation_name: str
    since: date
    local_day: date
    due: tuple[DueLine, ...]
    notices: tuple[NoticeLine, ...]


def count_letters(session: Session, organisation_id: int) -> int:
    """How many people wait for a letter."""
    return int(
        session.scalar(
            select(func.count(func.distinct(Mail.recipient_person_id))).where(*_waiting(organisation_id))
        )
        or 0
    )


def letters(
    session: Session, organisation_id: int, day: date, after: int = 0, limit: int = PAGE
) -> tuple[tuple[Letter, ...], int | None]:
    """A page of letters, by the person's id, and where the next page begins; a constant number of
    statements."""
    people = list(session.scalars(_recipients(organisation_id, after, limit)))
    shown = people[:limit]
    mails = _mails(session, organisation_id, shown)
    told = digests(session, [mail_id for ids in mails.values() for mail_id in ids])
    places = _places(session, organisation_id, shown, day)
    rows = []
    for person_id in shown:
        place = places.get(person_id, ("", ""))
        rows.append(_letter(person_id, [told[each] for each in mails[person_id]], place))
    return tuple(rows), shown[-1] if len(people) > limit else None


def _waiting(organisation_id: int) -> tuple[ColumnElement[bool], ...]:
    return Mail.organisation_id == organisation_id, Mail.state == MailState.NO_ADDRESS


def _recipients(organisation_id: int, after: int, limit: int) -> Select[int]:
    return (
        select(Mail.recipient_person_id)
        .where(*_waiting(organisation_id), Mail.recipient_person_id > after)
        .group_by(Mail.recipient_person_id)
        .order_by(Mail.recipient_person_id)
        .limit(limit + 1)
    )


def _mails(session: Session, organisation_id: int, people: Sequence[int]) -> dict[int, list[int]]:
    """The latest mails of each, oldest first."""
    rank = func.row_number().over(partition_by=Mail.recipient_person_id, order_by=Mail.id.desc())
    ranked = (
        select(Mail.id, Mail.recipient_person_id, rank.label("rank"))
        .where(*_waiting(organisation_id), Mail.recipient_person_id.in_(people))
        .subquery()
    )
    found: dict[int, list[int]] = defaultdict(list)
    for mail_id, person_id in session.execute(
        select(ranked.c.id, ranked.c.recipient_person_id)
        .where(ranked.c.rank <= MOST_MAILS)
        .order_by(ranked.c.id)
    ):
        found[person_id].append(mail_id)
    return found


def _places(
    session: Session, organisation_id: int, people: Sequence[int], day: date
) -> dict[int, tuple[str, str]]:
    """Position and unit of those who are staff, for whoever carries the letter."""
    rows = session.execute(
        select(Person.id, Assignment.full_position, Unit.name_th)
        .join(Employee, and_(Employee.person_id == Person.id, Employee.organisation_id == organisation_id))
        .join(Assignment, and_(Assignment.employee_id == Employee.id, assignment_holds(day)))
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Person.id.in_(people))
    )
    return {person_id: (position, unit) for person_id, position, unit in rows}


def _letter(person_id: int, told: Sequence[Digest], place: tuple[str, str]) -> Letter:
    latest = told[-1]
    notices = [line for digest in told for line in digest.notices]
    return Letter(
        person_id,
        latest.mail_id,
        latest.recipient_name,
        *place,
        latest.organisation_name,
        told[0].local_day,
        latest.local_day,
        latest.due,
        tuple(_without_secret(line) for line in notices),
    )


def _without_secret(line: NoticeLine) -> NoticeLine:
    return replace(line, reason="") if line.event in HIDDEN_REASONS else line
