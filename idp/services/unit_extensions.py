"""More time for a unit and those below it, granted by the personnel office.

Like the phase's own date it is a decision on the unit: who grants it may serve there themself.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Cycle, Extension, Unit
from idp.queries.phases import phases_of
from idp.rules.calendar import local_day
from idp.rules.errors import InvalidInput, InvalidInputs
from idp.rules.extensions import ExtensionKind, ExtensionState, runs_in
from idp.rules.relations import Actor
from idp.rules.terms import Permission, PhaseKind
from idp.services.access import check_version, load_cycle
from idp.services.extension_days import problems_with_day, working
from idp.services.extension_record import record_for_unit
from idp.services.extensions import decide, reason_or_problem
from idp.services.saving import save


def grant_time_to_unit(
    session: Session,
    actor: Actor,
    cycle_id: int,
    unit_id: int,
    phase: PhaseKind,
    until_on: date,
    reason: str,
    now: datetime,
    expected_version: int | None = None,
) -> Extension:
    """The personnel office gives a unit, with those below it, more time for a step."""
    cycle, _standing = load_cycle(session, actor, cycle_id, Permission.EXTENSION_DECIDE, local_day(now))
    check_version(cycle, expected_version)
    unit = session.get(Unit, unit_id)
    if unit is None or unit.organisation_id != cycle.organisation_id:
        raise InvalidInput("unit", "unknown_choice")
    problems = []
    days = phases_of(session, [cycle.id])[cycle.id]
    if phase not in days or cycle.state not in runs_in(phase):
        problems.append(InvalidInput("phase", "step_not_running"))
    else:
        latest = max([days[phase][1], *_granted_to_unit(session, cycle, unit, phase)])
        problems += problems_with_day(cycle, latest, until_on, local_day(now))
    reason = reason_or_problem(reason, problems)
    if problems:
        raise InvalidInputs(problems)
    extension = Extension(
        organisation_id=cycle.organisation_id,
        cycle_id=cycle.id,
        phase=phase,
        kind=ExtensionKind.EXTEND,
        unit_id=unit.id,
        until_on=working(cycle, until_on),
        reason=reason,
        asked_at=now,
        decision_reason="",
    )
    decide(extension, actor, ExtensionState.GRANTED, "", now)
    session.add(extension)
    save(session)
    record_for_unit(session, actor, cycle, unit, extension, now)
    return extension


def _granted_to_unit(session: Session, cycle: Cycle, unit: Unit, phase: PhaseKind) -> list[date]:
    """The days granted to this very unit."""
    return list(
        session.scalars(
            select(Extension.until_on).where(
                Extension.cycle_id == cycle.id,
                Extension.unit_id == unit.id,
                Extension.phase == phase,
                Extension.state == ExtensionState.GRANTED,
            )
        )
    )
