"""The lines of a plan as a version keeps them: JSON's own types, with every name in words, so that the
version stays readable and printable whatever its courses and colleagues are called later."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import BehaviouralIndicator, Competency, Course, CourseRun, Person, PlanItem
from idp.rules.thai import full_name

AS_THEY_ARE = (
    "id",
    "competency_id",
    "suggestion_id",
    "action_id",
    "course_id",
    "course_run_id",
    "mentor_person_id",
    "carried_from_item_id",
    "sort_order",
    "from_level",
    "target_level",
    "title",
    "detail",
    "hours",
    "hours_done",
    "measure",
    "evidence_expected",
    "responsible",
    "return_note",
    "percent",
    "result_reason",
)
"""Columns whose values JSON has itself."""


@dataclass(frozen=True)
class Names:
    """What the ids of lines stand for. A run is {starts_on, ends_on, place}, days as in ISO 8601."""

    competencies: Mapping[int, str]
    indicators: Mapping[int, str]
    mentors: Mapping[int, str]
    courses: Mapping[int, str]
    runs: Mapping[int, dict[str, str]]


def lines_as_kept(session: Session, items: Sequence[PlanItem]) -> list[dict[str, Any]]:
    """One mapping for each line, in their order; at most five statements."""
    names = names_of(session, items)
    return [_line(item, names) for item in items]


def names_of(session: Session, items: Collection[PlanItem]) -> Names:
    """In Thai, as they are today."""
    indicator_ids = {each for item in items for each in item.indicator_ids}
    people = _found(session, Person, {item.mentor_person_id for item in items})
    runs = _found(session, CourseRun, {item.course_run_id for item in items})
    courses = _found(session, Course, {item.course_id for item in items})
    competencies = _found(session, Competency, {item.competency_id for item in items})
    indicators = _found(session, BehaviouralIndicator, indicator_ids)
    return Names(
        {each.id: each.name_th for each in competencies},
        {each.id: each.text_th for each in indicators},
        {each.id: full_name(each.title_th, each.first_name, each.last_name) for each in people},
        {each.id: each.title_th for each in courses},
        {run.id: _run(run) for run in runs},
    )


def _found(session: Session, model: Any, ids: Collection[int | None]) -> Sequence[Any]:
    wanted = {each for each in ids if each is not None}
    return session.scalars(select(model).where(model.id.in_(wanted))).all() if wanted else ()


def _run(run: CourseRun) -> dict[str, str]:
    return {
        "starts_on": run.starts_on.isoformat(),
        "ends_on": run.ends_on.isoformat(),
        "place": run.place_th,
    }


def _line(item: PlanItem, names: Names) -> dict[str, Any]:
    return {name: getattr(item, name) for name in AS_THEY_ARE} | {
        "competency": names.competencies.get(item.competency_id or 0, ""),
        "indicator_ids": list(item.indicator_ids),
        "indicators": [names.indicators[each] for each in item.indicator_ids if each in names.indicators],
        "method": item.method.value,
        "other_methods": list(item.other_methods or ()),
        "mentor": names.mentors.get(item.mentor_person_id or 0, ""),
        "course": names.courses.get(item.course_id or 0, ""),
        "course_run": names.runs.get(item.course_run_id or 0),
        "starts_on": _day(item.starts_on),
        "ends_on": _day(item.ends_on),
        "cost_baht": str(item.cost_baht),
        "spent_baht": None if item.spent_baht is None else str(item.spent_baht),
        "state": item.state.value,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
