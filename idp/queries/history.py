"""What happened to a record, in whose hands: for the time line at the end of its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from idp.models import Assessment, HistoryEntry, Person, PlanItem
from idp.queries.catalogue.exclusions import about_action
from idp.rules.audit_chain import SetEvent
from idp.rules.terms import SubjectType

LINES = 100
"""Entries of one page of a history."""


@dataclass(frozen=True)
class HistoryLine:
    """One event. No actor: it was the clock or a worker; `on_behalf_of` is empty for one's own deed."""

    event: str
    subject_type: SubjectType
    subject_id: int
    from_state: str | None
    to_state: str | None
    actor_name: str
    on_behalf_of: str
    at: datetime
    reason: str
    detail: Mapping[str, Any]


class HistoryLines(tuple[HistoryLine, ...]):
    """One page, the latest first. `older`: what the next page is asked with, None at the beginning of all;
    `is_latest`: nothing newer is on a page before this one."""

    older: int | None = None
    is_latest: bool = True


def history_of_assessment(
    session: Session, assessment_id: int, before: int | None = None, lines: int = LINES
) -> HistoryLines:
    """Its own entries, and those of its cycle that it was part of a set of; one statement."""
    own = _subject(SubjectType.ASSESSMENT, assessment_id)
    cycle_id = select(Assessment.cycle_id).where(Assessment.id == assessment_id).scalar_subquery()
    detail = HistoryEntry.detail
    of_sets = and_(
        HistoryEntry.subject_type == SubjectType.CYCLE,
        HistoryEntry.subject_id == cycle_id,
        HistoryEntry.event.in_([event.value for event in SetEvent]),
        detail["first_id"].as_integer() <= assessment_id,
        detail["last_id"].as_integer() >= assessment_id,
    )
    read = _read(session, or_(own, of_sets), before, lines)
    inside = [line for line in read if assessment_id not in line.detail.get("without", ())]
    return _page(inside, read)


def history_of_plan(
    session: Session, plan_id: int, before: int | None = None, lines: int = LINES
) -> HistoryLines:
    """The plan's and its lines'; one statement."""
    items = select(PlanItem.id).where(PlanItem.plan_id == plan_id)
    of_items = and_(HistoryEntry.subject_type == SubjectType.PLAN_ITEM, HistoryEntry.subject_id.in_(items))
    return _read(session, or_(_subject(SubjectType.PLAN, plan_id), of_items), before, lines)


def history_of_delegation(session: Session, delegation_id: int) -> HistoryLines:
    """An order's; one statement."""
    return _read(session, _subject(SubjectType.DELEGATION, delegation_id), None, LINES)


def history_of_framework(session: Session, version_id: int) -> HistoryLines:
    """That of one version of an organisation's own dictionary; one statement."""
    return _read(session, _subject(SubjectType.FRAMEWORK, version_id), None, LINES)


def history_of_override(session: Session, override_id: int) -> HistoryLines:
    """Of what one position is expected to show otherwise; one statement."""
    return _read(session, _subject(SubjectType.POSITION_OVERRIDE, override_id), None, LINES)


def history_of_action(session: Session, organisation_id: int, action_id: int, key: str) -> HistoryLines:
    """Of an action of the organisation's own, or what the organisation decided about one of the library's;
    one statement."""
    own = and_(_subject(SubjectType.ACTION, action_id), HistoryEntry.organisation_id == organisation_id)
    return _read(session, or_(own, about_action(organisation_id, key)), None, LINES)


def history_of_course(session: Session, course_id: int, before: int | None = None) -> HistoryLines:
    """Of a course and its runs; one statement."""
    return _read(session, _subject(SubjectType.COURSE, course_id), before, LINES)


def history_of_ceilings(session: Session, organisation_id: int, before: int | None = None) -> HistoryLines:
    """Of what the units of an organisation may spend on development, by unit and year; one statement."""
    of_organisation = and_(
        HistoryEntry.subject_type == SubjectType.BUDGET, HistoryEntry.organisation_id == organisation_id
    )
    return _read(session, of_organisation, before, LINES)


def _subject(subject_type: SubjectType, subject_id: int) -> ColumnElement[bool]:
    return and_(HistoryEntry.subject_type == subject_type, HistoryEntry.subject_id == subject_id)


def _read(session: Session, condition: ColumnElement[bool], before: int | None, lines: int) -> HistoryLines:
    """By the order of writing, which is that of the ids: a page begins where the one before it ended,
    whatever is written meanwhile."""
    actor, represented = aliased(Person), aliased(Person)
    statement = (
        select(HistoryEntry, actor.display_name, represented.display_name)
        .outerjoin(actor, actor.id == HistoryEntry.actor_person_id)
        .outerjoin(represented, represented.id == HistoryEntry.on_behalf_of_person_id)
        .where(condition)
        .order_by(HistoryEntry.id.desc())
        .limit(lines + 1)
    )
    if before is not None:
        statement = statement.where(HistoryEntry.id < before)
    rows = session.execute(statement).all()
    page = HistoryLines(
        HistoryLine(
            entry.event,
            entry.subject_type,
            entry.subject_id,
            entry.from_state,
            entry.to_state,
            actor_name or "",
            represented_name or "",
            entry.at,
            entry.reason,
            entry.detail,
        )
        for entry, actor_name, represented_name in rows[:lines]
    )
    page.older = rows[lines - 1][0].id if len(rows) > lines else None
    page.is_latest = before is None
    return page


def _page(lines: Sequence[HistoryLine], read: HistoryLines) -> HistoryLines:
    """The same page with fewer lines."""
    page = HistoryLines(lines)
    page.older, page.is_latest = read.older, read.is_latest
    return page
