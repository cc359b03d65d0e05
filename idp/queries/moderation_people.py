"""The people of one group before the committee, a page at a time, and what the committee asked of raters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.orm import Session

from idp.models import Assessment, AssessmentItem, Competency, Person, Rating, Reconsideration
from idp.queries.moderation import Grouping, group_key, is_shown
from idp.queries.visibility import visible_to
from idp.rules.assessment_workflow import BEFORE_COMMITTEE
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentState, Permission, RaterKind
from idp.rules.thai import full_name, position_with_level

PAGE = 50
IS_OPEN = Reconsideration.answered_at.is_(None) & Reconsideration.ended_at.is_(None)
"""The request waits for the rater's answer."""

ALWAYS = literal(True)


@dataclass(frozen=True)
class RatedPerson:
    """`expected` and `attained`: the sums over the rated competencies. `may_be_chosen` for the committee's
    steps: before the release, and the reader is not the rater."""

    assessment_id: int
    number: str
    name: str
    position: str
    unit_path_name: str
    rater_name: str
    state: AssessmentState
    competencies: int
    expected: int
    attained: Decimal
    may_be_chosen: bool

    @property
    def difference(self) -> Decimal:
        return self.attained - self.expected


@dataclass(frozen=True)
class RatedPage:
    """`next_after`: the number to ask the following page with, None on the last one."""

    rows: tuple[RatedPerson, ...]
    next_after: str | None


def people_of_group(
    session: Session,
    actor: Actor,
    cycle_id: int,
    by: Grouping | None,
    key: int | str | None,
    day: date,
    after: str = "",
    limit: int = PAGE,
) -> RatedPage:
    """Those of the group whose rating the reader may see on that day, by number. One statement.

    `key`: as in `group_key`; None: those without one. `by` None: everybody.
    """
    conditions: list[ColumnElement[bool]] = [
        Assessment.cycle_id == cycle_id,
        is_shown(actor),
        visible_to(actor, Assessment, Permission.RESULT_VIEW, day),
        Rating.attained_level.is_not(None),
    ]
    if by is not None:
        conditions.append(group_key(by).is_not_distinct_from(key))
    if after:
        conditions.append(Assessment.employee_number > after)
    found = session.execute(
        select(
            Assessment,
            func.count(),
            func.sum(AssessmentItem.expected_level),
            func.sum(Rating.attained_level),
        )
        .join(AssessmentItem, AssessmentItem.assessment_id == Assessment.id)
        .join(Rating, (Rating.item_id == AssessmentItem.id) & (Rating.rater_kind == RaterKind.SUPERVISOR))
        .where(*conditions)
        .group_by(Assessment.id)
        .order_by(Assessment.employee_number)
        .limit(limit + 1)
    ).all()
    rows = tuple(
        _person(actor, assessment, competencies, expected, attained or Decimal(0))
        for assessment, competencies, expected, attained in found[:limit]
    )
    return RatedPage(rows, rows[-1].number if len(found) > limit else None)


def _person(
    actor: Actor, assessment: Assessment, competencies: int, expected: int, attained: Decimal
) -> RatedPerson:
    return RatedPerson(
        assessment.id,
        assessment.employee_number,
        full_name(assessment.title_th, assessment.first_name, assessment.last_name),
        position_with_level(assessment.position_name, assessment.position_level_name),
        assessment.unit_path_name,
        assessment.supervisor_name,
        assessment.state,
        competencies,
        int(expected),
        attained,
        assessment.state in BEFORE_COMMITTEE and assessment.supervisor_person_id != actor.person_id,
    )


@dataclass(frozen=True)
class LevelChange:
    """One competency before and after; None: not rated."""

    name_th: str
    name_en: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True)
class Request:
    """What the committee asked. `changes` None without an answer; empty: every level was kept. `ended_at`: it
    ended without one. `is_readable`: the reader may open the assessment."""

    assessment_id: int
    name: str
    rater_name: str
    asked_by: str
    asked_at: datetime
    until_on: date
    reason: str
    answered_at: datetime | None
    ended_at: datetime | None
    changes: tuple[LevelChange, ...] | None
    is_readable: bool = True

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.ended_at is None


