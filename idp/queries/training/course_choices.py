"""What may be chosen of the courses: for a level that somebody wants to reach, for a line of a plan."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from idp.models import Course, CourseLevel, ProficiencyLevel
from idp.queries.training.courses import CourseRow, RunRow, course_rows, developing


def courses_for(
    session: Session, organisation_id: int, level_ids: Collection[int], day: date
) -> dict[int, tuple[CourseRow, ...]]:
    """By level, the courses on offer that develop it, those with the next run first; three statements."""
    of_levels = select(CourseLevel.course_id).where(CourseLevel.level_id.in_(level_ids))
    found = session.scalars(_offered(organisation_id).where(Course.id.in_(of_levels))).all()
    by_level: dict[int, list[CourseRow]] = {level_id: [] for level_id in level_ids}
    for row in sorted(course_rows(session, found), key=lambda row: _soonest_first(row, day)):
        for level in row.levels:
            if level.level_id in by_level:
                by_level[level.level_id].append(row)
    return {level_id: tuple(rows) for level_id, rows in by_level.items() if rows}


def courses_developing(
    session: Session, organisation_id: int, wanted: Collection[tuple[int, int]], day: date
) -> dict[tuple[int, int], tuple[CourseRow, ...]]:
    """The same by (competency, level); four statements."""
    levels = session.execute(
        select(ProficiencyLevel.id, ProficiencyLevel.competency_id, ProficiencyLevel.number).where(
            ProficiencyLevel.competency_id.in_({competency_id for competency_id, _level in wanted})
        )
    )
    named = {
        level_id: (competency_id, number)
        for level_id, competency_id, number in levels
        if (competency_id, number) in set(wanted)
    }
    found = courses_for(session, organisation_id, named, day)
    return {named[level_id]: rows for level_id, rows in found.items()}


@dataclass(frozen=True)
class CourseChoice:
    """One choice of a form of a plan's line: a run, or the course without days (`run` None)."""

    course: CourseRow
    run: RunRow | None

    @property
    def value(self) -> str:
        """As a field sends it: the course's number, and the run's after a full stop."""
        return f"{self.course.id}.{self.run.id}" if self.run else str(self.course.id)

    @property
    def price_baht(self) -> Decimal:
        return self.run.price_baht if self.run else self.course.price_baht


def course_choices(
    session: Session,
    organisation_id: int,
    competency_id: int | None,
    target_level: int | None,
    day: date,
) -> tuple[CourseChoice, ...]:
    """The runs to come of every course on offer that develops the level, and each course without days.

    Without `target_level`: any level of the competency; without `competency_id`: every course. Three
    statements.
    """
    statement = _offered(organisation_id)
    if competency_id is not None:
        statement = statement.where(Course.id.in_(developing(competency_id, target_level)))
    rows = sorted(
        course_rows(session, session.scalars(statement).all()), key=lambda row: _soonest_first(row, day)
    )
    return tuple(CourseChoice(row, run) for row in rows for run in (*row.upcoming(day), None))


def _offered(organisation_id: int) -> Select[Course]:
    return (
        select(Course)
        .where(Course.organisation_id == organisation_id, Course.retired_at.is_(None))
        .order_by(Course.code)
    )


def _soonest_first(row: CourseRow, day: date) -> tuple[date, str]:
    coming = row.upcoming(day)
    return (coming[0].starts_on if coming else date.max), row.code
