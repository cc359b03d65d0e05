"""What people wait for from the personnel office and the moderation committee: objections under way, requests
for more time, ratings with a second opinion."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from idp.models import Assessment, Cycle, Extension, Objection
from idp.queries.visibility import visible_to
from idp.rules.calendar import local_day
from idp.rules.extensions import ExtensionState
from idp.rules.objections import ObjectionState
from idp.rules.relations import Actor
from idp.rules.terms import AssessmentState, CycleState, Permission


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
    moderation: Waiting

    def __bool__(self) -> bool:
        return bool(self.objections.count or self.extensions.count or self.moderation.count)


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
    moderation = (
        select(func.count().label("moderation"), func.min(Assessment.second_opinion_at).label("given_at"))
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(
            Cycle.state == CycleState.OPEN,
            Assessment.state == AssessmentState.SECOND_OPINION,
            Assessment.organisation_id == actor.organisation_id,
            Assessment.supervisor_person_id.is_distinct_from(actor.person_id),  # who moderates it is another
            visible_to(actor, Assessment, Permission.MODERATION_ASK, day),
        )
        .subquery()
    )
    row = session.execute(
        select(objections, extensions, moderation)
        .select_from(objections)
        .join(extensions, true())
        .join(moderation, true())
    ).one()
    return OfficeWaiting(
        Waiting(row.objections, None if row.lodged_on is None else (day - row.lodged_on).days),
        Waiting(row.extensions, _days_since(row.asked_at, day)),
        Waiting(row.moderation, _days_since(row.given_at, day)),
    )


def _days_since(moment: datetime | None, day: date) -> int | None:
    return None if moment is None else (day - local_day(moment)).days
