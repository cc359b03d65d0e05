"""How many gaps more or fewer, whose, and what they would cost, if something were expected otherwise.

Everybody who would be assessed if the cycle opened on that day is taken with what their post is expected to
show and with the latest released result of the same (or an equivalent) competency; nothing is written. People
are read in chunks, so that memory does not grow with them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from idp.models import Cycle
from idp.queries.competency_matches import CompetencyMatches, competency_matches
from idp.queries.development_actions import published_actions
from idp.queries.ladders import CompetencyLadder, ladders_of
from idp.queries.what_if_rows import (
    AttainedThen,
    ExpectedThere,
    Post,
    attained_by,
    corrections_in,
    names_of_competencies,
    names_of_units,
    people_after,
    posts_of,
    rated_before,
    shown_by,
)
from idp.rules.levels import read_ladder
from idp.rules.scoring import NotInTable, ScoreInput, method_of, score_competencies
from idp.rules.settings import OrganisationRules
from idp.rules.suggestions import Candidate, GapToClose, Suggested, suggest
from idp.rules.terms import CompetencyCategory, PersonnelType
from idp.rules.what_if import Scenario, with_weight

NAMED = 200
"""Changed gaps that are listed; the others are counted."""


@dataclass
class Sums:
    """`hours` and `baht`: of the first action for the next level of each gap; `without_action`: gaps that the
    catalogue has none for."""

    gaps: int = 0
    levels: Decimal = Decimal(0)
    people: int = 0
    hours: Decimal = Decimal(0)
    baht: Decimal = Decimal(0)
    without_action: int = 0


@dataclass
class BeforeAfter:
    """As it stands, and as it would be."""

    before: Sums = field(default_factory=Sums)
    after: Sums = field(default_factory=Sums)


@dataclass(frozen=True)
class ChangedGap:
    """Somebody's competency whose gap would be another one; `assessment_id`: where the level was attained."""

    assessment_id: int
    employee_id: int
    employee_number: str
    name: str
    position: str
    competency_id: int
    expected_before: int
    expected_after: int
    attained_before: Decimal
    attained_after: Decimal

    @property
    def gap_before(self) -> Decimal:
        return max(Decimal(0), self.expected_before - self.attained_before)

    @property
    def gap_after(self) -> Decimal:
        return max(Decimal(0), self.expected_after - self.attained_after)


@dataclass
class ScoreEffect:
    """On the competency score of those whose method counts weights, in points of their part; the means are
    defined once there is anybody. `not_in_table`: people besides, of whom something is expected that the
    comparison table has no row for."""

    people: int = 0
    not_in_table: int = 0
    higher: int = 0
    lower: int = 0
    total_before: Decimal = Decimal(0)
    total_after: Decimal = Decimal(0)

    @property
    def mean_before(self) -> Decimal:
        return self.total_before / self.people

    @property
    def mean_after(self) -> Decimal:
        return self.total_after / self.people


@dataclass
class WhatIf:
    """`people` would be assessed, of `with_result` a released result is known. Units and competencies where
    nothing stands and nothing would change are missing."""

    people: int = 0
    with_result: int = 0
    whole: BeforeAfter = field(default_factory=BeforeAfter)
    competencies: dict[int, BeforeAfter] = field(default_factory=dict)
    units: dict[int, BeforeAfter] = field(default_factory=dict)
    changed: list[ChangedGap] = field(default_factory=list)
    changed_count: int = 0
    scores: ScoreEffect = field(default_factory=ScoreEffect)
    competency_names: Mapping[int, tuple[str, str | None]] = field(default_factory=dict)
    unit_names: Mapping[int, str] = field(default_factory=dict)


def what_if(
    session: Session, cycle: Cycle, rules: OrganisationRules, scenario: Scenario, day: date
) -> WhatIf:
    """Try `scenario` out for the cycle; `rules` are those that it would open with."""
    return _Trial(session, cycle, rules, scenario, day).run()


