"""The lines and the kept versions of one plan, as its page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from idp.models import BehaviouralIndicator, Course, CourseRun, DevelopmentPlan, Person, PlanItem, PlanVersion
from idp.queries.plan_pages import PlanItemOnPage, PlanVersionOnPage, ProgressOnPage, RunOnPage
from idp.rules.calendar import FiscalYear
from idp.rules.suggestions import METHOD_GROUPS
from idp.rules.terms import DevelopmentMethod, PlanEvent
from idp.rules.thai import full_name


@dataclass(frozen=True)
class _Named:
    """What the ids of the lines stand for."""

    indicators: Mapping[int, str]
    people: Mapping[int, str]
    courses: Mapping[int, str]
    runs: Mapping[int, RunOnPage]


def lines_of_page(session: Session, plan: DevelopmentPlan) -> tuple[PlanItemOnPage, ...]:
    """In their order; six statements at most."""
    items = session.scalars(
        select(PlanItem)
        .where(PlanItem.plan_id == plan.id)
        .order_by(PlanItem.sort_order, PlanItem.id)
        .options(joinedload(PlanItem.competency), selectinload(PlanItem.progress))
    ).all()
    named = _named(session, items)
    return tuple(_item(item, named, plan.fiscal_year) for item in items)


def versions_of(session: Session, plan_id: int) -> tuple[PlanVersionOnPage, ...]:
    """Oldest first."""
    rows = session.execute(
        select(PlanVersion.id, PlanVersion.number, PlanVersion.event, PlanVersion.created_at)
        .where(PlanVersion.plan_id == plan_id)
        .order_by(PlanVersion.number)
    )
    return tuple(PlanVersionOnPage(row.id, row.number, PlanEvent(row.event), row.created_at) for row in rows)


def goes_on_to(ends_on: date | None, fiscal_year: int) -> int | None:
    """The fiscal year that a line ends in, where that is later than the plan's."""
    last = None if ends_on is None else FiscalYear.of(ends_on).be_year
    return last if last is not None and last > fiscal_year else None


def _named(session: Session, items: Sequence[PlanItem]) -> _Named:
    indicators = session.execute(
        select(BehaviouralIndicator.id, BehaviouralIndicator.text_th).where(
            BehaviouralIndicator.id.in_({each for item in items for each in item.indicator_ids})
        )
    )
    reported_by = {entry.by_person_id for item in items for entry in item.progress}
    mentors = {item.mentor_person_id for item in items if item.mentor_person_id}
    people = session.scalars(select(Person).where(Person.id.in_(reported_by | mentors)))
    courses = _courses(session, items)
    return _Named(
        dict(indicators.all()),
        {each.id: full_name(each.title_th, each.first_name, each.last_name) for each in people},
        {course_id: title for course_id, title, _run in courses},
        {run.id: RunOnPage(run.starts_on, run.ends_on, run.place_th) for _id, _title, run in courses if run},
    )


def _courses(session: Session, items: Sequence[PlanItem]) -> Sequence[tuple[int, str, CourseRun | None]]:
    """Each course with the runs that the lines name; no statement for a plan without courses."""
    ids = {item.course_id for item in items if item.course_id}
    if not ids:
        return ()
    run_ids = {item.course_run_id for item in items if item.course_run_id}
    is_named = (CourseRun.course_id == Course.id) & CourseRun.id.in_(run_ids)
    rows = session.execute(
        select(Course.id, Course.title_th, CourseRun).outerjoin(CourseRun, is_named).where(Course.id.in_(ids))
    )
    return [(course_id, title, run) for course_id, title, run in rows]


def _item(item: PlanItem, named: _Named, fiscal_year: int) -> PlanItemOnPage:
    own = {
        each.name: getattr(item, each.name) for each in fields(PlanItemOnPage) if hasattr(PlanItem, each.name)
    }
    own |= {
        "indicator_ids": tuple(item.indicator_ids),
        "indicators": tuple(
            named.indicators[each] for each in item.indicator_ids if each in named.indicators
        ),
        "group": METHOD_GROUPS[item.method],
        "other_methods": tuple(DevelopmentMethod(each) for each in item.other_methods),
        "mentor_name": named.people.get(item.mentor_person_id or 0, ""),
        "course_title": named.courses.get(item.course_id or 0, ""),
        "course_run": named.runs.get(item.course_run_id or 0),
        "goes_on_to": goes_on_to(item.ends_on, fiscal_year),
        "competency_name_th": item.competency.name_th if item.competency else "",
        "competency_name_en": item.competency.name_en if item.competency else None,
        "progress": tuple(
            ProgressOnPage(entry.percent, entry.note, named.people[entry.by_person_id], entry.at)
            for entry in item.progress
        ),
    }
    return PlanItemOnPage(**own)
