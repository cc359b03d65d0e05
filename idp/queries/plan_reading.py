"""Plans to be read in full, one after another: every line with all its columns in words, and what an
amendment changes in the approved version."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import DevelopmentPlan, HistoryEntry, PlanItem, PlanVersion
from idp.queries.plan_snapshots import lines_as_kept
from idp.queries.team_plans import PlanOfTeam, plans_to_read
from idp.rules.plan_differences import LineDifference, differences
from idp.rules.relations import Actor
from idp.rules.terms import PlanEvent, PlanItemState, SubjectType


@dataclass(frozen=True)
class PlanToRead:
    """`lines` as a version made now would keep them, without those struck out. `approved_at` and
    `differences` of an amendment alone: what it changes in the version that holds, and `reason` why."""

    plan: PlanOfTeam
    employee_note: str
    supervisor_comment: str
    submitted_at: datetime | None
    lines: tuple[Mapping[str, Any], ...]
    approved_at: datetime | None
    reason: str
    differences: tuple[LineDifference, ...]


def reading_list(
    session: Session, actor: Actor, day: date, start: int, most: int
) -> tuple[tuple[PlanToRead, ...], int]:
    """`most` of the plans that wait for the reader's word from number `start` on, and how many wait in all.
    Twelve statements at most."""
    plans, count = plans_to_read(session, actor, day, start, most)
    if not plans:
        return (), count
    ids = [plan.id for plan in plans]
    records = {
        each.id: each for each in session.scalars(select(DevelopmentPlan).where(DevelopmentPlan.id.in_(ids)))
    }
    lines = _lines(session, ids)
    approved = _approved(session, [each.id for each in records.values() if each.approved_at is not None])
    reasons = _reasons(session, list(approved))
    found = [
        _to_read(plan, records[plan.id], lines[plan.id], approved.get(plan.id), reasons.get(plan.id, ""))
        for plan in plans
    ]
    return tuple(found), count


def _to_read(
    plan: PlanOfTeam,
    record: DevelopmentPlan,
    lines: Sequence[Mapping[str, Any]],
    approved: PlanVersion | None,
    reason: str,
) -> PlanToRead:
    return PlanToRead(
        plan=plan,
        employee_note=record.employee_note,
        supervisor_comment=record.supervisor_comment,
        submitted_at=record.submitted_at,
        lines=tuple(line for line in lines if line["state"] != PlanItemState.CANCELLED),
        approved_at=approved.created_at if approved else None,
        reason=reason,
        differences=tuple(differences(approved.content["items"], lines)) if approved else (),
    )


def _lines(session: Session, plan_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    items = session.scalars(
        select(PlanItem)
        .where(PlanItem.plan_id.in_(plan_ids))
        .order_by(PlanItem.plan_id, PlanItem.sort_order, PlanItem.id)
    ).all()
    found: dict[int, list[dict[str, Any]]] = {plan_id: [] for plan_id in plan_ids}
    for item, line in zip(items, lines_as_kept(session, items), strict=True):
        found[item.plan_id].append(line)
    return found


def _approved(session: Session, plan_ids: Collection[int]) -> dict[int, PlanVersion]:
    """The version of each plan that was approved last."""
    if not plan_ids:
        return {}
    latest = (
        select(func.max(PlanVersion.id))
        .where(PlanVersion.plan_id.in_(plan_ids), PlanVersion.event == PlanEvent.APPROVE)
        .group_by(PlanVersion.plan_id)
    )
    return {
        each.plan_id: each for each in session.scalars(select(PlanVersion).where(PlanVersion.id.in_(latest)))
    }


def _reasons(session: Session, plan_ids: Collection[int]) -> dict[int, str]:
    """Why each amendment was begun, the latest of each plan."""
    if not plan_ids:
        return {}
    latest = (
        select(func.max(HistoryEntry.id))
        .where(
            HistoryEntry.subject_type == SubjectType.PLAN,
            HistoryEntry.subject_id.in_(plan_ids),
            HistoryEntry.event == PlanEvent.AMEND,
        )
        .group_by(HistoryEntry.subject_id)
    )
    rows = session.execute(
        select(HistoryEntry.subject_id, HistoryEntry.reason).where(HistoryEntry.id.in_(latest))
    )
    return dict(rows.all())
