"""The rows of a step taken for many records, as their page shows them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from idp.models import Assessment, BulkRow, Reconsideration
from idp.queries.moderation_people import IS_OPEN
from idp.queries.visibility import visible_to
from idp.rules.relations import Actor
from idp.rules.terms import Permission
from idp.rules.thai import full_name


@dataclass(frozen=True)
class BulkRowShown:
    """`name` and `number` are empty where the reader has lost sight of the person; `is_done` is None for
    what was not tried."""

    assessment_id: int
    subject_id: int | None
    name: str
    number: str
    unit_path_name: str
    state: str
    effect: dict[str, Any]
    obstacle: dict[str, Any] | None
    is_done: bool | None
    refusal: dict[str, Any] | None

    @property
    def can_be_done(self) -> bool:
        return self.obstacle is None


def rows_of_run(session: Session, actor: Actor, run_id: int, day: date) -> tuple[BulkRowShown, ...]:
    """In the order of the preview. One statement."""
    # Who asks to reconsider loses sight of the rating by that: the row still says whose it is.
    asked = exists().where(
        Reconsideration.assessment_id == Assessment.id,
        Reconsideration.asked_by_person_id == actor.person_id,
        IS_OPEN,
    )
    seen: ColumnElement[bool] = and_(
        Assessment.id == BulkRow.assessment_id,
        or_(visible_to(actor, Assessment, Permission.ASSESSMENT_VIEW, day), asked),
    )
    rows = session.execute(
        select(
            BulkRow,
            Assessment.title_th,
            Assessment.first_name,
            Assessment.last_name,
            Assessment.employee_number,
            Assessment.unit_path_name,
        )
        .outerjoin(Assessment, seen)
        .where(BulkRow.run_id == run_id)
        .order_by(BulkRow.place)
    )
    return tuple(
        BulkRowShown(
            row.assessment_id,
            row.subject_id,
            "" if number is None else full_name(title, first, last),
            number or "",
            unit_path or "",
            row.state,
            row.effect,
            row.obstacle,
            row.is_done,
            row.refusal,
        )
        for row, title, first, last, number, unit_path in rows
    )
