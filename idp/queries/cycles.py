"""Read cycles: the list, one page, and how far every unit has come."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Select, case, func, select, union_all
from sqlalchemy.orm import Session, selectinload

from idp.models import Assessment, Cycle, Employee, Handover, Unit
from idp.queries.deadlines import Deadlines, deadlines
from idp.queries.duties import owing
from idp.queries.preflight import employed_on
from idp.rules.assessment_workflow import ASSESSMENT_WORKFLOW, RELEASED_STATES, SETTLED_STATES
from idp.rules.calendar import local_day
from idp.rules.obligations import DUTIES
from idp.rules.staff_changes import HandoverState
from idp.rules.terms import AssessmentEvent, AssessmentState, CycleState, Requirement, SubjectType
from idp.rules.thai import full_name

StateCounts = Mapping[AssessmentState, int]


@dataclass(frozen=True)
class CycleRow:
    """A cycle in the list of its organisation."""

    id: int
    code: str
    name_th: str
    name_en: str
    fiscal_year: int
    state: CycleState
    people: int
    released: int
    overdue: int


@dataclass(frozen=True)
class UnreleasedRow:
    """Somebody whose result is not released yet."""

    assessment_id: int
    number: str
    name: str
    state: AssessmentState


@dataclass(frozen=True)
class UnitProgress:
    """A unit with all those below it; `depth` 0 at the top of what the reader may see."""

    unit_id: int
    name_th: str
    name_en: str
    depth: int
    counts: StateCounts
    overdue: int

    @property
    def people(self) -> int:
        return sum(self.counts.values())

    @property
    def assessed(self) -> int:
        """Those who take part: a result is waited for, or there."""
        return self.people - self.counts.get(AssessmentState.EXEMPTED, 0)

    @property
    def released(self) -> int:
        return sum(count for state, count in self.counts.items() if state in RELEASED_STATES)


@dataclass(frozen=True)
class CycleProgress:
    """The units in the order of the tree, and the whole."""

    units: tuple[UnitProgress, ...]
    counts: StateCounts
    overdue: int

    @property
    def people(self) -> int:
        return sum(self.counts.values())

    @property
    def assessed(self) -> int:
        """Those who take part: a result is waited for, or there."""
        return self.people - self.counts.get(AssessmentState.EXEMPTED, 0)

    @property
    def released(self) -> int:
        return sum(count for state, count in self.counts.items() if state in RELEASED_STATES)


def cycle_list(session: Session, organisation_id: int, day: date) -> tuple[CycleRow, ...]:
    """The organisation's cycles, the latest year first: two statements."""
    released = func.coalesce(func.sum(case((Assessment.state.in_(RELEASED_STATES), 1), else_=0)), 0)
    # Who is exempted is waited for by nobody: the last result makes it all of them.
    taking_part = func.count(Assessment.id).filter(Assessment.state != AssessmentState.EXEMPTED)
    rows = session.execute(
        select(
            Cycle.id,
            Cycle.code,
            Cycle.name_th,
            Cycle.name_en,
            Cycle.fiscal_year,
            Cycle.state,
            taking_part.label("people"),
            released.label("released"),
        )
        .outerjoin(Assessment, Assessment.cycle_id == Cycle.id)
        .where(Cycle.organisation_id == organisation_id)
        .group_by(Cycle.id)
        .order_by(Cycle.fiscal_year.desc(), Cycle.starts_on.desc(), Cycle.id.desc())
    ).all()
    late = overdue_assessments(day, deadlines(session, organisation_id=organisation_id)).subquery()
    overdue = dict(
        session.execute(
            select(Assessment.cycle_id, func.count())
            .where(Assessment.id.in_(select(late.c.id)), Assessment.organisation_id == organisation_id)
            .group_by(Assessment.cycle_id)
        ).all()
    )
    return tuple(
        CycleRow(
            row.id,
            row.code,
            row.name_th,
            row.name_en,
            row.fiscal_year,
            row.state,
            row.people,
            row.released,
            overdue.get(row.id, 0),
        )
        for row in rows
    )


def cycle_with_parts(session: Session, cycle_id: int) -> Cycle:
    """The cycle with its phases and frameworks loaded. The caller has checked that the reader may see it."""
    return session.scalars(
        select(Cycle)
        .where(Cycle.id == cycle_id)
        .options(selectinload(Cycle.phases), selectinload(Cycle.frameworks))
    ).one()


def overdue_assessments(day: date, last_days: Deadlines, cycle_id: int | None = None) -> CompoundSelect[Any]:
    """The ids of assessments on which somebody owes a step whose last day lies before `day`.

    Read from the table of obligations: what the pages call overdue is what the reminders say.
    """
    late = [
        owing(duty, day, last_days, Assessment.id.label("id")).where(last_days.due_on < day)
        for duty in DUTIES
        if duty.subject_type is SubjectType.ASSESSMENT
    ]
    return union_all(
        *(each if cycle_id is None else each.where(Assessment.cycle_id == cycle_id) for each in late)
    )


