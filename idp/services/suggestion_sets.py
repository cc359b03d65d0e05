"""Proposals by sets: each situation is thought through once, and one statement writes the rows of everybody
in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from idp.models import AssessmentItem, Cycle, Suggestion
from idp.models.insert_select import insert_missing
from idp.models.json_rows import json_rows
from idp.queries.development_actions import published_actions
from idp.queries.ladders import CompetencyLadder, ladders_of
from idp.queries.open_gaps import RatedCompetency, Situation, competencies_of, gaps_by_situation
from idp.rules.levels import path
from idp.rules.suggestions import Candidate, GapToClose, Suggested, suggest
from idp.rules.terms import SuggestionState
from idp.services.settings import rules_of_cycle

COLUMNS = [
    Suggestion.assessment_item_id,
    Suggestion.action_id,
    Suggestion.target_level,
    Suggestion.rank,
    Suggestion.reason,
    Suggestion.state,
    Suggestion.rejected_because,
]

Way = tuple[int, int, int, tuple[tuple[int, frozenset[int]], ...]]
"""A situation without what does not matter: competency, expected and attained level (in hundredths), and for
each level that something is proposed for, the indicators not shown."""


@dataclass
class Thinking:
    """What is proposed in each situation of one organisation, thought of when first asked for.

    `numbers`: by way the number of its proposals, None where the catalogue has nothing; `rows`: that number,
    action, target level, rank and reason of everything proposed.
    """

    ladders: Mapping[int, CompetencyLadder]
    candidates: Mapping[int, Sequence[Candidate]]
    competencies: Mapping[int, RatedCompetency]
    limit: int
    full_path: bool
    numbers: dict[Way, int | None] = field(default_factory=dict)
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def number(self, situation: Situation) -> int | None:
        """Under which the rows for this situation stand in `rows`."""
        way = self._way(situation)
        if way not in self.numbers:
            found = self._think(way)
            number = len(self.numbers) if found else None
            self.numbers[way] = number
            self.rows += [_row(number, each) for each in found]
        return self.numbers[way]

    def _way(self, situation: Situation) -> Way:
        ladder = self.ladders[situation.competency_id]
        levels = path(ladder.ladder, Decimal(situation.attained) / 100, situation.expected)
        shown = situation.indicators
        missing = (
            (level, ladder.indicators_at(level) - shown)
            for level in (levels if self.full_path else levels[:1])
        )
        return situation.competency_id, situation.expected, situation.attained, tuple(missing)

    def _think(self, way: Way) -> list[Suggested]:
        competency_id, expected, hundredths, missing = way
        attained = Decimal(hundredths) / 100
        to_close = GapToClose(
            competency_key=competency_id,
            category=self.competencies[competency_id].category,
            expected=expected,
            attained=int(attained) if attained == int(attained) else attained,
            weight=0,  # orders gaps, and not what is proposed for one
            ladder=self.ladders[competency_id].ladder,
            missing=dict(missing),
            framework=self.competencies[competency_id].framework,
        )
        answer = suggest(
            to_close, self.candidates.get(competency_id, ()), full_path=self.full_path, limit=self.limit
        )
        return [each for each in answer if isinstance(each, Suggested)]


def propose_in_cycle(
    session: Session,
    cycle: Cycle,
    assessment_ids: Sequence[int],
    full_path: bool,
    only_item: int | None = None,
) -> int:
    """Propose for the gaps of these assessments of one cycle, or for one item of theirs; how many proposals
    are new. A constant number of statements."""
    limit = rules_of_cycle(cycle).suggestions_per_gap
    situations = gaps_by_situation(session, assessment_ids) if limit >= 1 else {}
    if only_item is not None:
        situations = {each: [only_item] for each, items in situations.items() if only_item in items}
    if not situations:
        return 0
    competency_ids = {situation.competency_id for situation in situations}
    thinking = begin_thinking(session, cycle.organisation_id, competency_ids, limit, full_path)
    gaps: list[tuple[int, int]] = []
    for situation, item_ids in situations.items():
        number = thinking.number(situation)
        if number is not None:
            gaps += [(item_id, number) for item_id in item_ids]
    return _insert(session, sorted(gaps), thinking.rows)


def propose_another(session: Session, cycle: Cycle, item: AssessmentItem, level: int) -> bool:
    """Propose for one level of one gap the best action that was not proposed yet, where fewer than the
    organisation's number wait for an answer; whether there was one."""
    proposed = session.execute(
        select(Suggestion.action_id, Suggestion.rank, Suggestion.target_level, Suggestion.state).where(
            Suggestion.assessment_item_id == item.id
        )
    ).all()
    situations = gaps_by_situation(session, [item.assessment_id])
    situation = next((each for each, items in situations.items() if item.id in items), None)
    if situation is None:
        return False
    every = 1_000_000  # all that the catalogue has, in their order
    thinking = begin_thinking(session, cycle.organisation_id, {item.competency_id}, every, full_path=True)
    thinking.number(situation)
    offered = {action.action_id for action in thinking.candidates.get(item.competency_id, ())}
    waiting = sum(
        row.state is SuggestionState.PROPOSED and row.target_level == level and row.action_id in offered
        for row in proposed
    )
    known = {row.action_id for row in proposed}
    best = next((row for row in thinking.rows if row[2] == level and row[1] not in known), None)
    if best is None or waiting >= rules_of_cycle(cycle).suggestions_per_gap:
        return False
    number, action_id, target_level, _rank, reason = best
    rank = max((row.rank for row in proposed), default=0) + 1
    return _insert(session, [(item.id, number)], [(number, action_id, target_level, rank, reason)]) > 0


def begin_thinking(
    session: Session, organisation_id: int, competency_ids: Collection[int], limit: int, full_path: bool
) -> Thinking:
    """With what is read for it: the ladders, the actions that the organisation proposes."""
    return Thinking(
        ladders=ladders_of(session, competency_ids),
        candidates=published_actions(session, competency_ids, organisation_id),
        competencies=competencies_of(session, competency_ids),
        limit=limit,
        full_path=full_path,
    )


def _row(number: int | None, suggested: Suggested) -> tuple[Any, ...]:
    return (
        number,
        suggested.action.action_id,
        suggested.target_level,
        suggested.rank,
        suggested.reason.as_json(),
    )


def _insert(session: Session, gaps: Sequence[tuple[int, int]], proposals: Sequence[tuple[Any, ...]]) -> int:
    """Write what is not there yet; how many. `gaps`: item and number of its proposals."""
    if not gaps:
        return 0
    gap = json_rows(session, "gap_to_close", ("item_id", "number"), gaps)
    columns = ("number", "action_id", "target_level", "rank")
    proposal = json_rows(session, "proposal", columns, proposals, document="reason")
    rows = select(
        gap.c.item_id,
        proposal.c.action_id,
        proposal.c.target_level,
        proposal.c.rank,
        proposal.c.reason,
        literal(SuggestionState.PROPOSED.value),
        literal(""),
    ).where(gap.c.number == proposal.c.number)
    return insert_missing(session, Suggestion, COLUMNS, rows, unique=COLUMNS[:2])
