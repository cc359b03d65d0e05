"""Which actions the organisation's people take up, and which nobody ever did."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Subquery, case, func, select
from sqlalchemy.orm import Session

from idp.models import (
    Assessment,
    AssessmentItem,
    Competency,
    DevelopmentAction,
    DevelopmentPlan,
    PlanItem,
    ProficiencyLevel,
    Suggestion,
)
from idp.queries.development_actions import is_proposed_by
from idp.rules.terms import DevelopmentMethod, PlanItemState, SuggestionState

SHOWN = 25


@dataclass(frozen=True)
class UsedAction:
    """An action that is proposed, with what became of all versions of its key."""

    id: int
    title: str
    method: DevelopmentMethod
    competency_th: str
    competency_en: str
    level: int
    suggestions: int
    accepted: int
    rejected: int
    lines: int
    achieved: int


@dataclass(frozen=True)
class CatalogueUse:
    """`most`: by lines of plans, then by suggestions; `never`: neither suggested nor planned, the first of
    `never_count`; `refused`: rejected most often."""

    most: tuple[UsedAction, ...]
    refused: tuple[UsedAction, ...]
    never: tuple[UsedAction, ...]
    never_count: int


def catalogue_use(session: Session, organisation_id: int, version_ids: Sequence[int]) -> CatalogueUse:
    """Of what the organisation proposes for these versions, in the order of the dictionary where as many.

    One statement: the sums over all suggestions and lines are made once, and the actions, of which there are
    as many as the catalogue has, are sorted out here.
    """
    suggested, planned = _suggested(organisation_id), _planned(organisation_id)
    statement = (
        select(
            DevelopmentAction.id,
            DevelopmentAction.title_th,
            DevelopmentAction.method,
            Competency.name_th,
            func.coalesce(Competency.name_en, ""),
            ProficiencyLevel.number,
            func.coalesce(suggested.c.suggestions, 0),
            func.coalesce(suggested.c.accepted, 0),
            func.coalesce(suggested.c.rejected, 0),
            func.coalesce(planned.c.lines, 0),
            func.coalesce(planned.c.achieved, 0),
        )
        .join(ProficiencyLevel, ProficiencyLevel.id == DevelopmentAction.level_id)
        .join(Competency, Competency.id == ProficiencyLevel.competency_id)
        .outerjoin(suggested, suggested.c.key == DevelopmentAction.key)
        .outerjoin(planned, planned.c.key == DevelopmentAction.key)
        .where(Competency.framework_version_id.in_(version_ids), is_proposed_by(organisation_id))
        .order_by(
            Competency.framework_version_id,
            Competency.sort_order,
            ProficiencyLevel.number,
            DevelopmentAction.id,
        )
    )
    every = [UsedAction(*row) for row in session.execute(statement)]
    used = [each for each in every if each.lines + each.suggestions > 0]
    refused = [each for each in every if each.rejected > 0]
    never = [each for each in every if not each.lines + each.suggestions]
    return CatalogueUse(
        tuple(sorted(used, key=lambda each: (-each.lines, -each.suggestions))[:SHOWN]),
        tuple(sorted(refused, key=lambda each: -each.rejected)[:SHOWN]),
        tuple(never[:SHOWN]),
        len(never),
    )


def _suggested(organisation_id: int) -> Subquery:
    return (
        select(
            DevelopmentAction.key,
            func.count().label("suggestions"),
            _sum(Suggestion.state == SuggestionState.ACCEPTED).label("accepted"),
            _sum(Suggestion.state == SuggestionState.REJECTED).label("rejected"),
        )
        .select_from(Suggestion)
        .join(DevelopmentAction, DevelopmentAction.id == Suggestion.action_id)
        .join(AssessmentItem, AssessmentItem.id == Suggestion.assessment_item_id)
        .join(Assessment, Assessment.id == AssessmentItem.assessment_id)
        .where(Assessment.organisation_id == organisation_id)
        .group_by(DevelopmentAction.key)
        .subquery()
    )


def _planned(organisation_id: int) -> Subquery:
    return (
        select(
            DevelopmentAction.key,
            func.count().label("lines"),
            _sum(PlanItem.state == PlanItemState.ACHIEVED).label("achieved"),
        )
        .select_from(PlanItem)
        .join(DevelopmentAction, DevelopmentAction.id == PlanItem.action_id)
        .join(DevelopmentPlan, DevelopmentPlan.id == PlanItem.plan_id)
        .where(DevelopmentPlan.organisation_id == organisation_id, PlanItem.state != PlanItemState.CANCELLED)
        .group_by(DevelopmentAction.key)
        .subquery()
    )


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
