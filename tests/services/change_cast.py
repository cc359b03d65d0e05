"""Changes of post over the sample: typed fields, and the whole desk in one call."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from idp.models import Assessment, Assignment, Handover, PositionLevel, StaffChange
from idp.rules.relations import Actor
from idp.rules.staff_changes import ChangeKind, Consequence
from idp.services.change_choices import Choices, RecordChoice
from idp.services.change_entry import enter_change
from idp.services.staff_changes import ChangeFields, preview_change
from tests.factories.sample import Sample, at

DAY = date(2026, 1, 29)
"""120 days of the round before it, 245 from it on."""

NUMBERS = {"somchai": "0001", "suda": "0002", "prasit": "0003", "malee": "0004", "anong": "0005"}


def fields(kind: ChangeKind = ChangeKind.SUPERVISOR_CHANGE, **typed: Any) -> ChangeFields:
    """Somebody comes under Anong, with Prasit above her."""
    usual: dict[str, Any] = {"supervisor": "0005", "second_level": "0003", "order_number": "12/2569"}
    return replace(ChangeFields(kind, DAY), **(usual | typed))


def transfer(sample: Sample, **typed: Any) -> ChangeFields:
    """To another post of the same unit, under Anong."""
    session = object_session(sample.unit)
    assert session is not None
    level_id = session.scalars(select(PositionLevel.id).where(PositionLevel.code == "K2")).one()
    return fields(
        ChangeKind.TRANSFER,
        unit_id=sample.unit.id,
        position_name="นักวิเคราะห์นโยบายและแผน",
        position_level_id=level_id,
        **typed,
    )


def enter(
    session: Session,
    sample: Sample,
    typed: ChangeFields,
    choices: Choices | None = None,
    *,
    who: str = "somchai",
    actor: Actor | None = None,
    day: date | None = None,
    seen: str | None = None,
) -> StaffChange:
    """Preview and confirm, as the desk's two pages do it."""
    actor = actor or sample.cast.malee
    now = at(day or typed.effective_on)
    employee_id = sample.employees[who].id
    if seen is None:
        _move, shown = preview_change(session, sample.cast.malee, employee_id, typed, now)
        seen = shown.seen
    return enter_change(session, actor, employee_id, typed, choices or Choices(), seen, now)


def choosing(assessment: Assessment, consequence: Consequence, reason: str = "", **more: Any) -> Choices:
    return Choices(records={assessment.id: RecordChoice(consequence, reason)}, **more)


def handovers(session: Session) -> list[Handover]:
    return list(session.scalars(select(Handover).order_by(Handover.id)))


def posts(session: Session, sample: Sample, who: str = "somchai") -> list[Assignment]:
    """Everything that the person was assigned to, the first post first."""
    return list(
        session.scalars(
            select(Assignment)
            .where(Assignment.employee_id == sample.employees[who].id)
            .order_by(Assignment.from_on)
        )
    )
