"""What a trial of other expectations reads: posts and what they are expected to show, people, their latest
released results. Each function is one statement, or two."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    AssessmentItem,
    Assignment,
    BehaviouralIndicator,
    Competency,
    Cycle,
    Employee,
    Gap,
    Person,
    PositionLevel,
    ProficiencyLevel,
    Rating,
    RatingTick,
    ResultCorrection,
    Unit,
)
from idp.queries.expectations import expected_by_post, in_frameworks_of, line_key, position_key
from idp.queries.ladders import ladders_of
from idp.queries.preflight import employed_on
from idp.queries.relations import assignment_holds
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.terms import RaterKind
from idp.rules.what_if import Scenario

PEOPLE_AT_ONCE = 1000

Post = tuple[int, int, str]
"""Position level, line of work (0 without one), position number (where it is expected otherwise)."""


@dataclass(frozen=True)
class ExpectedThere:
    """One competency of a post, as it stands and as it would be."""

    competency_id: int
    before: int
    after: int
    weight: Decimal


@dataclass(frozen=True)
class AttainedThen:
    """One competency of the latest released result, with the level that holds."""

    assessment_id: int
    item_id: int
    competency_id: int
    level: Decimal
    is_corrected: bool


def posts_of(
    session: Session, cycle: Cycle, scenario: Scenario, day: date
) -> dict[Post, list[ExpectedThere]]:
    """What the cycle expects of every post filled on `day`."""
    expected = expected_by_post(cycle, day)
    rows = session.execute(
        select(expected).order_by(expected.c.position_level_id, expected.c.line_key, expected.c.place)
    ).all()
    ladders = ladders_of(session, {row.competency_id for row in rows})
    found: dict[Post, list[ExpectedThere]] = {}
    for row in rows:
        ladder = ladders[row.competency_id].ladder
        after = scenario.level_for(row.competency_id, row.position_level_id, row.level, ladder)
        there = ExpectedThere(row.competency_id, row.level, after, Decimal(row.weight) / 100)
        found.setdefault((row.position_level_id, row.line_key, row.position_key), []).append(there)
    return found


def people_after(session: Session, organisation_id: int, day: date, employee_id: int) -> list[Any]:
    """The next people who serve on `day`, in the order of ids."""
    return list(
        session.execute(
            select(
                Employee.id,
                Employee.number,
                Employee.personnel_type,
                Person.display_name,
                Assignment.unit_id,
                Assignment.full_position,
                Assignment.position_level_id,
                line_key().label("line_key"),
                position_key(organisation_id, day).label("position_key"),
            )
            .join(Person, Person.id == Employee.person_id)
            .join(Assignment, (Assignment.employee_id == Employee.id) & assignment_holds(day))
            .where(employed_on(organisation_id, day), Employee.id > employee_id)
            .order_by(Employee.id)
            .limit(PEOPLE_AT_ONCE)
        )
    )


def attained_by(
    session: Session, organisation_id: int, people: tuple[int, int], corrected: dict[int, int]
) -> dict[int, list[AttainedThen]]:
    """By employee, from the first id to the last, the levels of their latest released result."""
    latest = _latest(organisation_id, people)
    found: dict[int, list[AttainedThen]] = {}
    for employee_id, number, item_id, competency_id, released in session.execute(
        select(
            latest.c.employee_id,
            latest.c.id,
            AssessmentItem.id,
            AssessmentItem.competency_id,
            Gap.attained_level,
        )
        .join(AssessmentItem, AssessmentItem.assessment_id == latest.c.id)
        .outerjoin(Gap, Gap.item_id == AssessmentItem.id)
        .where(latest.c.turn == 1)
        .order_by(latest.c.employee_id, AssessmentItem.id)
    ):
        level = corrected.get(item_id, released)
        if level is not None:
            then = AttainedThen(number, item_id, competency_id, Decimal(level), item_id in corrected)
            found.setdefault(employee_id, []).append(then)
    return found


def shown_by(session: Session, organisation_id: int, people: tuple[int, int]) -> dict[int, dict[int, int]]:
    """By item of those results, where it was rated by ticks alone: how many indicators of each level were
    shown."""
    latest = _latest(organisation_id, people)
    found: dict[int, dict[int, int]] = {}
    for item_id, number, count in session.execute(
        select(AssessmentItem.id, ProficiencyLevel.number, func.count())
        .join(latest, latest.c.id == AssessmentItem.assessment_id)
        .join(Rating, Rating.item_id == AssessmentItem.id)
        .join(RatingTick, RatingTick.rating_id == Rating.id)
        .join(BehaviouralIndicator, BehaviouralIndicator.id == RatingTick.indicator_id)
        .join(ProficiencyLevel, ProficiencyLevel.id == BehaviouralIndicator.level_id)
        .where(
            latest.c.turn == 1,
            Rating.rater_kind == RaterKind.SUPERVISOR,
            Rating.stated_level.is_(None),
            Rating.average_level.is_(None),
        )
        .group_by(AssessmentItem.id, ProficiencyLevel.number)
    ):
        found.setdefault(item_id, {})[number] = count
    return found


def _latest(organisation_id: int, people: tuple[int, int]) -> Subquery:
    """(id, employee_id, turn): the released assessments of those employees, `turn` 1 the latest."""
    turn = func.row_number().over(
        partition_by=Assessment.employee_id, order_by=(Cycle.starts_on.desc(), Assessment.id.desc())
    )
    return (
        select(Assessment.id, Assessment.employee_id, turn.label("turn"))
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(
            Assessment.organisation_id == organisation_id,
            Assessment.employee_id.between(*people),
            Assessment.state.in_(RELEASED_STATES),
        )
        .subquery()
    )


def rated_before(session: Session, organisation_id: int) -> set[int]:
    """Every competency of the organisation's released results."""
    return set(
        session.scalars(
            select(AssessmentItem.competency_id)
            .join(Assessment, Assessment.id == AssessmentItem.assessment_id)
            .where(Assessment.organisation_id == organisation_id, Assessment.state.in_(RELEASED_STATES))
            .distinct()
        )
    )


