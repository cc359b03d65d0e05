"""Until when a step may be done: the one place, for one record and for all of them at once.

The day is the phase's own, moved to the next working day where the organisation counts working days
(`idp.rules.calendar.last_day`), or the latest that was granted to the record or to its frozen unit or a unit
above it, if that is later. A granted day that has passed extends nothing any more: it ends by itself.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Date,
    FromClause,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from idp.adapters.holiday_calendar import is_thai_holiday
from idp.models import Assessment, Cycle, Extension, Phase, Unit
from idp.queries.phases import PhaseDates, count_working_days, counted, phases_of
from idp.rules.calendar import last_day
from idp.rules.extensions import ExtensionState
from idp.rules.terms import CycleState, PhaseKind

RUNNING = (CycleState.OPEN, CycleState.CLOSING, CycleState.CLOSED)
"""Cycles in which somebody may owe something: a plan lives beyond its cycle's closing."""

IsHoliday = Callable[[date], bool]


@dataclass(frozen=True)
class Deadlines:
    """The last days of every record of some cycles, as SQL.

    `moved`: by the phase's id, the working day on which a phase that ends on a holiday is due; `days`: every
    last day that occurs, by cycle and phase; `persons` and `units`: the time granted, None where there is
    none, which is the usual case and costs the statements nothing.
    """

    moved: Mapping[int, date]
    days: Mapping[tuple[int, PhaseKind], set[date]] = field(repr=False)
    persons: Subquery | None = field(repr=False)
    units: Subquery | None = field(repr=False)

    def phase_due_on(self, phase: type[Phase] = Phase) -> SQLColumnExpression[date]:
        """The last day of the phase for those without more time."""
        if not self.moved:
            return phase.due_on
        return case(
            *((phase.id == number, literal(day, Date)) for number, day in self.moved.items()),
            else_=phase.due_on,
        )

    @property
    def due_on(self) -> SQLColumnExpression[date]:
        """The last day of one record's step, in a statement that went through `joined`."""
        latest = self.phase_due_on()
        for granted in (self.persons, self.units):
            if granted is not None:
                latest = case((granted.c.until_on > latest, granted.c.until_on), else_=latest)
        return latest

    def joined(self, statement: Select[Any], kind: PhaseKind) -> Select[Any]:
        """The statement, of Assessment and Phase, with the time granted for the step beside each record."""
        for granted in (self.persons, self.units):
            if granted is not None:
                statement = statement.outerjoin(granted, _concerns(granted, kind))
        return statement

    def has_passed(self, kind: PhaseKind, day: date) -> ColumnElement[bool]:
        """Whether the last day of another step of the same record lies before `day`."""
        phase = aliased(Phase)
        passed: ColumnElement[bool] = exists(
            select(phase.id).where(
                phase.cycle_id == Assessment.cycle_id, phase.kind == kind, self.phase_due_on(phase) < day
            )
        )
        for granted in (self.persons, self.units):
            if granted is not None:
                other = granted.alias()
                runs = select(other.c.until_on).where(_concerns(other, kind), other.c.until_on >= day)
                passed = and_(passed, ~exists(runs))
        return passed


def deadlines(
    session: Session,
    *,
    organisation_id: int | None = None,
    cycle_id: int | None = None,
    is_holiday: IsHoliday = is_thai_holiday,
) -> Deadlines:
    """Those of one organisation's running cycles, or of one cycle. Two statements."""
    statement = select(Phase.id, Phase.cycle_id, Phase.kind, Phase.due_on, count_working_days()).join(
        Cycle, Cycle.id == Phase.cycle_id
    )
    if cycle_id is not None:
        statement = statement.where(Cycle.id == cycle_id)
    else:
        statement = statement.where(Cycle.organisation_id == organisation_id, Cycle.state.in_(RUNNING))
    moved: dict[int, date] = {}
    days: dict[tuple[int, PhaseKind], set[date]] = {}
    for phase_id, of_cycle, kind, due_on, counts in session.execute(statement):
        day = last_day(due_on, is_holiday, count_working_days=counted(counts))
        if day != due_on:
            moved[phase_id] = day
        days[of_cycle, kind] = {day}
    cycle_ids = sorted({of_cycle for of_cycle, _ in days})
    to_persons = to_units = False
    for of_cycle, kind, until_on, unit_id in session.execute(_granted_days(cycle_ids)):
        days.setdefault((of_cycle, kind), set()).add(until_on)
        to_persons, to_units = to_persons or unit_id is None, to_units or unit_id is not None
    return Deadlines(
        moved,
        days,
        _granted_to_persons(cycle_ids) if to_persons else None,
        _granted_to_units(cycle_ids) if to_units else None,
    )


