"""Gaps and strengths of a cycle by competency and unit, and by position level: no names, no small groups.

What may be shown is decided by `idp.rules.suppression`, over the whole organisation whatever part of it is
asked for. By unit: the very numbers that the figures of each unit show, in one table. By position level: of
the whole organisation alone, as one more division of its people; a unit divided by levels too would make
cells of the two, which subtraction lays open.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from idp.models import Assessment, Competency, Cycle, PositionLevel
from idp.queries.competency_matches import competency_matches
from idp.queries.figure_counts import (
    BEFORE,
    Counts,
    Sums,
    UnitInTree,
    gaps_by_competency,
    standing_by_unit,
    units_of,
)
from idp.queries.figure_trees import (
    WHOLE_ORGANISATION,
    Key,
    categories_of,
    divided_at_release,
    groups_of,
    names_of_unit,
    rated_tree,
    sum_below,
    tree_of,
)
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.rounding import to_hundredths
from idp.rules.settings import OrganisationRules
from idp.rules.suppression import Group, protect, protect_within

CycleWithRules = tuple[Cycle, OrganisationRules]
"""A cycle with the rules frozen in it."""


@dataclass(frozen=True)
class GapFigure:
    """Of the people of a group with a released result: `people` rated in the competency, `with_gap` of them,
    `exceeding` (None: shown together with those who meet what is expected), `unrated` besides. `mean_gap` in
    levels, two places; above 0 is a gap."""

    people: int
    with_gap: int
    exceeding: int | None
    unrated: int
    mean_gap: Decimal

    @property
    def percent(self) -> int:
        """With a gap, of those rated; rounded down."""
        return self.with_gap * 100 // self.people


@dataclass(frozen=True)
class CompetencyGaps:
    """`whole`: of the unit asked for; `before`: the same of the cycle before, where it may be shown and the
    levels compared; the others by column, missing where nothing may be shown."""

    competency_id: int
    name_th: str
    name_en: str | None
    whole: GapFigure
    before: GapFigure | None = None
    by_unit: Mapping[Key, GapFigure] = field(default_factory=dict)
    by_level: Mapping[int, GapFigure] = field(default_factory=dict)


@dataclass(frozen=True)
class UnitColumn:
    """A unit right below the one asked for; `is_own`: those serving in the unit itself."""

    key: Key
    name_th: str
    name_en: str


@dataclass(frozen=True)
class GapFigures:
    """The competencies with the largest share of gaps first. `levels`: the names of the position levels that
    are shown, neighbours as one where they are few; empty but for the whole organisation."""

    name_th: str
    name_en: str
    released: int | None
    competencies: tuple[CompetencyGaps, ...] = ()
    units: tuple[UnitColumn, ...] = ()
    levels: tuple[tuple[str, ...], ...] = ()
    hidden_competencies: int = 0


@dataclass(frozen=True)
class _Division:
    """The released results of one cycle: by unit how many people, which groups are divided at the release,
    and by competency how they stand."""

    units: tuple[UnitInTree, ...]
    released: Mapping[int, int]
    divided: frozenset[Hashable]
    counts: Counts
    sums: Sums

    def groups(self, competency_id: int) -> dict[Hashable, GapFigure]:
        """Every group of which the competency's figures may be shown."""
        coarse = rated_tree(self.units, self.released, self.counts[competency_id])
        fine = rated_tree(self.units, self.released, self.counts[competency_id], is_fine=True)
        may, may_finely = protect_within(coarse, self.divided), protect_within(fine, self.divided)
        return {
            group.key: _figure(group, self._sum(competency_id, group), is_fine=group.key in may_finely)
            for group in groups_of(fine)
            if group.key in may and group.total > group.counts[0]
        }

    def _sum(self, competency_id: int, group: Group) -> Decimal:
        assert isinstance(group.key, tuple)
        unit_id, is_own = group.key
        sums = self.sums[competency_id]
        return sums.get(unit_id, Decimal(0)) if is_own else sum_below(self.units, sums, unit_id)


def gap_figures(
    session: Session, cycle: CycleWithRules, before: CycleWithRules | None, unit_id: int
) -> GapFigures:
    """The gaps of the unit (`WHOLE_ORGANISATION`: of all) beside those of the cycle before; a constant number
    of statements. The caller has checked that the reader may see the unit."""
    now = _division(session, *cycle)
    key: Key = (unit_id, False)
    name_th, name_en = names_of_unit(now.units, unit_id)
    tree = tree_of(now.units, {unit: (people,) for unit, people in now.released.items()}, 1)
    asked = next((group for group in groups_of(tree) if group.key == key), None)
    if asked is None or key not in now.divided:
        return GapFigures(name_th, name_en, None)
    shown = {competency_id: now.groups(competency_id) for competency_id in now.counts}
    earlier = _before(session, before, list(shown), key) if before else {}
    levels, by_level = _by_level(session, cycle[0]) if unit_id == WHOLE_ORGANISATION else ((), {})
    names = _names(session, list(shown))
    parts = [part.key for part in asked.parts]
    found = [
        CompetencyGaps(
            competency_id,
            *names[competency_id],
            whole=groups[key],
            before=earlier.get(competency_id),
            by_unit={part: groups[part] for part in parts if part in groups},  # type: ignore[misc]
            by_level=by_level.get(competency_id, {}),
        )
        for competency_id, groups in shown.items()
        if key in groups
    ]
    found.sort(key=_largest_first)
    with_people = {competency for competency, counts in now.counts.items() if _has_people(now, counts, key)}
    return GapFigures(
        name_th,
        name_en,
        asked.total,
        tuple(found),
        tuple(_column(now.units, part) for part in parts if any(part in each.by_unit for each in found)),
        levels,
        len(with_people) - len(found),
    )