def corrections_in(session: Session, organisation_id: int) -> dict[int, int]:
    """By item the level of the latest decision on an objection, in the whole organisation: they are few."""
    rows = session.scalars(
        select(ResultCorrection.levels)
        .where(ResultCorrection.organisation_id == organisation_id)
        .order_by(ResultCorrection.id)
    )
    return {int(item_id): each["to"] for levels in rows for item_id, each in levels.items()}


def names_of_competencies(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str | None]]:
    """In the order of the dictionaries."""
    rows = session.execute(
        select(Competency.id, Competency.name_th, Competency.name_en)
        .where(Competency.id.in_(ids))
        .order_by(Competency.category, Competency.sort_order, Competency.id)
    )
    return {row.id: (row.name_th, row.name_en) for row in rows}


def names_of_units(session: Session, ids: Collection[int]) -> dict[int, str]:
    """From the top down."""
    rows = session.execute(select(Unit.id, Unit.name_th).where(Unit.id.in_(ids)).order_by(Unit.path))
    return {row.id: row.name_th for row in rows}


def competencies_of(session: Session, cycle: Cycle) -> list[tuple[int, str, str | None]]:
    """(id, Thai name, English name) of all that the cycle's frameworks have, to choose from."""
    rows = session.execute(
        select(Competency.id, Competency.name_th, Competency.name_en)
        .where(in_frameworks_of(cycle))
        .order_by(Competency.category, Competency.sort_order, Competency.id)
    )
    return [(row.id, row.name_th, row.name_en) for row in rows]


def position_levels_of(session: Session, cycle: Cycle, day: date) -> list[tuple[int, str, str]]:
    """(id, Thai name, English name) of the position levels in which somebody serves on `day`."""
    filled = select(Assignment.position_level_id).where(
        Assignment.organisation_id == cycle.organisation_id, assignment_holds(day)
    )
    rows = session.scalars(
        select(PositionLevel).where(PositionLevel.id.in_(filled)).order_by(PositionLevel.sort_order)
    )
    return [
        (row.id, f"{row.type_name_th} {row.name_th}".strip(), f"{row.type_name_en} {row.name_en}".strip())
        for row in rows
    ]
