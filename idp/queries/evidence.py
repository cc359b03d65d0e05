"""What was handed in for the lines of a plan, as its pages show it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Attachment, Evidence, Person, PlanItem
from idp.rules.evidence import host_of
from idp.rules.terms import EvidenceKind


@dataclass(frozen=True)
class EvidenceOnPage:
    """One file or link. `attachment_id`: of a file that the reader may open; `url`: of a link that still
    stands; `host`: where it leads."""

    id: int
    kind: EvidenceKind
    title: str
    url: str
    host: str
    attachment_id: int | None
    filename: str
    size: int
    by_name: str
    at: datetime
    withdrawn_at: datetime | None
    withdrawn_because: str

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


def evidence_of_plan(
    session: Session, plan_id: int, *, is_owner: bool
) -> dict[int, tuple[EvidenceOnPage, ...]]:
    """By the line's id, oldest first; one statement. Whether the reader may read the plan's lines is asked by
    the caller; what was withdrawn opens for its owner alone."""
    rows = session.execute(
        select(Evidence, Attachment.filename, Attachment.size, Person.display_name)
        .join(PlanItem, PlanItem.id == Evidence.plan_item_id)
        .join(Person, Person.id == Evidence.by_person_id)
        .outerjoin(Attachment, Attachment.id == Evidence.attachment_id)
        .where(PlanItem.plan_id == plan_id)
        .order_by(Evidence.id)
    )
    found: dict[int, list[EvidenceOnPage]] = {}
    for evidence, filename, size, name in rows:
        stands = evidence.withdrawn_at is None
        found.setdefault(evidence.plan_item_id, []).append(
            EvidenceOnPage(
                id=evidence.id,
                kind=evidence.kind,
                title=evidence.title,
                url=evidence.url if stands else "",
                host=host_of(evidence.url),
                attachment_id=evidence.attachment_id if stands or is_owner else None,
                filename=filename or "",
                size=size or 0,
                by_name=name,
                at=evidence.at,
                withdrawn_at=evidence.withdrawn_at,
                withdrawn_because=evidence.withdrawn_because,
            )
        )
    return {item_id: tuple(each) for item_id, each in found.items()}
