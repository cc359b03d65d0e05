"""Fill a plan with lines, from suggestions or freely; only while the employee may still edit it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan, PlanItem, Suggestion
from idp.queries.corrections import current_levels
from idp.queries.plan_snapshots import lines_as_kept
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs, NotVisible, TransitionNotAllowed
from idp.rules.relations import Actor
from idp.rules.terms import PlanItemState, SuggestionState
from idp.services.mentoring import tell_mentor
from idp.services.plan_fields import COLUMNS, PlanItemFields, check_fields, values_of
from idp.services.plan_line_choices import choices_for
from idp.services.plan_lines import (
    approved_lines,
    line_days,
    line_of,
    new_line,
    plan_to_edit,
    record_lines,
    state_before_amendment,
    take_out,
)
from idp.services.saving import save


def accept_suggestion(
    session: Session,
    actor: Actor,
    plan_id: int,
    suggestion_id: int,
    now: datetime,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    expected_version: int | None = None,
) -> PlanItem:
    """Make a line of a proposed action; the line that is there when it was accepted before, taken back where
    it was struck out.

    Without dates: from today, for the action's weeks, within the fiscal year while that lasts.
    """
    plan = plan_to_edit(session, actor, plan_id, now, "accept_suggestion", expected_version)
    suggestion = session.get(Suggestion, suggestion_id)
    if suggestion is None:
        raise NotVisible
    assessment = suggestion.item.assessment
    if assessment.employee_id != plan.employee_id or assessment.state not in RELEASED_STATES:
        raise NotVisible
    there = session.scalar(select(PlanItem).where(PlanItem.suggestion_id == suggestion_id))
    if there is not None:
        if there.state is PlanItemState.CANCELLED and there.plan_id == plan.id:
            _put_back(session, actor, plan, there, now)
        return there
    start, end = _dates(plan, suggestion.action.weeks, local_day(now), starts_on, ends_on)
    item = new_line(plan, **_columns_of(session, suggestion, start, end))
    session.add(item)
    suggestion.state = SuggestionState.ACCEPTED
    suggestion.answered_at = now
    save(session)
    detail = {"item_id": item.id, "suggestion_id": suggestion_id, "after": values_of(item)}
    record_lines(session, actor, plan, "accept_suggestion", now, detail)
    return item


def add_item(
    session: Session,
    actor: Actor,
    plan_id: int,
    fields: PlanItemFields,
    now: datetime,
    expected_version: int | None = None,
) -> PlanItem:
    """A line of the employee's own. Raises InvalidInputs with every field that is wrong."""
    plan = plan_to_edit(session, actor, plan_id, now, "add_item", expected_version)
    values = check_fields(fields, choices_for(session, plan, fields, local_day(now)))
    item = new_line(plan, **values)
    session.add(item)
    save(session)
    detail = {"item_id": item.id, "title": item.title, "after": _said(session, item)}
    record_lines(session, actor, plan, "add_item", now, detail)
    tell_mentor(session, plan, item, now)
    return item


def update_item(
    session: Session,
    actor: Actor,
    item_id: int,
    fields: PlanItemFields,
    now: datetime,
    expected_version: int | None = None,
) -> PlanItem:
    """Change a line; `expected_version` is the plan's. Unchanged content writes nothing. Raises
    InvalidInputs."""
    item = line_of(session, item_id)
    plan = plan_to_edit(session, actor, item.plan_id, now, "update_item", expected_version)
    values = check_fields(fields, choices_for(session, plan, fields, local_day(now), item))
    changed = sorted(name for name, value in values.items() if getattr(item, name) != value)
    if changed:
        before = _said(session, item, changed)
        for name in changed:
            setattr(item, name, values[name])
        after = _said(session, item, changed)
        detail = {"item_id": item.id, "changed": changed, "before": before, "after": after}
        record_lines(session, actor, plan, "update_item", now, detail)
        if "mentor_person_id" in changed:
            tell_mentor(session, plan, item, now)
    return item


def remove_item(
    session: Session, actor: Actor, item_id: int, now: datetime, expected_version: int | None = None
) -> None:
    """Take a line out; a suggestion that it came from is open again.

    A line of an approved plan is only struck out: what was reported on it stays, and the amendment may be
    abandoned. So is one that goes on in another plan.
    """
    item = line_of(session, item_id)
    plan = plan_to_edit(session, actor, item.plan_id, now, "remove_item", expected_version)
    if item.state is PlanItemState.CANCELLED:
        return
    struck_out = {"item_id": item.id, "title": item.title, "state": item.state.value}
    deleted = {
        "item_id": item.id,
        "title": item.title,
        "suggestion_id": item.suggestion_id,
        "before": values_of(item),
    }
    if item.id in approved_lines(session, plan):
        item.state = PlanItemState.CANCELLED
    else:
        take_out(session, item)
    detail = struck_out if item.state is PlanItemState.CANCELLED else deleted
    save(session)
    session.expire(plan, ["items"])
    record_lines(session, actor, plan, "remove_item", now, detail)


