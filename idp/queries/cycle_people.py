"""The people of a cycle: filtered, ordered by number, a page at a time."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from idp.models import Assessment
from idp.queries.cycles import is_in_unit, overdue_assessments, releasable
from idp.queries.deadlines import deadlines
from idp.queries.paper import with_own_access
from idp.queries.visibility import visible_to
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentState, Permission
from idp.rules.thai import full_name, position_with_level

PAGE = 50


@dataclass(frozen=True)
class PeopleFilter:
    """What HR asks for; an empty field asks for nothing. `text` is part of a number or a name."""

    unit_id: int | None = None
    state: AssessmentState | None = None
    only_overdue: bool = False
    text: str = ""
    without_access: bool = False  # those without a log-in in force or an e-mail address


@dataclass(frozen=True)
class PersonRow:
    """One person's assessment in the list. The names are those of the day the cycle opened."""

    assessment_id: int
    number: str
    name: str
    position: str
    unit_path_name: str
    supervisor_name: str
    state: AssessmentState
    is_overdue: bool
    is_releasable: bool


@dataclass(frozen=True)
class PeoplePage:
    """`next_after`: the number to ask the following page with, None on the last one."""

    rows: tuple[PersonRow, ...]
    next_after: str | None


def people_of_cycle(
    session: Session,
    actor: Actor,
    cycle_id: int,
    wanted: PeopleFilter,
    day: date,
    after: str = "",
    limit: int = PAGE,
) -> PeoplePage:
    """Those of the cycle whom the actor may see, `limit` of them after the number `after`: four statements,
    whatever the size of the cycle.
    """
    conditions, is_late = _narrowed(session, actor, cycle_id, wanted, day)
    if after:
        conditions.append(Assessment.employee_number > after)
    found = session.execute(
        select(
            Assessment.id,
            Assessment.employee_number,
            Assessment.title_th,
            Assessment.first_name,
            Assessment.last_name,
            Assessment.position_name,
            Assessment.position_level_name,
            Assessment.unit_path_name,
            Assessment.supervisor_name,
            Assessment.state,
            is_late.label("is_overdue"),
        )
        .where(*conditions)
        .order_by(Assessment.employee_number)
        .limit(limit + 1)
    ).all()
    page = found[:limit]
    may_release = set(releasable(session, cycle_id, chosen=[row.id for row in page]))
    rows = tuple(
        PersonRow(
            row.id,
            row.employee_number,
            full_name(row.title_th, row.first_name, row.last_name),
            position_with_level(row.position_name, row.position_level_name),
            row.unit_path_name,
            row.supervisor_name,
            row.state,
            bool(row.is_overdue),
            row.id in may_release,
        )
        for row in page
    )
    return PeoplePage(rows, page[-1].employee_number if len(found) > limit else None)


def everybody_of_cycle(
    session: Session, actor: Actor, cycle_id: int, wanted: PeopleFilter, day: date, limit: int
) -> list[int]:
    """The assessments of all that match, not of one page alone: at most `limit` of them, by number."""
    conditions, _ = _narrowed(session, actor, cycle_id, wanted, day)
    return list(
        session.scalars(
            select(Assessment.id).where(*conditions).order_by(Assessment.employee_number).limit(limit)
        )
    )


def count_of_cycle(session: Session, actor: Actor, cycle_id: int, wanted: PeopleFilter, day: date) -> int:
    """How many match."""
    conditions, _ = _narrowed(session, actor, cycle_id, wanted, day)
    return session.scalar(select(func.count(Assessment.id)).where(*conditions)) or 0


def _narrowed(
    session: Session, actor: Actor, cycle_id: int, wanted: PeopleFilter, day: date
) -> tuple[list[ColumnElement[bool]], ColumnElement[bool]]:
    """Whom the actor may see of those asked for; and what says that one of them is late."""
    late = overdue_assessments(day, deadlines(session, cycle_id=cycle_id), cycle_id).subquery()
    is_late = Assessment.id.in_(select(late.c.id))
    conditions: list[ColumnElement[bool]] = [
        Assessment.cycle_id == cycle_id,
        visible_to(actor, Assessment, Permission.ASSESSMENT_VIEW, day),
    ]
    if wanted.unit_id is not None:
        conditions.append(is_in_unit(wanted.unit_id))
    if wanted.state is not None:
        conditions.append(Assessment.state == wanted.state)
    if wanted.only_overdue:
        conditions.append(is_late)
    if wanted.without_access:
        conditions.append(Assessment.owner_person_id.not_in(with_own_access()))
    if wanted.text.strip():
        conditions.append(_named(wanted.text.strip()))
    return conditions, is_late


def _named(text: str) -> ColumnElement[bool]:
    """Every word of the text is in the number, the first or the last name."""
    matches = [
        or_(
            Assessment.employee_number.icontains(word, autoescape=True),
            Assessment.first_name.icontains(word, autoescape=True),
            Assessment.last_name.icontains(word, autoescape=True),
            (Assessment.title_th + Assessment.first_name).icontains(word, autoescape=True),
        )
        for word in text.split()
    ]
    condition = matches[0]
    for each in matches[1:]:
        condition = condition & each
    return condition
