"""How far somebody's result is from what another post expects: the gaps on the way to a next position.

What is expected there is read as an opening of a round would read it on that day (`queries.expectations`),
without the overrides of single positions. What is attained are the levels that hold of one released result;
a competency that was not rated in it is not rated, never level 0.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, literal, or_, select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    AssessmentItem,
    Assignment,
    Competency,
    DevelopmentAction,
    LineOfWork,
    PositionProfile,
)
from idp.queries.competency_matches import CompetencyMatches, competency_matches
from idp.queries.corrections import current_levels
from idp.queries.development_actions import published_actions
from idp.queries.expectations import NO_LINE_OF_WORK, NO_OVERRIDES, expected_of
from idp.queries.ladders import CompetencyLadder, ladders_of
from idp.queries.position_levels import LevelRow, position_levels
from idp.queries.profile_versions import of_versions, versions_in_use
from idp.queries.relations import assignment_holds
from idp.rules.gaps import gap, standing
from idp.rules.levels import path
from idp.rules.suggestions import Candidate, GapToClose, Suggested, suggest
from idp.rules.terms import CompetencyCategory, DevelopmentMethod, Standing


@dataclass(frozen=True)
class Post:
    """A position level, in a line of work or in none."""

    position_level_id: int
    line_of_work_id: int | None


@dataclass(frozen=True)
class LineRow:
    id: int
    name_th: str
    name_en: str


@dataclass(frozen=True)
class PostChoices:
    """What may be chosen. `current` None: the person has no post today."""

    lines: tuple[LineRow, ...]
    levels: tuple[LevelRow, ...]
    current: Post | None

    @property
    def next(self) -> Post | None:
        """The same line of work at the next level of the same type; at the end of a type the one after it in
        the order of the levels; at the very top the current one (this product's default)."""
        places = {level.id: place for place, level in enumerate(self.levels)}
        if self.current is None or self.current.position_level_id not in places:
            return Post(self.levels[0].id, None) if self.levels else None
        own = self.levels[places[self.current.position_level_id]]
        above = self.levels[places[own.id] + 1 :]
        same_type = (each for each in above if each.type_name_th == own.type_name_th)
        chosen = next(same_type, above[0] if above else own)
        return Post(chosen.id, self.current.line_of_work_id)

    def has(self, post: Post) -> bool:
        known = {None, *(line.id for line in self.lines)}
        return post.position_level_id in {each.id for each in self.levels} and post.line_of_work_id in known


@dataclass(frozen=True)
class ActionThere:
    """An action of the catalogue for the next level; the cost in baht."""

    id: int
    title_th: str
    method: DevelopmentMethod
    hours: int
    cost_baht: Decimal


@dataclass(frozen=True)
class ExpectedThere:
    """One competency of the other post. `attained` None: not rated, or rated on a ladder that says nothing of
    this one (`is_anew`). `rated_as_th`: the competency of the result, where it is another one. `next_level`:
    the next to reach; None where nothing is missing, and where nobody knows what is: a rating comes first."""

    competency_id: int
    name_th: str
    name_en: str | None
    category: CompetencyCategory
    top: int
    expected: int
    attained: Decimal | None
    is_anew: bool
    rated_as_th: str | None
    next_level: int | None
    actions: tuple[ActionThere, ...]

    @property
    def gap(self) -> Decimal | None:
        """In levels; above 0 is a gap."""
        found = gap(self.expected, self.attained)
        return None if found is None else Decimal(found)

    @property
    def standing(self) -> Standing:
        return standing(self.expected, self.attained)


@dataclass(frozen=True)
class _Rated:
    competency_id: int
    name_th: str
    level: Decimal


def post_choices(session: Session, organisation_id: int, employee_id: int, day: date) -> PostChoices:
    """Lines of work and levels that the organisation has, and where the employee serves; three statements."""
    has_profile = exists(
        select(PositionProfile.id).where(
            PositionProfile.organisation_id == organisation_id,
            PositionProfile.line_of_work_id == LineOfWork.id,
        )
    )
    serves = exists(
        select(Assignment.id).where(
            Assignment.organisation_id == organisation_id, Assignment.line_of_work_id == LineOfWork.id
        )
    )
    lines = session.execute(
        select(LineOfWork.id, LineOfWork.name_th, LineOfWork.name_en)
        .where(or_(has_profile, serves))
        .order_by(LineOfWork.name_th, LineOfWork.id)
    )
    current = session.execute(
        select(Assignment.position_level_id, Assignment.line_of_work_id).where(
            Assignment.employee_id == employee_id, assignment_holds(day)
        )
    ).first()
    return PostChoices(
        tuple(LineRow(*row) for row in lines),
        position_levels(session, organisation_id),
        None if current is None else Post(*current),
    )


def way_to_post(
    session: Session, assessment: Assessment, post: Post, day: date, limit: int
) -> tuple[ExpectedThere, ...]:
    """What the post expects beside the assessment's result, the largest gap first, then what was not rated,
    then the rest; with at most `limit` actions for the next level of each gap. Empty where nothing is
    expected.

    The caller has checked that the result is released and the reader may see it. A constant number of
    statements.
    """
    expected = _expected(session, assessment.organisation_id, post, day)
    if not expected:
        return ()
    rated = _rated(session, assessment.id)
    ids = {row.competency_id for row in expected}
    matches = competency_matches(session, ids | {each.competency_id for each in rated})
    ladders = ladders_of(session, ids)
    actions = published_actions(session, ids, assessment.organisation_id)
    lines = [
        _line(row, rated, matches, ladders[row.competency_id], actions.get(row.competency_id, ()), limit)
        for row in expected
    ]
    chosen = {each for _line_, found in lines for each in found}
    texts = _actions(session, chosen)
    whole = [ExpectedThere(**fields, actions=tuple(texts[each] for each in found)) for fields, found in lines]
    order = {Standing.GAP: 0, Standing.UNRATED: 1, Standing.MET: 2, Standing.STRENGTH: 3}
    return tuple(sorted(whole, key=lambda each: (order[each.standing], -(each.gap or 0))))


def _expected(session: Session, organisation_id: int, post: Post, day: date) -> Sequence[Any]:
    there = select(
        literal(post.position_level_id).label("position_level_id"),
        literal(post.line_of_work_id or NO_LINE_OF_WORK).label("line_key"),
        literal(NO_OVERRIDES).label("position_key"),
    ).subquery()
    counts = of_versions(versions_in_use(session, organisation_id, day))
    expected = expected_of(there, counts, organisation_id, day)
    return session.execute(
        select(
            expected.c.competency_id,
            expected.c.level,
            Competency.name_th,
            Competency.name_en,
            Competency.category,
        )
        .join(Competency, Competency.id == expected.c.competency_id)
        .order_by(expected.c.place)
    ).all()


def _rated(session: Session, assessment_id: int) -> list[_Rated]:
    levels = current_levels(session, assessment_id)
    rows = session.execute(
        select(AssessmentItem.id, AssessmentItem.competency_id, Competency.name_th)
        .join(Competency, Competency.id == AssessmentItem.competency_id)
        .where(AssessmentItem.assessment_id == assessment_id)
        .order_by(AssessmentItem.id)
    )
    return [_Rated(row.competency_id, row.name_th, levels[row.id]) for row in rows if row.id in levels]


def _line(
    row: Any,
    rated: Collection[_Rated],
    matches: CompetencyMatches,
    ladder: CompetencyLadder,
    actions: Collection[Candidate],
    limit: int,
) -> tuple[dict[str, Any], list[int]]:
    """The columns of ExpectedThere without its actions, and the ids of those."""
    pairs = [(each, matches.match(row.competency_id, each.competency_id)) for each in rated]
    close = [(each, match) for each, match in pairs if match is not None]
    attained: Decimal | None = None
    rated_as, is_anew = None, False
    if close:
        closest, match = min(close, key=lambda pair: pair[1].distance)
        attained = match.aligned(closest.level)
        is_anew = attained is None
        rated_as = closest.name_th if match.relation is not None else None
    levels = () if attained is None else path(ladder.ladder, attained, row.level)
    fields = {
        "competency_id": row.competency_id,
        "name_th": row.name_th,
        "name_en": row.name_en,
        "category": row.category,
        "top": max(ladder.ladder.numbers, default=0),
        "expected": row.level,
        "attained": attained,
        "is_anew": is_anew,
        "rated_as_th": rated_as,
        "next_level": levels[0] if levels else None,
    }
    if attained is None or not levels or not limit:
        return fields, []
    to_close = GapToClose(row.competency_id, row.category, row.level, attained, 0, ladder.ladder)
    found = suggest(to_close, actions, limit=limit)
    return fields, [int(each.action.action_id) for each in found if isinstance(each, Suggested)]


def _actions(session: Session, action_ids: Collection[int]) -> Mapping[int, ActionThere]:
    rows = session.execute(
        select(
            DevelopmentAction.id,
            DevelopmentAction.title_th,
            DevelopmentAction.method,
            DevelopmentAction.hours,
            DevelopmentAction.cost_baht,
        ).where(DevelopmentAction.id.in_(action_ids))
    )
    return {row.id: ActionThere(*row) for row in rows}
