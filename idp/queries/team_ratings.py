"""Whom a person rates in one cycle, and how far they are: people x competencies, and one competency of all.

Who is in it: those whom the reader may rate, of themself or by an order to act (`visibility.visible_to`).
Only records in the state RATING are rated; those before it are listed with what they wait for.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from idp.models import Assessment, AssessmentItem, Competency, Cycle, Rating
from idp.queries.deadlines import days_of_records
from idp.queries.phases import met_by_dates
from idp.queries.visibility import visible_to
from idp.rules.assessment_workflow import ASSESSMENT_WORKFLOW
from idp.rules.relations import Actor
from idp.rules.terms import (
    AssessmentEvent,
    AssessmentState,
    CompetencyCategory,
    CycleState,
    Permission,
    PhaseKind,
    RaterKind,
    Requirement,
)

RATING = AssessmentState.RATING
BEFORE_RATING = tuple(
    dict.fromkeys(
        row.source for row in ASSESSMENT_WORKFLOW.transitions if row.event is AssessmentEvent.START_RATING
    )
)
"""Where the rating can still be started, by and by."""


@dataclass(frozen=True)
class CycleToRate:
    """`rating`: how many are being rated; `waiting`: how many are before it."""

    id: int
    name_th: str
    name_en: str
    rating: int
    waiting: int


@dataclass(frozen=True)
class PersonToRate:
    """From the frozen snapshot. `on_behalf_of`: the person whom the reader represents, None for themself."""

    assessment_id: int
    version: int
    state: AssessmentState
    title_th: str
    first_name: str
    last_name: str
    position_name: str
    position_level_name: str
    unit_path_name: str
    on_behalf_of: int | None


@dataclass(frozen=True)
class PersonWaiting:
    """Before the rating. `waits_for`: what hinders its start today; empty: it may be started."""

    person: PersonToRate
    waits_for: frozenset[Requirement]


@dataclass(frozen=True)
class CompetencyToRate:
    """`expected_of`: how many of those being rated; `rated`: of how many it is."""

    id: int
    code: str
    name_th: str
    name_en: str | None
    category: CompetencyCategory
    expected_of: int
    rated: int

    @property
    def remaining(self) -> int:
        return self.expected_of - self.rated


@dataclass(frozen=True)
class CellToRate:
    """One competency of one person; `attained` None: not rated, which is not zero."""

    item_id: int
    expected: int
    attained: Decimal | None


@dataclass(frozen=True)
class TeamMatrix:
    """`cells`: by (assessment id, competency id); a person who is not expected to show one has none there."""

    people: tuple[PersonToRate, ...]
    competencies: tuple[CompetencyToRate, ...]
    cells: Mapping[tuple[int, int], CellToRate]
    waiting: tuple[PersonWaiting, ...]

    @cached_property
    def _unrated(self) -> Counter[int]:
        """By person; everybody once, however many ask."""
        return Counter(number for (number, _competency), cell in self.cells.items() if cell.attained is None)

    def remaining_of(self, assessment_id: int) -> int:
        """How many competencies of the person are not rated yet."""
        return self._unrated[assessment_id]


def cycles_to_rate(session: Session, actor: Actor, day: date) -> tuple[CycleToRate, ...]:
    """Those in which the reader rates somebody or may come to, the latest first. One statement."""
    is_rating = Assessment.state == RATING
    rows = session.execute(
        select(
            Cycle.id,
            Cycle.name_th,
            Cycle.name_en,
            func.count(case((is_rating, 1))),
            func.count(case((~is_rating, 1))),
        )
        .join(Assessment, Assessment.cycle_id == Cycle.id)
        .where(rated_by(actor, day), _is_to_rate())
        .group_by(Cycle.id, Cycle.name_th, Cycle.name_en, Cycle.starts_on)
        .order_by(Cycle.starts_on.desc(), Cycle.id.desc())
    )
    return tuple(CycleToRate(*row) for row in rows)


def team_matrix(session: Session, actor: Actor, cycle_id: int, day: date) -> TeamMatrix:
    """Those to rate in the cycle, by the number of the employee; nobody is an empty one. Five statements."""
    records = session.scalars(
        select(Assessment)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(rated_by(actor, day), Assessment.cycle_id == cycle_id, _is_to_rate())
        .order_by(Assessment.employee_number, Assessment.id)
        .options(joinedload(Assessment.cycle, innerjoin=True))
    ).all()
    rated = [each for each in records if each.state is RATING]
    competencies, cells = _cells(session, [each.id for each in rated])
    before = [each for each in records if each.state is not RATING]
    return TeamMatrix(
        tuple(person_to_rate(each, actor) for each in rated),
        competencies,
        cells,
        _waiting(session, actor, before, day),
    )


def rated_by(actor: Actor, day: date) -> ColumnElement[bool]:
    """Assessments that the actor rates, of themself or by an order, whatever their state."""
    return visible_to(actor, Assessment, Permission.ASSESSMENT_RATE, day)


def people_rated(
    session: Session, actor: Actor, assessment_ids: Collection[int], day: date
) -> dict[int, PersonToRate]:
    """Those of them whom the actor rates, by the assessment's id. One statement."""
    rows = session.scalars(select(Assessment).where(Assessment.id.in_(assessment_ids), rated_by(actor, day)))
    return {each.id: person_to_rate(each, actor) for each in rows}


