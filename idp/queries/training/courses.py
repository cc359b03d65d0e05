"""Read the courses of an organisation: the list, one with its runs, and what may be chosen of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from idp.models import Competency, Course, CourseLevel, CourseRun, ProficiencyLevel
from idp.queries.training.lines import seats_taken
from idp.rules.terms import DevelopmentMethod
from idp.rules.training import CoursesShown

PAGE = 30


@dataclass(frozen=True)
class CourseFilter:
    """What is asked for; an empty field asks for nothing. `text`: words of the code, title or provider."""

    text: str = ""
    competency_id: int | None = None
    shown: CoursesShown = CoursesShown.OFFERED


@dataclass(frozen=True)
class LevelRow:
    """A level that a course develops."""

    level_id: int
    competency_id: int
    competency_th: str
    competency_en: str
    number: int
    title_th: str


@dataclass(frozen=True)
class RunRow:
    """A course once. `price_baht` is what holds: the run's own or the course's; `taken`: the seats that
    handed-in and approved plans ask for."""

    id: int
    course_id: int
    starts_on: date
    ends_on: date
    seats: int
    taken: int
    price_baht: Decimal
    own_price_baht: Decimal | None
    place_th: str
    cancelled_at: datetime | None

    @property
    def left(self) -> int:
        """Below 0 when more plan for it than it has seats."""
        return self.seats - self.taken

    @property
    def is_full(self) -> bool:
        return self.left <= 0

    def is_upcoming(self, day: date) -> bool:
        return self.cancelled_at is None and self.starts_on >= day


@dataclass(frozen=True)
class CourseRow:
    """A course with the levels that it develops and its runs, the earliest first."""

    id: int
    code: str
    title_th: str
    provider_th: str
    detail_th: str
    measure_th: str
    evidence_th: str
    method: DevelopmentMethod
    hours: int
    price_baht: Decimal
    retired_at: datetime | None
    version: int
    levels: tuple[LevelRow, ...]
    runs: tuple[RunRow, ...]

    def upcoming(self, day: date) -> tuple[RunRow, ...]:
        """The runs that have not begun, the next first."""
        return tuple(run for run in self.runs if run.is_upcoming(day))


@dataclass(frozen=True)
class CourseList:
    """`next_after`: the code to ask the following page with, None on the last one."""

    rows: tuple[CourseRow, ...]
    next_after: str | None


def course_list(
    session: Session,
    organisation_id: int,
    day: date,
    wanted: CourseFilter | None = None,
    after: str = "",
    limit: int = PAGE,
) -> CourseList:
    """By code, `limit` of them after the code `after`: three statements."""
    conditions = [Course.organisation_id == organisation_id, *_asked(wanted or CourseFilter(), day)]
    if after:
        conditions.append(Course.code > after)
    found = session.scalars(select(Course).where(*conditions).order_by(Course.code).limit(limit + 1)).all()
    rows = course_rows(session, found[:limit])
    return CourseList(rows, rows[-1].code if len(found) > limit else None)


def course_page(session: Session, organisation_id: int, course_id: int) -> CourseRow | None:
    """The course of that organisation, None when there is none: three statements."""
    course = session.scalar(
        select(Course).where(Course.id == course_id, Course.organisation_id == organisation_id)
    )
    return None if course is None else course_rows(session, [course])[0]


def developing(competency_id: int, level: int | None = None) -> Select[int]:
    """The courses that develop a level of the competency; `level` None: any."""
    statement = (
        select(CourseLevel.course_id)
        .join(ProficiencyLevel, ProficiencyLevel.id == CourseLevel.level_id)
        .where(ProficiencyLevel.competency_id == competency_id)
    )
    return statement if level is None else statement.where(ProficiencyLevel.number == level)


def _asked(wanted: CourseFilter, day: date) -> list[ColumnElement[bool]]:
    is_retired = wanted.shown is CoursesShown.RETIRED
    conditions: list[ColumnElement[bool]] = [
        Course.retired_at.is_not(None) if is_retired else Course.retired_at.is_(None)
    ]
    if wanted.competency_id is not None:
        conditions.append(Course.id.in_(developing(wanted.competency_id)))
    if wanted.shown in (CoursesShown.UPCOMING, CoursesShown.FULL):
        coming = select(CourseRun.id).where(
            CourseRun.course_id == Course.id, CourseRun.cancelled_at.is_(None), CourseRun.starts_on >= day
        )
        if wanted.shown is CoursesShown.FULL:
            coming = coming.where(seats_taken() >= CourseRun.seats)
        conditions.append(exists(coming))
    for word in wanted.text.split():
        columns = (Course.code, Course.title_th, Course.provider_th)
        conditions.append(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return conditions


def course_rows(session: Session, courses: Sequence[Course]) -> tuple[CourseRow, ...]:
    """These courses with their levels and runs; two statements."""
    ids = [course.id for course in courses]
    levels, runs = _levels(session, ids), _runs(session, {course.id: course.price_baht for course in courses})
    return tuple(
        CourseRow(
            course.id,
            course.code,
            course.title_th,
            course.provider_th,
            course.detail_th,
            course.measure_th,
            course.evidence_th,
            course.method,
            course.hours,
            course.price_baht,
            course.retired_at,
            course.version,
            tuple(levels.get(course.id, ())),
            tuple(runs.get(course.id, ())),
        )
        for course in courses
    )


def _levels(session: Session, course_ids: Collection[int]) -> dict[int, list[LevelRow]]:
    found: dict[int, list[LevelRow]] = {}
    rows = session.execute(
        select(
            CourseLevel.course_id,
            ProficiencyLevel.id,
            Competency.id,
            Competency.name_th,
            Competency.name_en,
            ProficiencyLevel.number,
            ProficiencyLevel.title_th,
        )
        .join(ProficiencyLevel, ProficiencyLevel.id == CourseLevel.level_id)
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .where(CourseLevel.course_id.in_(course_ids))
        .order_by(
            Competency.category,
            Competency.framework_version_id,
            Competency.sort_order,
            ProficiencyLevel.number,
        )
    )
    for course_id, level_id, competency_id, name_th, name_en, number, title_th in rows:
        row = LevelRow(level_id, competency_id, name_th, name_en or "", number, title_th)
        found.setdefault(course_id, []).append(row)
    return found


def _runs(session: Session, prices: Mapping[int, Decimal]) -> dict[int, list[RunRow]]:
    found: dict[int, list[RunRow]] = {}
    rows = session.execute(
        select(CourseRun, seats_taken())
        .where(CourseRun.course_id.in_(prices))
        .order_by(CourseRun.starts_on, CourseRun.id)
    )
    for run, taken in rows:
        price = prices[run.course_id] if run.price_baht is None else run.price_baht
        row = RunRow(
            run.id,
            run.course_id,
            run.starts_on,
            run.ends_on,
            run.seats,
            taken,
            price,
            run.price_baht,
            run.place_th,
            run.cancelled_at,
        )
        found.setdefault(run.course_id, []).append(row)
    return found
