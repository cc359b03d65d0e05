"""The gaps and strengths of those whom a person rates or has above them: people x competencies of one cycle.

Who is in it: those whom the reader rates, once they have handed the rating in, and those of whom they are the
second level, once the result is released; of themself or by an order to act (`visibility.visible_to`).
Executives and the personnel office have no team by their office.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from idp.models import Assessment, AssessmentItem, Competency, Cycle, Gap, Rating
from idp.queries.corrections import corrected_levels
from idp.queries.previous_levels import PreviousLevel, previous_levels
from idp.queries.visibility import visible_to
from idp.rules.assessment_workflow import HANDED_IN_STATES, RELEASED_STATES
from idp.rules.gaps import gap, standing
from idp.rules.relations import Actor
from idp.rules.rounding import to_hundredths
from idp.rules.terms import Permission, RaterKind, Standing


@dataclass(frozen=True)
class TeamGap:
    """One competency of one person: levels that hold, and the gap of the round before where it can be
    compared. `attained` None: not rated."""

    expected: int
    attained: Decimal | None
    gap_before: Decimal | None

    @property
    def standing(self) -> Standing:
        return standing(self.expected, self.attained)

    @property
    def gap(self) -> Decimal | None:
        """In levels; above 0 is a gap."""
        found = gap(self.expected, self.attained)
        return None if found is None else Decimal(found)


@dataclass(frozen=True)
class PersonOfTeam:
    """`is_released` False: the reader's own rating, which the person has not been told yet."""

    assessment_id: int
    title_th: str
    first_name: str
    last_name: str
    position_name: str
    position_level_name: str
    is_released: bool
    mean_gap: Decimal | None
    mean_before: Decimal | None


@dataclass(frozen=True)
class CompetencyOfTeam:
    """How many of those of whom it is expected stand where; means in levels, two places, of those rated."""

    id: int
    name_th: str
    name_en: str | None
    counts: Mapping[Standing, int]
    mean_gap: Decimal | None
    mean_before: Decimal | None


@dataclass(frozen=True)
class TeamGaps:
    """`cells`: by (assessment id, competency id); who is not expected to show one has none there."""

    people: tuple[PersonOfTeam, ...] = ()
    competencies: tuple[CompetencyOfTeam, ...] = ()
    cells: Mapping[tuple[int, int], TeamGap] | None = None

    @property
    def mean_gap(self) -> Decimal | None:
        """Of every rating of the team."""
        return mean_of(cell.gap for cell in (self.cells or {}).values())

    @property
    def mean_before(self) -> Decimal | None:
        return mean_of(cell.gap_before for cell in (self.cells or {}).values())


def cycles_with_gaps(session: Session, actor: Actor, day: date) -> list[Cycle]:
    """Those of which the reader has a result of somebody to see, the latest first; one statement."""
    shown = select(Assessment.cycle_id).where(_is_shown(actor, day))
    rows = session.scalars(
        select(Cycle).where(Cycle.id.in_(shown)).order_by(Cycle.starts_on.desc(), Cycle.id.desc())
    )
    return list(rows)


def team_gaps(session: Session, actor: Actor, cycle_id: int, day: date) -> TeamGaps:
    """The team in the cycle, by the number of the employee; nobody is an empty one. Twelve statements at
    most, however many people and competencies."""
    records = session.scalars(
        select(Assessment)
        .where(_is_shown(actor, day), Assessment.cycle_id == cycle_id)
        .order_by(Assessment.employee_number, Assessment.id)
    ).all()
    if not records:
        return TeamGaps()
    released = [each.id for each in records if each.state in RELEASED_STATES]
    own = [each.id for each in records if each.state not in RELEASED_STATES]
    levels = _released_levels(session, released) | _own_ratings(session, own)
    before = previous_levels(session, [each.id for each in records])
    items = _items(session, [each.id for each in records])
    cells = {
        (item.assessment_id, item.competency_id): TeamGap(
            item.expected_level,
            levels.get(item.id),
            _gap_before(before.get(item.assessment_id, {}).get(item.competency_id)),
        )
        for item, _competency in items
    }
    competencies = {competency.id: competency for _item, competency in items}
    of_person: dict[int, list[TeamGap]] = defaultdict(list)
    of_competency: dict[int, list[TeamGap]] = defaultdict(list)
    for (assessment_id, competency_id), cell in cells.items():
        of_person[assessment_id].append(cell)
        of_competency[competency_id].append(cell)
    return TeamGaps(
        tuple(_person(each, of_person[each.id]) for each in records),
        tuple(_competency(each, of_competency[each.id]) for each in competencies.values()),
        cells,
    )