@dataclass(frozen=True)
class Requests:
    """`rows`: those whose people the reader may see, or that are still open, the latest first; the counts are
    of all of the cycle."""

    rows: tuple[Request, ...]
    asked: int
    answered: int
    changed: int


def requests_of_cycle(
    session: Session, actor: Actor, cycle_id: int, day: date, limit: int = PAGE
) -> Requests:
    """What was asked in the cycle, of other people than the reader before their release; three statements."""
    of_cycle = (
        Assessment.cycle_id == cycle_id,
        is_shown(actor) | (Assessment.owner_person_id != actor.person_id),
    )
    sets = session.execute(
        select(Reconsideration.levels_before, Reconsideration.levels_after, Reconsideration.answered_at)
        .join(Assessment, Assessment.id == Reconsideration.assessment_id)
        .where(*of_cycle)
    ).all()
    answered = [row for row in sets if row.answered_at is not None]
    seen = or_(visible_to(actor, Assessment, Permission.RESULT_VIEW, day), IS_OPEN)
    readable = visible_to(actor, Assessment, Permission.ASSESSMENT_VIEW, day)
    rows = _requests(session, (*of_cycle, seen), limit, readable)
    changed = sum(row.levels_before != row.levels_after for row in answered)
    return Requests(rows, len(sets), len(answered), changed)


def requests_of_assessment(session: Session, assessment_id: int) -> tuple[Request, ...]:
    """Every request about one rating, the latest first; two statements at most. For who may see the
    rating."""
    return _requests(session, (Reconsideration.assessment_id == assessment_id,), PAGE)


def open_request(session: Session, actor: Actor, assessment_id: int) -> Request | None:
    """The request that waits for the rater's answer, of somebody else in the organisation signed in to."""
    conditions = (
        Reconsideration.assessment_id == assessment_id,
        IS_OPEN,
        Assessment.organisation_id == actor.organisation_id,
        Assessment.owner_person_id != actor.person_id,
    )
    return next(iter(_requests(session, conditions, 1)), None)


def _requests(
    session: Session,
    conditions: tuple[ColumnElement[bool], ...],
    limit: int,
    readable: ColumnElement[bool] = ALWAYS,
) -> tuple[Request, ...]:
    rows = session.execute(
        select(Reconsideration, Assessment, Person.display_name, readable)
        .join(Assessment, Assessment.id == Reconsideration.assessment_id)
        .join(Person, Person.id == Reconsideration.asked_by_person_id)
        .where(*conditions)
        .order_by(Reconsideration.id.desc())
        .limit(limit)
    ).all()
    names = _competencies(session, [row[0] for row in rows])
    return tuple(
        Request(
            assessment.id,
            full_name(assessment.title_th, assessment.first_name, assessment.last_name),
            assessment.supervisor_name,
            asked_by,
            asked.asked_at,
            asked.until_on,
            asked.reason,
            asked.answered_at,
            asked.ended_at,
            _changes(asked, names),
            bool(is_readable),
        )
        for asked, assessment, asked_by, is_readable in rows
    )


def _competencies(session: Session, asked: list[Reconsideration]) -> dict[str, tuple[str, str]]:
    """The names of the competencies whose levels changed, by the item's id as text."""
    ids = {int(item) for each in asked if each.levels_after is not None for item in _changed(each)}
    if not ids:
        return {}
    rows = session.execute(
        select(AssessmentItem.id, Competency.name_th, Competency.name_en)
        .join(Competency, Competency.id == AssessmentItem.competency_id)
        .where(AssessmentItem.id.in_(ids))
    )
    return {str(item_id): (name_th, name_en or name_th) for item_id, name_th, name_en in rows}


def _changed(asked: Reconsideration) -> list[str]:
    after: Mapping[str, Any] = asked.levels_after or {}
    return [item for item, level in asked.levels_before.items() if after.get(item) != level]


def _changes(asked: Reconsideration, names: Mapping[str, tuple[str, str]]) -> tuple[LevelChange, ...] | None:
    if asked.answered_at is None:
        return None
    after: Mapping[str, Any] = asked.levels_after or {}
    return tuple(
        LevelChange(*names[item], _level(asked.levels_before[item]), _level(after.get(item)))
        for item in _changed(asked)
        if item in names
    )


def _level(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
