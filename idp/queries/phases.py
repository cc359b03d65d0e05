"""The dates of a cycle's steps, and which of them have come."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session

from idp.adapters.holiday_calendar import is_thai_holiday
from idp.models import Cycle, Phase
from idp.rules.calendar import last_day
from idp.rules.settings import OrganisationRules
from idp.rules.terms import CycleState, PhaseKind, Requirement

PhaseDates = Mapping[PhaseKind, tuple[date, date]]
"""Opens on, due on."""

COUNT_WORKING_DAYS = OrganisationRules().count_working_days
"""For a cycle that has not opened yet: its rules are not frozen."""


def phases_of(
    session: Session, cycle_ids: Collection[int], is_holiday: Callable[[date], bool] = is_thai_holiday
) -> dict[int, dict[PhaseKind, tuple[date, date]]]:
    """The dates of each cycle's phases, by the cycle's id; one statement.

    A phase due on a holiday is due on the next working day where the cycle's rules say so. More time that
    was granted to one person is not in it: `idp.queries.deadlines.days_of_records`.
    """
    rows = session.execute(_phases_of(), {"cycle_ids": list(cycle_ids)})
    phases: dict[int, dict[PhaseKind, tuple[date, date]]] = {cycle_id: {} for cycle_id in cycle_ids}
    for cycle_id, kind, opens_on, due_on, counts in rows:
        due_on = last_day(due_on, is_holiday, count_working_days=counted(counts))
        phases[cycle_id][kind] = (opens_on, due_on)
    return phases


@cache
def _phases_of() -> Select[int, PhaseKind, date, date, bool | None]:
    return (
        select(Phase.cycle_id, Phase.kind, Phase.opens_on, Phase.due_on, count_working_days())
        .join(Cycle, Cycle.id == Phase.cycle_id)
        .where(Phase.cycle_id.in_(bindparam("cycle_ids", expanding=True)))
    )


def count_working_days() -> ColumnElement[bool | None]:
    """The cycle's frozen setting as a column: NULL before it opens. Read with `counted`."""
    setting: ColumnElement[bool | None] = Cycle.settings["count_working_days"].as_boolean()
    return setting


def counted(setting: bool | None) -> bool:
    return COUNT_WORKING_DAYS if setting is None else bool(setting)


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
