"""Snapshots of a plan as it was handed in or approved: with every name in words, so that it stays
printable."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import BehaviouralIndicator, Competency, DevelopmentPlan, PlanItem, PlanVersion
from idp.rules.terms import PlanEvent

FROZEN = (
    "title_th",
    "first_name",
    "last_name",
    "employee_number",
    "position_name",
    "position_number",
    "position_type_name",
    "position_level_name",
    "unit_path_name",
    "supervisor_name",
    "supervisor_position",
    "second_level_name",
    "second_level_position",
)
"""What the snapshot takes from the assessment: who the people were."""


def keep_version(session: Session, plan: DevelopmentPlan, event: PlanEvent, now: datetime) -> PlanVersion:
    """Keep the plan as it is now, under the next number."""
    latest = session.scalar(select(func.max(PlanVersion.number)).where(PlanVersion.plan_id == plan.id))
    version = PlanVersion(
        plan_id=plan.id,
        number=(latest or 0) + 1,
        event=event.value,
        content=_content(session, plan),
        created_at=now,
    )
    session.add(version)
    return version


def latest_version(session: Session, plan_id: int, events: Collection[PlanEvent]) -> PlanVersion | None:
    """The last snapshot that one of these events made."""
    return session.scalar(
        select(PlanVersion)
        .where(PlanVersion.plan_id == plan_id, PlanVersion.event.in_([event.value for event in events]))
        .order_by(PlanVersion.number.desc())
        .limit(1)
    )


def _content(session: Session, plan: DevelopmentPlan) -> dict[str, Any]:
    names = dict(
        session.execute(
            select(Competency.id, Competency.name_th).where(
                Competency.id.in_([item.competency_id for item in plan.items if item.competency_id])
            )
        ).all()
    )
    indicator_ids = {indicator for item in plan.items for indicator in item.indicator_ids}
    indicators = dict(
        session.execute(
            select(BehaviouralIndicator.id, BehaviouralIndicator.text_th).where(
                BehaviouralIndicator.id.in_(indicator_ids)
            )
        ).all()
    )
    return {
        "fiscal_year": plan.fiscal_year,
        "person": {name: getattr(plan.assessment, name) for name in FROZEN},
        "employee_note": plan.employee_note,
        "supervisor_comment": plan.supervisor_comment,
        "second_level_comment": plan.second_level_comment,
        "items": [_item(item, names, indicators) for item in plan.items],
    }


def _item(item: PlanItem, names: dict[int, str], indicators: dict[int, str]) -> dict[str, Any]:
    return {
        "id": item.id,
        "competency_id": item.competency_id,
        "competency": names.get(item.competency_id or 0, ""),
        "from_level": item.from_level,
        "target_level": item.target_level,
        "indicators": [indicators[each] for each in item.indicator_ids if each in indicators],
        "method": item.method.value,
        "title": item.title,
        "detail": item.detail,
        "starts_on": _day(item.starts_on),
        "ends_on": _day(item.ends_on),
        "hours": item.hours,
        "cost_baht": str(item.cost_baht),
        "measure": item.measure,
        "evidence_expected": item.evidence_expected,
        "responsible": item.responsible,
        "state": item.state.value,
        "percent": item.percent,
        "result_reason": item.result_reason,
        "indicator_ids": list(item.indicator_ids),
        "suggestion_id": item.suggestion_id,
        "sort_order": item.sort_order,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