def mean_of(gaps: Iterable[Decimal | None]) -> Decimal | None:
    """In levels, rounded half up to two places; None where there is nothing. Not rated counts as nothing."""
    known = [each for each in gaps if each is not None]
    return to_hundredths(Fraction(sum(known, Decimal(0))) / len(known)) if known else None


def _is_shown(actor: Actor, day: date) -> ColumnElement[bool]:
    rates = visible_to(actor, Assessment, Permission.ASSESSMENT_RATE, day)
    above = visible_to(actor, Assessment, Permission.ASSESSMENT_SECOND_OPINION, day)
    return or_(
        and_(rates, Assessment.state.in_(HANDED_IN_STATES)),
        and_(above, Assessment.state.in_(RELEASED_STATES)),
    )


def _items(session: Session, assessment_ids: Sequence[int]) -> list[tuple[AssessmentItem, Competency]]:
    """In the order in which the competencies stand on the forms."""
    rows = session.execute(
        select(AssessmentItem, Competency)
        .join(Competency, Competency.id == AssessmentItem.competency_id)
        .where(AssessmentItem.assessment_id.in_(assessment_ids))
        .order_by(AssessmentItem.sort_order, AssessmentItem.competency_id, AssessmentItem.id)
    )
    return [(item, competency) for item, competency in rows]


def _released_levels(session: Session, assessment_ids: Collection[int]) -> dict[int, Decimal]:
    """By item the level that holds; two statements."""
    rows = session.execute(
        select(Gap.item_id, Gap.attained_level)
        .join(AssessmentItem, AssessmentItem.id == Gap.item_id)
        .where(AssessmentItem.assessment_id.in_(assessment_ids))
    )
    corrected = corrected_levels(session, assessment_ids)
    levels = {item_id: Decimal(level) for item_id, level in rows}
    return levels | {item_id: Decimal(level) for item_id, level in corrected.items()}


def _own_ratings(session: Session, assessment_ids: Collection[int]) -> dict[int, Decimal]:
    rows = session.execute(
        select(Rating.item_id, Rating.attained_level)
        .join(AssessmentItem, AssessmentItem.id == Rating.item_id)
        .where(
            AssessmentItem.assessment_id.in_(assessment_ids),
            Rating.rater_kind == RaterKind.SUPERVISOR,
        )
    )
    return {item_id: Decimal(level) for item_id, level in rows if level is not None}


def _gap_before(previous: PreviousLevel | None) -> Decimal | None:
    return None if previous is None else previous.gap_aligned


def _person(assessment: Assessment, own: Sequence[TeamGap]) -> PersonOfTeam:
    return PersonOfTeam(
        assessment_id=assessment.id,
        title_th=assessment.title_th,
        first_name=assessment.first_name,
        last_name=assessment.last_name,
        position_name=assessment.position_name,
        position_level_name=assessment.position_level_name,
        is_released=assessment.state in RELEASED_STATES,
        mean_gap=mean_of(cell.gap for cell in own),
        mean_before=mean_of(cell.gap_before for cell in own),
    )


def _competency(competency: Competency, own: Sequence[TeamGap]) -> CompetencyOfTeam:
    return CompetencyOfTeam(
        id=competency.id,
        name_th=competency.name_th,
        name_en=competency.name_en,
        counts=Counter(cell.standing for cell in own),
        mean_gap=mean_of(cell.gap for cell in own),
        mean_before=mean_of(cell.gap_before for cell in own),
    )
