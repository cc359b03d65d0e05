"""Requests for more time, time granted and reopenings, for the pages that list them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from idp.models import Assessment, Cycle, DevelopmentPlan, Extension, Person, Unit
from idp.queries.phases import PhaseDates
from idp.rules.extensions import (
    EXTENDABLE,
    ExtensionKind,
    ExtensionState,
    is_still_to_do,
    may_be_asked_by,
    runs_in,
)
from idp.rules.terms import PhaseKind, Relation
from idp.rules.thai import full_name

MOST_ROWS = 200


class ExtensionStanding(StrEnum):
    """What the office's list is narrowed to."""

    ASKED = "asked"
    RUNNING = "running"
    PAST = "past"


@dataclass(frozen=True)
class ExtensionRow:
    """One request, grant or reopening: of a person (`assessment_id`) or of a unit (`unit_name_th`).
    `asked_by` and `decided_by` are names, empty where nobody did."""

    id: int
    version: int
    kind: ExtensionKind
    state: ExtensionState
    phase: PhaseKind
    until_on: date
    reason: str
    asked_by_id: int | None
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    cycle_id: int
    cycle_name_th: str
    assessment_id: int | None
    owner_person_id: int | None
    employee_number: str
    name: str
    unit_name_th: str
    unit_name_en: str

    def runs_on(self, day: date) -> bool:
        return self.state is ExtensionState.GRANTED and day <= self.until_on


def without_reasons(row: ExtensionRow) -> ExtensionRow:
    """What a reader gets who may not see why."""
    return replace(row, reason="", decision_reason="")


def extensions_of_record(session: Session, assessment_id: int) -> tuple[ExtensionRow, ...]:
    """Those of one assessment, and those granted to its unit or above; the latest first. One statement."""
    own_unit, top = aliased(Unit), aliased(Unit)
    of_units = (
        select(Extension.id)
        .join(Assessment, and_(Assessment.id == assessment_id, Assessment.cycle_id == Extension.cycle_id))
        .join(own_unit, own_unit.id == Assessment.unit_id)
        .join(top, top.id == Extension.unit_id)
        .where(own_unit.path.startswith(top.path))
    )
    concerned = or_(Extension.assessment_id == assessment_id, Extension.id.in_(of_units))
    return _rows(session, _select().where(concerned))


def extension_list(
    session: Session, organisation_id: int, day: date, wanted: ExtensionStanding, cycle_id: int | None = None
) -> tuple[ExtensionRow, ...]:
    """The organisation's, the latest first, at most MOST_ROWS; of one cycle when named. One statement."""
    statement = _select().where(Extension.organisation_id == organisation_id, _stands(wanted, day))
    if cycle_id is not None:
        statement = statement.where(Extension.cycle_id == cycle_id)
    return _rows(session, statement)


@dataclass(frozen=True)
class StepToExtend:
    """A step that may still be given more time, with the day that holds at present."""

    phase: PhaseKind
    due_on: date


def steps_to_extend(
    session: Session, assessment: Assessment, relations: frozenset[Relation], days: PhaseDates
) -> tuple[StepToExtend, ...]:
    """Those that the reader may ask for, in the order of the year. One statement."""
    plan_state = session.scalar(
        select(DevelopmentPlan.state).where(
            DevelopmentPlan.employee_id == assessment.employee_id,
            DevelopmentPlan.fiscal_year == assessment.cycle.fiscal_year,
        )
    )
    return tuple(
        StepToExtend(phase, days[phase][1])
        for phase in EXTENDABLE
        if phase in days
        and may_be_asked_by(phase, relations)
        and assessment.cycle.state in runs_in(phase)
        and is_still_to_do(phase, assessment.state, plan_state)
    )


def _stands(wanted: ExtensionStanding, day: date) -> ColumnElement[bool]:
    runs = and_(Extension.state == ExtensionState.GRANTED, Extension.until_on >= day)
    match wanted:
        case ExtensionStanding.ASKED:
            return Extension.state == ExtensionState.ASKED
        case ExtensionStanding.RUNNING:
            return runs
        case ExtensionStanding.PAST:
            return and_(Extension.state != ExtensionState.ASKED, ~runs)


def _select() -> Select[Any]:
    asker, decider = aliased(Person), aliased(Person)
    columns: tuple[Any, ...] = (
        Extension,
        asker.display_name.label("asked_by"),
        decider.display_name.label("decided_by"),
        Cycle.name_th.label("cycle_name_th"),
        Assessment.owner_person_id,
        Assessment.employee_number,
        Assessment.title_th,
        Assessment.first_name,
        Assessment.last_name,
        Unit.name_th.label("unit_name_th"),
        Unit.name_en.label("unit_name_en"),
    )
    return (
        select(*columns)
        .join(Cycle, Cycle.id == Extension.cycle_id)
        .outerjoin(Assessment, Assessment.id == Extension.assessment_id)
        .outerjoin(Unit, Unit.id == Extension.unit_id)
        .outerjoin(asker, asker.id == Extension.asked_by_person_id)
        .outerjoin(decider, decider.id == Extension.decided_by_person_id)
        .order_by(Extension.asked_at.desc(), Extension.id.desc())
        .limit(MOST_ROWS)
    )


def _rows(session: Session, statement: Select[Any]) -> tuple[ExtensionRow, ...]:
    return tuple(_row(row) for row in session.execute(statement))


def _row(row: Row[Any]) -> ExtensionRow:
    extension: Extension = row.Extension
    is_person = extension.assessment_id is not None
    return ExtensionRow(
        id=extension.id,
        version=extension.version,
        kind=extension.kind,
        state=extension.state,
        phase=extension.phase,
        until_on=extension.until_on,
        reason=extension.reason,
        asked_by_id=extension.asked_by_person_id,
        asked_by=row.asked_by or "",
        asked_at=extension.asked_at,
        decided_by=row.decided_by or "",
        decided_at=extension.decided_at,
        decision_reason=extension.decision_reason,
        cycle_id=extension.cycle_id,
        cycle_name_th=row.cycle_name_th,
        assessment_id=extension.assessment_id,
        owner_person_id=row.owner_person_id,
        employee_number=row.employee_number or "",
        name=full_name(row.title_th, row.first_name, row.last_name) if is_person else "",
        unit_name_th=row.unit_name_th or "",
        unit_name_en=row.unit_name_en or "",
    )
