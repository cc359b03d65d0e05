"""The dates of a cycle's steps, and which of them have come."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Cycle, Phase
from idp.rules.terms import CycleState, PhaseKind, Requirement

PhaseDates = Mapping[PhaseKind, tuple[date, date]]
"""Opens on, due on."""


def phases_of(session: Session, cycle_ids: Collection[int]) -> dict[int, dict[PhaseKind, tuple[date, date]]]:
    """The dates of each cycle's phases, by the cycle's id; one statement."""
    rows = session.execute(
        select(Phase.cycle_id, Phase.kind, Phase.opens_on, Phase.due_on).where(Phase.cycle_id.in_(cycle_ids))
    )
    phases: dict[int, dict[PhaseKind, tuple[date, date]]] = {cycle_id: {} for cycle_id in cycle_ids}
    for cycle_id, kind, opens_on, due_on in rows:
        phases[cycle_id][kind] = (opens_on, due_on)
    return phases


def met_by_dates(cycle: Cycle, phases: PhaseDates, kind: PhaseKind, day: date) -> frozenset[Requirement]:
    """What the calendar allows on `day` for the step `kind`.

    `PHASE_OPEN` once the cycle is open and the phase has begun (late is possible); `SELF_PHASE_OVER` once
    the self-assessment's due day has passed. A phase without dates begins with the cycle; without a
    self-assessment phase nobody need wait for one.
    """
    met = set()
    opens_on = phases[kind][0] if kind in phases else cycle.starts_on
    if cycle.state is CycleState.OPEN and opens_on <= day:
        met.add(Requirement.PHASE_OPEN)
    own = phases.get(PhaseKind.SELF_ASSESSMENT)
    if own is None or own[1] < day:
        met.add(Requirement.SELF_PHASE_OVER)
    return frozenset(met)
