"""The lines and follow-ups of the printed plan: as they are now, or as a kept version has them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan, Person, PlanFollowUp, PlanItem
from idp.queries import form_words as words
from idp.queries.plan_lines_on_page import goes_on_to
from idp.queries.plan_snapshots import lines_as_kept
from idp.rules.calendar import FiscalYear, local_day
from idp.rules.forms import FollowUpOnForm, PlanFormLine
from idp.rules.terms import DevelopmentMethod, Half, PlanItemState
from idp.rules.thai import full_name

HALVES = tuple(Half)


def lines_now(session: Session, plan: DevelopmentPlan) -> tuple[PlanFormLine, ...]:
    """With what was reported and handed in so far."""
    kept = lines_as_kept(session, plan.items)
    return tuple(
        _line(order, line, plan.fiscal_year, item)
        for order, (line, item) in enumerate(zip(kept, plan.items, strict=True), start=1)
    )


def lines_of_version(content: Mapping[str, Any], fiscal_year: int) -> tuple[PlanFormLine, ...]:
    """Those that were not struck out; `content` as a version keeps it, also one from before there was a
    column."""
    live = [line for line in content["items"] if line["state"] != PlanItemState.CANCELLED]
    return tuple(_line(order, line, fiscal_year) for order, line in enumerate(live, start=1))


def _line(
    order: int, line: Mapping[str, Any], fiscal_year: int, item: PlanItem | None = None
) -> PlanFormLine:
    starts_on, ends_on = _day(line["starts_on"]), _day(line["ends_on"])
    latest = item.progress[-1] if item and item.progress else None
    spent = line.get("spent_baht")
    state, run = PlanItemState(line["state"]), line.get("course_run") or {}
    return PlanFormLine(
        order=order,
        competency_name=line["competency"] or line["title"],
        from_level=line["from_level"],
        target_level=line["target_level"],
        indicators=tuple(line["indicators"]),
        methods=tuple(
            words.METHODS[DevelopmentMethod(each)]
            for each in (line["method"], *line.get("other_methods", ()))
        ),
        title=line["title"],
        detail=line["detail"],
        starts_on=starts_on,
        ends_on=ends_on,
        quarters=quarters(starts_on, ends_on, fiscal_year),
        hours=line["hours"] or None,
        cost_baht=Decimal(line["cost_baht"]) or None,
        measure=line["measure"],
        evidence=line["evidence_expected"],
        responsible=line["responsible"],
        percent=line["percent"] if latest or line["percent"] else None,
        progress_note=latest.note if latest else "",
        result=words.ITEM_RESULTS.get(state, ""),
        result_reason=line["result_reason"],
        mentor=line.get("mentor", ""),
        course=line.get("course", ""),
        course_days=_course_days(run),
        course_place=run.get("place", ""),
        goes_on_to=goes_on_to(ends_on, fiscal_year),
        evidence_given=tuple(each.title for each in item.evidence if each.withdrawn_at is None)
        if item
        else (),
        hours_done=line.get("hours_done"),
        spent_baht=None if spent is None else Decimal(spent),
        is_cancelled=state is PlanItemState.CANCELLED,
    )


def _course_days(run: Mapping[str, str]) -> tuple[date, date] | None:
    return (date.fromisoformat(run["starts_on"]), date.fromisoformat(run["ends_on"])) if run else None


def quarters(starts_on: date | None, ends_on: date | None, fiscal_year: int) -> tuple[int, ...]:
    """The quarters of the fiscal year that a period touches; none for a period outside it."""
    year = FiscalYear(fiscal_year)
    first, last = starts_on or ends_on, ends_on or starts_on
    if first is None or last is None or last < year.start or first > year.end:
        return ()
    return tuple(range(year.quarter_of(max(first, year.start)), year.quarter_of(min(last, year.end)) + 1))


def follow_ups_as_kept(session: Session, plan_id: int) -> list[dict[str, Any]]:
    """What a version keeps of the follow-ups, with the name of the supervisor who wrote; one statement."""
    rows = session.execute(
        select(PlanFollowUp, Person)
        .outerjoin(Person, Person.id == PlanFollowUp.supervisor_person_id)
        .where(PlanFollowUp.plan_id == plan_id)
    ).all()
    return [
        {
            "half": follow_up.half.value,
            "employee_text": follow_up.employee_text,
            "employee_at": _moment(follow_up.employee_at),
            "supervisor_text": follow_up.supervisor_text,
            "supervisor_at": _moment(follow_up.supervisor_at),
            "supervisor": full_name(person.title_th, person.first_name, person.last_name) if person else "",
        }
        for follow_up, person in sorted(rows, key=lambda row: HALVES.index(row[0].half))
    ]


def follow_ups_on_form(kept: Sequence[Mapping[str, Any]]) -> tuple[FollowUpOnForm, ...]:
    """A place for each half, also for one that nobody has written about."""
    by_half = {each["half"]: each for each in kept}
    forms = []
    for number, half in enumerate(HALVES, start=1):
        said = by_half.get(half.value)
        if said is None:
            forms.append(FollowUpOnForm(number))
            continue
        forms.append(
            FollowUpOnForm(
                number,
                said["employee_text"],
                _day_of(said["employee_at"]),
                said["supervisor_text"],
                _day_of(said["supervisor_at"]),
                said["supervisor"],
            )
        )
    return tuple(forms)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _day_of(text: str | None) -> date | None:
    return None if text is None else local_day(datetime.fromisoformat(text))
