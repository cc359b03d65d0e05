"""Figures of a cycle by unit: how far it has come, the results, the gaps, the plans. No names, and nothing
of fewer than five people (`idp.rules.suppression`).

Counted by the database in sets; what is shown is decided over the whole organisation whatever part of it is
asked for, so that all readers see the same.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import Competency, Cycle
from idp.queries.figure_counts import (
    BEFORE,
    Category,
    UnitInTree,
    gaps_by_competency,
    plans_by_unit,
    standing_by_unit,
    units_of,
)
from idp.queries.figure_trees import (
    Key,
    categories_of,
    divided_at_release,
    groups_of,
    names_of_unit,
    rated_tree,
    sum_below,
    tree_of,
)
from idp.rules.rounding import to_hundredths
from idp.rules.settings import OrganisationRules
from idp.rules.stages import Stage
from idp.rules.suppression import Group, Shown, protect, protect_within
from idp.rules.terms import CycleState

BEGUN = (CycleState.OPEN, CycleState.CLOSING, CycleState.CLOSED, CycleState.ARCHIVED)


@dataclass(frozen=True)
class Part:
    """People of one or several neighbouring categories: stages before the release, then bands ("" for a
    result without a band)."""

    stages: tuple[Stage, ...]
    bands: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class CompetencyFigures:
    """Of the people of a unit with a released rating of one competency. `mean_gap` in levels, two places;
    above 0 is a gap."""

    name_th: str
    name_en: str
    people: int
    with_gap: int
    mean_gap: Decimal


@dataclass(frozen=True)
class UnitFigures:
    """`people` None: too few to be shown. `parts` empty: shown by the total alone. `approved` of `released`
    people have an approved plan, None where that is not shown. `is_own`: those serving in the unit itself,
    without the units below it."""

    unit_id: int
    name_th: str
    name_en: str
    people: int | None
    parts: tuple[Part, ...]
    released: int | None
    approved: int | None
    is_own: bool = False
    has_units: bool = False


@dataclass(frozen=True)
class Figures:
    """One unit with the units right below it, and its competencies, the largest share of gaps first.

    `parts_below`: by what those below are divided that are, and how many of the unit itself are in each.
    `hidden_units`: how many of those below are too small to be shown; `hidden_competencies` likewise.
    """

    unit: UnitFigures
    below: tuple[UnitFigures, ...]
    parts_below: tuple[Part, ...]
    competencies: tuple[CompetencyFigures, ...]
    hidden_units: int
    hidden_competencies: int


def cycles_begun(session: Session, organisation_id: int) -> list[Cycle]:
    """The organisation's cycles that have people in them, the latest first; one statement."""
    rows = session.scalars(
        select(Cycle)
        .where(Cycle.organisation_id == organisation_id, Cycle.state.in_(BEGUN))
        .order_by(Cycle.fiscal_year.desc(), Cycle.starts_on.desc(), Cycle.id.desc())
    )
    return list(rows)


def figures(session: Session, cycle: Cycle, unit_id: int, rules: OrganisationRules) -> Figures:
    """The figures of the unit (`WHOLE_ORGANISATION`: of all); nine statements, however many people and units.

    Those exempted are not counted, and results only once they are released. The caller has checked that the
    reader may see the unit.
    """
    units = units_of(session, cycle.organisation_id)
    categories = categories_of(rules)
    standing = standing_by_unit(session, cycle, categories)
    tree = tree_of(units, standing, len(categories))
    sections = [0 if stage else 1 for stage, _band in categories]
    shown = protect(tree, sections)
    asked = next((group for group in groups_of(tree) if group.key == (unit_id, False)), None)
    if asked is None:
        nobody = UnitFigures(unit_id, *names_of_unit(units, unit_id), None, (), None, None)
        return Figures(nobody, (), (), (), 0, 0)
    divided = divided_at_release(shown, len(BEFORE))
    plans = plans_by_unit(session, cycle)
    plan_tree = tree_of(units, plans, 2)
    with_plans = protect_within(plan_tree, divided)
    approved = {group.key: group.counts[1] for group in groups_of(plan_tree) if group.key in with_plans}
    below = [
        _unit(part, units, shown, categories, approved)
        for part in asked.parts
        if shown[part.key].total is not None and part.total
    ]
    grouping = shown[asked.key].grouping_of_parts or ()
    competencies, hidden = _competencies(
        session,
        cycle,
        units,
        {unit: sum(people) for unit, people in plans.items()},
        divided,
        (unit_id, False),
    )
    return Figures(
        unit=_unit(asked, units, shown, categories, approved),
        below=tuple(below),
        parts_below=tuple(
            _part(places, sum(asked.counts[place] for place in places), categories) for places in grouping
        ),
        competencies=competencies,
        hidden_units=sum(shown[part.key].total is None for part in asked.parts),
        hidden_competencies=hidden,
    )


def _competencies(
    session: Session,
    cycle: Cycle,
    units: Sequence[UnitInTree],
    released: Mapping[int, int],
    divided: frozenset[Hashable],
    key: Key,
) -> tuple[tuple[CompetencyFigures, ...], int]:
    counts, sums = gaps_by_competency(session, cycle)
    names = {
        row.id: (row.name_th, row.name_en or row.name_th)
        for row in session.execute(
            select(Competency.id, Competency.name_th, Competency.name_en).where(Competency.id.in_(counts))
        )
    }
    found, hidden = [], 0
    for competency_id, by_unit in counts.items():
        tree = rated_tree(units, released, by_unit)
        asked = next((group for group in groups_of(tree) if group.key == key), None)
        if asked is None or not sum(asked.counts[1:]):
            continue
        if key not in protect_within(tree, divided):
            hidden += 1
            continue
        total = sum_below(units, sums[competency_id], key[0])
        people = sum(asked.counts[1:])
        mean = to_hundredths(Fraction(total) / people)
        found.append(CompetencyFigures(*names[competency_id], people, asked.counts[2], mean))
    found.sort(key=lambda each: (-each.with_gap / each.people, -each.mean_gap, each.name_th))
    return tuple(found), hidden


def _unit(
    group: Group,
    units: Sequence[UnitInTree],
    shown: Mapping[Hashable, Shown],
    categories: Sequence[Category],
    approved: Mapping[Hashable, int],
) -> UnitFigures:
    assert isinstance(group.key, tuple)
    unit_id, is_own = group.key
    each = shown[group.key]
    released = None
    if group.key in divided_at_release({group.key: each}, len(BEFORE)):
        released = sum(group.counts[len(BEFORE) :])
    return UnitFigures(
        unit_id,
        *names_of_unit(units, unit_id),
        people=each.total,
        parts=tuple(
            _part(places, count, categories)
            for places, count in zip(each.grouping or (), each.cells, strict=True)
        ),
        released=released,
        approved=approved.get(group.key) if released else None,
        is_own=is_own,
        has_units=bool(group.parts),
    )


def _part(places: Sequence[int], count: int, categories: Sequence[Category]) -> Part:
    chosen = [categories[place] for place in places]
    return Part(
        tuple(stage for stage, _band in chosen if stage),
        tuple(band for stage, band in chosen if stage is None),
        count,
    )