def _largest_first(each: CompetencyGaps) -> tuple[float, Decimal, str]:
    return -each.whole.with_gap / each.whole.people, -each.whole.mean_gap, each.name_th


def _division(session: Session, cycle: Cycle, rules: OrganisationRules) -> _Division:
    """Five statements."""
    units = units_of(session, cycle.organisation_id)
    categories = categories_of(rules)
    standing = standing_by_unit(session, cycle, categories)
    sections = [0 if stage else 1 for stage, _band in categories]
    shown = protect(tree_of(units, standing, len(categories)), sections)
    counts, sums = gaps_by_competency(session, cycle)
    return _Division(
        units,
        {unit_id: sum(row[len(BEFORE) :]) for unit_id, row in standing.items()},
        divided_at_release(shown, len(BEFORE)),
        counts,
        sums,
    )


def _figure(group: Group, total: Decimal, *, is_fine: bool) -> GapFigure:
    unrated, met, short, over = group.counts
    people = met + short + over
    mean = to_hundredths(Fraction(total) / people)
    return GapFigure(people, short, over if is_fine else None, unrated, mean)


def _has_people(now: _Division, counts: Mapping[Hashable, Sequence[int]], key: Key) -> bool:
    inside = [unit.id for unit in now.units if key[0] == WHOLE_ORGANISATION or f"/{key[0]}/" in unit.path]
    return any(sum(counts.get(unit_id, ())) for unit_id in inside)


def _before(
    session: Session, cycle: CycleWithRules, competency_ids: Sequence[int], key: Key
) -> dict[int, GapFigure]:
    """By competency of now, what the figures of the cycle before show of the same unit."""
    then = _division(session, *cycle)
    figures = {
        competency_id: groups[key]
        for competency_id in then.counts
        if key in (groups := then.groups(competency_id))
    }
    matches = competency_matches(session, {*competency_ids, *figures})
    found = {}
    for competency_id in competency_ids:
        close = [
            (match.distance, other)
            for other in figures
            if (match := matches.match(competency_id, other)) is not None and match.is_comparable_throughout
        ]
        if close:
            found[competency_id] = figures[min(close)[1]]
    return found


def _by_level(
    session: Session, cycle: Cycle
) -> tuple[tuple[tuple[str, ...], ...], dict[int, dict[int, GapFigure]]]:
    """The names of the levels that are shown, and by competency and place among them the figures. Four
    statements at most."""
    rows = session.execute(
        select(
            Assessment.position_level_code,
            func.min(Assessment.position_level_name),
            func.min(Assessment.position_type_name),
            func.count(),
        )
        .outerjoin(PositionLevel, PositionLevel.code == Assessment.position_level_code)
        .where(Assessment.cycle_id == cycle.id, Assessment.state.in_(RELEASED_STATES))
        .group_by(Assessment.position_level_code)
        .order_by(func.min(PositionLevel.sort_order), Assessment.position_level_code)
    ).all()
    shown = protect(Group(WHOLE_ORGANISATION, tuple(count for *_names, count in rows)))[WHOLE_ORGANISATION]
    if shown.grouping is None:
        return (), {}
    codes = [[rows[place][0] for place in merged] for merged in shown.grouping]
    # Employees without levels are called by their type.
    names = tuple(
        tuple(dict.fromkeys(rows[place][1] or rows[place][2] or rows[place][0] for place in merged))
        for merged in shown.grouping
    )
    counts, sums = gaps_by_competency(session, cycle, Assessment.position_level_code)
    return names, {
        competency_id: _of_levels(codes, shown.cells, of_levels, sums[competency_id])
        for competency_id, of_levels in counts.items()
    }


def _of_levels(
    codes: Sequence[Sequence[str]],
    people: Sequence[int],
    counts: Mapping[Hashable, Sequence[int]],
    sums: Mapping[Hashable, Decimal],
) -> dict[int, GapFigure]:
    """One competency, by the place of a group of levels, without those that subtraction would lay open."""
    parts = []
    for place, merged in enumerate(codes):
        met, short, over = (sum(counts.get(code, (0, 0, 0))[at] for code in merged) for at in range(3))
        parts.append(Group(place, (people[place] - met - short - over, met + over, short)))
    totals = zip(*(part.counts for part in parts), strict=True)
    whole = Group("whole", tuple(sum(column) for column in totals), tuple(parts))
    may = protect_within(whole, ["whole", *range(len(parts))])
    found = {}
    for place, (merged, part) in enumerate(zip(codes, parts, strict=True)):
        unrated, not_below, short = part.counts
        if place in may and not_below + short:
            total = sum((sums.get(code, Decimal(0)) for code in merged), Decimal(0))
            mean = to_hundredths(Fraction(total) / (not_below + short))
            found[place] = GapFigure(not_below + short, short, None, unrated, mean)
    return found


def _column(units: Sequence[UnitInTree], key: Hashable) -> UnitColumn:
    assert isinstance(key, tuple)
    return UnitColumn(key, *names_of_unit(units, key[0]))


def _names(session: Session, competency_ids: Sequence[int]) -> dict[int, tuple[str, str | None]]:
    rows = session.execute(
        select(Competency.id, Competency.name_th, Competency.name_en).where(Competency.id.in_(competency_ids))
    )
    return {number: (name_th, name_en) for number, name_th, name_en in rows}
