"""The requirement of handing in in time, as the workflows ask for it."""

from datetime import datetime

from sqlalchemy.orm import Session

from idp.models import Assessment
from idp.queries.timeliness import is_in_time
from idp.rules.calendar import local_day
from idp.rules.terms import PhaseKind, Requirement


def met_in_time(
    session: Session, assessment: Assessment, kind: PhaseKind, now: datetime
) -> frozenset[Requirement]:
    """`IN_TIME`, or nothing (`idp.queries.timeliness.is_in_time`)."""
    in_time = is_in_time(session, assessment, kind, local_day(now))
    return frozenset({Requirement.IN_TIME}) if in_time else frozenset()
