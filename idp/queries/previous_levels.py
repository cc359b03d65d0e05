"""What a person had attained before, and what they have done for their development since.

For whoever rates them or reads their own record: who may see it is asked by the caller, and only what the
person themself has been told is in it (a released result, an approved plan).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from idp.models import Assessment, AssessmentItem, Competency, Cycle, Gap
from idp.queries.competency_matches import CompetencyMatches, competency_matches
from idp.queries.corrections import corrected_levels
from idp.queries.development_since import DevelopmentSince, PlanLine, plan_lines
from idp.rules.assessment_workflow import RELEASED_STATES
from idp.rules.terms import CrosswalkRelation

__all__ = [
    "NO_BACKGROUND",
    "Background",
    "DevelopmentSince",
    "PreviousLevel",
    "backgrounds",
    "previous_levels",
]


@dataclass(frozen=True)
class PreviousLevel:
    """One competency in the latest released assessment before; `level` is the one that holds, `expected` what
    was expected then.

    `aligned` and `expected_aligned`: which levels of the competency of now they are; None: to be assessed
    anew, what was then is shown for reference alone. `relation`: what the competency of then is, seen from
    that of now; None: the same. `note_th`: how an equivalent one's levels align.
    """

    level: Decimal
    expected: int
    assessment_id: int
    cycle_id: int
    cycle_name_th: str
    cycle_name_en: str
    competency_name_th: str
    competency_name_en: str | None
    aligned: Decimal | None
    expected_aligned: Decimal | None
    relation: CrosswalkRelation | None = None
    note_th: str = ""
    note_en: str = ""

    @property
    def is_comparable(self) -> bool:
        """The level is one of now too, and may be compared as `aligned`."""
        return self.aligned is not None

    @property
    def is_same_number(self) -> bool:
        return self.aligned == self.level

    @property
    def gap_aligned(self) -> Decimal | None:
        """The gap of then in levels of now; None where it cannot be compared."""
        if self.aligned is None or self.expected_aligned is None:
            return None
        return self.expected_aligned - self.aligned


@dataclass(frozen=True)
class _Earlier:
    """The latest released assessment before one, and when both cycles began."""

    id: int
    employee_id: int
    cycle_id: int
    name_th: str
    name_en: str
    fiscal_year: int
    next_starts_on: date


@dataclass(frozen=True)
class _ItemThen:
    competency_id: int
    name_th: str
    name_en: str | None
    expected: int
    level: Decimal


@dataclass(frozen=True)
class Background:
    """Of one assessment, by competency id (of now): the level before, and the development since."""

    levels: Mapping[int, PreviousLevel] = field(default_factory=dict)
    development: Mapping[int, tuple[DevelopmentSince, ...]] = field(default_factory=dict)


NO_BACKGROUND = Background()


def previous_levels(
    session: Session, assessment_ids: Collection[int]
) -> Mapping[int, Mapping[int, PreviousLevel]]:
    """By assessment and competency id (of now): the level in the same employee's latest released assessment
    of an earlier cycle, with corrections. Competencies without a counterpart there are missing.

    The closest counterpart counts: the same competency, the same code in another version, else by the
    crosswalk. Seven statements at most, whatever the number; one where nothing came before.
    """
    found = _backgrounds(session, assessment_ids, with_plans=False)
    return {assessment_id: each.levels for assessment_id, each in found.items() if each.levels}


def backgrounds(session: Session, assessment_ids: Collection[int]) -> Mapping[int, Background]:
    """Both in eight statements at most. Assessments with nothing before them are missing."""
    return _backgrounds(session, assessment_ids)


def _backgrounds(
    session: Session,
    assessment_ids: Collection[int],
    *,
    with_plans: bool = True,
) -> dict[int, Background]:
    earlier = _earlier(session, assessment_ids)
    if not earlier:
        return {}
    then = _items_then(session, {each.id for each in earlier.values()})
    lines = plan_lines(session, {each.employee_id for each in earlier.values()}) if with_plans else {}
    now = _competencies_now(session, earlier.keys())
    ids = {each for own in now.values() for each in own}
    ids |= {item.competency_id for items in then.values() for item in items}
    ids |= {line.competency_id for own in lines.values() for line in own}
    matches = competency_matches(session, ids)
    return {
        assessment_id: Background(
            _levels(before, then.get(before.id, ()), now.get(assessment_id, ()), matches),
            _development(before, lines.get(before.employee_id, ()), now.get(assessment_id, ()), matches),
        )
        for assessment_id, before in earlier.items()
    }


def _earlier(session: Session, assessment_ids: Collection[int]) -> dict[int, _Earlier]:
    """By assessment the latest one before it whose result the employee has been told; one statement."""
    now, cycle = aliased(Assessment), aliased(Cycle)
    rows = session.execute(
        select(
            now.id.label("now_id"),
            Assessment.id,
            Assessment.employee_id,
            Assessment.cycle_id,
            Cycle.name_th,
            Cycle.name_en,
            Cycle.fiscal_year,
            cycle.starts_on.label("next_starts_on"),
        )
        .join(cycle, cycle.id == now.cycle_id)
        .join(Assessment, Assessment.employee_id == now.employee_id)
        .join(Cycle, Cycle.id == Assessment.cycle_id)
        .where(
            now.id.in_(assessment_ids),
            Cycle.starts_on < cycle.starts_on,
            Assessment.state.in_(RELEASED_STATES),
        )
        .order_by(now.id, Cycle.starts_on, Assessment.id)
    )
    return {row.now_id: _Earlier(*row[1:]) for row in rows}  # the latest of each comes last


def _items_then(session: Session, assessment_ids: Collection[int]) -> dict[int, list[_ItemThen]]:
    """The competencies that have a result, with the level that holds; two statements."""
    corrected = corrected_levels(session, assessment_ids)
    rows = session.execute(
        select(AssessmentItem, Gap.attained_level, Competency.name_th, Competency.name_en)
        .join(Competency, Competency.id == AssessmentItem.competency_id)
        .outerjoin(Gap, Gap.item_id == AssessmentItem.id)
        .where(AssessmentItem.assessment_id.in_(assessment_ids))
        .order_by(AssessmentItem.assessment_id, AssessmentItem.sort_order, AssessmentItem.id)
    )
    found: dict[int, list[_ItemThen]] = {}
    for item, released, name_th, name_en in rows:
        level = corrected.get(item.id, released)
        if level is not None:
            then = _ItemThen(item.competency_id, name_th, name_en, item.expected_level, Decimal(level))
            found.setdefault(item.assessment_id, []).append(then)
    return found


def _competencies_now(session: Session, assessment_ids: Collection[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for assessment_id, competency_id in session.execute(
        select(AssessmentItem.assessment_id, AssessmentItem.competency_id)
        .where(AssessmentItem.assessment_id.in_(assessment_ids))
        .order_by(AssessmentItem.assessment_id, AssessmentItem.sort_order, AssessmentItem.id)
    ):
        found.setdefault(assessment_id, []).append(competency_id)
    return found


def _levels(
    before: _Earlier,
    items: Collection[_ItemThen],
    competency_ids: Collection[int],
    matches: CompetencyMatches,
) -> dict[int, PreviousLevel]:
    found = {each: _previous(before, items, each, matches) for each in competency_ids}
    return {competency_id: level for competency_id, level in found.items() if level is not None}


def _previous(
    before: _Earlier, items: Collection[_ItemThen], competency_id: int, matches: CompetencyMatches
) -> PreviousLevel | None:
    pairs = [(item, matches.match(competency_id, item.competency_id)) for item in items]
    close = [(item, match) for item, match in pairs if match is not None]
    if not close:
        return None
    item, match = min(close, key=lambda pair: pair[1].distance)
    return PreviousLevel(
        level=item.level,
        expected=item.expected,
        assessment_id=before.id,
        cycle_id=before.cycle_id,
        cycle_name_th=before.name_th,
        cycle_name_en=before.name_en,
        competency_name_th=item.name_th,
        competency_name_en=item.name_en,
        aligned=match.aligned(item.level),
        expected_aligned=match.aligned(item.expected),
        relation=match.relation,
        note_th=match.note_th,
        note_en=match.note_en,
    )


def _development(
    before: _Earlier, lines: Collection[PlanLine], competency_ids: Collection[int], matches: CompetencyMatches
) -> dict[int, tuple[DevelopmentSince, ...]]:
    own = [
        line
        for line in lines
        if line.fiscal_year >= before.fiscal_year and line.starts_on < before.next_starts_on
    ]
    found = {}
    for competency_id in competency_ids:
        matched = [(line, matches.match(competency_id, line.competency_id)) for line in own]
        found[competency_id] = tuple(line.shown(match) for line, match in matched if match is not None)
    return {competency_id: shown for competency_id, shown in found.items() if shown}
