"""Strengths in the latest released results: of a person, and of those whom a person rates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from idp.models import Assessment, AssessmentItem, Competency, Cycle, Gap
from idp.queries.corrections import corrected_levels
from idp.queries.ladders import ladders_of
from idp.queries.visibility import visible_to
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.mentoring import is_strength
from idp.rules.relations import Actor
from idp.rules.terms import Permission
from idp.rules.thai import full_name


@dataclass(frozen=True)
class Strength:
    """One competency of somebody's latest released result; `attained` is the level that holds."""

    assessment_id: int
    item_id: int
    employee_id: int
    person_id: int
    name: str
    competency_id: int
    competency_name_th: str
    competency_name_en: str | None
    expected: int
    attained: Decimal


def strengths_of(session: Session, employee_id: int) -> tuple[Strength, ...]:
    """The person's own; three statements."""
    return _strengths(session, Assessment.employee_id == employee_id)


def strengths_of_team(session: Session, actor: Actor, day: date) -> tuple[Strength, ...]:
    """Of those whom the actor rates, of themself or by an order; three statements."""
    return _strengths(session, visible_to(actor, Assessment, Permission.ASSESSMENT_RATE, day))


def _strengths(session: Session, whose: ColumnElement[bool]) -> tuple[Strength, ...]:
    """By the latest released result of each, by competency and then by name."""
    later, later_cycle = aliased(Assessment), aliased(Cycle)
    latest = (
        select(later.id)
        .join(later_cycle, later_cycle.id == later.cycle_id)
        .where(later.employee_id == Assessment.employee_id, later.state.in_(RELEASED_STATES))
        .order_by(later_cycle.starts_on.desc(), later.id.desc())
        .limit(1)
        .correlate(Assessment)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Assessment, AssessmentItem, Gap.attained_level, Competency)
        .join(AssessmentItem, AssessmentItem.assessment_id == Assessment.id)
        .join(Competency, Competency.id == AssessmentItem.competency_id)
        .outerjoin(Gap, Gap.item_id == AssessmentItem.id)
        .where(whose, Assessment.state.in_(RELEASED_STATES), Assessment.id == latest)
        .order_by(AssessmentItem.sort_order, AssessmentItem.id)
    ).all()
    corrected = corrected_levels(session, {assessment.id for assessment, *_ in rows}) if rows else {}
    tops = _tops(session, {competency.id for _, _, _, competency in rows})
    found = []
    for assessment, item, released, competency in rows:
        level = corrected.get(item.id, released)
        if level is not None and is_strength(item.expected_level, Decimal(level), tops[competency.id]):
            found.append(_strength(assessment, item, competency, Decimal(level)))
    return tuple(sorted(found, key=lambda each: (each.competency_name_th, -each.attained, each.name)))


def _tops(session: Session, competency_ids: Iterable[int]) -> dict[int, int]:
    ladders = ladders_of(session, set(competency_ids))
    return {each: max(ladder.ladder.numbers, default=0) for each, ladder in ladders.items()}


def _strength(
    assessment: Assessment, item: AssessmentItem, competency: Competency, attained: Decimal
) -> Strength:
    return Strength(
        assessment_id=assessment.id,
        item_id=item.id,
        employee_id=assessment.employee_id,
        person_id=assessment.owner_person_id,
        name=full_name(assessment.title_th, assessment.first_name, assessment.last_name),
        competency_id=competency.id,
        competency_name_th=competency.name_th,
        competency_name_en=competency.name_en,
        expected=item.expected_level,
        attained=attained,
    )


def without_offer(strengths: Sequence[Strength], offered: Iterable[tuple[int, int]]) -> tuple[Strength, ...]:
    """Those not offered; `offered`: (employee id, competency id) of the offers that stand."""
    known = set(offered)
    return tuple(each for each in strengths if (each.employee_id, each.competency_id) not in known)