def progress_by_unit(session: Session, cycle: Cycle, day: date) -> CycleProgress:
    """How far the cycle has come, by unit and as a whole: one GROUP BY and the tree of units. For those who
    may see its people: small groups are counted too."""
    late = overdue_assessments(day, deadlines(session, cycle_id=cycle.id), cycle.id).subquery()
    is_late = func.sum(case((Assessment.id.in_(select(late.c.id)), 1), else_=0))
    counted = session.execute(
        select(Assessment.unit_id, Assessment.state, func.count(), is_late)
        .where(Assessment.cycle_id == cycle.id)
        .group_by(Assessment.unit_id, Assessment.state)
    ).all()
    units = session.execute(
        select(Unit.id, Unit.path, Unit.name_th, Unit.name_en)
        .where(Unit.organisation_id == cycle.organisation_id)
        .order_by(Unit.code, Unit.id)
    ).all()
    known = {unit.id for unit in units}
    counts: dict[int, dict[AssessmentState, int]] = {unit.id: {} for unit in units}
    overdue: dict[int, int] = dict.fromkeys(known, 0)
    whole: dict[AssessmentState, int] = {}
    whole_overdue = 0
    above = {unit.id: tuple(int(part) for part in unit.path.split("/") if part) for unit in units}
    for unit_id, state, count, late_count in counted:
        if unit_id not in known:
            continue
        whole[state] = whole.get(state, 0) + count
        whole_overdue += late_count
        for ancestor in above[unit_id]:
            if ancestor in known:
                counts[ancestor][state] = counts[ancestor].get(state, 0) + count
                overdue[ancestor] += late_count
    rows = [
        UnitProgress(unit.id, unit.name_th, unit.name_en, depth, counts[unit.id], overdue[unit.id])
        for unit, depth in _in_tree_order(units, above)
        if counts[unit.id]
    ]
    return CycleProgress(tuple(rows), whole, whole_overdue)


def unit_choices(session: Session, organisation_id: int) -> tuple[tuple[int, str, str, int], ...]:
    """(id, Thai name, English name, depth) of every unit, in the order of the tree: one statement."""
    units = session.execute(
        select(Unit.id, Unit.path, Unit.name_th, Unit.name_en)
        .where(Unit.organisation_id == organisation_id)
        .order_by(Unit.code, Unit.id)
    ).all()
    above = {unit.id: tuple(int(part) for part in unit.path.split("/") if part) for unit in units}
    return tuple((unit.id, unit.name_th, unit.name_en, depth) for unit, depth in _in_tree_order(units, above))


def releasable(
    session: Session, cycle_id: int, unit_id: int | None = None, chosen: Collection[int] | None = None
) -> tuple[int, ...]:
    """The ids of the assessments whose result HR may release now: of everybody, of a unit with those below
    it, or of the chosen ones.
    """
    return tuple(session.scalars(_releasable(Assessment.id, cycle_id, unit_id, chosen)))


def unreleased(session: Session, cycle_id: int, limit: int) -> tuple[UnreleasedRow, ...]:
    """The first people, by number, whose result still keeps the cycle from closing."""
    rows = session.execute(
        select(
            Assessment.id,
            Assessment.employee_number,
            Assessment.title_th,
            Assessment.first_name,
            Assessment.last_name,
            Assessment.state,
        )
        .where(Assessment.cycle_id == cycle_id, Assessment.state.not_in(SETTLED_STATES))
        .order_by(Assessment.employee_number)
        .limit(limit)
    )
    return tuple(
        UnreleasedRow(assessment_id, number, full_name(title, first, last), state)
        for assessment_id, number, title, first, last, state in rows
    )


def opening_progress(session: Session, cycle: Cycle) -> tuple[int, int]:
    """(made, of how many) while the cycle opens; (0, 0) before."""
    if cycle.opened_at is None:
        return 0, 0
    made = session.scalar(select(func.count()).where(Assessment.cycle_id == cycle.id)) or 0
    serving = employed_on(cycle.organisation_id, local_day(cycle.opened_at))
    return made, session.scalar(select(func.count()).select_from(Employee).where(serving)) or 0


def closing_progress(session: Session, cycle_id: int) -> tuple[int, int]:
    """(closed, of how many) while the cycle closes."""
    closed = func.coalesce(func.sum(case((Assessment.state == AssessmentState.CLOSED, 1), else_=0)), 0)
    done, total = session.execute(select(closed, func.count()).where(Assessment.cycle_id == cycle_id)).one()
    return done, total


def is_in_unit(unit_id: int) -> Any:
    """The condition that an assessment belongs to the unit or to one below it."""
    top = select(Unit.path).where(Unit.id == unit_id).scalar_subquery()
    return Assessment.unit_id.in_(select(Unit.id).where(Unit.path.startswith(top)))


def _releasable(
    column: Any, cycle_id: int, unit_id: int | None, chosen: Collection[int] | None
) -> Select[Any]:
    states: set[AssessmentState] = set()
    states_without_second: set[AssessmentState] = set()
    for row in ASSESSMENT_WORKFLOW.transitions:
        if row.event is AssessmentEvent.RELEASE:
            alone = Requirement.NO_SECOND_LEVEL in row.requires
            (states_without_second if alone else states).add(row.source)
    may = Assessment.state.in_(states) | (
        Assessment.state.in_(states_without_second) & Assessment.second_level_person_id.is_(None)
    )
    awaits_statement = (
        select(Handover.id)
        .where(Handover.assessment_id == Assessment.id, Handover.state == HandoverState.AWAITING_STATEMENT)
        .exists()
    )
    statement = select(column).where(Assessment.cycle_id == cycle_id, may, ~awaits_statement)
    statement = statement.order_by(Assessment.id)
    if unit_id is not None:
        statement = statement.where(is_in_unit(unit_id))
    if chosen is not None:
        statement = statement.where(Assessment.id.in_(chosen))
    return statement


def _in_tree_order(units: Any, above: Mapping[int, tuple[int, ...]]) -> list[tuple[Any, int]]:
    """The units, each followed by those below it, siblings in the order given; with their depth."""
    place = {unit.id: number for number, unit in enumerate(units)}
    by_id = {unit.id: unit for unit in units}
    known = {unit_id: tuple(each for each in path if each in by_id) for unit_id, path in above.items()}
    ordered = sorted(by_id, key=lambda unit_id: tuple(place[each] for each in known[unit_id]))
    return [(by_id[unit_id], len(known[unit_id]) - 1) for unit_id in ordered]
