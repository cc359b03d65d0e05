"""The years of a person's development as pages take them, gathered by the competency of the latest year."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from idp.queries.competency_matches import THE_SAME, CompetencyMatch, CompetencyMatches
from idp.rules.carry_over import COUNTERPARTS
from idp.rules.terms import CrosswalkRelation, DevelopmentMethod, PlanItemState


@dataclass(frozen=True)
class LevelThen:
    """A level of one released result. `aligned`: what it is on the ladder of the competency that it is shown
    under; None: to be assessed anew. `relation`: what its competency is, seen from that one; None: the
    same."""

    competency_id: int
    competency_name_th: str
    competency_name_en: str | None
    assessment_id: int
    fiscal_year: int
    starts_on: date
    cycle_name_th: str
    cycle_name_en: str
    organisation_id: int
    organisation_name_th: str
    expected: int
    level: Decimal
    aligned: Decimal | None = None
    expected_aligned: Decimal | None = None
    relation: CrosswalkRelation | None = None
    is_of_before: bool = False  # of an earlier version, another dictionary


@dataclass(frozen=True)
class LineThen:
    """A line of a plan that was agreed. `competency_id` None: a free one. `state` is the result once the plan
    was evaluated; `hours_done` None: not reported."""

    competency_id: int | None
    competency_name_th: str
    competency_name_en: str | None
    plan_id: int
    item_id: int
    fiscal_year: int
    organisation_id: int
    organisation_name_th: str
    title: str
    method: DevelopmentMethod
    target_level: int | None
    hours: int
    hours_done: int | None
    state: PlanItemState
    percent: int
    result_reason: str
    is_evaluated: bool
    evidence: int


@dataclass(frozen=True)
class CompetencyHistory:
    """One competency as it is called in the latest year, with all that was its counterpart before; `top`: of
    its ladder."""

    competency_id: int
    levels: tuple[LevelThen, ...]
    lines: tuple[LineThen, ...]
    name_th: str = ""
    name_en: str | None = None
    top: int = 0


@dataclass(frozen=True)
class YearOfDevelopment:
    """One fiscal year in one organisation. `hours_done`: of the lines that reported any; None where none
    did."""

    fiscal_year: int
    organisation_id: int
    organisation_name_th: str
    levels: int
    lines: tuple[LineThen, ...]

    @property
    def achieved(self) -> int:
        return sum(line.is_evaluated and line.state is PlanItemState.ACHIEVED for line in self.lines)

    @property
    def hours(self) -> int:
        return sum(line.hours for line in self.lines)

    @property
    def hours_done(self) -> int | None:
        done = [line.hours_done for line in self.lines if line.hours_done is not None]
        return sum(done) if done else None

    @property
    def evidence(self) -> int:
        return sum(line.evidence for line in self.lines)


@dataclass(frozen=True)
class DevelopmentHistory:
    """`competencies`: those of the latest year first, in the order of its form."""

    competencies: tuple[CompetencyHistory, ...]
    free_lines: tuple[LineThen, ...]
    levels: tuple[LevelThen, ...]
    lines: tuple[LineThen, ...]

    @property
    def years(self) -> tuple[YearOfDevelopment, ...]:
        """The latest first."""
        both: tuple[LevelThen | LineThen, ...] = (*self.levels, *self.lines)
        places = {(each.fiscal_year, each.organisation_id): each.organisation_name_th for each in both}
        return tuple(
            YearOfDevelopment(
                year,
                organisation_id,
                name,
                sum(
                    (each.fiscal_year, each.organisation_id) == (year, organisation_id)
                    for each in self.levels
                ),
                tuple(
                    each
                    for each in self.lines
                    if (each.fiscal_year, each.organisation_id) == (year, organisation_id)
                ),
            )
            for (year, organisation_id), name in sorted(places.items(), reverse=True)
        )


def history_by_competency(
    levels: Sequence[LevelThen], lines: Sequence[LineThen], matches: CompetencyMatches | None
) -> list[CompetencyHistory]:
    """Each competency of the latest results, with the levels and lines of its counterparts before; what has
    none stands by itself. Both are given in the order of time."""
    if matches is None:
        return []
    found: dict[int, CompetencyHistory] = {}
    under: dict[int, tuple[int, CompetencyMatch]] = {}
    for competency_id in _latest_first(levels, lines):
        place = _closest(found, competency_id, matches)
        if place is None:
            found[competency_id] = CompetencyHistory(competency_id, (), ())
            place = (competency_id, THE_SAME)
        under[competency_id] = place
    for level in levels:
        head, match = under[level.competency_id]
        shown = replace(
            level,
            aligned=match.aligned(level.level),
            expected_aligned=match.aligned(level.expected),
            relation=match.relation,
            is_of_before=head != level.competency_id,
        )
        found[head] = replace(found[head], levels=(*found[head].levels, shown))
    for line in lines:
        if line.competency_id is not None:
            head, _match = under[line.competency_id]
            found[head] = replace(found[head], lines=(*found[head].lines, line))
    return list(found.values())


def _latest_first(levels: Sequence[LevelThen], lines: Sequence[LineThen]) -> list[int]:
    """The competencies, those of the latest result first and in its order."""
    latest: dict[int, tuple[date, int]] = {}
    for place, level in enumerate(levels):
        latest[level.competency_id] = (level.starts_on, -place)
    ordered = sorted(latest, key=lambda each: latest[each], reverse=True)
    of_lines = dict.fromkeys(line.competency_id for line in reversed(lines) if line.competency_id is not None)
    return [*ordered, *(each for each in of_lines if each not in latest)]


def _closest(
    found: dict[int, CompetencyHistory], competency_id: int, matches: CompetencyMatches
) -> tuple[int, CompetencyMatch] | None:
    pairs = [(head, matches.match(head, competency_id)) for head in found]
    close = [
        (match.distance, place, head, match)
        for place, (head, match) in enumerate(pairs)
        if match is not None and match.relation in COUNTERPARTS
    ]
    if not close:
        return None
    _distance, _place, head, match = min(close, key=lambda each: each[:2])
    return head, match
