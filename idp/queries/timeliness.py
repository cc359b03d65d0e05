"""Whether a step still counts as handed in in time."""

from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from idp.models import Assessment, Extension
from idp.queries.deadlines import day_of_record
from idp.queries.phases import PhaseDates
from idp.rules.extensions import ExtensionKind, ExtensionState
from idp.rules.settings import rules_from_json
from idp.rules.terms import PhaseKind

# Written once: asked at every handing in.
RUNNING_REOPENING = select(Extension).where(
    Extension.assessment_id == bindparam("of_record"),
    Extension.phase == bindparam("of_step"),
    Extension.kind == ExtensionKind.REOPEN,
    Extension.state == ExtensionState.GRANTED,
)


def running_reopening(session: Session, assessment_id: int, kind: PhaseKind) -> Extension | None:
    """The reopening of the step that has neither been used nor ended yet, also on the days after its last."""
    return session.scalar(RUNNING_REOPENING, {"of_record": assessment_id, "of_step": kind})


def is_in_time(
    session: Session, assessment: Assessment, kind: PhaseKind, day: date, days: PhaseDates | None = None
) -> bool:
    """Whether the step may be handed in on `day`: until its last day (`idp.queries.deadlines`), and after it
    where the cycle's frozen rules take late entries.

    What was reopened may be handed in again until the reopening's own last day and not after it, whatever
    the phase says: then what was handed in before holds again. `days`: the record's, if they are known.
    """
    reopened = running_reopening(session, assessment.id, kind)
    if reopened is not None:
        return day <= reopened.until_on
    if days is None:
        due_on = day_of_record(session, assessment, kind)
    else:
        due_on = days[kind][1] if kind in days else None
    if due_on is None or day <= due_on:
        return True
    return rules_from_json(assessment.cycle.settings).takes_late_entries
