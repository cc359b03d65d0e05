"""Go on in a new plan with what was not finished in the one before; nothing of that one changes. What went on
in a plan that was cancelled may go on anew.

Only the employee, while the new plan may still be edited. The functions raise NotVisible, NotPermitted,
StaleVersion, TransitionNotAllowed, InvalidInput.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    BehaviouralIndicator,
    Course,
    DevelopmentAction,
    DevelopmentPlan,
    PlanItem,
    ProficiencyLevel,
    ProgressEntry,
)
from idp.queries.carry_over import CARRY_OVER, DECLINE, LET_GO, carry_over_panel
from idp.queries.carry_over_lines import Unfinished
from idp.queries.development_actions import is_proposed_by
from idp.rules.calendar import local_day
from idp.rules.carry_over import origin
from idp.rules.errors import NotVisible, TransitionNotAllowed
from idp.rules.relations import Actor
from idp.rules.terms import PlanState, SubjectType
from idp.rules.texts import required_text
from idp.services.access import check_version
from idp.services.history import record_history
from idp.services.plan_fields import values_of
from idp.services.plan_lines import new_line, plan_to_edit, record_lines
from idp.services.saving import count_as_changed, save


def carry_over(
    session: Session,
    actor: Actor,
    plan_id: int,
    item_id: int,
    now: datetime,
    expected_version: int | None = None,
) -> PlanItem:
    """Make a line of the plan of the unfinished line `item_id` of another; the one that is there when it was
    carried over before, whatever version the form was drawn from."""
    plan = plan_to_edit(session, actor, plan_id, now, CARRY_OVER)
    there = _carried(session, item_id)
    if there is not None:
        if there.plan_id == plan.id:
            return there
        raise NotVisible  # it goes on elsewhere and is not proposed any more
    check_version(plan, expected_version)
    return _make(session, actor, plan, _proposed(session, actor, plan, item_id, now), now)


def carry_over_all(
    session: Session, actor: Actor, plan_id: int, now: datetime, expected_version: int | None = None
) -> list[PlanItem]:
    """The same for every line that waits for an answer; none where nothing waits."""
    plan = plan_to_edit(session, actor, plan_id, now, CARRY_OVER)
    waiting = carry_over_panel(session, actor, plan.assessment_id, local_day(now)).waiting
    if waiting:
        check_version(plan, expected_version)
    return [_make(session, actor, plan, line, now) for line in waiting]


def decline(
    session: Session,
    actor: Actor,
    plan_id: int,
    item_id: int,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Not this line, with a reason, which the history of the plan keeps; it may be carried over later all the
    same. Of a line of another organisation that history, which others read too, says neither the title nor
    why: no reason is asked, and none is kept."""
    plan = plan_to_edit(session, actor, plan_id, now, DECLINE, expected_version)
    line = _proposed(session, actor, plan, item_id, now)
    if _carried(session, item_id) is not None:
        raise TransitionNotAllowed("plan_item", line.then.state, DECLINE)
    stays = line.is_of_another_organisation
    text = "" if stays else required_text("reason", reason)
    count_as_changed(plan)
    record_history(
        session,
        actor,
        (SubjectType.PLAN, plan.id),
        DECLINE,
        now,
        organisation_id=plan.organisation_id,
        states=(plan.state, plan.state),
        reason=text,
        detail={"carried_from_item_id": item_id} | ({} if stays else {"title": line.then.title}),
    )
    save(session)


def _carried(session: Session, item_id: int) -> PlanItem | None:
    """The line that it goes on as; none in a plan that was cancelled."""
    item = session.scalar(select(PlanItem).where(PlanItem.carried_from_item_id == item_id))
    return None if item is None or item.plan.state is PlanState.CANCELLED else item


def _let_go(session: Session, actor: Actor, item_id: int, now: datetime) -> None:
    """A line goes on in one plan only: the line of a cancelled plan no longer comes from it."""
    item = session.scalar(select(PlanItem).where(PlanItem.carried_from_item_id == item_id))
    if item is not None:
        item.carried_from_item_id = None
        detail = {"item_id": item.id, "title": item.title, "carried_from_item_id": item_id}
        record_lines(session, actor, item.plan, LET_GO, now, detail)


