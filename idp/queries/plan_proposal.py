"""What a plan is proposed from: a person's gaps with the catalogue's actions for the next level of each, what
they answered before, and what stands in their plan."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    AssessmentItem,
    BehaviouralIndicator,
    Competency,
    DevelopmentAction,
    DevelopmentPlan,
    PlanItem,
    ProficiencyLevel,
    Suggestion,
)
from idp.queries.development_actions import published_actions
from idp.queries.ladders import CompetencyLadder, ladders_of
from idp.queries.open_gaps import Situation, competencies_of, gaps_by_situation
from idp.rules.calendar import FiscalYear
from idp.rules.levels import path
from idp.rules.plan_proposal import MOST_PRIORITIES, GapToServe, Limits, Planned
from idp.rules.settings import rules_from_json
from idp.rules.suggestions import METHOD_GROUPS, Candidate, GapToClose, rank_gaps
from idp.rules.terms import MethodGroup, PlanItemState, SuggestionState

LEFT_THE_PLAN = (PlanItemState.CANCELLED, PlanItemState.CARRIED_OVER)


@dataclass(frozen=True)
class GapOffered:
    """One gap: `to_close` as proposals are made for it, `to_serve` as a plan is. `level`: the next one to
    pass, with the indicators of it that were not shown in words."""

    item_id: int
    competency: Competency
    to_close: GapToClose
    to_serve: GapToServe
    level: int
    level_title_th: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class PlanQuestion:
    """`gaps`: most urgent first; `actions`: every action that may be named, by its id; `plan`: the one of the
    year, if it was begun and is open to the reader."""

    gaps: tuple[GapOffered, ...]
    actions: Mapping[int, DevelopmentAction]
    plan: DevelopmentPlan | None
    planned: Planned
    fiscal_year: int

    @property
    def to_serve(self) -> list[GapToServe]:
        return [gap.to_serve for gap in self.gaps]


def default_limits(assessment: Assessment, day: date) -> Limits:
    """Those of the organisation, as frozen in the cycle, and the whole weeks left in the plan's fiscal year;
    once that is over, in the one in which a plan would begin."""
    rules = rules_from_json(assessment.cycle.settings)
    year = max(FiscalYear(assessment.cycle.fiscal_year), FiscalYear.of(day))
    return Limits(
        hours=rules.plan_hours,
        baht=rules.plan_baht,
        weeks=((year.end - max(day, year.start)).days + 1) // 7,
        priorities=min(max(rules.plan_priorities, 1), MOST_PRIORITIES),
    )


def plan_question(
    session: Session, assessment: Assessment, plan: DevelopmentPlan | None, *, with_answers: bool = True
) -> PlanQuestion:
    """By the levels that hold; of a released result: the caller has checked. For readers to whom the plan of
    the year is closed: `plan` None, and not `with_answers`, as if nothing had been answered. Sixteen
    statements at most."""
    lines = _lines(session, plan)
    planned = Planned(
        hours={
            group: sum(line.hours for line in lines if METHOD_GROUPS[line.method] is group)
            for group in MethodGroup
        },
        baht=sum((line.cost_baht for line in lines), Decimal(0)),
        priorities=len({line.competency_id for line in lines if line.competency_id is not None}),
    )
    situations = {
        item_id: situation
        for situation, item_ids in gaps_by_situation(session, [assessment.id]).items()
        for item_id in item_ids
    }
    if not situations:
        return PlanQuestion((), {}, plan, planned, assessment.cycle.fiscal_year)
    answered = _answered(session, situations) if with_answers else {}
    gaps = _gaps(session, assessment, situations, lines, answered)
    actions = _actions(session, gaps)
    return PlanQuestion(tuple(gaps), actions, plan, planned, assessment.cycle.fiscal_year)


def _lines(session: Session, plan: DevelopmentPlan | None) -> Sequence[PlanItem]:
    if plan is None:
        return ()
    return session.scalars(
        select(PlanItem).where(PlanItem.plan_id == plan.id, PlanItem.state.not_in(LEFT_THE_PLAN))
    ).all()


def _gaps(
    session: Session,
    assessment: Assessment,
    situations: Mapping[int, Situation],
    lines: Sequence[PlanItem],
    answered: Mapping[int, frozenset[int]],
) -> list[GapOffered]:
    competency_ids = {each.competency_id for each in situations.values()}
    ladders = ladders_of(session, competency_ids)
    candidates = published_actions(session, competency_ids, assessment.organisation_id)
    frameworks = competencies_of(session, competency_ids)
    items = session.execute(
        select(AssessmentItem, Competency)
        .join(Competency, Competency.id == AssessmentItem.competency_id)
        .where(AssessmentItem.id.in_(situations))
    ).all()
    by_item: dict[int, GapOffered] = {}
    titles, texts = _words(session, competency_ids)
    for item, competency in items:
        situation, ladder = situations[item.id], ladders[competency.id]
        level, missing = _next(situation, ladder)
        by_item[item.id] = GapOffered(
            item_id=item.id,
            competency=competency,
            to_close=_to_close(item, competency, situation, ladder, frameworks[competency.id].framework),
            to_serve=_to_serve(
                item.id,
                [each for each in candidates.get(competency.id, ()) if each.level == level],
                missing,
                answered.get(item.id, frozenset()),
                [line for line in lines if line.competency_id == competency.id],
            ),
            level=level,
            level_title_th=titles[competency.id, level],
            missing=tuple(texts[each] for each in sorted(missing)),
        )
    order = rank_gaps(gap.to_close for gap in by_item.values())
    return [by_item[int(each.competency_key)] for each in order]


def _next(situation: Situation, ladder: CompetencyLadder) -> tuple[int, frozenset[int]]:
    """The next level to pass, and its indicators that were not shown."""
    level = path(ladder.ladder, Decimal(situation.attained) / 100, situation.expected)[0]
    return level, ladder.indicators_at(level) - situation.indicators


def _to_close(
    item: AssessmentItem,
    competency: Competency,
    situation: Situation,
    ladder: CompetencyLadder,
    framework: str,
) -> GapToClose:
    level, missing = _next(situation, ladder)
    attained = Decimal(situation.attained) / 100
    return GapToClose(
        competency_key=item.id,  # ties in the order of the form, as among the suggestions
        category=competency.category,
        expected=situation.expected,
        attained=int(attained) if attained == int(attained) else attained,
        weight=item.weight_percent,
        ladder=ladder.ladder,
        missing={level: missing},
        framework=framework,
    )


def _to_serve(
    item_id: int,
    actions: Sequence[Candidate],
    missing: frozenset[int],
    answered: frozenset[int],
    lines: Sequence[PlanItem],
) -> GapToServe:
    taken = {line.action_id for line in lines if line.action_id is not None}
    return GapToServe(
        key=item_id,
        actions=tuple(actions),
        missing=missing,
        answered=answered,
        taken=frozenset(taken),
        lines=len(lines),
        developed=frozenset(int(each) for line in lines for each in line.indicator_ids),
    )


def _answered(session: Session, item_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """By item the actions that were turned down."""
    found: dict[int, set[int]] = {}
    for item_id, action_id in session.execute(
        select(Suggestion.assessment_item_id, Suggestion.action_id).where(
            Suggestion.assessment_item_id.in_(item_ids), Suggestion.state == SuggestionState.REJECTED
        )
    ):
        found.setdefault(item_id, set()).add(action_id)
    return {item_id: frozenset(actions) for item_id, actions in found.items()}


def _words(
    session: Session, competency_ids: Collection[int]
) -> tuple[dict[tuple[int, int], str], dict[int, str]]:
    """The titles of levels, by competency and number, and the texts of indicators."""
    of_these = ProficiencyLevel.competency_id.in_(competency_ids)
    titles = session.execute(
        select(ProficiencyLevel.competency_id, ProficiencyLevel.number, ProficiencyLevel.title_th).where(
            of_these
        )
    )
    texts = session.execute(
        select(BehaviouralIndicator.id, BehaviouralIndicator.text_th)
        .join(ProficiencyLevel, ProficiencyLevel.id == BehaviouralIndicator.level_id)
        .where(of_these)
    )
    return {(competency, number): title for competency, number, title in titles}, dict(texts.all())


def _actions(session: Session, gaps: Sequence[GapOffered]) -> dict[int, DevelopmentAction]:
    ids = {action.action_id for gap in gaps for action in gap.to_serve.actions}
    rows = session.scalars(select(DevelopmentAction).where(DevelopmentAction.id.in_(ids)))
    return {action.id: action for action in rows}