class _Trial:
    """What is read once for all people, and the sums."""

    def __init__(
        self, session: Session, cycle: Cycle, rules: OrganisationRules, scenario: Scenario, day: date
    ) -> None:
        self.session, self.rules, self.scenario, self.day = session, rules, scenario, day
        self.organisation_id = cycle.organisation_id
        self.posts = posts_of(session, cycle, scenario, day)
        self.result = WhatIf()
        wanted = {each.competency_id for rows in self.posts.values() for each in rows}
        self.matches = competency_matches(session, wanted | rated_before(session, self.organisation_id))
        self.actions = published_actions(session, wanted, self.organisation_id)
        self.corrected = corrections_in(session, self.organisation_id)
        self._pairs: dict[tuple[Post, tuple[int, ...]], dict[int, int]] = {}
        self._costs: dict[tuple[int, int, Decimal], Candidate | None] = {}

    def run(self) -> WhatIf:
        last = 0
        while people := people_after(self.session, self.organisation_id, self.day, last):
            bounds = (people[0].id, people[-1].id)
            attained = attained_by(self.session, self.organisation_id, bounds, self.corrected)
            shown: Mapping[int, Mapping[int, int]] = {}
            if self.scenario.pass_rule is not None:
                shown = shown_by(self.session, self.organisation_id, bounds)
            for row in people:
                self._add_person(row, attained.get(row.id, ()), shown)
            last = bounds[1]
        result = self.result
        named = set(result.competencies) | {each.competency_id for each in result.changed}
        return replace(
            result,
            competency_names=names_of_competencies(self.session, named),
            unit_names=names_of_units(self.session, result.units),
        )

    def _add_person(
        self, row: Any, attained: Collection[AttainedThen], shown: Mapping[int, Mapping[int, int]]
    ) -> None:
        self.result.people += 1
        if not attained:
            return
        post = (row.position_level_id, row.line_key, row.position_key)
        expected = self.posts.get(post, ())
        by_old = {each.competency_id: each for each in attained}
        pairs = self._matched(post, tuple(sorted(by_old)))
        has_gap = [False, False]
        levels: dict[int, tuple[Decimal, Decimal]] = {}
        for each in expected:
            if each.competency_id not in pairs:
                continue
            then = by_old[pairs[each.competency_id]]
            match = self.matches.match(each.competency_id, then.competency_id)
            assert match is not None  # it is one of the pairs
            before, after = match.aligned(then.level), match.aligned(self._by_other_rule(then, shown))
            if before is None or after is None:
                continue  # it must be assessed anew: no result of now is known
            levels[each.competency_id] = (before, after)
            has_gap[0] |= each.before > before
            has_gap[1] |= each.after > after
            self._add_gap(row, each, before, after, then.assessment_id)
        self.result.with_result += bool(levels)
        self._count_people(row.unit_id, *has_gap)
        self._add_score(row.personnel_type, expected, levels)

    def _matched(self, post: Post, old: tuple[int, ...]) -> dict[int, int]:
        """For each competency expected of the post the closest comparable one of a result; kept, since whole
        teams have the same."""
        key = (post, old)
        if key not in self._pairs:
            self._pairs[key] = dict(_closest(self.matches, self.posts.get(post, ()), old))
        return self._pairs[key]

    def _by_other_rule(self, then: AttainedThen, shown: Mapping[int, Mapping[int, int]]) -> Decimal:
        """The level that the same ticks would give; what was stated, averaged or corrected stays."""
        if self.scenario.pass_rule is None or then.is_corrected or then.item_id not in shown:
            return then.level
        ladder = self._ladder(then.competency_id).ladder
        return Decimal(read_ladder(ladder, shown[then.item_id], self.scenario.pass_rule).attained)

    def _add_gap(
        self, row: Any, each: ExpectedThere, before: Decimal, after: Decimal, assessment_id: int
    ) -> None:
        sides = ((each.before, before), (each.after, after))
        if all(expected <= attained for expected, attained in sides):
            return
        where = (
            self.result.whole,
            self.result.competencies.setdefault(each.competency_id, BeforeAfter()),
            self.result.units.setdefault(row.unit_id, BeforeAfter()),
        )
        for turn, (expected, attained) in enumerate(sides):
            if expected > attained:
                action = self._first_action(each.competency_id, expected, attained)
                for sums in where:
                    _count(sums.after if turn else sums.before, expected - attained, action)
        change = ChangedGap(
            assessment_id, row.id, row.number, row.display_name, row.full_position or "",
            each.competency_id, each.before, each.after, before, after,
        )  # fmt: skip
        if change.gap_before != change.gap_after:
            self.result.changed_count += 1
            if len(self.result.changed) < NAMED:
                self.result.changed.append(change)

    def _count_people(self, unit_id: int, before: bool, after: bool) -> None:
        if before or after:
            for sums in (self.result.whole, self.result.units[unit_id]):
                sums.before.people += before
                sums.after.people += after

    def _add_score(
        self,
        personnel_type: PersonnelType,
        expected: Collection[ExpectedThere],
        levels: Mapping[int, tuple[Decimal, Decimal]],
    ) -> None:
        """Only who is known in every competency has a score, and only some methods count weights."""
        rule = self.rules.scoring[personnel_type]
        change = self.scenario.weight
        if change is None or len(levels) != len(expected) or not method_of(rule.method).uses_weights:
            return
        weights = {each.competency_id: each.weight for each in expected}
        effect, scores = self.result.scores, []
        for turn, given in enumerate((weights, with_weight(weights, change))):
            items = [
                ScoreInput(
                    each.after if turn else each.before,
                    levels[each.competency_id][turn],
                    given[each.competency_id],
                )
                for each in expected
            ]
            try:
                score = score_competencies(rule.method, items, rule.competency_part, rule.parameters)
            except NotInTable:
                effect.not_in_table += 1
                return
            scores.append(score.total)
        effect.people += 1
        effect.higher += scores[1] > scores[0]
        effect.lower += scores[1] < scores[0]
        effect.total_before += scores[0]
        effect.total_after += scores[1]

    def _first_action(self, competency_id: int, expected: int, attained: Decimal) -> Candidate | None:
        """What would be proposed first for the next level, were none of its indicators shown."""
        key = (competency_id, expected, attained)
        if key not in self._costs:
            known = self._ladder(competency_id)
            gap = GapToClose(
                competency_id,
                CompetencyCategory.CORE,
                expected,
                attained,
                weight=0,
                ladder=known.ladder,
                missing={number: known.indicators_at(number) for number in known.ladder.numbers},
            )
            first = next(iter(suggest(gap, self.actions.get(competency_id, ()), limit=1)), None)
            self._costs[key] = first.action if isinstance(first, Suggested) else None
        return self._costs[key]

    def _ladder(self, competency_id: int) -> CompetencyLadder:
        return ladders_of(self.session, [competency_id])[competency_id]


def _closest(
    matches: CompetencyMatches, expected: Collection[ExpectedThere], old: Collection[int]
) -> Iterator[tuple[int, int]]:
    for each in expected:
        found = [(matches.match(each.competency_id, other), other) for other in old]
        comparable = [(match.distance, other) for match, other in found if match and match.is_comparable]
        if comparable:
            yield each.competency_id, min(comparable)[1]


def _count(sums: Sums, levels: Decimal, action: Candidate | None) -> None:
    sums.gaps += 1
    sums.levels += levels
    if action is None:
        sums.without_action += 1
    else:
        sums.hours += action.hours
        sums.baht += action.cost
