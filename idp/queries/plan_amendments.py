"""The amendment of a plan as its page shows it, and the kept versions of a plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import HistoryEntry, Person, PlanItem, PlanVersion
from idp.queries.plan_pages import PlanPage
from idp.queries.plan_snapshots import lines_as_kept
from idp.rules.errors import NotVisible
from idp.rules.plan_differences import LineDifference, differences
from idp.rules.terms import PlanEvent, PlanState, SubjectType

UNDER_WAY = frozenset(
    {
        PlanState.AMENDING,
        PlanState.SUBMITTED,
        PlanState.SECOND_LEVEL_CHECK,
        PlanState.HR_CHECK,
        PlanState.RETURNED,
    }
)
"""Where the lines of a plan that was approved before may differ from the approved ones."""


@dataclass(frozen=True)
class Amendment:
    """`number`, `approved_at`: the version that holds meanwhile. `reason` and `asked_by` are empty for a plan
    that was cancelled and taken up again."""

    number: int
    approved_at: datetime
    reason: str
    asked_by: str
    asked_at: datetime | None
    differences: tuple[LineDifference, ...]
    approved_lines: frozenset[int]


@dataclass(frozen=True)
class KeptVersion:
    """One snapshot; `content` as `services.plan_versions` writes it."""

    number: int
    event: PlanEvent
    created_at: datetime
    content: Mapping[str, Any]


def amendment_of(session: Session, page: PlanPage) -> Amendment | None:
    """The amendment under way, None for any other plan; at most eight statements."""
    header = page.header
    if header.approved_at is None or header.state not in UNDER_WAY:
        return None
    version = session.scalars(
        select(PlanVersion)
        .where(PlanVersion.plan_id == header.id, PlanVersion.event == PlanEvent.APPROVE)
        .order_by(PlanVersion.number.desc())
        .limit(1)
    ).one()
    asked = session.execute(
        select(HistoryEntry.reason, HistoryEntry.at, Person.display_name)
        .outerjoin(Person, Person.id == HistoryEntry.actor_person_id)
        .where(
            HistoryEntry.subject_type == SubjectType.PLAN,
            HistoryEntry.subject_id == header.id,
            HistoryEntry.event == PlanEvent.AMEND,
            HistoryEntry.at >= version.created_at,
        )
        .order_by(HistoryEntry.id.desc())
        .limit(1)
    ).one_or_none()
    approved = version.content["items"]
    return Amendment(
        number=version.number,
        approved_at=version.created_at,
        reason=asked.reason if asked else "",
        asked_by=(asked.display_name or "") if asked else "",
        asked_at=asked.at if asked else None,
        differences=differences(approved, lines_now(session, header.id)),
        approved_lines=frozenset(line["id"] for line in approved),
    )


def kept_version(session: Session, plan_id: int, number: int) -> KeptVersion:
    """One version of the plan; who may read it is asked by the caller. Raises NotVisible."""
    version = session.scalar(
        select(PlanVersion).where(PlanVersion.plan_id == plan_id, PlanVersion.number == number)
    )
    if version is None:
        raise NotVisible
    return KeptVersion(version.number, PlanEvent(version.event), version.created_at, version.content)


def lines_now(session: Session, plan_id: int) -> list[dict[str, Any]]:
    """The plan's lines as a version made now would keep them; at most six statements."""
    items = session.scalars(
        select(PlanItem).where(PlanItem.plan_id == plan_id).order_by(PlanItem.sort_order, PlanItem.id)
    ).all()
    return lines_as_kept(session, items)