def days_of_records(
    session: Session, assessments: Iterable[Assessment], is_holiday: IsHoliday = is_thai_holiday
) -> dict[int, PhaseDates]:
    """(opens on, due on) of every step, by the assessment's id; two statements, whatever their number."""
    records = {each.id: each for each in assessments}
    cycle_ids = sorted({each.cycle_id for each in records.values()})
    phases = phases_of(session, cycle_ids, is_holiday)
    found = {number: dict(phases[each.cycle_id]) for number, each in records.items()}
    given = {"cycle_ids": cycle_ids, "assessment_ids": list(found)}
    for number, kind, until_on in session.execute(_granted_to_records(), given) if found else ():
        own = found[number]
        if kind in own and until_on > own[kind][1]:
            own[kind] = (own[kind][0], until_on)
    return dict(found)


def day_of_record(
    session: Session, assessment: Assessment, kind: PhaseKind, is_holiday: IsHoliday = is_thai_holiday
) -> date | None:
    """The last day of one step of one record; None where the cycle has no such phase."""
    days = days_of_records(session, [assessment], is_holiday)[assessment.id]
    return days[kind][1] if kind in days else None


@cache
def _granted_to_records() -> CompoundSelect[Any]:
    """Of the records `assessment_ids` in the cycles `cycle_ids`: (assessment id, phase, last day granted).
    Written once: it is asked at every step, and to write it anew took longer than to ask it."""
    cycle_ids: BindParameter[int] = bindparam("cycle_ids", expanding=True)
    return union_all(
        *(
            select(Assessment.id, each.c.phase, each.c.until_on)
            .join(each, _belongs(each))
            .where(Assessment.id.in_(bindparam("assessment_ids", expanding=True)))
            for each in (_granted_to_persons(cycle_ids), _granted_to_units(cycle_ids))
        )
    )


def _granted_in(cycle_ids: Collection[int] | BindParameter[Any]) -> ColumnElement[bool]:
    return and_(Extension.cycle_id.in_(cycle_ids), Extension.state == ExtensionState.GRANTED)


def _granted_days(cycle_ids: Collection[int]) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Extension.cycle_id,
        Extension.phase,
        Extension.until_on,
        Extension.unit_id,
    )
    return select(*columns).where(_granted_in(cycle_ids)).distinct()


def _granted_to_persons(cycle_ids: Collection[int] | BindParameter[Any]) -> Subquery:
    """(assessment_id, phase, until_on): the latest day granted to each record."""
    return (
        select(Extension.assessment_id, Extension.phase, func.max(Extension.until_on).label("until_on"))
        .where(_granted_in(cycle_ids), Extension.assessment_id.is_not(None))
        .group_by(Extension.assessment_id, Extension.phase)
        .subquery("granted_to_persons")
    )


def _granted_to_units(cycle_ids: Collection[int] | BindParameter[Any]) -> Subquery:
    """(unit_id, cycle_id, phase, until_on): the latest day granted to each unit or to one above it."""
    top, below = aliased(Unit), aliased(Unit)
    return (
        select(
            below.id.label("unit_id"),
            Extension.cycle_id,
            Extension.phase,
            func.max(Extension.until_on).label("until_on"),
        )
        .select_from(Extension)
        .join(top, top.id == Extension.unit_id)
        .join(below, below.path.startswith(top.path))
        .where(_granted_in(cycle_ids), Extension.assessment_id.is_(None))
        .group_by(below.id, Extension.cycle_id, Extension.phase)
        .subquery("granted_to_units")
    )


def _belongs(granted: FromClause) -> ColumnElement[bool]:
    """Whether a row of one of the two tables is about the record."""
    if "assessment_id" in granted.c:
        return granted.c.assessment_id == Assessment.id
    return and_(granted.c.unit_id == Assessment.unit_id, granted.c.cycle_id == Assessment.cycle_id)


def _concerns(granted: FromClause, kind: PhaseKind) -> ColumnElement[bool]:
    return and_(_belongs(granted), granted.c.phase == kind)
