"""What people wait for from the personnel office: objections under way, requests for more time."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from idp.models import Assessment, Extension, Objection
from idp.queries.visibility import visible_to
from idp.rules.calendar import local_day
from idp.rules.extensions import ExtensionState
from idp.rules.objections import ObjectionState
from idp.rules.relations import Actor
from idp.rules.terms import Permission


@dataclass(frozen=True)
class Waiting:
    """How many wait. `days`: calendar days that the oldest has waited, 0 of today; None where none waits."""

    count: int
    days: int | None


@dataclass(frozen=True)
class OfficeWaiting:
    """What the officer may decide in the organisation signed in to, their own record left out."""

    objections: Waiting
    extensions: Waiting

    def __bool__(self) -> bool:
        return bool(self.objections.count or self.extensions.count)


def office_waiting(session: Session, actor: Actor, day: date) -> OfficeWaiting:
    """Nothing waits for those who decide nothing there. One statement."""
    objections = (
        select(func.count().label("objections"), func.min(Objection.lodged_on).label("lodged_on"))
        .join(Assessment, Assessment.id == Objection.assessment_id)
        .where(
            Objection.state == ObjectionState.LODGED,
            visible_to(actor, Assessment, Permission.OBJECTION_DECIDE, day),
        )
        .subquery()
    )
    extensions = (
        select(func.count().label("extensions"), func.min(Extension.asked_at).label("asked_at"))
        .join(Assessment, Assessment.id == Extension.assessment_id)
        .where(
            Extension.state == ExtensionState.ASKED,
            visible_to(actor, Assessment, Permission.EXTENSION_DECIDE, day),
        )
        .subquery()
    )
    row = session.execute(select(objections, extensions).join(extensions, true())).one()
    asked_on = None if row.asked_at is None else local_day(row.asked_at)
    return OfficeWaiting(
        Waiting(row.objections, None if row.lodged_on is None else (day - row.lodged_on).days),
        Waiting(row.extensions, None if asked_on is None else (day - asked_on).days),
    )