def restore_item(
    session: Session, actor: Actor, item_id: int, now: datetime, expected_version: int | None = None
) -> PlanItem:
    """Put a line back that was struck out, as far as it was. Raises TransitionNotAllowed for another
    line."""
    item = line_of(session, item_id)
    plan = plan_to_edit(session, actor, item.plan_id, now, "restore_item", expected_version)
    if item.state is not PlanItemState.CANCELLED:
        raise TransitionNotAllowed("plan_item", item.state, "restore_item")
    _put_back(session, actor, plan, item, now)
    return item


def move_item(
    session: Session,
    actor: Actor,
    item_id: int,
    places: int,
    now: datetime,
    expected_version: int | None = None,
) -> PlanItem:
    """Take a line `places` further down (below 0: up); the order is that of importance. Lines struck out by
    an amendment do not count. At the end of the list nothing changes and nothing is written."""
    item = line_of(session, item_id)
    plan = plan_to_edit(session, actor, item.plan_id, now, "move_item", expected_version)
    if item.state is PlanItemState.CANCELLED:
        raise TransitionNotAllowed("plan_item", item.state, "move_item")
    live = [each for each in plan.items if each.state is not PlanItemState.CANCELLED]
    was = live.index(item)
    place = min(max(was + places, 0), len(live) - 1)
    if place == was:
        return item
    live.insert(place, live.pop(was))
    struck_out = [each for each in plan.items if each.state is PlanItemState.CANCELLED]
    for number, each in enumerate([*live, *struck_out], start=1):
        each.sort_order = number
    detail = {"item_id": item.id, "title": item.title, "from": was + 1, "to": place + 1}
    record_lines(session, actor, plan, "move_item", now, detail)
    session.expire(plan, ["items"])
    return item


def _put_back(session: Session, actor: Actor, plan: DevelopmentPlan, item: PlanItem, now: datetime) -> None:
    item.state = state_before_amendment(session, item)
    record_lines(session, actor, plan, "restore_item", now, {"item_id": item.id, "title": item.title})


def _said(session: Session, item: PlanItem, names: Collection[str] = COLUMNS) -> dict[str, Any]:
    """The values for the history, those of people and courses in words too."""
    values = values_of(item, names)
    if values.keys() & {"mentor_person_id", "course_id", "course_run_id"}:
        (kept,) = lines_as_kept(session, [item])
        for column, name in (
            ("mentor_person_id", "mentor"),
            ("course_id", "course"),
            ("course_run_id", "course_run"),
        ):
            if column in values:
                values[name] = kept[name]
    return values


def _columns_of(session: Session, suggestion: Suggestion, start: date, end: date) -> dict[str, Any]:
    action = suggestion.action
    levels = current_levels(session, suggestion.item.assessment_id)
    attained = levels.get(suggestion.assessment_item_id)
    return {
        "competency_id": suggestion.item.competency_id,
        "suggestion_id": suggestion.id,
        "action_id": suggestion.action_id,
        "from_level": None if attained is None else int(attained),
        "target_level": suggestion.target_level,
        "indicator_ids": list(suggestion.reason.get("indicators_developed", [])),
        "method": action.method,
        "title": action.title_th,
        "detail": action.detail_th,
        "starts_on": start,
        "ends_on": end,
        "hours": action.hours,
        "cost_baht": action.cost_baht,
        "measure": action.measure_th,
        "evidence_expected": action.evidence_th,
    }


def _dates(
    plan: DevelopmentPlan, weeks: int, day: date, starts_on: date | None, ends_on: date | None
) -> tuple[date, date]:
    start, end = line_days(plan.fiscal_year, weeks, starts_on or day)
    ends_on = ends_on or end
    if ends_on < start:
        raise InvalidInputs([InvalidInput("ends_on", "ends_before_start")])
    return start, ends_on


__all__ = [
    "accept_suggestion",
    "add_item",
    "move_item",
    "new_line",
    "plan_to_edit",
    "record_lines",
    "remove_item",
    "restore_item",
    "update_item",
]