def _proposed(
    session: Session, actor: Actor, plan: DevelopmentPlan, item_id: int, now: datetime
) -> Unfinished:
    line = carry_over_panel(session, actor, plan.assessment_id, local_day(now)).line(item_id)
    if line is None:
        raise NotVisible
    return line


def _make(session: Session, actor: Actor, plan: DevelopmentPlan, line: Unfinished, now: datetime) -> PlanItem:
    assert actor.person_id is not None  # the owner, or who enters their paper
    _let_go(session, actor, line.then.id, now)
    item = new_line(plan, **_columns(session, plan, line))
    session.add(item)
    percent = None if line.is_of_another_organisation else line.then.percent
    note = origin(line.fiscal_year, percent)
    item.progress.append(ProgressEntry(percent=0, note=note, by_person_id=actor.person_id, at=now))
    save(session)
    detail = {
        "item_id": item.id,
        "title": item.title,
        "carried_from_item_id": line.then.id,
        "after": values_of(item),
    }
    record_lines(session, actor, plan, CARRY_OVER, now, detail)
    return item


def _columns(session: Session, plan: DevelopmentPlan, line: Unfinished) -> dict[str, Any]:
    """Names and courses of another organisation stay there."""
    then = line.then
    stays = line.is_of_another_organisation
    return {
        "carried_from_item_id": then.id,
        "competency_id": line.competency.id if line.competency else None,
        "from_level": line.from_level,
        "target_level": line.target_level,
        "indicator_ids": _indicators(session, line),
        "method": then.method,
        "other_methods": list(then.other_methods),
        "title": then.title,
        "detail": then.detail,
        "starts_on": line.starts_on,
        "ends_on": line.ends_on,
        "hours": line.hours,
        "cost_baht": line.cost_baht,
        "measure": then.measure,
        "evidence_expected": then.evidence_expected,
        "responsible": "" if stays else then.responsible,
        "action_id": _action(session, plan.organisation_id, line),
        "course_id": None if stays else _course(session, then.course_id),
    }


def _indicators(session: Session, line: Unfinished) -> list[int]:
    """Those of then, or where the dictionary is another version those that read the same."""
    if line.competency is None or not line.then.indicator_ids:
        return []
    known = line.competency.ladder.level_of
    if set(line.then.indicator_ids) <= set(known):
        return list(line.then.indicator_ids)
    texts = select(BehaviouralIndicator.text_th).where(BehaviouralIndicator.id.in_(line.then.indicator_ids))
    found = session.scalars(
        select(BehaviouralIndicator.id)
        .where(BehaviouralIndicator.id.in_(known), BehaviouralIndicator.text_th.in_(texts))
        .order_by(BehaviouralIndicator.id)
    )
    return list(found)


def _action(session: Session, organisation_id: int, line: Unfinished) -> int | None:
    """The catalogue's action that it was made from while that is still proposed, else the one of the same key
    that is; for the line's competency rather than for another."""
    if line.then.action_id is None:
        return None
    key = select(DevelopmentAction.key).where(DevelopmentAction.id == line.then.action_id)
    rows = session.execute(
        select(DevelopmentAction.id, ProficiencyLevel.competency_id)
        .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
        .where(DevelopmentAction.key == key.scalar_subquery(), is_proposed_by(organisation_id))
    ).all()
    competency_id = line.competency.id if line.competency else None
    ranked = [(row.id == line.then.action_id, row.competency_id == competency_id, row.id) for row in rows]
    return max(ranked)[-1] if ranked else None


def _course(session: Session, course_id: int | None) -> int | None:
    """The course while it is offered; which of its runs, the employee chooses anew."""
    course = session.get(Course, course_id) if course_id is not None else None
    return course.id if course is not None and course.retired_at is None else None
