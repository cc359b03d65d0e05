"""What the digests say: the reminders and notices gathered on each mail.

With the names of what they speak of.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    Cycle,
    Delegation,
    DevelopmentPlan,
    Handover,
    Mail,
    Notice,
    Organisation,
    Person,
    Reminder,
)
from idp.rules.terms import PhaseKind, ReminderStep, SubjectType
from idp.rules.thai import full_name


@dataclass(frozen=True)
class Subject:
    """What a line speaks of: the person whose record it is ("" for a cycle), and the cycle's name; of an
    order to act, the represented person and the order's number."""

    subject_type: SubjectType
    subject_id: int
    owner_id: int | None
    owner_name: str
    cycle_name: str


@dataclass(frozen=True)
class DueLine:
    """One step owed. `is_mine`: on the recipient's own record."""

    phase: PhaseKind
    step: ReminderStep
    due_on: date
    days_overdue: int
    is_mine: bool
    subject: Subject


@dataclass(frozen=True)
class NoticeLine:
    """One thing that happened, with the reason given for it, if any; `who` is the person whom the recipient
    represents in it, or the other one of an order to act."""

    event: str
    reason: str
    is_mine: bool
    subject: Subject
    who: str = ""


@dataclass(frozen=True)
class Digest:
    """All that one mail says; no rating and no score is ever part of it."""

    mail_id: int
    organisation_id: int
    organisation_name: str
    recipient_name: str
    local_day: date
    due: tuple[DueLine, ...]
    notices: tuple[NoticeLine, ...]

    def in_step(self, step: str) -> tuple[DueLine, ...]:
        return tuple(line for line in self.due if line.step == step)

    @property
    def overdue_count(self) -> int:
        return len(self.in_step(ReminderStep.OVERDUE))


def digests(session: Session, mail_ids: Collection[int]) -> dict[int, Digest]:
    """The digest of each mail; seven statements whatever their number."""
    reminders = session.scalars(
        select(Reminder)
        .where(Reminder.mail_id.in_(mail_ids))
        .order_by(Reminder.local_day.desc(), Reminder.due_on, Reminder.id)
    ).all()
    notices = session.scalars(
        select(Notice).where(Notice.mail_id.in_(mail_ids)).order_by(Notice.created_at, Notice.id)
    ).all()
    wanted = [(row.subject_type, row.subject_id) for row in reminders]
    wanted += [(row.subject_type, row.subject_id) for row in notices]
    subjects = subjects_of(session, wanted)
    due_of, notices_of = defaultdict(list), defaultdict(list)
    for reminder in reminders:
        due_of[reminder.mail_id].append(reminder)
    for notice in notices:
        notices_of[notice.mail_id].append(notice)
    mails = session.execute(
        select(Mail, Person, Organisation.name_th)
        .join(Person, Person.id == Mail.recipient_person_id)
        .join(Organisation, Organisation.id == Mail.organisation_id)
        .where(Mail.id.in_(mail_ids))
    )
    return {
        mail.id: Digest(
            mail.id,
            mail.organisation_id,
            organisation_name,
            full_name(person.title_th, person.first_name, person.last_name),
            mail.local_day,
            _due_lines(due_of[mail.id], mail, subjects),
            tuple(_notice_line(row, subjects) for row in notices_of[mail.id]),
        )
        for mail, person, organisation_name in mails
    }


def subjects_of(
    session: Session, wanted: Iterable[tuple[SubjectType, int]]
) -> dict[tuple[SubjectType, int], Subject]:
    """Names of assessments, plans and cycles, as frozen when the cycle opened, and of orders to act; five
    statements at most."""
    ids: dict[SubjectType, set[int]] = defaultdict(set)
    for subject_type, subject_id in wanted:
        ids[subject_type].add(subject_id)
    found = {}
    names = (Assessment.owner_person_id, Assessment.title_th, Assessment.first_name, Assessment.last_name)
    of_assessments = (
        select(Assessment.id, *names, Cycle.name_th)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(Assessment.id.in_(ids[SubjectType.ASSESSMENT]))
    )
    of_plans = (
        select(DevelopmentPlan.id, *names, Cycle.name_th)
        .join(Assessment, Assessment.id == DevelopmentPlan.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(DevelopmentPlan.id.in_(ids[SubjectType.PLAN]))
    )
    of_handovers = (
        select(Handover.id, *names, Cycle.name_th)
        .join(Assessment, Assessment.id == Handover.assessment_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(Handover.id.in_(ids[SubjectType.HANDOVER]))
    )
    statements = [(SubjectType.ASSESSMENT, of_assessments), (SubjectType.PLAN, of_plans)]
    if ids[SubjectType.HANDOVER]:
        statements.append((SubjectType.HANDOVER, of_handovers))
    for subject_type, statement in statements:
        for subject_id, owner_id, title, first, last, cycle_name in session.execute(statement):
            name = full_name(title, first, last)
            subject = Subject(subject_type, subject_id, owner_id, name, cycle_name)
            found[subject_type, subject_id] = subject
    for delegation_id, person_id, name, number in _orders(session, ids[SubjectType.DELEGATION]):
        subject = Subject(SubjectType.DELEGATION, delegation_id, person_id, name, number)
        found[SubjectType.DELEGATION, delegation_id] = subject
    cycles = select(Cycle.id, Cycle.name_th).where(Cycle.id.in_(ids[SubjectType.CYCLE]))
    for cycle_id, cycle_name in session.execute(cycles):
        found[SubjectType.CYCLE, cycle_id] = Subject(SubjectType.CYCLE, cycle_id, None, "", cycle_name)
    return found


def _orders(session: Session, ids: Collection[int]) -> Sequence[Any]:
    if not ids:
        return ()
    return session.execute(
        select(Delegation.id, Delegation.from_person_id, Person.display_name, Delegation.order_number)
        .join(Person, Person.id == Delegation.from_person_id)
        .where(Delegation.id.in_(ids))
    ).all()


def _due_lines(
    reminders: Iterable[Reminder], mail: Mail, subjects: dict[tuple[SubjectType, int], Subject]
) -> tuple[DueLine, ...]:
    """The latest word on each step, the longest overdue first; a day that was missed is not told twice."""
    latest: dict[tuple[SubjectType, int, PhaseKind], DueLine] = {}
    for row in reminders:
        subject = _subject(subjects, row.subject_type, row.subject_id)
        line = DueLine(
            row.phase,
            row.step,
            row.due_on,
            max(0, (mail.local_day - row.due_on).days),
            subject.owner_id == mail.recipient_person_id,
            subject,
        )
        latest.setdefault((row.subject_type, row.subject_id, row.phase), line)
    return tuple(sorted(latest.values(), key=lambda line: (line.due_on, line.subject.owner_name)))


def _notice_line(notice: Notice, subjects: dict[tuple[SubjectType, int], Subject]) -> NoticeLine:
    subject = _subject(subjects, notice.subject_type, notice.subject_id)
    return NoticeLine(
        notice.event,
        str(notice.detail.get("reason", "")),
        subject.owner_id == notice.recipient_person_id,
        subject,
        str(notice.detail.get("represented", "")),
    )


def _subject(
    subjects: dict[tuple[SubjectType, int], Subject], subject_type: SubjectType, subject_id: int
) -> Subject:
    return subjects.get((subject_type, subject_id)) or Subject(subject_type, subject_id, None, "", "")
