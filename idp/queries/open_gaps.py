"""The gaps for which development actions are proposed, by the levels that hold, gathered by situation."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Integer, Select, String, cast, func, select, type_coerce
from sqlalchemy.orm import Session

from idp.models import (
    AssessmentItem,
    Competency,
    CompetencyFramework,
    FrameworkVersion,
    Gap,
    Rating,
    RatingTick,
)
from idp.models.json_rows import json_rows
from idp.queries.corrections import corrected_levels
from idp.rules.terms import CompetencyCategory, RaterKind


class Situation(NamedTuple):
    """What a proposal for a gap depends on. `attained`: the level that holds, in hundredths; `ticked`: the
    ids of all indicators that the supervisor ticked, as text with commas, or None.

    People in the same situation get the same proposals; a situation may come in several wordings (other
    levels' ticks, or another order), which costs time and changes nothing.
    """

    competency_id: int
    expected: int
    ticked: str | None
    attained: int

    @property
    def indicators(self) -> frozenset[int]:
        return frozenset(map(int, self.ticked.split(","))) if self.ticked else frozenset()


class RatedCompetency(NamedTuple):
    """`framework`: the version it belongs to, as kept with a proposal: "code/number"."""

    category: CompetencyCategory
    framework: str


def gaps_by_situation(session: Session, assessment_ids: Sequence[int]) -> dict[Situation, list[int]]:
    """The items with a gap, by their situation; a successful objection may have changed the level.

    Two statements, and one where something was corrected, however many assessments.
    """
    chosen = json_rows(session, "chosen", ("id",), ([each] for each in assessment_ids))
    corrected = corrected_levels(session, select(chosen.c.id))
    of_these = AssessmentItem.assessment_id.in_(select(chosen.c.id))
    released = _items().join(Gap, Gap.item_id == AssessmentItem.id).where(of_these, Gap.gap > 0)
    gap = released.add_columns(type_coerce(Gap.attained_level, Integer).label("attained")).subquery()
    situation = (gap.c.competency_id, gap.c.expected, gap.c.ticked, gap.c.attained)
    # Gathered by the database: of many people, few rows are read.
    gathered = select(*situation, func.aggregate_strings(cast(gap.c.id, String), ",")).group_by(*situation)
    found: dict[Situation, list[int]] = {}
    for *each, item_ids in session.execute(gathered):
        items = [item_id for item_id in map(int, item_ids.split(",")) if item_id not in corrected]
        found.setdefault(Situation(*each), []).extend(items)
    if corrected:
        changed = json_rows(session, "changed", ("id",), ([each] for each in corrected))
        some = _items().where(AssessmentItem.id.in_(select(changed.c.id)))
        for item_id, competency_id, expected, ticked in session.execute(some):
            level = corrected[item_id] * 100
            if expected * 100 > level:
                found.setdefault(Situation(competency_id, expected, ticked, level), []).append(item_id)
    return {each: item_ids for each, item_ids in found.items() if item_ids}


def _items() -> Select[int, int, int, str | None]:
    ticked = (
        select(func.aggregate_strings(cast(RatingTick.indicator_id, String), ","))
        .join(Rating, Rating.id == RatingTick.rating_id)
        .where(Rating.item_id == AssessmentItem.id, Rating.rater_kind == RaterKind.SUPERVISOR)
        .correlate(AssessmentItem)
        .scalar_subquery()
    )
    return select(
        AssessmentItem.id,
        AssessmentItem.competency_id,
        AssessmentItem.expected_level.label("expected"),
        ticked.label("ticked"),
    )


def competencies_of(session: Session, competency_ids: Collection[int]) -> Mapping[int, RatedCompetency]:
    """By id, one statement."""
    rows = session.execute(
        select(Competency.id, Competency.category, CompetencyFramework.code, FrameworkVersion.number)
        .join(FrameworkVersion, FrameworkVersion.id == Competency.framework_version_id)
        .join(CompetencyFramework, CompetencyFramework.id == FrameworkVersion.framework_id)
        .where(Competency.id.in_(competency_ids))
    )
    return {
        competency_id: RatedCompetency(category, f"{code}/{number}")
        for competency_id, category, code, number in rows
    }
