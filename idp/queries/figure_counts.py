"""The counts that the figures of a cycle are made of: by unit, as grouped by the database. Nothing of this is
shown as it is (`idp.queries.figures`)."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from idp.models import Assessment, AssessmentItem, Cycle, DevelopmentPlan, Gap, ResultCorrection, Unit
from idp.queries.corrections import corrected_levels, holding
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.plan_workflow import APPROVED_STATES
from idp.rules.stages import STAGE_OF, Stage
from idp.rules.terms import AssessmentState

BEFORE = (Stage.SELF_ASSESSMENT, Stage.RATING, Stage.BEFORE_RELEASE)
"""The stages before the release, those who have not begun among the first."""
WITHOUT_BAND = ""
Category = tuple[Stage | None, str]
"""A stage before the release, or a band; a released result without one has "" for both."""


@dataclass(frozen=True)
class UnitInTree:
    """A unit as the tree needs it."""

    id: int
    path: str
    name_th: str
    name_en: str


def units_of(session: Session, organisation_id: int) -> tuple[UnitInTree, ...]:
    """In the order of their codes."""
    rows = session.execute(
        select(Unit.id, Unit.path, Unit.name_th, Unit.name_en)
        .where(Unit.organisation_id == organisation_id)
        .order_by(Unit.code, Unit.id)
    )
    return tuple(UnitInTree(*row) for row in rows)


def standing_by_unit(session: Session, cycle: Cycle, categories: Sequence[Category]) -> dict[int, list[int]]:
    """By unit how many stand in each category."""
    place = {category: number for number, category in enumerate(categories)}
    band = holding(Assessment.band, ResultCorrection.band).label("band")
    inner = (
        select(Assessment.unit_id, Assessment.state, band)
        .where(Assessment.cycle_id == cycle.id, Assessment.state != AssessmentState.EXEMPTED)
        .subquery()
    )
    columns = inner.c.unit_id, inner.c.state, inner.c.band
    counts: dict[int, list[int]] = defaultdict(lambda: [0] * len(categories))
    for unit_id, state, code, count in session.execute(select(*columns, func.count()).group_by(*columns)):
        category: Category
        if state in RELEASED_STATES:
            category = None, code or WITHOUT_BAND
        else:
            stage = STAGE_OF[state]
            category = (Stage.SELF_ASSESSMENT if stage is Stage.NOT_STARTED else stage), ""
        counts[unit_id][place.get(category, len(BEFORE))] += count
    return counts


def plans_by_unit(session: Session, cycle: Cycle) -> dict[int, list[int]]:
    """By unit how many people with a released result have (no approved plan, an approved one)."""
    is_approved = func.coalesce(func.sum(case((DevelopmentPlan.state.in_(APPROVED_STATES), 1), else_=0)), 0)
    rows = session.execute(
        select(Assessment.unit_id, func.count(), is_approved)
        .outerjoin(
            DevelopmentPlan,
            and_(
                DevelopmentPlan.employee_id == Assessment.employee_id,
                DevelopmentPlan.fiscal_year == cycle.fiscal_year,
            ),
        )
        .where(Assessment.cycle_id == cycle.id, Assessment.state.in_(RELEASED_STATES))
        .group_by(Assessment.unit_id)
    )
    return {unit_id: [people - approved, approved] for unit_id, people, approved in rows}


Counts = dict[int, dict[Hashable, list[int]]]
"""By competency and group: how many meet what is expected, have a gap, exceed it."""
Sums = dict[int, dict[Hashable, Decimal]]
"""By competency and group the sum of the gaps, in levels."""


def gaps_by_competency(
    session: Session, cycle: Cycle, group: InstrumentedAttribute[Any] = Assessment.unit_id
) -> tuple[Counts, Sums]:
    """Of the released results as they hold after objections, by a column of the assessment."""
    with_gap = func.sum(case((Gap.gap > 0, 1), else_=0))
    above = func.sum(case((Gap.gap < 0, 1), else_=0))
    rows = session.execute(
        select(group, AssessmentItem.competency_id, func.count(), with_gap, above, func.sum(Gap.gap))
        .join(AssessmentItem, AssessmentItem.assessment_id == Assessment.id)
        .join(Gap, Gap.item_id == AssessmentItem.id)
        .where(Assessment.cycle_id == cycle.id, Assessment.state.in_(RELEASED_STATES))
        .group_by(group, AssessmentItem.competency_id)
    )
    counts: Counts = defaultdict(dict)
    sums: Sums = defaultdict(dict)
    for key, competency_id, people, short, over, total in rows:
        counts[competency_id][key] = [people - short - over, short, over]
        sums[competency_id][key] = Decimal(total)
    for key, competency_id, released, level, expected in _corrected(session, cycle, group):
        now = Decimal(expected - level)
        own = counts[competency_id].setdefault(key, [0, 0, 0])
        own[_place(now)] += 1
        if released is not None:
            own[_place(released)] -= 1
        sums[competency_id][key] = sums[competency_id].get(key, Decimal(0)) + now - (released or 0)
    return counts, sums


def _place(gap: Decimal) -> int:
    """Where such a gap is counted."""
    return 1 if gap > 0 else 2 if gap < 0 else 0


def _corrected(
    session: Session, cycle: Cycle, group: InstrumentedAttribute[Any]
) -> Iterable[tuple[Hashable, int, Decimal | None, int, int]]:
    """(group, competency, released gap, level decided on, expected level) of every corrected item."""
    ids = session.scalars(
        select(ResultCorrection.assessment_id)
        .join(Assessment, Assessment.id == ResultCorrection.assessment_id)
        .where(Assessment.cycle_id == cycle.id, Assessment.state.in_(RELEASED_STATES))
    ).all()
    levels = corrected_levels(session, ids)
    rows = session.execute(
        select(
            AssessmentItem.id,
            group,
            AssessmentItem.competency_id,
            Gap.gap,
            AssessmentItem.expected_level,
        )
        .join(Assessment, Assessment.id == AssessmentItem.assessment_id)
        .outerjoin(Gap, Gap.item_id == AssessmentItem.id)
        .where(AssessmentItem.id.in_(levels))
    )
    for item_id, key, competency_id, released, expected in rows:
        yield key, competency_id, released, levels[item_id], expected