def person_to_rate(assessment: Assessment, actor: Actor) -> PersonToRate:
    """Of an assessment that the actor rates."""
    holder = assessment.supervisor_person_id
    return PersonToRate(
        assessment_id=assessment.id,
        version=assessment.version,
        state=assessment.state,
        title_th=assessment.title_th,
        first_name=assessment.first_name,
        last_name=assessment.last_name,
        position_name=assessment.position_name,
        position_level_name=assessment.position_level_name,
        unit_path_name=assessment.unit_path_name,
        on_behalf_of=None if holder == actor.person_id else holder,
    )


def _is_to_rate() -> ColumnElement[bool]:
    return or_(
        Assessment.state == RATING,
        and_(Assessment.state.in_(BEFORE_RATING), Cycle.state == CycleState.OPEN),
    )


def _cells(
    session: Session, assessment_ids: Sequence[int]
) -> tuple[tuple[CompetencyToRate, ...], dict[tuple[int, int], CellToRate]]:
    """The competencies in the order in which they stand on the forms."""
    rows = session.execute(
        select(AssessmentItem, Competency, Rating.attained_level)
        .join(Competency, Competency.id == AssessmentItem.competency_id)
        .outerjoin(
            Rating, and_(Rating.item_id == AssessmentItem.id, Rating.rater_kind == RaterKind.SUPERVISOR)
        )
        .where(AssessmentItem.assessment_id.in_(assessment_ids))
        .order_by(AssessmentItem.sort_order, AssessmentItem.competency_id, AssessmentItem.assessment_id)
    ).all()
    cells: dict[tuple[int, int], CellToRate] = {}
    competencies: dict[Competency, list[CellToRate]] = defaultdict(list)
    for item, competency, attained in rows:
        cell = CellToRate(item.id, item.expected_level, attained)
        cells[item.assessment_id, competency.id] = cell
        competencies[competency].append(cell)
    return tuple(_competency(each, own) for each, own in competencies.items()), cells


def _competency(competency: Competency, own: Sequence[CellToRate]) -> CompetencyToRate:
    return CompetencyToRate(
        competency.id,
        competency.code,
        competency.name_th,
        competency.name_en,
        competency.category,
        len(own),
        sum(cell.attained is not None for cell in own),
    )


def _waiting(
    session: Session, actor: Actor, records: Sequence[Assessment], day: date
) -> tuple[PersonWaiting, ...]:
    """What the table of the workflow asks for the start of the rating and the calendar does not grant."""
    days = days_of_records(session, records)
    found = []
    for record in records:
        met = met_by_dates(record.cycle, days[record.id], PhaseKind.RATING, day)
        (row,) = (
            each
            for each in ASSESSMENT_WORKFLOW.transitions
            if each.source is record.state and each.event is AssessmentEvent.START_RATING
        )
        found.append(PersonWaiting(person_to_rate(record, actor), row.requires - met))
    return tuple(found)
