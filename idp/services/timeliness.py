"""The requirement of handing in in time, as the workflows ask for it."""

from datetime import datetime

from sqlalchemy.orm import Session

from idp.models import Assessment
from idp.queries.timeliness import is_in_time
from idp.rules.calendar import local_day
from idp.rules.relations import Actor
from idp.rules.terms import PhaseKind, Requirement


def met_in_time(
    session: Session, actor: Actor, assessment: Assessment, kind: PhaseKind, now: datetime
) -> frozenset[Requirement]:
    """`IN_TIME`, or nothing (`idp.queries.timeliness.is_in_time`). A paper is in time by the day on which it
    was signed: that it waited at the counter is not its signer's fault."""
    day = local_day(now) if actor.paper is None else actor.paper.signed_on
    in_time = is_in_time(session, assessment, kind, day)
    return frozenset({Requirement.IN_TIME}) if in_time else frozenset()
