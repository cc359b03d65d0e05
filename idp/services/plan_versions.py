"""Snapshots of a plan as it was handed in or approved: with every name in words, so that it stays
printable."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan, PlanVersion
from idp.queries.form_people import organisation_on_form
from idp.queries.plan_form_lines import follow_ups_as_kept
from idp.queries.plan_snapshots import lines_as_kept
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
    "owner_person_id",
    "supervisor_person_id",
    "second_level_person_id",
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
    return {
        "fiscal_year": plan.fiscal_year,
        "organisation": organisation_on_form(session, plan.assessment),
        "person": {name: getattr(plan.assessment, name) for name in FROZEN},
        "employee_note": plan.employee_note,
        "supervisor_comment": plan.supervisor_comment,
        "second_level_comment": plan.second_level_comment,
        "return_reason": plan.return_reason,
        "follow_ups": follow_ups_as_kept(session, plan.id),
        "items": lines_as_kept(session, plan.items),
    }
