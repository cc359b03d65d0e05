"""The ladders of competencies, read from the dictionaries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import BehaviouralIndicator, ProficiencyLevel
from idp.rules.levels import Ladder


@dataclass(frozen=True)
class CompetencyLadder:
    """`level_of`: the level number of every behavioural indicator of the competency, by the indicator's
    id."""

    ladder: Ladder
    level_of: Mapping[int, int]

    def indicators_at(self, level: int) -> frozenset[int]:
        return frozenset(indicator for indicator, number in self.level_of.items() if number == level)


def ladders_of(session: Session, competency_ids: Collection[int]) -> dict[int, CompetencyLadder]:
    """The ladder of each competency, by its id: one statement at most.

    Kept in the session: assessments use published frameworks alone, and those never change.
    """
    known: dict[int, CompetencyLadder] = session.info.setdefault("ladders", {})
    wanted = set(competency_ids) - set(known)
    if wanted:
        known.update(_read(session, wanted))
    return {competency_id: known[competency_id] for competency_id in competency_ids if competency_id in known}


def _read(session: Session, competency_ids: Collection[int]) -> dict[int, CompetencyLadder]:
    rows = session.execute(
        select(ProficiencyLevel.competency_id, ProficiencyLevel.number, BehaviouralIndicator.id)
        .outerjoin(BehaviouralIndicator, BehaviouralIndicator.level_id == ProficiencyLevel.id)
        .where(ProficiencyLevel.competency_id.in_(competency_ids))
        .order_by(ProficiencyLevel.competency_id, ProficiencyLevel.number, BehaviouralIndicator.sort_order)
    )
    counts: dict[int, dict[int, int]] = {}
    level_of: dict[int, dict[int, int]] = {}
    for competency_id, number, indicator_id in rows:
        of_competency = counts.setdefault(competency_id, {})
        of_competency.setdefault(number, 0)
        if indicator_id is not None:
            of_competency[number] += 1
            level_of.setdefault(competency_id, {})[indicator_id] = number
    return {
        competency_id: CompetencyLadder(Ladder.of(numbers), level_of.get(competency_id, {}))
        for competency_id, numbers in counts.items()
    }
