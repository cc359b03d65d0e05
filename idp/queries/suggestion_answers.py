"""How the proposals of a round were answered, and why they were turned down: without names."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from idp.models import (
    Assessment,
    AssessmentItem,
    Competency,
    DevelopmentAction,
    ProficiencyLevel,
    Suggestion,
)
from idp.rules.suggestions import METHOD_GROUPS
from idp.rules.terms import DevelopmentMethod, MethodGroup, SuggestionState


@dataclass(frozen=True)
class Answers:
    """Proposals counted. `waiting`: nobody answered them yet."""

    chosen: int
    rejected: int
    waiting: int

    @property
    def total(self) -> int:
        return self.chosen + self.rejected + self.waiting

    @property
    def rejected_percent(self) -> int:
        """Of those answered, rounded half up; 0 where nobody answered."""
        answered = self.chosen + self.rejected
        return (200 * self.rejected + answered) // (2 * answered) if answered else 0


@dataclass(frozen=True)
class ReasonSaid:
    """A reason in the employees' own words, and how many said just that."""

    text: str
    count: int


@dataclass(frozen=True)
class ActionAnswers:
    """One action; `reasons`: most often said first."""

    key: str
    title_th: str
    method: DevelopmentMethod
    level: int
    competency_name_th: str
    competency_name_en: str | None
    is_own: bool
    answers: Answers
    reasons: tuple[ReasonSaid, ...]


@dataclass(frozen=True)
class CompetencyAnswers:
    competency_id: int
    name_th: str
    name_en: str | None
    answers: Answers


@dataclass(frozen=True)
class MethodAnswers:
    method: DevelopmentMethod
    group: MethodGroup
    answers: Answers


@dataclass(frozen=True)
class AnswersOfCycle:
    """Each list with what was turned down most often first; `actions`: those turned down at least once."""

    whole: Answers
    actions: tuple[ActionAnswers, ...]
    competencies: tuple[CompetencyAnswers, ...]
    methods: tuple[MethodAnswers, ...]


def answers_of_cycle(session: Session, cycle_id: int) -> AnswersOfCycle:
    """For the personnel office, which may read the single records: small groups, too. Five statements."""
    by_action = _counted(session, cycle_id, Suggestion.action_id)
    by_competency = _counted(session, cycle_id, AssessmentItem.competency_id)
    reasons = _reasons(session, cycle_id)
    actions = _actions(session, list(by_action))
    by_method: dict[DevelopmentMethod, Answers] = {}
    for action_id, answers in by_action.items():
        method = actions[action_id][0].method
        by_method[method] = _sum((by_method.get(method, Answers(0, 0, 0)), answers))
    return AnswersOfCycle(
        whole=_sum(by_action.values()),
        actions=_most_first(
            ActionAnswers(
                action.key,
                action.title_th,
                action.method,
                level,
                competency.name_th,
                competency.name_en,
                action.organisation_id is not None,
                by_action[action_id],
                reasons.get(action_id, ()),
            )
            for action_id, (action, level, competency) in actions.items()
            if by_action[action_id].rejected
        ),
        competencies=_most_first(
            CompetencyAnswers(each.id, each.name_th, each.name_en, by_competency[each.id])
            for each in session.scalars(select(Competency).where(Competency.id.in_(by_competency)))
        ),
        methods=_most_first(
            MethodAnswers(method, METHOD_GROUPS[method], answers) for method, answers in by_method.items()
        ),
    )


class Answered(Protocol):
    @property
    def answers(self) -> Answers: ...


Line = TypeVar("Line", bound=Answered)


def _most_first(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda each: (-each.answers.rejected, -each.answers.total)))


def _sum(several: Iterable[Answers]) -> Answers:
    every = list(several)
    return Answers(
        sum(each.chosen for each in every),
        sum(each.rejected for each in every),
        sum(each.waiting for each in every),
    )


def _counted(session: Session, cycle_id: int, by: InstrumentedAttribute[int]) -> dict[int, Answers]:
    """In the order of the ids."""
    counts: dict[int, dict[SuggestionState, int]] = {}
    rows = session.execute(
        select(by, Suggestion.state, func.count())
        .join(AssessmentItem, AssessmentItem.id == Suggestion.assessment_item_id)
        .join(Assessment, Assessment.id == AssessmentItem.assessment_id)
        .where(Assessment.cycle_id == cycle_id)
        .group_by(by, Suggestion.state)
        .order_by(by)
    )
    for key, state, count in rows:
        counts.setdefault(key, {})[state] = count
    return {
        key: Answers(
            found.get(SuggestionState.ACCEPTED, 0),
            found.get(SuggestionState.REJECTED, 0),
            found.get(SuggestionState.PROPOSED, 0),
        )
        for key, found in counts.items()
    }


def _reasons(session: Session, cycle_id: int) -> dict[int, tuple[ReasonSaid, ...]]:
    """By action; the same words in another spelling of blanks are the same reason."""
    counts: dict[int, dict[str, int]] = {}
    rows = session.execute(
        select(Suggestion.action_id, Suggestion.rejected_because, func.count())
        .join(AssessmentItem, AssessmentItem.id == Suggestion.assessment_item_id)
        .join(Assessment, Assessment.id == AssessmentItem.assessment_id)
        .where(Assessment.cycle_id == cycle_id, Suggestion.state == SuggestionState.REJECTED)
        .group_by(Suggestion.action_id, Suggestion.rejected_because)
    )
    for action_id, text, count in rows:
        of_action = counts.setdefault(action_id, {})
        said = " ".join(text.split())
        of_action[said] = of_action.get(said, 0) + count
    return {
        action_id: tuple(
            ReasonSaid(text, count)
            for text, count in sorted(found.items(), key=lambda each: (-each[1], each[0]))
        )
        for action_id, found in counts.items()
    }


def _actions(
    session: Session, action_ids: Collection[int]
) -> dict[int, tuple[DevelopmentAction, int, Competency]]:
    """By id: the action, its level and its competency; as many as the catalogue has, whatever the people."""
    rows = session.execute(
        select(DevelopmentAction, ProficiencyLevel.number, Competency)
        .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .where(DevelopmentAction.id.in_(action_ids))
        .order_by(DevelopmentAction.id)
    )
    return {action.id: (action, level, competency) for action, level, competency in rows}
