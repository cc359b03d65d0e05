"""Actions of the sample organisation's own, made by its personnel officer."""

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import DevelopmentAction, DevelopmentActionIndicator, HistoryEntry
from idp.queries.development_actions import published_actions
from idp.rules.terms import DevelopmentMethod, SubjectType
from idp.services.catalogue.action_fields import ActionFields
from idp.services.catalogue.drafts import create_action
from idp.services.catalogue.publishing import publish_action
from tests.factories import steps
from tests.factories.sample import Sample, at

NOW = at(steps.PLAN_DAY)
FILLED = ActionFields(
    title="หมุนเวียนไปช่วยงานบริการหน้าเคาน์เตอร์",
    method=DevelopmentMethod.ROTATION,
    detail="สัปดาห์ละครึ่งวัน\nสลับกับเพื่อนร่วมงาน",
    hours=24,
    weeks=8,
    cost_baht=Decimal("150.50"),
    evidence="บันทึกการปฏิบัติงาน",
    measure="หัวหน้างานสังเกตจากการให้บริการจริง",
)


def level_id(sample: Sample, code: str, number: int) -> int:
    competency = sample.dictionary.competencies[code]
    return next(level.id for level in competency.levels if level.number == number)


def own_draft(
    session: Session, sample: Sample, code: str = "c1", number: int = 2, **changes: object
) -> DevelopmentAction:
    fields = replace(FILLED, **changes)  # type: ignore[arg-type]
    return create_action(session, sample.cast.malee, level_id(sample, code, number), fields, NOW)


def own_published(
    session: Session, sample: Sample, code: str = "c1", number: int = 2, **changes: object
) -> DevelopmentAction:
    draft = own_draft(session, sample, code, number, **changes)
    return publish_action(session, sample.cast.malee, draft.id, NOW)


def indicators(session: Session, action_id: int) -> set[int]:
    return set(
        session.scalars(
            select(DevelopmentActionIndicator.indicator_id).where(
                DevelopmentActionIndicator.action_id == action_id
            )
        )
    )


def proposed(session: Session, sample: Sample, code: str = "c1", organisation_id: int = 0) -> set[int]:
    """The ids of what the organisation proposes for a competency; its own one by default."""
    competency_id = sample.dictionary.competencies[code].id
    organisation_id = organisation_id or sample.organisation.id
    found = published_actions(session, [competency_id], organisation_id)
    return {int(each.action_id) for each in found.get(competency_id, [])}


def history(session: Session, action_id: int) -> list[HistoryEntry]:
    return list(
        session.scalars(
            select(HistoryEntry)
            .where(HistoryEntry.subject_type == SubjectType.ACTION, HistoryEntry.subject_id == action_id)
            .order_by(HistoryEntry.id)
        )
    )


def events(session: Session, action_id: int) -> list[str]:
    return [entry.event for entry in history(session, action_id)]
